"""The screen of a bulk edit: fields on tabs, what they are now, what they will be."""

from collections.abc import Mapping
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.screens.approvals.ask import ask_for_approval
from cx_tui.screens.bulk_edit import bulk_edit_sentences
from cx_tui.screens.bulk_edit.fields import can_be_empty, every_area, form_fields, values_of
from cx_tui.screens.bulk_edit.looking import LookingScreen
from cx_tui.screens.header import Header
from cx_tui.screens.read_only import may_write
from cx_tui.screens.stakes import gone, listed, to_type
from cx_tui.terminal.in_order import OPENS
from widgets.form import Form
from widgets.form.messages import Edited
from widgets.function_keys import DO
from widgets.key_line import KeyLine
from widgets.line import Line


class BulkEditScreen(LookingScreen):
    """Give fields of the chosen records new values; dismissed with what was done, if anything."""

    TITLE = "bulk edit"
    CSS_PATH = "bulk_edit.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"{DO},ctrl+s", "apply", "apply", id="bulk.apply",
                tooltip="Say what will be done, ask, and do it."),
        Binding("ctrl+t", "keep", "as it is", id="bulk.keep",
                tooltip="Leave this field as it is after all."),
        Binding("ctrl+n", "empty", "make empty", id="bulk.empty",
                tooltip="Make this field empty in all of them."),
        Binding("escape", "leave", "back", id="bulk.leave",
                tooltip="Back to the list; asks when a field has a new value."),
        Binding("q,ctrl+q", "leave", "back", show=False, id="bulk.leave_too",
                tooltip="Back to the list; asks when a field has a new value."),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """Whom it is for, the fields, what will be done, the keys."""
        glyphs = self.cx.glyphs
        form = Form(
            form_fields(self._fields, self._about, self.references.editor), ascii=self.cx.ascii, id="form"
        )
        form.show({})
        with self.body():
            yield Header(glyphs=glyphs)
            yield form
            yield Line(glyphs=glyphs, id="now")
            yield Line(glyphs=glyphs, id="summary")
            yield KeyLine(glyphs=glyphs, id="keys")

    def on_mount(self) -> None:
        """Go to the first field, and count the records."""
        self.show_header()
        self.show_summary()
        self.form.go(next(iter(self._fields)))
        self.look()

    # What will be done

    @on(Form.Edited)
    def edited(self, event: Edited) -> None:
        """A field has another text."""
        self._emptied.discard(event.name)
        self.show_summary()
        self.read_values()

    def on_descendant_focus(self) -> None:
        """See what the field is now."""
        self.read_values()

    def action_keep(self) -> None:
        """Leave the field as it is."""
        self._give(self.form.current, "")

    def action_empty(self) -> None:
        """Make the field empty; areas of the portal are all inherited then."""
        name = self.form.current
        if not name:
            return
        if name == "portal_areas":
            self._give(name, every_area(self._fields[name], "inherit"))
        elif can_be_empty(self._fields[name]):
            self._give(name, "", emptied=True)
        else:
            self.notify(f"{self._fields[name].label} can't be empty; give it a value.", severity="warning")

    def _give(self, name: str, text: str, *, emptied: bool = False) -> None:
        if not name:
            return
        self._emptied.discard(name)
        if emptied:
            self._emptied.add(name)
        self.form.set(name, text)
        self.form.show_errors({})
        self.show_summary()

    def wanted(self) -> dict[str, Any] | None:
        """The new values; None when there is none or one is wrong, which is then said."""
        values, bad = values_of(self._fields, self.form.changed, self._emptied)
        if bad:
            self.form.check_all()
            self.form.first_error()
            labels = listed([self._fields[name].label for name in bad])
            self.notify(f"Not right yet: {labels}.", severity="warning")
            return None
        if not values:
            self.notify("No field has a new value yet.", severity="warning")
        return values or None

    @work(group="apply", name=OPENS)
    async def action_apply(self) -> None:
        """Do it, when the operator agrees."""
        from cx_tui.screens.confirm import Confirm
        from cx_tui.screens.progress import Progress

        values = self.wanted() if self.is_current and self._may_write() else None
        if values is None or self._stake is None or self._together is None or self._ids is None:
            return
        ids, together, number = self._ids, self._together, len(self._ids)
        kind = self._record.declared
        asked = Confirm(
            bulk_edit_sentences.question(kind, number),
            bulk_edit_sentences.sentences(self._fields, self._said(values), self._stake),
            yes="Change",
            typed=to_type(number),
        )
        if not await self.app.push_screen_wait(asked):
            return
        progress = Progress(
            f"Changing {kind.so_many(number)}", lambda report: together.edit(ids, values, report)
        )
        done = await self.app.push_screen_wait(progress)
        if progress.need and await ask_for_approval(self, progress.need):
            self.dismiss(None)
        elif done:
            self.app.notify(bulk_edit_sentences.result(kind, done, number))
            self.dismiss(done)

    def _may_write(self) -> bool:
        if not may_write(self):
            return False
        why = ""
        if self._stake is None:
            why = "They are still being counted; try again in a moment."
            self.look()
        elif not self._ids:
            why = gone(self._record.declared)
        if why:
            self.notify(why, severity="warning")
        return not why

    @work(group="leave", name=OPENS)
    async def action_leave(self) -> None:
        """Back to the list; what was chosen is not thrown away without asking."""
        from cx_tui.screens.confirm import Confirm

        chosen = [self._fields[name].label for name in self.chosen]
        if chosen and self.is_current:
            title = "Leave without changing anything?"
            said = f"New values were given to {listed(chosen)}; no {self._record.declared.one} has them yet."
            if not await self.app.push_screen_wait(Confirm(title, [said], yes="Leave", no="Stay")):
                return
        self.dismiss(None)

    def show_summary(self) -> None:
        """Say what will be done."""
        values, bad = values_of(self._fields, self.form.changed, self._emptied)
        said = bulk_edit_sentences.summary(self._fields, self._said(values), bad)
        self.query_one("#summary", Line).show(*said)

    def _said(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values as they are said: what they refer to by its name."""
        return self.references.named(self._fields, values)
