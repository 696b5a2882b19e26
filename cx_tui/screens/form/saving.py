"""Saving what was typed: checked, agreed to, written, and merged with what others wrote meanwhile."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from cx_tui.domain.history import texts
from cx_tui.domain.kinds import BadValue, Secret
from cx_tui.domain.record import Record
from cx_tui.errors import Conflict, CxError, Invalid, NeedsApproval
from cx_tui.screens.header import Header
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.form.record import RecordForm
    from cx_tui.services.records.writing import Written


NOTICED = 0.1
"""Seconds after which a save is seen to take its time.  One that is done before need not be shown: to draw
the form once more, or to put it to sleep, would take longer than to save."""


class Saving(Duty):
    """Writes what is typed into one form."""

    host: "RecordForm"
    saved_id: int | None = None
    """The number of the record that was saved; None as long as none was."""
    foresee: Callable[[Mapping[str, Any]], Awaitable[list[str]]] | None = None
    """Says what a save of these values means beyond the record."""
    show: Callable[[], Awaitable[None]] | None = None
    """Shows what was saved where the form came from: there it is ready then when the form closes."""
    writing = False
    not_saved = ""
    """Why the last save failed; empty after one that did not."""
    own: frozenset[int] = frozenset()
    """The operations that this form's saves were."""
    _tried: tuple[datetime, Mapping[str, Any]] | None = None
    """When these values were written, and the database was lost before it said whether they are saved."""

    def __init__(self, host: "RecordForm") -> None:
        super().__init__(host)
        self._still = ExitStack()
        """While there is something in it, nothing is drawn."""

    def wanted(self) -> dict[str, Any] | None:
        """The new values of what was changed; None when something is wrong, which is then said."""
        if self.host.form.check_all():
            self.say_errors()
            return None
        try:
            return {
                name: self.host.fields[name].parse(text)
                for name, text in self.host.form.changed.items()
                if text.strip() or not isinstance(self.host.fields[name].kind, Secret)
            }
        except BadValue as error:
            self.host.notify(str(error), severity="error")
            return None

    def say_errors(self) -> None:
        """Go to the first field that is wrong, and say how many are."""
        errors = self.host.form.errors
        if not self.host.form.first_error():
            return
        label = self.host.fields[next(iter(errors))].label
        count = f"{len(errors)} fields are not right; the first is" if len(errors) > 1 else "Not right yet:"
        self.host.notify(f"{count} {label}.", severity="warning")

    async def save(self) -> bool:
        """Save what was changed, when the operator agrees: whether it is saved."""
        act = "make" if self.host.base is None else "change"
        need = (act, self.host.records.record.declared.name)
        if self.writing or not may_write(self.host, "nothing can be saved", need):
            return False
        wanted = self.wanted()
        if wanted is None or not await self.agreed(wanted) or not await self._foreseen(wanted):
            return False
        self.writing = True
        self._still.enter_context(self.host.app.batch_update())
        waiting = self.host.set_timer(NOTICED, self._rest)
        saved, wrong, need_of = False, {}, None
        try:
            saved = await self._write(wanted)
        except Invalid as error:
            wrong = error.problems
        except NeedsApproval as error:
            need_of = error
        except CxError as error:
            self.host.keep_draft()
            self.not_saved = str(error)
            self.host.show_header()
            kept = "is only here" if self.host.not_kept else "is kept"
            self.host.notify(f"Not saved: {error}. What you typed {kept}.", severity="error", timeout=10)
        finally:
            self._draw()
        # Not in the `finally`: what is cancelled belongs to a form that is being closed.
        self.writing = False
        waiting.stop()
        if saved:
            return True  # whoever goes on with the form wakes it; for one that closes it would be wasted
        self.host.form.disabled = False
        if need_of and await self.asked_for(need_of):
            self.host.drop_draft()
            self.host.dismiss(False)
        if wrong:
            self.host.form.show_errors(wrong)
            self.say_errors()
        return False

    async def asked_for(self, need: NeedsApproval) -> bool:
        """Whether a second person was asked for."""
        from cx_tui.screens.approvals.ask import ask_for_approval

        return await ask_for_approval(self.host, need)

    def _rest(self) -> None:
        self._draw()
        self.host.form.disabled = self.writing

    def _draw(self) -> None:
        """Draw again, what was not drawn meanwhile too."""
        self._still.close()
        self.host.refresh()

    async def agreed(self, wanted: Mapping[str, Any], does: str = "save") -> bool:
        from cx_tui.screens.form.preview import Preview

        if not wanted and self.host.base is not None:
            self.host.notify("Nothing was changed, so there is nothing to save.")
            return False
        if not self.host.cx.settings.save.preview:
            return True
        shown = Preview(self.host.title_text(), self._lines(wanted), does=does)
        agreed = await self.host.app.push_screen_wait(shown)
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
        asked = Confirm(f"Save {self.host.title_text()}?", [*lines], yes="Save", no="Go on with the form")
        return not lines or (await self.host.app.push_screen_wait(asked)) is True

    async def _write(self, wanted: Mapping[str, Any]) -> bool:
        """Write, and when somebody else changed the same fields, let the operator choose."""
        while True:
            try:
                if self.host.base is None:
                    written = await self._create({**self.host.given, **wanted})
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
            self.own |= {written.operation_id or 0}
            self.saved(written.record, wanted)
            if self.show:
                await self.show()
            return True

    async def _create(self, values: Mapping[str, Any]) -> "Written[Any]":
        """Make the record; or one of each value, where a field has several: the last of them."""
        declared = self.host.records.record.declared
        several = values.get(declared.each)
        if not isinstance(several, tuple):
            return await self.host.records.create(values)
        made = await self.host.records.create_each(values, [{declared.each: one} for one in several])
        if len(made) > 1:
            self.host.notify(f"{declared.so_many(len(made))} were made.")
        return made[-1]

    async def _write_once(self, wanted: Mapping[str, Any]) -> "Written[Any]":
        """Write; and when that was tried before with the same values, see whether they are saved already."""
        before = self._tried if self._tried and self._tried[1] == wanted else None
        tried_at = before[0] if before else None
        self._tried = before or (datetime.now(UTC), wanted)
        written = await self.host.records.save(self.as_typed_from(), wanted, tried_at=tried_at)
        self._tried = None
        return written

    def as_typed_from(self) -> Any:
        """The record as it was when the operator began to type."""
        now = self.host.texts_of(self.host.base)
        before = {
            name: self.host.fields[name].read(text)
            for name, text in self.host.base_texts.items()
            if text != now[name]
        }
        return replace(cast(Any, self.host.base), **before)

    async def _resolve(self, conflict: Conflict, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
        """Let the operator choose; the form goes on from the record as it is now."""
        self._tried = None
        self._draw()
        from cx_tui.screens.form.conflict import ConflictScreen

        mine = await self.host.app.push_screen_wait(
            ConflictScreen(
                str(conflict),
                conflict.fields,
                self.host.fields,
                self.host.base_texts,
                conflict.theirs,
                wanted,
            )
        )
        if mine is None:
            return None
        kept = {name: value for name, value in wanted.items() if name not in conflict.fields or name in mine}
        self.host.base = conflict.theirs
        self.host.base_texts = self.host.texts_of(self.host.base)
        self.host.typed_before = {name: text for name, text in self.host.form.changed.items() if name in kept}
        self.host.form.show(self.host.base_texts)
        for name, text in self.host.typed_before.items():
            self.host.form.set(name, text)
        return kept

    def saved(self, record: Record, wanted: Mapping[str, Any]) -> None:
        """The record was saved; what others changed beside it is said."""
        merged = self.host.base is not None and record.version > self.host.base.version + bool(wanted)
        self.host.base, self.saved_id, self.not_saved = record, record.id, ""
        self.host.others_saved = None
        self.host.drop_draft()
        if not wanted and not merged:
            self.host.notify(f"{self.host.title_text()} stays as the others saved it.")
            return
        more = " What others changed in the meantime was kept." if merged else ""
        self.host.notify(f"Saved {self.host.title_text()}.{more}")

    def _lines(self, wanted: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        """What will be written: label, old and new text."""
        each = self.host.records.record.declared.each
        plain = {
            name: self.host.fields[name].write(value) if name == each else value
            for name, value in wanted.items()
        }
        new = texts(self.host.records.record, plain)
        old = {} if self.host.base is None else self.host.base_texts
        said = self.host.references.said
        return [
            (field.label, said(field, old.get(name, "")), said(field, text))
            for name, text in new.items()
            if (field := self.host.fields[name])
        ]

    @work(group="save", name=OPENS)
    async def action_preview(self) -> None:
        """Show what will be written."""
        from cx_tui.screens.form.preview import Preview

        wanted = self.wanted()
        if wanted is not None:
            await self.host.app.push_screen_wait(
                Preview(self.host.title_text(), self._lines(wanted), asks=False)
            )

    @work(group="save", name=OPENS)
    async def action_save(self) -> None:
        """Save, and close the form."""
        if await self.save():
            self.host.leave()

    @work(group="save", name=OPENS)
    async def action_save_and_stay(self) -> None:
        """Save, and go on with this form."""
        new = self.host.base is None
        if await self.save():
            self.host.base = None if new else self.host.base
            self.host.begin()
            if new:
                await self.host.form.remove()
                await self.host.mount(self.host.made_form(), after=self.host.query_one(Header))
                self.host.form.go(next(iter(self.host.fields)))
            else:
                self.host.fill(self.host.form)
                self.host.form.disabled = False
            self.host.show_header()
