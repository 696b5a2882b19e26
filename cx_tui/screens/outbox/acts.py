"""What is done with a job: cancel what waits, send again what went wrong, write the list to a file."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cx_tui.domain.outbox import Job, State
from cx_tui.errors import CxError
from cx_tui.screens.confirm import Confirm
from cx_tui.screens.outbox import outbox_sentences
from cx_tui.screens.outbox.export import export
from cx_tui.screens.outbox.source import Counts
from cx_tui.screens.page import Page, sentence
from cx_tui.screens.progress import Progress
from cx_tui.screens.read_only import may_write
from cx_tui.screens.stakes import counted, to_type
from cx_tui.services.sending.outbox import Outbox
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import LOOK

ONCE = 500
"""So many messages are queued again at a time."""
AGAIN = (State.HELD, State.FAILED, State.UNKNOWN, State.CANCELLED)


class ActingPage(Page):
    """A page with a job to act on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "cancel", "cancel", id="outbox.cancel",
                tooltip="Cancel what has not been sent yet; asks first."),
        Binding("A", "all_again", "all again", id="outbox.all_again",
                tooltip="Send all messages again that failed, were cancelled, or whose fate is unknown."),
        Binding("w", "export", "to a file", id="outbox.export",
                tooltip="Write the list of messages to a CSV file."),
        Binding(f"r,{LOOK}", "refresh", "refresh", show=False, id="outbox.refresh", tooltip="Read it again."),
    ]  # fmt: skip

    def here(self) -> tuple[Job, Counts] | None:
        """The job to act on, and how many of its messages are in which state."""
        raise NotImplementedError

    async def read(self) -> None:
        """Read what is shown again."""
        raise NotImplementedError

    # Not exclusive: a write is never called off by the next one.
    @work(group="act", name=OPENS)
    async def action_cancel(self) -> None:
        """Ask, and cancel what is not sent yet."""
        if (here := self.here()) is None or not may_write(self, "nothing can be cancelled"):
            return
        job, counts = here
        number = outbox_sentences.waiting(counts)
        if not number:
            self.notify("No message here is waiting to be sent.", severity="warning")
            return
        title = f"Cancel {counted(number, 'message')} that {'waits' if number == 1 else 'wait'}?"
        asked = Confirm(
            title, outbox_sentences.cancelling(job, counts), "Cancel them", to_type(number), no="Go on"
        )
        if await self.app.push_screen_wait(asked):
            await self.act(lambda outbox: outbox.cancel(job.id), outbox_sentences.cancelled)

    @work(group="act", name=OPENS)
    async def action_all_again(self) -> None:
        """Choose a state, ask, and send all messages in it again."""
        from widgets.menu import Item, Menu

        if (here := self.here()) is None or not may_write(self, "nothing can be sent"):
            return
        job, counts = here
        items = [
            Item(state.value, f"All {state.label.lower()}", f"{counts[state]:,}")
            for state in AGAIN
            if counts.get(state)
        ]
        if not items:
            self.notify("No message here has failed or was cancelled.", severity="warning")
            return
        menu = Menu("Send again", items, glyphs=self.cx.glyphs)
        chosen = await self.app.push_screen_wait(menu)
        state = next((one for one in AGAIN if one.value == chosen), None)
        if state is None:
            return
        number = counts[state]
        title = f"Send {outbox_sentences.which(state, number)} again?"
        asked = Confirm(
            title, outbox_sentences.again(job, state, number), "Send again", to_type(number), no="Leave them"
        )
        if await self.app.push_screen_wait(asked):
            await self.act(lambda outbox: all_again(outbox, job.id, state), outbox_sentences.queued_again)

    async def act(self, act: Callable[[Outbox], Awaitable[int]], said: Callable[[int], str]) -> None:
        """Do it, say what was done, and read again."""
        try:
            self.notify(said(await act((await self.cx.services()).outbox)))
        except CxError as error:
            self.notify(sentence(error), severity="error", timeout=10)
        await self.read()

    @work(group="export", name=OPENS)
    async def action_export(self) -> None:
        """Ask for a path, and write the messages of this job to it."""
        from cx_tui.screens.ask_path import AskPath

        if (here := self.here()) is None:
            return
        job, counts = here
        number = sum(counts.values())
        title = f"Write {counted(number, 'message')} to a CSV file that only you can read; times are UTC"
        path = await self.app.push_screen_wait(
            AskPath(title, str(Path.cwd() / f"messages-{job.id}.csv"), (".csv",))
        )
        if path is None:
            return
        session = await self.cx.services()
        progress = Progress(
            f"Writing {counted(number, 'message')}",
            lambda report: export(session, job, number, path, report),
            stopped="It was stopped; no file was written.",
        )
        written = await self.app.push_screen_wait(progress)
        if written is not None:
            self.notify(f"Wrote {counted(written, 'message')} to {path}.")

    def action_refresh(self) -> None:
        """Read it again."""
        self.run_worker(self.read(), group="keep-up", exclusive=True)


async def all_again(outbox: Outbox, job_id: int, state: State) -> int:
    """Queue all messages of a job again that are in a state; says how many they were."""
    if state is State.FAILED:
        return await outbox.send_failed_again(job_id)
    done = after = 0
    while found := await outbox.messages(job_id, ONCE, after, [state]):
        done += await outbox.send_again([one.id for one in found])
        after = found[-1].id
    return done
