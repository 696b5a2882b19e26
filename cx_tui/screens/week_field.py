"""The hours of a week as a field of a form: by the clock, and in the words, of the zone beside it."""

from datetime import UTC, datetime
from typing import cast

from textual.widgets import Input

from cx_tui.domain.kinds import BadValue, Zone
from cx_tui.domain.week import EVERY_STEP, Week, WeekKind, in_words, step_of
from cx_tui.screens.program import Program
from widgets.form import Form, Made, Own, Tell
from widgets.week_editor import WeekEditor

ZONE_FIELD = "time_zone"
"""The field of the same form that says by which clock the hours are meant."""

HEIGHT = 12
LOOK_AGAIN = 1.0


def week_editor(kind: WeekKind) -> Own:
    """The editor of a week of the form."""

    def make(text: str, tell: Tell) -> Made:
        field = WeekField(kind, text, tell)
        return Made(field, field.write)

    return Own(make, HEIGHT)


class WeekField(WeekEditor):
    """A week editor whose value is a text; hours that can't be read yet are told as they are typed."""

    def __init__(self, kind: WeekKind, text: str, tell: Tell) -> None:
        self._kind, self._tell = kind, tell
        self._unread = ""
        self._zone = "UTC"
        super().__init__(
            self._read_text(text),
            parse=self._bits_of,
            write=self._text_of,
            describe=lambda bits: in_words(week_of(bits), self._zone),
            example=kind.example,
            ascii=cast(Program, self.app).ascii,
        )

    def write(self, text: str) -> None:
        """Show another text."""
        if self.typing:
            self.action_back()
        self.value = self._read_text(text)

    def _read_text(self, text: str) -> int | None:
        """The bits of a text; one that can't be read is kept, to be typed on."""
        try:
            bits, self._unread = self._bits_of(text), ""
        except BadValue:
            bits, self._unread = None, text
        return bits

    def _bits_of(self, text: str) -> int | None:
        week = self._kind.parse(text) if text.strip() else None
        return None if week is None else cast(Week, week).bits

    def _text_of(self, bits: int | None) -> str:
        return self._unread or self._kind.write(week_of(bits))

    # The clock of the zone

    def on_mount(self) -> None:
        """Follow the clock, and the zone that the form has."""
        self.look_at_clock()
        self.set_interval(LOOK_AGAIN, self.look_at_clock)

    def look_at_clock(self) -> None:
        """Mark what is now in the zone, and say the hours by its name."""
        before, self._zone = self._zone, self._zone_of_the_form()
        self.now = step_of(datetime.now(UTC), self._zone)
        if self._zone != before:
            self._show()

    def _zone_of_the_form(self) -> str:
        try:
            return str(Zone().parse(self.query_ancestor(Form).values.get(ZONE_FIELD) or "UTC"))
        except BadValue:
            return "UTC"  # the field itself says what is wrong

    # What is told

    def on_week_editor_changed(self, event: WeekEditor.Changed) -> None:
        """Tell the hours as a text."""
        event.stop()
        self._unread = ""
        self._tell(self._text_of(event.value))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is typed, so that it is neither lost nor saved while it can't be read."""
        if self.typing:
            self._tell(event.value)

    def action_back(self) -> None:
        """Go back to the hours as they were, and tell them."""
        was_typing = self.typing
        super().action_back()
        if was_typing:
            self._unread = ""
            self._tell(self._text_of(self.value))

    def on_descendant_blur(self) -> None:
        """Take what is typed when the focus goes elsewhere, if it can be read."""
        if self.typing:
            self.take_typed()


def week_of(bits: int | None) -> Week | None:
    """The week of these bits; none is always."""
    return None if bits is None or bits == EVERY_STEP else Week(bits)
