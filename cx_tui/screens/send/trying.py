"""The part of the send screen that looks before it sends: who gets it, how they see it, a test to oneself."""

from dataclasses import replace
from functools import partial

from textual import work

from cx_tui.domain.kinds import Email, Phone
from cx_tui.domain.outbox import Job, Way
from cx_tui.domain.selection import Selection
from cx_tui.screens.ask import Ask, required
from cx_tui.screens.progress import Report
from cx_tui.screens.read_only import may_write
from cx_tui.screens.send import files, send_sentences
from cx_tui.screens.send.choosing import ChoosingScreen
from cx_tui.screens.send.commands import send_command, who_command
from cx_tui.screens.stakes import GONE
from cx_tui.services.sending.recipients import Recipient
from cx_tui.terminal.in_order import OPENS

STOPPED = "It was stopped; nothing is sent."
FOR_SOMEBODY = {"recipients", "preview", "test", "send"}
"""What needs to know who gets the message."""


class TryingScreen(ChoosingScreen):
    """A screen on which a message is tried."""

    def __init__(self, selection: Selection, outbox_key: str = "") -> None:
        super().__init__(selection)
        self.outbox_key = outbox_key

    def awaits(self, key: str) -> bool:
        """What needs to know who gets it waits for the first who do; that a count takes longer is said."""
        if self.people.looked or self.people.done or self._for in self._failed:
            return False
        bound = self.active_bindings.get(key)
        return bound is not None and bound.binding.action in FOR_SOMEBODY

    def command(self) -> str:
        """What sending this would do, as a command; without a text, who would get it."""
        return send_command(
            self.sort.way, self.selection, {part: self.text(part) for part in self.sort.parts}
        )

    @work(group="look", name=OPENS)
    async def action_recipients(self) -> None:
        """List who will get it, and who not."""
        from cx_tui.screens.send.recipients import RecipientsScreen

        if self._ready(anybody=False):
            way, service = self.sort.way, self.service
            command = partial(who_command, way, self.selection, service=service)
            screen = RecipientsScreen(self.sort, self.people, self.preview_for, command)
            await self.app.push_screen_wait(screen)

    @work(group="look")
    async def action_preview(self) -> None:
        """Show the message as the first of them would see it."""
        if self._ready():
            self.preview_for(self.people.reached[0])

    def preview_for(self, recipient: Recipient) -> None:
        """Show the message as this one would see it."""
        from cx_tui.screens.send.preview import PreviewScreen

        wanted = self.wanted()
        if wanted is None:
            while self.app.screen is not self:  # the list of recipients hides what is wrong
                self.app.pop_screen()
            return
        place = self.people.reached.index(recipient)
        attached = files.in_words(self.text("files"))
        self.app.push_screen(PreviewScreen(wanted, attached, self.people, place, self.command))

    @work(group="send", name=OPENS)
    async def action_test(self) -> None:
        """Send one message to oneself."""
        from cx_tui.screens.progress import Progress

        wanted = self.wanted() if self.may_send() else None
        if wanted is None:
            return
        like, workspace, way = self.people.reached[0], self.cx.workspace, wanted.way
        address = await self.app.push_screen_wait(
            Ask(f"Send this {self.sort.one} to which of your addresses?", lambda text: own_address(way, text),
                does="send the test", text=workspace.own_address(way.value),
                explains=f"You see it as {like.name} would; the address is kept for the next time.")
        )  # fmt: skip
        if not address:
            return
        workspace.keep_own_address(way.value, address)
        outbox, attached = (await self.cx.services()).outbox, self.text("files")

        async def order(_: Report) -> Job:
            return await outbox.order_test(replace(wanted, files=await files.read(attached)), address, like)

        if await self.app.push_screen_wait(Progress("Queueing the test", order, stopped=STOPPED)):
            key = self.outbox_key or "the outbox"
            self.notify(f"A test is on its way to {address}; {key} shows its progress.")

    def may_send(self) -> bool:
        return may_write(self, "nothing can be sent") and self._ready()

    def _ready(self, *, anybody: bool = True) -> bool:
        """Whether all are counted, and somebody can be reached; if not, it is said."""
        people, why = self.people, ""
        if not self.is_current:
            return False
        if not people.done:
            why = "The recipients are still being counted; try again in a moment."
            self.count()
        elif not self.ids:
            why = GONE
        elif anybody and not people.reached:
            why = send_sentences.nobody(people, self.sort.way)
        if why:
            self.notify(why, severity="warning")
        return not why


def own_address(way: Way, text: str) -> str:
    """One's own address, when it is one."""
    (Email() if way is Way.EMAIL else Phone()).parse(required(text))
    return text
