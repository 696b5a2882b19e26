"""The hours of a week as a field of a form: by the clock, and in the words, of the zone beside it."""

from datetime import UTC, datetime
from typing import cast

from textual.widget import Widget
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


class WeekText:
    """Hours as the text of a form's field; one that can't be read is kept, to be typed on."""

    def __init__(self, kind: WeekKind, tell: Tell) -> None:
        self._kind = kind
        self._tell = tell
        self._unread = ""

    def read(self, text: str) -> int | None:
        """The bits of a text of the form."""
        try:
            bits, self._unread = self.bits_of(text), ""
        except BadValue:
            bits, self._unread = None, text
        return bits

    def bits_of(self, text: str) -> int | None:
        """The bits of a text that is typed."""
        week = self._kind.parse(text) if text.strip() else None
        return None if week is None else cast(Week, week).bits

    def write(self, bits: int | None) -> str:
        """The text of bits."""
        return self._unread or self._kind.write(week_of(bits))

    def tell(self, bits: int | None) -> None:
        """Tell the form of other hours."""
        self._unread = ""
        self._tell(self.write(bits))


class WeekField(WeekEditor):
    """A week editor whose value is a text; hours that can't be read yet are told as they are typed."""

    def __init__(self, kind: WeekKind, text: str, tell: Tell) -> None:
        self._text, self._tell = WeekText(kind, tell), tell
        self._zone = "UTC"
        super().__init__(
            self._text.read(text),
            parse=self._text.bits_of,
            write=self._text.write,
            describe=lambda bits: in_words(week_of(bits), self._zone),
            example=kind.example,
            ascii=cast(Program, self.app).ascii,
        )

    def write(self, text: str) -> None:
        """Show another text."""
        if self.typed.is_on:
            self.action_back()
        self.hours.show(self._text.read(text))

    # The clock of the zone

    def on_mount(self) -> None:
        """Follow the clock, and the zone that the form has."""
        self.look_at_clock()
        self.set_interval(LOOK_AGAIN, self.look_at_clock)

    def look_at_clock(self) -> None:
        """Mark what is now in the zone, and say the hours by its name."""
        before, self._zone = self._zone, zone_beside(self)
        self.show_now(step_of(datetime.now(UTC), self._zone))
        if self._zone != before:
            self.draw()

    # What is told

    def on_week_editor_changed(self, event: WeekEditor.Changed) -> None:
        """Tell the hours as a text."""
        event.stop()
        self._text.tell(event.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is typed, so that it is neither lost nor saved while it can't be read."""
        if self.typed.is_on:
            self._tell(event.value)

    def action_back(self) -> None:
        """Go back to the hours as they were, and tell them."""
        was_typing = self.typed.is_on
        super().action_back()
        if was_typing:
            self._text.tell(self.hours.value)

    def on_descendant_blur(self) -> None:
        """Take what is typed when the focus goes elsewhere, if it can be read."""
        self.typed.take()


def zone_beside(field: Widget) -> str:
    """The zone that the form of a field has."""
    try:
        return str(Zone().parse(field.query_ancestor(Form).values.get(ZONE_FIELD) or "UTC"))
    except BadValue:
        return "UTC"  # the field itself says what is wrong


def week_of(bits: int | None) -> Week | None:
    """The week of these bits; none is always."""
    return None if bits is None or bits == EVERY_STEP else Week(bits)
