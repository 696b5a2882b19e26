"""Writing a message: its sort and its texts, what is wrong with them, the fields of each recipient."""

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual.geometry import Region
from textual.widgets import Input, TextArea

from cx_tui.domain.outbox import Way
from cx_tui.domain.templates import fields_in, known_fields, unknown
from cx_tui.errors import CxError, Invalid
from cx_tui.screens.send import send_sentences
from cx_tui.screens.send.kinds import NO, SORTS, YES, Asked, Sort, form_fields, moment
from cx_tui.screens.stakes import listed
from cx_tui.services.sending.draft_message import DraftMessage, check
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work
from widgets.form import Form
from widgets.form.popup import Popup, matching
from widgets.form.signs import ASCII, UNICODE

if TYPE_CHECKING:
    from cx_tui.screens.send.send_screen import SendScreen

SETTLED = 0.3
"""Seconds without a key after which the real length of an SMS with fields is worked out."""
AROUND = 10
"""The lines of the screen that are not the text."""
LOWEST, SMS_LINES, PAPER = 4, 10, 18


class Writing(Duty):
    """The form of a message, a sort on each tab."""

    host: "SendScreen"

    def __init__(self, host: "SendScreen") -> None:
        super().__init__(host)
        self.given: dict[str, str] = {}
        """Texts that were not typed but come from a template."""
        self._filled = ("", "")

    @property
    def form(self) -> Form:
        """The form."""
        return self.host.form

    @property
    def sort(self) -> Sort:
        """What is written now."""
        tab = self.form.tab if self.host.is_mounted else SORTS[0].tab
        return next(sort for sort in SORTS if sort.tab == tab)

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, on all tabs."""
        return {name: text for name, text in self.form.changed.items() if self.given.get(name) != text}

    def text(self, part: str) -> str:
        """The text of a part of what is written now."""
        return self.form.values.get(self.sort.field(part), "")

    @property
    def service(self) -> bool:
        """Whether it goes to those who have opted out, too."""
        return self.host.is_mounted and self.text("service") == YES

    def made_form(self) -> Form:
        """The form of all sorts."""
        asked = Asked(lambda: self.sort, self._height, self._body_means, self._text_of)
        form = Form(form_fields(asked), ascii=self.host.cx.ascii, id="form")
        form.show({sort.field("service"): NO for sort in SORTS})
        return form

    def _text_of(self, name: str) -> str:
        return self.form.values[name]

    def _height(self, sort: Sort) -> int:
        height = self.host.room.height
        room = max(LOWEST, min(height - AROUND, PAPER if self.host.is_over else height))
        return min(room, SMS_LINES) if sort.way is Way.SMS else room

    def _body_means(self, sort: Sort, text: str) -> str:
        if sort.way is Way.SMS:
            return self._sms_means(text)
        return send_sentences.MARKDOWN

    def _sms_means(self, text: str) -> str:
        if not fields_in(text):
            return send_sentences.sms_length(text)
        of, filled = self._filled
        return f"with values: {send_sentences.sms_length(filled)}" if of == text else "counting with values …"

    # What is wrong

    def wanted(self) -> DraftMessage | None:
        """The message as it is written; None when something is wrong, which is then said."""
        sort = self.sort
        if not self.form.check_all():
            found = DraftMessage(sort.way, self.text("body").strip(), self.text("subject").strip())
            try:
                check(found)
                return replace(found, due_at=moment(self.text("when")), service=self.service)
            except Invalid as error:
                self.form.show_errors({sort.field(part): said for part, said in error.problems.items()})
        wrong = next(iter(self.form.errors), "")
        self.form.first_error()
        self.form.call_next(self._point_at, wrong)
        parts = [name.partition(".")[2] for name in self.form.errors]
        self.host.notify(f"Not right yet: {listed([LABELS[part] for part in parts])}.", severity="warning")
        return None

    def _point_at(self, name: str) -> None:
        """Put the cursor on the first mistake of a template."""
        found = unknown(self.form.values.get(name, ""), known_fields())
        box = self.host.focused
        if found and isinstance(box, TextArea):
            box.move_cursor((found[0].line - 1, found[0].column - 1), center=True)
        elif found and isinstance(box, Input):
            box.cursor_position = found[0].column - 1

    # Fields of each recipient

    @work(group="field", name=OPENS)
    async def action_field(self) -> None:
        """Choose a field, and put it where the cursor is."""
        box = self.host.focused
        if not (isinstance(box, Input) and self.form.current == self.sort.field("subject")):
            box = next(area for area in self.form.query(TextArea) if cast(TextArea, area.parent).display)
        options = [(name, f"{name:<26} {field.label}") for name, field in known_fields().items()]

        async def find(typed: str) -> list[tuple[str, str]]:
            return matching(options, typed)

        popup = Popup(find, "", signs=ASCII if self.host.cx.ascii else UNICODE)
        popup.beside = Region(*box.cursor_screen_offset, 1, 1)
        name = await self.host.app.push_screen_wait(popup)
        box.focus()
        if name and isinstance(box, Input):
            box.insert_text_at_cursor(f"{{{{ {name} }}}}")
        elif name and isinstance(box, TextArea):
            box.insert(f"{{{{ {name} }}}}")

    def edited(self, name: str, text: str) -> None:
        """Count others when it has become a service notice; work out how long an SMS is with values."""
        if name == self.sort.field("service"):
            self.host.counting.show()
            self.host.counting.count()
        if name == "sms.body" and fields_in(text):
            self.measure(text)

    @work(exclusive=True, group="measure")
    async def measure(self, text: str) -> None:
        """Fill the text with the values of the first recipient."""
        await self.host.cx.pause(SETTLED)
        people = self.host.counting.people
        if not people.reached:
            return
        try:
            outbox = (await self.host.cx.services()).outbox
            _, filled = await outbox.preview(DraftMessage(Way.SMS, text), people.reached[0])
        except CxError:
            return  # what is wrong is said beside the text
        self._filled = (text, filled)
        self.form.show_errors({})

    def measure_again(self) -> None:
        """The first recipient is known now."""
        if self.sort.way is Way.SMS and fields_in(self.text("body")):
            self.measure(self.text("body"))


LABELS = {
    "subject": "the subject", "body": "the text", "files": "the files", "when": "the moment",
    "service": "the service notice",
}  # fmt: skip
