"""The part of an upload that does it: the dry run, the verdicts, the upload, each in a child process."""

import asyncio
import os
from dataclasses import replace

from textual import work

from cx_tui.errors import CxError
from cx_tui.screens.read_only import may_write
from cx_tui.screens.stakes import listed
from cx_tui.screens.upload import upload_sentences
from cx_tui.screens.upload.files import file_name_of, stamp_of
from cx_tui.screens.upload.looks import Judged
from cx_tui.screens.upload.upload_sentences import Result
from cx_tui.screens.upload.verdicts import VerdictsScreen
from cx_tui.services import child_process
from cx_tui.terminal.in_order import OPENS

KEEPING = "keeping it"
"""What an upload does last; only then can a stop come too late."""


class DoingScreen(VerdictsScreen):
    """A screen on which a file is checked and uploaded."""

    @work(group="do", exclusive=True, name=OPENS)
    async def action_check(self) -> None:
        """Judge every row, and write nothing."""
        if self.is_current and self._may_begin():
            await self._check()

    @work(group="do", exclusive=True, name=OPENS)
    async def action_upload(self) -> None:
        """Say what would be done, ask, and do it."""
        if not (self.is_current and self._may_begin() and may_write(self)):
            return
        if not await self._knows_encoding():
            return
        judged = await self._judged_now() or await self._check()
        if judged is None:
            return
        if not judged.result.writes or (judged.plan.all_or_nothing and judged.result.rejected):
            self.notify(
                upload_sentences.why_nothing(judged.plan, judged.result), severity="warning", timeout=10
            )
        elif await self._agrees(judged):
            await self._upload(judged)

    async def _knows_encoding(self) -> bool:
        """Whether the encoding is sure, or a person has chosen it now: a guess is never written."""
        plan = self.plan
        if plan is None or self.head.known or plan.how.encoding:
            return plan is not None
        chosen = await self.chosen_encoding("This is not UTF-8.  In which encoding are its texts right?")
        if chosen is None or self.plan is not plan:
            return False
        self.touched = True
        await self._read(replace(plan, how=replace(plan.how, encoding=chosen)))
        return not self.wrong

    def _may_begin(self) -> bool:
        plan = self.plan
        if plan is None or not self.head.rows or self.wrong:
            self.notify(self.wrong or "Choose a file first.", severity="warning")
        elif plan.blocked:
            customers = plan.record == "customer" and plan.mode.value == "update"
            also = ", or to External id" if customers else ""
            to = listed(plan.needed())
            self.notify(f"Map a column to {to}{also} first: enter on a column does.", severity="warning")
        else:
            return True
        return False

    async def _judged_now(self) -> Judged | None:
        """The verdicts, if they are those of this plan and of the file as it is now."""
        judged = self.judged
        if judged is None or judged.done or judged.plan != self.plan:
            return None
        return judged if await asyncio.to_thread(stamp_of, judged.plan.path) == judged.stamp else None

    async def _check(self) -> Judged | None:
        return await self._do("Checking every row; nothing is written", "It was stopped.", dry_run=True)

    async def _agrees(self, judged: Judged) -> bool:
        from cx_tui.screens.confirm import Confirm

        plan, result = judged.plan, judged.result
        replaces = plan.rejects is not None and await asyncio.to_thread(plan.rejects.exists)
        said = upload_sentences.sentences(plan, result, replaces)
        asked = Confirm(f"Upload {plan.path.name}?", said, yes="Upload", no="Leave it")
        yes: bool | None = await self.app.push_screen_wait(asked)
        return bool(yes)

    async def _upload(self, judged: Judged) -> None:
        stopped = "It was stopped; nothing was written."
        done = await self._do(f"Uploading {judged.plan.path.name}", stopped, dry_run=False)
        if done and done.result.written:
            self.uploaded, self.touched = True, False
            self.notify(upload_sentences.summary(done.plan, done.result), timeout=10)

    async def _do(self, title: str, stopped: str, *, dry_run: bool) -> Judged | None:
        """Let a child do it, and show what became of each row; None when it did not come to its end."""
        from cx_tui.screens.progress import Progress, Report

        plan = self.plan
        if plan is None:
            return None
        try:
            session, path = await self.cx.services(), self.workroom.file()
        except CxError as error:
            self.notify(f"It can't be done: {error}.", severity="error", timeout=10)
            return None
        env = child_process.environment(
            session, read_only=self.cx.settings.database.read_only, env=os.environ
        )

        async def do(report: Report) -> Judged:
            def heard(event: child_process.Event) -> None:
                if event["event"] == "progress":
                    done, of = int(event["done"]), int(event["of"])
                    report(min(done, of if event["what"] == KEEPING else of - 1), of)

            stamp = await asyncio.to_thread(stamp_of, plan.path)
            result = Result.of(await child_process.run(plan.doing(path, dry_run=dry_run), env, heard))
            return Judged(plan, stamp, result, done=not dry_run)

        judged = await self.app.push_screen_wait(Progress(title, do, stopped=stopped))
        if judged is None:
            # The verdicts before went with their file.
            self.judged, self._verdicts = None, None
            self.show_view("file")
            return None
        self.judged, self.only = judged, None
        await self._show_verdicts(path)
        return judged

    # A file to fill in

    @work(group="choose", exclusive=True, name=OPENS)
    async def action_template(self) -> None:
        """Write a file with all columns and one example row."""
        from cx_tui.screens.ask_path import AskPath
        from cx_tui.services.export.exporting import write_template

        folder = self.start_folder()
        title = "Write a file with all columns and one example row to"
        path = await self.app.push_screen_wait(
            AskPath(title, f"{folder}{file_name_of(self.declared)}-template.csv", [".csv", ".xlsx"])
        )
        if path is None:
            return
        try:
            await asyncio.to_thread(write_template, path, self.record)
        except CxError as error:
            self.notify(f"It was not written: {error}.", severity="error", timeout=10)
        else:
            self.notify(f"All columns with one example row are in {path}.")
            self.picker.look_again()
