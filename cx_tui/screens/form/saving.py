"""Saving what was typed: checked, agreed to, written, and merged with what others wrote meanwhile."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.history import texts
from cx_tui.domain.kinds import BadValue, Secret
from cx_tui.domain.record import Record
from cx_tui.errors import Conflict, CxError, Invalid, NeedsApproval
from cx_tui.screens.form.drafting import DraftingForm
from cx_tui.screens.form.references import ReferenceEditors
from cx_tui.screens.program import Program
from cx_tui.screens.read_only import may_write

if TYPE_CHECKING:
    from cx_tui.domain.history import Operation
    from cx_tui.services.records.records import Records
    from cx_tui.services.records.writing import Written


NOTICED = 0.1
"""Seconds after which a save is seen to take its time.  One that is done before need not be shown: to draw
the form once more, or to put it to sleep, would take longer than to save."""


class SavingForm(DraftingForm):
    """A form that writes a record, a new one or one that is there."""

    records: "Records[Any]"
    what: str
    base: Record | None
    """The record as it was read; None while it is new."""
    base_texts: dict[str, str]
    """The texts that what is typed is compared to."""
    given: dict[str, Any]
    fields: dict[str, Field]
    references: ReferenceEditors
    saved_id: int | None = None
    foresee: Callable[[Mapping[str, Any]], Awaitable[list[str]]] | None = None
    """Says what a save of these values means beyond the record."""
    writing = False
    not_saved = ""
    """Why the last save failed; empty after one that did not."""
    _own: frozenset[int] = frozenset()
    """The operations that this form's saves were."""
    _tried: tuple[datetime, Mapping[str, Any]] | None = None
    """When these values were written, and the database was lost before it said whether they are saved."""
    _others_saved: "Operation | None" = None
    """The last save of this record since it was read here."""
    _still: ExitStack
    """While there is something in it, nothing is drawn."""
    _typed: dict[str, str]

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

    def _texts_of(self, record: Record | None) -> dict[str, str]:
        if record is None:
            return {name: field.write(field.empty()) for name, field in self.fields.items()}
        return {name: field.write(getattr(record, name)) for name, field in self.fields.items()}

    def wanted(self) -> dict[str, Any] | None:
        """The new values of what was changed; None when something is wrong, which is then said."""
        if self.form.check_all():
            self.say_errors()
            return None
        try:
            return {
                name: self.fields[name].parse(text)
                for name, text in self.form.changed.items()
                if text.strip() or not isinstance(self.fields[name].kind, Secret)
            }
        except BadValue as error:
            self.notify(str(error), severity="error")
            return None

    def say_errors(self) -> None:
        """Go to the first field that is wrong, and say how many are."""
        errors = self.form.errors
        if not self.form.first_error():
            return
        label = self.fields[next(iter(errors))].label
        count = f"{len(errors)} fields are not right; the first is" if len(errors) > 1 else "Not right yet:"
        self.notify(f"{count} {label}.", severity="warning")

    def awaits(self, key: str) -> bool:
        """What is typed while it is being saved is typed afterwards."""
        return self.writing

    async def save(self) -> bool:
        """Save what was changed, when the operator agrees: whether it is saved."""
        act = "make" if self.base is None else "change"
        need = (act, self.records.record.declared.name)
        if self.writing or not may_write(self, "nothing can be saved", need):
            return False
        wanted = self.wanted()
        if wanted is None or not await self._agreed(wanted) or not await self._foreseen(wanted):
            return False
        self.writing = True
        self._still.enter_context(self.app.batch_update())
        waiting = self.set_timer(NOTICED, self._rest)
        saved, wrong, need_of = False, {}, None
        try:
            saved = await self._write(wanted)
        except Invalid as error:
            wrong = error.problems
        except NeedsApproval as error:
            need_of = error
        except CxError as error:
            self.keep_draft()
            self.not_saved = str(error)
            self.show_header()
            kept = "is only here" if self.not_kept else "is kept"
            self.notify(f"Not saved: {error}. What you typed {kept}.", severity="error", timeout=10)
        finally:
            self._draw()
        # Not in the `finally`: what is cancelled belongs to a form that is being closed.
        self.writing = False
        waiting.stop()
        if saved:
            return True  # whoever goes on with the form wakes it; for one that closes it would be wasted
        self.form.disabled = False
        if need_of and await self._asked_for(need_of):
            self.drop_draft()
            self.dismiss(False)
        if wrong:
            self.form.show_errors(wrong)
            self.say_errors()
        return False

    async def _asked_for(self, need: NeedsApproval) -> bool:
        """Whether a second person was asked for."""
        from cx_tui.screens.approvals.ask import ask_for_approval

        return await ask_for_approval(self, need)

    def _rest(self) -> None:
        self._draw()
        self.form.disabled = self.writing

    def _draw(self) -> None:
        """Draw again, what was not drawn meanwhile too."""
        self._still.close()
        self.refresh()

    async def _agreed(self, wanted: Mapping[str, Any], does: str = "save") -> bool:
        from cx_tui.screens.form.preview import Preview

        if not wanted and self.base is not None:
            self.notify("Nothing was changed, so there is nothing to save.")
            return False
        if not self.cx.settings.save.preview:
            return True
        shown = Preview(self.title_text(), self._lines(wanted), does=does)
        agreed = await self.app.push_screen_wait(shown)
        return bool(agreed)

    async def _foreseen(self, wanted: Mapping[str, Any]) -> bool:
        """Say what this save means beyond the record, where that can be known: whether it is wanted so."""
        if self.foresee is None:
            return True
        from cx_tui.screens.confirm import Confirm

        try:
            lines = await self.foresee(wanted)
        except CxError as error:
            lines = [f"What it means for calls can't be said: {error}."]
        asked = Confirm(f"Save {self.title_text()}?", [*lines], yes="Save", no="Go on with the form")
        return not lines or (await self.app.push_screen_wait(asked)) is True

    async def _write(self, wanted: Mapping[str, Any]) -> bool:
        """Write, and when somebody else changed the same fields, let the operator choose."""
        while True:
            try:
                if self.base is None:
                    written = await self._create({**self.given, **wanted})
                else:
                    written = await self._write_once(wanted)
            except Conflict as conflict:
                if not conflict.fields:
                    raise
                chosen = await self._resolve(conflict, wanted)
                if chosen is None:
                    return False
                wanted = chosen
                continue
            self._own |= {written.operation_id or 0}
            self.saved(written.record, wanted)
            await self.show_saved()
            return True

    async def _create(self, values: Mapping[str, Any]) -> "Written[Any]":
        """Make the record; or one of each value, where a field has several: the last of them."""
        declared = self.records.record.declared
        several = values.get(declared.each)
        if not isinstance(several, tuple):
            return await self.records.create(values)
        made = await self.records.create_each(values, [{declared.each: one} for one in several])
        if len(made) > 1:
            self.notify(f"{declared.so_many(len(made))} were made.")
        return made[-1]

    async def _write_once(self, wanted: Mapping[str, Any]) -> "Written[Any]":
        """Write; and when that was tried before with the same values, see whether they are saved already."""
        before = self._tried if self._tried and self._tried[1] == wanted else None
        tried_at = before[0] if before else None
        self._tried = before or (datetime.now(UTC), wanted)
        written = await self.records.save(self._as_typed_from(), wanted, tried_at=tried_at)
        self._tried = None
        return written

    def _as_typed_from(self) -> Any:
        """The record as it was when the operator began to type."""
        now = self._texts_of(self.base)
        before = {
            name: self.fields[name].read(text) for name, text in self.base_texts.items() if text != now[name]
        }
        return replace(cast(Any, self.base), **before)

    async def _resolve(self, conflict: Conflict, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
        """Let the operator choose; the form goes on from the record as it is now."""
        self._tried = None
        self._draw()
        from cx_tui.screens.form.conflict import ConflictScreen

        mine = await self.app.push_screen_wait(
            ConflictScreen(
                str(conflict), conflict.fields, self.fields, self.base_texts, conflict.theirs, wanted
            )
        )
        if mine is None:
            return None
        kept = {name: value for name, value in wanted.items() if name not in conflict.fields or name in mine}
        self.base = conflict.theirs
        self.base_texts = self._texts_of(self.base)
        self._typed = {name: text for name, text in self.form.changed.items() if name in kept}
        self.form.show(self.base_texts)
        for name, text in self._typed.items():
            self.form.set(name, text)
        return kept

    def saved(self, record: Record, wanted: Mapping[str, Any]) -> None:
        """The record was saved; what others changed beside it is said."""
        merged = self.base is not None and record.version > self.base.version + bool(wanted)
        self.base, self.saved_id, self.not_saved = record, record.id, ""
        self._others_saved = None
        self.drop_draft()
        if not wanted and not merged:
            self.notify(f"{self.title_text()} stays as the others saved it.")
            return
        more = " What others changed in the meantime was kept." if merged else ""
        self.notify(f"Saved {self.title_text()}.{more}")

    def show_header(self) -> None:
        """Say what record this is, and that it is not saved."""

    async def show_saved(self) -> None:
        """Have it shown where this form came from: there it is ready then when the form closes."""

    def _lines(self, wanted: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """What will be written: label, old and new text."""
        each = self.records.record.declared.each
        plain = {
            name: self.fields[name].write(value) if name == each else value for name, value in wanted.items()
        }
        new = texts(self.records.record, plain)
        old = {} if self.base is None else self.base_texts
        said = self.references.said
        return [
            (field.label, said(field, old.get(name, "")), said(field, text))
            for name, text in new.items()
            if (field := self.fields[name])
        ]
