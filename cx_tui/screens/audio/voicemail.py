"""The voicemail messages of a SIP user: save one, delete one, set the PIN anew."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cx_tui.domain.records.sip_user import SipUser
from cx_tui.errors import CxError
from cx_tui.screens.audio.sounds import SoundsScreen, length, size
from cx_tui.screens.page import sentence
from cx_tui.screens.read_only import Needs, may_write, offered
from cx_tui.screens.times import local
from cx_tui.terminal.in_order import OPENS
from widgets.grid import Cell, Column

if TYPE_CHECKING:
    from cx_tui.services.session import Session

NEEDS: Needs = {"delete": ("change", "sip-user"), "pin": ("change", "sip-user")}


class VoicemailScreen(SoundsScreen):
    """The messages."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "delete", "delete", id="voicemail.delete",
                tooltip="Delete the message under the cursor from the switch; it can't be brought back."),
        Binding("p", "pin", "PIN", id="voicemail.pin",
                tooltip="Set the PIN for listening by telephone anew."),
    ]  # fmt: skip

    columns = (
        Column("at", "When", width=16, frozen=True, help="When the message was left, by your clock."),
        Column("caller", "From", width=30, help="Who called, as far as the switch wrote it down."),
        Column("length", "Length", width=8, align="right", help="Minutes and seconds of the message."),
        Column("folder", "Folder", width=12, help="Where the switch has it: INBOX is not heard yet."),
        Column("size", "Size", width=12, align="right", help="The size of the file."),
    )
    nothing = "There are no messages.\n\nVoicemail of the SIP user has to be on for callers to leave one."

    def __init__(self, user: SipUser) -> None:
        super().__init__("Voicemail", user.username)
        self._user = user

    async def read(self, session: "Session") -> Sequence[Any]:
        return await session.voicemail.messages(self._user)

    def cells(self, sound: Any) -> dict[str, Cell]:
        return {
            "at": Cell(local(sound.at)),
            "caller": Cell(sound.caller or "unknown", "" if sound.caller else "dim"),
            "length": length(sound.seconds),
            "folder": Cell(sound.folder, "accent" if sound.folder == "INBOX" else "dim"),
            "size": size(sound.size),
        }

    def moment(self, sound: Any) -> datetime:
        at: datetime = sound.at
        return at

    def saver(self, session: "Session") -> Callable[[Any, Path], Awaitable[None]]:
        return session.voicemail.save

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys of what the login may not do are not offered."""
        return offered(self, NEEDS, action)

    @work(group="act", name=OPENS)
    async def action_delete(self) -> None:
        """Delete the message under the cursor."""
        from cx_tui.screens.confirm import Confirm

        message = self.sound
        if message is None or not may_write(self, need=NEEDS["delete"]):
            return
        said = f"From {message.caller or 'an unknown caller'}, {local(message.at)}."
        asked = Confirm(
            "Delete this message?", [said, "It is deleted from the switch, and can't be brought back."],
            yes="Delete", no="Keep",
        )  # fmt: skip
        if (await self.app.push_screen_wait(asked)) is not True:
            return
        try:
            await (await self.cx.services()).voicemail.delete(self._user, message)
        except CxError as error:
            self.notify(f"Not deleted: {error}.", severity="error", timeout=10)
        else:
            self.notify("The message is deleted.")
        self.action_refresh()

    @work(group="act", name=OPENS)
    async def action_pin(self) -> None:
        """Set the PIN anew, in the form of the user."""
        from cx_tui.screens.form import RecordForm

        records = (await self.cx.services()).records_of["sip-user"]
        try:
            form = RecordForm(records, records.record.declared.one, await records.get(self._user.id))
        except CxError as error:
            self.notify(sentence(error), severity="error")
            return
        form.first = "voicemail_pin"
        await self.app.push_screen_wait(form)
