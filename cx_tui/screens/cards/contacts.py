"""The contacts of a customer, and their passwords for the portal."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from cx_tui.domain.passwords import hashed, made
from cx_tui.errors import CxError
from cx_tui.screens.cards.listing import CardScreen
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.clipboard import copy
from widgets.line import Line, Part


class ContactScreen(CardScreen):
    """The list of contacts."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "password", "password", id="contact.password",
                tooltip="Give this contact a new password for the portal, or none."),
    ]  # fmt: skip

    @work(group="act")
    async def action_password(self) -> None:
        """Give the contact under the cursor a new password, or none."""
        from widgets.menu import Item, Menu

        contact = self.record
        if contact is None or not may_write(self):
            return
        items = [
            Item("make", "Make a new one, and show it once"),
            Item("type", "Type one in the form (tab Access)"),
            Item("none", "Remove it: no login any more", "" if contact.password_hash else "has none"),
        ]
        chosen = await self.app.push_screen_wait(
            Menu(f"Password of {contact.name}", items, glyphs=self.cx.glyphs)
        )
        if chosen == "type":
            self.open_form(contact)
        elif chosen:
            await self._set(contact, made() if chosen == "make" else "")

    async def _set(self, contact: object, password: str) -> None:
        name = getattr(contact, "name", "")
        try:
            await self.records.save(contact, {"password_hash": hashed(password) if password else ""})
        except CxError as error:
            self.notify(f"The password was not changed: {error}.", severity="error")
            return
        if password:
            await self.app.push_screen_wait(NewPassword(name, password, self.cx.settings.clipboard.limit))
        else:
            self.notify(f"{name} has no password any more.")
        await self.read()


class NewPassword(ModalScreen[None]):
    """Shows a new password, this once."""

    CSS_PATH = "cards.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "y", "copy", "copy", id="password.copy", tooltip="Copy it to the clipboard of your terminal."
        ),
        Binding(
            "escape,enter", "leave", "close", id="password.close", tooltip="Close; it is not shown again."
        ),
    ]

    def __init__(self, name: str, password: str, limit: int) -> None:
        super().__init__()
        self._of_whom = name
        self._password = password
        self._limit = limit

    def compose(self) -> ComposeResult:
        """The password, and what the keys do."""
        with Vertical(classes="dialog"):
            yield Line(classes="title")
            yield Line(classes="password")
            yield Line(classes="said")
            yield Line(classes="actions")

    def on_mount(self) -> None:
        """Show it."""
        self.query_one(".title", Line).show(Part(f"The new password of {self._of_whom}", "strong"))
        self.query_one(".password", Line).show(Part(self._password, "accent"))
        self.query_one(".said", Line).show(Part("It is kept as a hash only, and is not shown again.", "dim"))
        keys = [Part("y", "accent"), Part(" copy   "), Part("esc", "accent"), Part(" close")]
        self.query_one(".actions", Line).show(right=keys)

    def action_copy(self) -> None:
        """Copy it."""
        copy(self.app, self._password, self._limit)
        self.query_one(".said", Line).show(Part("Sent to the clipboard of your terminal.", "good"))

    def action_leave(self) -> None:
        """Close; it is not shown again."""
        self.dismiss(None)
