"""When a delayed change is to be made."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from cx_tui.domain.delay import EXAMPLE, later
from cx_tui.domain.kinds import BadValue
from widgets.line import Line, Part


class LocalClock(tzinfo):
    """The clock of this machine with its summer times, which `astimezone()` leaves out of other days."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return moment.replace(tzinfo=None).astimezone().utcoffset() if moment else None

    def tzname(self, moment: datetime | None) -> str | None:
        return moment.replace(tzinfo=None).astimezone().tzname() if moment else None

    def dst(self, moment: datetime | None) -> timedelta | None:
        return None

    def fromutc(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)


class DelayScreen(ModalScreen[datetime | None]):
    """Asks for a delay or a moment, and says which moment it is."""

    CSS_PATH = "form.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "step_back", "back", id="delay.back",
                tooltip="Back to the form; nothing is ordered."),
    ]  # fmt: skip

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def compose(self) -> ComposeResult:
        """The question, the input, what it means."""
        with Vertical(classes="dialog small"):
            yield Line(classes="title")
            yield Input(placeholder=EXAMPLE, compact=True, id="when")
            yield Line(classes="means")
            yield Line(classes="actions")

    def on_mount(self) -> None:
        """Ask."""
        fields = "1 field" if self._count == 1 else f"{self._count} fields"
        self.query_one(".title", Line).show(Part(f"When shall {fields} be changed?", "strong"))
        self.query_one(".actions", Line).show(
            right=[Part("enter", "accent"), Part(" order   "), Part("esc", "accent"), Part(" back")]
        )
        self.set_focus(self.query_one(Input))
        self.say()

    @on(Input.Changed)
    def say(self) -> None:
        """Say which moment is meant, or what is wrong."""
        self.query_one(".means", Line).show(self._meaning())

    def _meaning(self) -> Part:
        text = self.query_one(Input).value
        if not text.strip():
            return Part(f"a delay or a moment: {EXAMPLE}", "dim")
        try:
            due = self._moment(text)
        except BadValue as error:
            return Part(f"! {error}", "bad")
        here = due.astimezone()
        also = f" ({due:%H:%M} UTC)" if here.utcoffset() else ""
        return Part(f"on {here:%A %Y-%m-%d at %H:%M %Z}{also}", "good")

    def _moment(self, text: str) -> datetime:
        return later(text, datetime.now(LocalClock()))

    @on(Input.Submitted)
    def agree(self) -> None:
        """Take the moment when it is one."""
        try:
            self.dismiss(self._moment(self.query_one(Input).value))
        except BadValue:
            self.say()

    def action_step_back(self) -> None:
        """Back to the form."""
        self.dismiss(None)


USUAL_MINUTES, LONGEST = 10, 24 * 60


class MinutesScreen(ModalScreen[int | None]):
    """Asks in how many minutes a change is turned back unless somebody confirms it."""

    CSS_PATH = "form.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "step_back", "back", id="minutes.back",
                tooltip="Back to the form; nothing is saved."),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """The question, the input, what it means."""
        with Vertical(classes="dialog small"):
            yield Line(classes="title")
            yield Input(f"{USUAL_MINUTES}", compact=True, id="when")
            yield Line(classes="means")
            yield Line(classes="actions")

    def on_mount(self) -> None:
        """Ask."""
        self.query_one(".title", Line).show(
            Part("Save now, and turn it back in how many minutes unless confirmed?", "strong")
        )
        self.query_one(".actions", Line).show(
            right=[Part("enter", "accent"), Part(" save   "), Part("esc", "accent"), Part(" back")]
        )
        self.set_focus(self.query_one(Input))
        self.say()

    @on(Input.Changed)
    def say(self) -> None:
        """Say what is meant, or what is wrong."""
        minutes = self._minutes()
        means = Part("write 1 to 1440 minutes", "bad")
        if minutes is not None:
            back = datetime.now().astimezone() + timedelta(minutes=minutes)
            means = Part(f"turned back at {back:%H:%M}, unless somebody confirms it on the board", "good")
        self.query_one(".means", Line).show(means)

    def _minutes(self) -> int | None:
        text = self.query_one(Input).value.strip()
        return int(text) if text.isdecimal() and 1 <= int(text) <= LONGEST else None

    @on(Input.Submitted)
    def agree(self) -> None:
        """Take the minutes when they are some."""
        if (minutes := self._minutes()) is not None:
            self.dismiss(minutes)

    def action_step_back(self) -> None:
        """Back to the form."""
        self.dismiss(None)
