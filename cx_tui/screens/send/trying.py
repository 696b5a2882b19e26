"""Trying a message before it is sent: who gets it, how they see it, a test to oneself."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from cx_tui.domain.kinds import Email, Phone
from cx_tui.domain.outbox import Job, Way
from cx_tui.screens.ask import Ask, required
from cx_tui.screens.progress import Report
from cx_tui.screens.read_only import may_write
from cx_tui.screens.send import files, send_sentences
from cx_tui.screens.send.commands import who_command
from cx_tui.screens.stakes import GONE
from cx_tui.services.sending.recipients import Recipient
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.send.send_screen import SendScreen

STOPPED = "It was stopped; nothing is sent."


class Trying(Duty):
    """Looks before it sends."""

    host: "SendScreen"

    @work(group="look", name=OPENS)
    async def action_recipients(self) -> None:
        """List who will get it, and who not."""
        from cx_tui.screens.send.recipients import RecipientsScreen

        if self.is_ready(anybody=False):
            writing, counting = self.host.writing, self.host.counting
            way, service = writing.sort.way, writing.service
            command = partial(who_command, way, counting.selection, service=service)
            screen = RecipientsScreen(writing.sort, counting.people, self.preview_for, command)
            await self.host.app.push_screen_wait(screen)

    @work(group="look")
    async def action_preview(self) -> None:
        """Show the message as the first of them would see it."""
        if self.is_ready():
            self.preview_for(self.host.counting.people.reached[0])

    def preview_for(self, recipient: Recipient) -> None:
        """Show the message as this one would see it."""
        from cx_tui.screens.send.preview import PreviewScreen

        wanted = self.host.writing.wanted()
        if wanted is None:
            while self.host.app.screen is not self.host:  # the list of recipients hides what is wrong
                self.host.app.pop_screen()
            return
        people, attached = self.host.counting.people, self.host.writing.text("files")
        place = people.reached.index(recipient)
        self.host.app.push_screen(
            PreviewScreen(wanted, files.in_words(attached), people, place, self.host.command)
        )

    @work(group="send", name=OPENS)
    async def action_test(self) -> None:
        """Send one message to oneself."""
        from cx_tui.screens.progress import Progress

        wanted = self.host.writing.wanted() if self.may_send() else None
        if wanted is None:
            return
        like, workspace, way = self.host.counting.people.reached[0], self.host.cx.workspace, wanted.way
        one = self.host.writing.sort.one
        address = await self.host.app.push_screen_wait(
            Ask(f"Send this {one} to which of your addresses?", lambda text: own_address(way, text),
                does="send the test", text=workspace.own_address(way.value),
                explains=f"You see it as {like.name} would; the address is kept for the next time.")
        )  # fmt: skip
        if not address:
            return
        workspace.keep_own_address(way.value, address)
        outbox, attached = (await self.host.cx.services()).outbox, self.host.writing.text("files")

        async def order(_: Report) -> Job:
            return await outbox.order_test(replace(wanted, files=await files.read(attached)), address, like)

        if await self.host.app.push_screen_wait(Progress("Queueing the test", order, stopped=STOPPED)):
            key = self.host.outbox_key or "the outbox"
            self.host.notify(f"A test is on its way to {address}; {key} shows its progress.")

    def may_send(self) -> bool:
        """Whether this login may send, and somebody can be reached; if not, it is said."""
        return may_write(self.host, "nothing can be sent") and self.is_ready()

    def is_ready(self, *, anybody: bool = True) -> bool:
        """Whether all are counted, and somebody can be reached; if not, it is said."""
        people, why = self.host.counting.people, ""
        if not self.host.is_current:
            return False
        if not people.done:
            why = "The recipients are still being counted; try again in a moment."
            self.host.counting.count()
        elif not self.host.counting.ids:
            why = GONE
        elif anybody and not people.reached:
            why = send_sentences.nobody(people, self.host.writing.sort.way)
        if why:
            self.host.notify(why, severity="warning")
        return not why


def own_address(way: Way, text: str) -> str:
    """One's own address, when it is one."""
    (Email() if way is Way.EMAIL else Phone()).parse(required(text))
    return text
