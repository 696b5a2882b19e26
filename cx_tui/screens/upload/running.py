"""Doing an upload: the dry run, and the upload itself, each in a child process."""

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from cx_tui.screens.read_only import may_write
from cx_tui.screens.stakes import listed
from cx_tui.screens.upload import upload_sentences
from cx_tui.screens.upload.files import stamp_of
from cx_tui.screens.upload.judged import Judged, Result
from cx_tui.screens.upload.workroom import Workroom
from cx_tui.services import child_process
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.upload.upload_screen import UploadScreen

KEEPING = "keeping it"
"""What an upload does last; only then can a stop come too late."""


class Running(Duty):
    """Has a file checked and uploaded."""

    host: "UploadScreen"

    def __init__(self, host: "UploadScreen") -> None:
        super().__init__(host)
        self.workroom = Workroom()

    @work(group="do", exclusive=True, name=OPENS)
    async def action_check(self) -> None:
        """Judge every row, and write nothing."""
        if self.host.is_current and self._may_begin():
            await self._check()

    @work(group="do", exclusive=True, name=OPENS)
    async def action_upload(self) -> None:
        """Say what would be done, ask, and do it."""
        if not (self.host.is_current and self._may_begin() and may_write(self.host)):
            return
        if not await self._knows_encoding():
            return
        judged = await self._judged_now() or await self._check()
        if judged is None:
            return
        if not judged.result.writes or (judged.plan.all_or_nothing and judged.result.rejected):
            self.host.notify(
                upload_sentences.why_nothing(judged.plan, judged.result), severity="warning", timeout=10
            )
        elif await self._agrees(judged):
            await self._upload(judged)

    async def _knows_encoding(self) -> bool:
        """Whether the encoding is sure, or a person has chosen it now: a guess is never written."""
        plan = self.host.plan
        if plan is None or self.host.reading.head.known or plan.how.encoding:
            return plan is not None
        asked = "This is not UTF-8.  In which encoding are its texts right?"
        chosen = await self.host.choices.chosen_encoding(asked)
        if chosen is None or self.host.plan is not plan:
            return False
        self.host.touched = True
        await self.host.reading.read(replace(plan, how=replace(plan.how, encoding=chosen)))
        return not self.host.reading.wrong

    def _may_begin(self) -> bool:
        plan, reading = self.host.plan, self.host.reading
        if plan is None or not reading.head.rows or reading.wrong:
            self.host.notify(reading.wrong or "Choose a file first.", severity="warning")
        elif plan.blocked:
            customers = plan.record == "customer" and plan.mode.value == "update"
            also = ", or to External id" if customers else ""
            to = listed(plan.needed())
            self.host.notify(f"Map a column to {to}{also} first: enter on a column does.", severity="warning")
        else:
            return True
        return False

    async def _judged_now(self) -> Judged | None:
        """The verdicts, if they are those of this plan and of the file as it is now."""
        judged = self.host.judged
        if judged is None or judged.done or judged.plan != self.host.plan:
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
        yes: bool | None = await self.host.app.push_screen_wait(asked)
        return bool(yes)

    async def _upload(self, judged: Judged) -> None:
        stopped = "It was stopped; nothing was written."
        done = await self._do(f"Uploading {judged.plan.path.name}", stopped, dry_run=False)
        if done and done.result.written:
            self.host.uploaded, self.host.touched = True, False
            self.host.notify(upload_sentences.summary(done.plan, done.result), timeout=10)

    async def _do(self, title: str, stopped: str, *, dry_run: bool) -> Judged | None:
        """Let a child do it, and show what became of each row; None when it did not come to its end."""
        from cx_tui.screens.progress import Progress, Report

        plan = self.host.plan
        if plan is None:
            return None
        try:
            session, path = await self.host.cx.services(), self.workroom.file()
        except CxError as error:
            self.host.notify(f"It can't be done: {error}.", severity="error", timeout=10)
            return None
        env = child_process.environment(
            session, read_only=self.host.cx.settings.database.read_only, env=os.environ
        )

        async def do(report: Report) -> Judged:
            def heard(event: child_process.Event) -> None:
                if event["event"] == "progress":
                    done, of = int(event["done"]), int(event["of"])
                    report(min(done, of if event["what"] == KEEPING else of - 1), of)

            stamp = await asyncio.to_thread(stamp_of, plan.path)
            result = Result.of(await child_process.run(plan.doing(path, dry_run=dry_run), env, heard))
            return Judged(plan, stamp, result, done=not dry_run)

        judged = await self.host.app.push_screen_wait(Progress(title, do, stopped=stopped))
        if judged is None:
            # The verdicts before went with their file.
            self.host.judged = None
            self.host.verdict_list.forget()
            self.host.show_view("file")
            return None
        self.host.judged = judged
        await self.host.verdict_list.show(path)
        return judged
