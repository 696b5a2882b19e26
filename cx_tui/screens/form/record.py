"""The form of a record: a new one, or one that is there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.history import typed_fields
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.kinds.base import Each
from cx_tui.domain.kinds.times import ago
from cx_tui.domain.record import Record
from cx_tui.errors import CxError
from cx_tui.screens.form.drafting import DraftingForm
from cx_tui.screens.form.references import ReferenceEditors
from cx_tui.screens.form.saving import Saving
from cx_tui.screens.form_fields import Suggestions, form_field
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from cx_tui.services.records.drafts import Draft
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, has_duties
from widgets.form import Form, FormField
from widgets.function_keys import DO, LOOK, STAY
from widgets.key_line import KeyLine
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.domain.history import Operation
    from cx_tui.domain.news import News
    from cx_tui.services.records.records import Records


@has_duties
class RecordForm(DraftingForm):
    """A form of any record; dismissed with whether something was saved."""

    CSS_PATH = "form.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Where there is room for a few only, these are the ones that are needed.
        Binding(f"{DO},ctrl+s", "save", "save", id="record_form.save", tooltip="Save, and close the form."),
        Binding("escape", "leave", "back", id="record_form.leave",
                tooltip="Close the form; asks when something is not saved."),
        Binding(LOOK, "preview", "changes", id="record_form.preview",
                tooltip="Show what will be written, field by field."),
        Binding(STAY, "save_and_stay", "save, stay", id="record_form.stay",
                tooltip="Save, and keep the form open: empty again after a new record."),
    ]  # fmt: skip

    form = getters.query_one("#form", Form)
    first = ""
    """The field at which it opens; without one the first."""

    def __init__(
        self,
        records: "Records[Any]",
        what: str,
        base: Record | None,
        *,
        given: Mapping[str, Any] | None = None,
        draft: Draft | None = None,
    ) -> None:
        super().__init__()
        self.records = records
        self.what = what
        self.base = base
        """The record as it was read; None while it is new."""
        self.given = dict(given or {})
        self.fields = typed_fields(records.record)
        if base is None and (each := records.record.declared.each):
            one = self.fields[each]
            told = f"Several make a record each. {one.help}"
            self.fields[each] = replace(one, kind=Each(one.kind), help=told)
        self.references = ReferenceEditors(self, self._customer_id)
        self.others_saved: Operation | None = None
        """The last save of this record since it was read here."""
        self.saving = Saving(self)
        self.duties: Sequence[Duty] = (self.saving,)
        self.begin(draft)

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def title_text(self) -> str:
        """What the form is for."""
        if self.base is None:
            return f"New {self.what}"
        names = self.base.declared.names
        return fields_of(type(self.base))[names].write(getattr(self.base, names)) or f"the {self.what}"

    def texts_of(self, record: Record | None) -> dict[str, str]:
        """The texts of the fields of a record, or of a new one."""
        if record is None:
            return {name: field.write(field.empty()) for name, field in self.fields.items()}
        return {name: field.write(getattr(record, name)) for name, field in self.fields.items()}

    def begin(self, draft: Draft | None = None) -> None:
        """Begin with the record as it is, and with what a draft has typed in it."""
        self.others_saved = None
        drafts = self.cx.workspace.drafts
        new = Draft(
            self.what, self.base.id if self.base else None, self.given.get("customer_id"),
            self.title_text(), datetime.now(UTC), {}, {},
        )  # fmt: skip
        draft = draft or drafts.of_form(new)
        self.base_texts = self.texts_of(self.base)
        """The texts that what is typed is compared to."""
        self.typed_before = (
            {name: text for name, text in draft.typed.items() if name in self.fields} if draft else {}
        )
        if draft and self.base is not None:
            # What the draft began with is what it is compared to when it is saved.
            self.base_texts |= {
                name: draft.base[name] for name in self.typed_before if self._can_read(draft, name)
            }
        self.begin_draft(new, self.records.record, drafts, draft)

    def _can_read(self, draft: Draft, name: str) -> bool:
        try:
            self.fields[name].read(draft.base[name])
        except BadValue:
            return False
        return True

    def form_fields(self) -> list[FormField]:
        """The fields as the form knows them; a fixed one can be typed while the record is new."""
        return [
            form_field(
                self._as_may_be(name, field),
                base=partial(text_of, self, name),
                suggestions=self._used_in(name),
                references=self.references.editor,
                currency=lambda: str(getattr(self.base, "currency", "")),
            )
            for name, field in self.fields.items()
        ]

    def _as_may_be(self, name: str, field: Field) -> Field:
        """A field that is fixed can be typed while the record is new; one that the role of this login may not
        change is only read."""
        if self.base is None:
            return replace(field, fixed=False)
        if self.cx.rights.may_change(self.base.declared.name, name):
            return field
        return replace(field, fixed=True, help=f"{field.help} Your role may only read it.")

    def _customer_id(self) -> int | None:
        """The customer that the record belongs to."""
        return getattr(self.base, "customer_id", None) or self.given.get("customer_id")

    def _used_in(self, name: str) -> Suggestions:
        async def used(typed: str) -> list[str]:
            try:
                return await self.records.used(name, typed)
            except CxError:
                return []  # what can't be offered can still be typed

        return used

    def compose(self) -> ComposeResult:
        """The header, the form, the keys."""
        yield Header(glyphs=self.cx.glyphs)
        yield self.made_form()
        yield KeyLine(glyphs=self.cx.glyphs, id="keys")

    def made_form(self) -> Form:
        """The form with what is in it at first."""
        form = Form(self.form_fields(), ascii=self.cx.ascii, id="form")
        self.fill(form)
        return form

    def fill(self, form: Form) -> None:
        """Begin with the texts of the record, and with what was typed before."""
        form.show(self.base_texts)
        for name, text in self.typed_before.items():
            form.set(name, text)
        if self.typed_before:
            self.notify("What you typed before is here again. It is not saved yet.")

    def on_mount(self) -> None:
        """Go to the first field."""
        self.show_header()
        self.form.go(self.first if self.first in self.fields else next(iter(self.fields)))

    def show_header(self) -> None:
        """Say what record this is, unless the form is being closed."""
        why = self.saving.not_saved
        wrong = [Part(f"! not saved: {why}", "bad", keep=True)] if why else []
        for line in self.query(Header):
            line.say(*self.header(), *wrong)

    def header(self) -> list[Part]:
        """What record this is."""
        if self.base is None:
            return [Part(self.title_text(), "strong")]
        number = Part(f"{self.what} #{self.base.id}, version {self.base.version}", "dim")
        return [Part(self.title_text(), "strong"), number, *self.saved_meanwhile()]

    def saved_meanwhile(self) -> list[Part]:
        """Who saved the record while it is open here."""
        saved = self.others_saved
        if saved is None or saved.id in self.saving.own:
            return []
        when = ago(saved.at, datetime.now(UTC))
        said = "just now" if when == "now" else when
        return [Part(f"! {saved.who or 'somebody'} saved this {said}", "warn", keep=True)]

    def awaits(self, key: str) -> bool:
        """What is typed while it is being saved is typed afterwards."""
        return self.saving.writing

    def follow(self, news: "News") -> None:
        """Others have done something: say so when they have saved this record."""
        operation = news.touched.get((self.base.declared.name, self.base.id)) if self.base else None
        if operation is not None:
            self.others_saved = operation
            self.show_header()

    def link_changed(self) -> None:
        """The database does not answer any more, or does again: what was typed stays."""
        self.show_header()

    # Leaving

    @work(group="leave", name=OPENS)
    async def action_leave(self) -> None:
        """Leave the form; ask when something is not saved."""
        from widgets.menu import Item, Menu

        changed = len(self.form.changed)
        if self.saving.writing:
            self.notify("It is being saved.")
            return
        if not changed:
            self.leave()
            return
        items = [
            Item("stay", "Go on with the form"),
            Item("save", "Save and close"),
            Item("keep", "Close, and keep what was typed as a draft"),
            Item("discard", "Throw it away"),
        ]
        fields = "1 field was" if changed == 1 else f"{changed} fields were"
        chosen = await self.app.push_screen_wait(
            Menu(f"{fields} changed and not saved", items, "stay", glyphs=self.cx.glyphs)
        )
        if chosen == "save":
            self.saving.action_save()
        elif chosen == "keep":
            if self.is_kept():
                self.leave(keep=True)
        elif chosen == "discard":
            self.leave()

    def leave(self, *, keep: bool = False) -> None:
        """Close the form."""
        if not keep:
            self.drop_draft()
        self.dismiss(self.saving.saved_id is not None)


def text_of(form: RecordForm, name: str) -> str:
    """The text that what is typed into a field is compared to now."""
    return form.base_texts[name]
