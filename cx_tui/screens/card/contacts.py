"""The contacts of a customer, and their passwords for the portal."""

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from cx_tui.domain.fields import fields_of
from cx_tui.domain.outbox import Way
from cx_tui.domain.passwords import hashed, made, seems_written_in
from cx_tui.domain.records.contact import Contact
from cx_tui.errors import CxError
from cx_tui.screens.list.acts import Foresee, RecordActs
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.clipboard import copy
from cx_tui.terminal.in_order import OPENS
from widgets.line import Line, Part


class ContactActs(RecordActs):
    """The acts of the list of contacts."""

    def foresees(self, record: Any) -> Foresee | None:
        labels = {name: fields_of(Contact)[name].label for name in ("public_notes", "private_notes")}

        async def foresee(values: Mapping[str, Any]) -> list[str]:
            return [
                f"There seems to be a password in {label}, which whoever sees the contact can read.  Its own "
                "field keeps only a hash."
                for name, label in labels.items()
                if seems_written_in(values.get(name, ""))
            ]

        return foresee


class ContactList(RecordList):
    """The list of contacts."""

    ACTS = ContactActs

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "password", "password", id="contact.password",
                tooltip="Give this contact a new password for the portal, or none."),
    ]  # fmt: skip

    @work(group="act", name=OPENS)
    async def action_password(self) -> None:
        """Give the contact under the cursor a new password, or none."""
        from widgets.menu import Item, Menu

        if self.row is None or not may_write(self.screen):
            return
        records = (await self.cx.services()).records_of["contact"]
        try:
            contact = await records.get(self.row.key)
        except CxError as error:
            self.notify(f"It can't be opened: {error}.", severity="error")
            return
        items = [
            Item("make", "Make a new one, and show it once"),
            Item("type", "Type one in the form (tab Access)"),
            Item(
                "none",
                "Remove it: the contact can no longer log in",
                "" if contact.password_hash else "has none",
            ),
            Item("mail", "Make a new one, and mail it", contact.email or "has no e-mail address"),
        ]
        chosen = await self.app.push_screen_wait(
            Menu(f"Password of {contact.name}", items, glyphs=self.cx.glyphs)
        )
        if chosen == "type":
            self.acts.open(contact.id)
        elif chosen == "mail":
            await self._mail(contact)
        elif chosen:
            await self._set(contact, made() if chosen == "make" else "")

    async def _mail(self, contact: Contact) -> None:
        """Give it a new password, and mail that."""
        try:
            session = await self.cx.services()
            await session.outbox.mail_password(contact)
        except CxError as error:
            self.notify(f"The password was not changed: {error}.", severity="error")
            return
        waits = "" if session.delivery.knows(Way.EMAIL) else "; no mail server is set, so it waits there"
        self.notify(f"A new password is in the outbox for {contact.email}{waits}.")
        await self.finding.again()

    async def _set(self, contact: Contact, password: str) -> None:
        name = contact.name
        try:
            records = (await self.cx.services()).records_of["contact"]
            await records.save(contact, {"password_hash": hashed(password) if password else ""})
        except CxError as error:
            self.notify(f"The password was not changed: {error}.", severity="error")
            return
        if password:
            await self.app.push_screen_wait(NewPassword(name, password, self.cx.settings.clipboard.limit))
        else:
            self.notify(f"{name} no longer has a password.")
        await self.finding.again()


class NewPassword(ModalScreen[None]):
    """Shows a new password, this once."""

    CSS_PATH = "contacts.tcss"

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
