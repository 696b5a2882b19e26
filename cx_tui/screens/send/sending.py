"""Sending a message: what it means is said, it is asked, and it is queued."""

from dataclasses import replace
from typing import TYPE_CHECKING

from cx_tui.domain.templates import may_be_empty
from cx_tui.errors import CxError
from cx_tui.screens.page import sentence
from cx_tui.screens.progress import Report
from cx_tui.screens.send import files, send_sentences
from cx_tui.screens.send.trying import STOPPED
from cx_tui.screens.stakes import counted, to_type
from cx_tui.services.sending.orders import Ordered
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.send.send_screen import SendScreen

AT_THE_END = "It was stopped at its very end; the outbox says whether it is queued."


class Sending(Duty):
    """Has it sent to all who are reached."""

    host: "SendScreen"

    @work(group="send", name=OPENS)
    async def action_send(self) -> None:
        """Say what it means, ask, and send."""
        from cx_tui.screens.confirm import Confirm
        from cx_tui.screens.progress import Progress

        wanted = self.host.writing.wanted() if self.host.trying.may_send() else None
        if wanted is None:
            return
        writing = self.host.writing
        sort, people, attached = writing.sort, self.host.counting.people, writing.text("files")
        session = await self.host.cx.services()
        try:
            names = await session.log.names(people.without[: send_sentences.NAMED])
        except CxError as error:
            self.host.notify(sentence(error), severity="error")
            return

        async def look(report: Report) -> list[str]:
            await session.delivery.refuse_too_large(replace(wanted, files=await files.read(attached)))
            return send_sentences.empties(sort, *await session.outbox.empties(wanted, people.reached, report))

        empty: list[str] | None = []
        if attached.strip() or may_be_empty(wanted.body) or may_be_empty(wanted.subject):
            looking = Progress("Looking for what may go wrong", look, stopped=STOPPED)
            empty = await self.host.app.push_screen_wait(looking)
        if empty is None:
            return
        known = [names[one] for one in people.without[: send_sentences.NAMED] if one in names]
        lines = send_sentences.meaning(sort, people, wanted, files.in_words(attached), known, empty)
        number = len(people.reached)
        asked = Confirm(send_sentences.question(sort, people), lines, "Send", to_type(number), no="Not yet")
        if not await self.host.app.push_screen_wait(asked):
            return
        outbox = session.outbox

        async def order(report: Report) -> Ordered:
            message = replace(wanted, files=await files.read(attached))
            return await outbox.order(message, people.reached, report)

        title = f"Queueing {counted(number, sort.one, sort.many)}"
        progress = Progress(title, order, stopped=STOPPED, at_the_end=AT_THE_END)
        if ordered := await self.host.app.push_screen_wait(progress):
            gone = number - ordered.messages
            self.host.app.notify(
                send_sentences.done(sort, ordered.messages, gone, wanted.due_at, self.host.outbox_key)
            )
            self.host.sent()
