"""The part of a bulk edit that looks: how many records, which calls are live, what their fields are now."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual import getters, work
from textual.geometry import Size

from cx_tui.domain.records import record_named
from cx_tui.domain.selection import Selection
from cx_tui.errors import CxError
from cx_tui.screens.bulk_edit import bulk_edit_sentences
from cx_tui.screens.bulk_edit.fields import bulk_fields
from cx_tui.screens.form.references import ReferenceEditors
from cx_tui.screens.header import Header
from cx_tui.screens.program import Program
from cx_tui.screens.stakes import live_calls
from cx_tui.screens.window import Window
from cx_tui.services.changes.bulk import BulkChanges, Done
from widgets.form import Form
from widgets.line import Line, Part

if TYPE_CHECKING:
    from cx_tui.services.changes.selected import Stake


WIDTH, PADDING, AROUND_FORM = 110, 3, 5
"""The width of the window, what of it fields do not have, and the lines above and beneath them; of these one
is for a note that comes while one types."""


class LookingScreen(Window[Done | None]):
    """A screen on which some records are looked at while new values are given to fields."""

    form = getters.query_one("#form", Form)

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self._selection = selection
        self._record = record_named(selection.query.record)
        self._fields = bulk_fields(self._record)
        self._together: BulkChanges | None = None
        self._ids: Sequence[int] | None = None
        self._stake: Stake | None = None
        self._emptied: set[str] = set()
        self.references = ReferenceEditors(self)
        self._now: dict[str, bulk_edit_sentences.Found | str] = {}
        self._looking = self._reading = False

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    def content(self, room: Size) -> Size:
        """All fields of the longest tab, and the lines around them."""
        width = min(room.width, WIDTH)
        return Size(width, self.form.rows_at(width - PADDING) + AROUND_FORM)

    @property
    def chosen(self) -> list[str]:
        """The fields that get a new value, or none."""
        changed = self.form.changed
        return [name for name in self._fields if name in changed or name in self._emptied]

    def unsaved(self) -> int:
        """How many fields have a new value that no record has yet."""
        return len(self.chosen)

    @work(group="look")
    async def look(self) -> None:
        """Count the records and the calls that are live."""
        if self._looking:
            return
        self._looking = True
        try:
            self._together = (await self.cx.services()).bulk_of(self._record)
            self._ids = await self._together.chosen(self._selection)
            self.show_header()
            self._stake = await self._together.stake(self._ids)
        except CxError as error:
            self.notify(f"The customers can't be counted: {error}.", severity="error", timeout=10)
            return
        finally:
            self._looking = False
        self.show_header()
        self.read_values()

    @work(group="values")
    async def read_values(self) -> None:
        """Read what is there now in the field at the cursor, and in those that get a new value."""
        self.show_now()
        if self._reading or self._stake is None:
            return
        self._reading = True
        try:
            while name := self._unread():
                self._now[name] = await self._read(name)
                self.form.show_errors({})
                self.show_now()
        finally:
            self._reading = False

    def _unread(self) -> str:
        names = [self.form.current, *self.chosen]
        return next((name for name in names if name and name not in self._now), "")

    async def _read(self, name: str) -> bulk_edit_sentences.Found | str:
        try:
            together = (await self.cx.services()).bulk_of(self._record)
            found = await together.distinct(self._ids or (), name)
        except CxError as error:
            return str(error)
        return bulk_edit_sentences.by_area(found) if name == "portal_areas" else found

    def _about(self, name: str, text: str) -> str:
        """What is said beside a field that is chosen: that it will be empty, and what it is now."""
        found = self._now.get(name)
        means = "will be empty" if name in self._emptied else ""
        if not (text or means) or not found:
            return means
        said = (
            found
            if isinstance(found, str)
            else f"now {bulk_edit_sentences.now(found, bulk_edit_sentences.BESIDE)}"
        )
        return ", ".join(filter(None, [means, said]))

    def show_now(self) -> None:
        """Say what the field at the cursor is now."""
        name, line = self.form.current, self.query_one("#now", Line)
        if not name or not self._ids:
            line.show()
            return
        label, found = f"{self._fields[name].label} now  ", self._now.get(name, "reading …")
        if not isinstance(found, str):
            found = bulk_edit_sentences.fitting(found, line.size.width - len(label))
        line.show(Part(label, "dim"), Part(found))

    def show_header(self) -> None:
        """Say whom it is for, and what is live."""
        kind = self._record.declared
        number = kind.so_many(len(self._ids)) if self._ids is not None else f"the marked {kind.several}"
        parts = [Part(f"Edit {number} together", "strong")]
        if self._stake is None:
            parts.append(Part("counting …", "dim"))
        elif self._stake.has_calls:
            parts.append(Part(f"{live_calls(self._stake)}", "warn" if self._stake.live else "dim"))
        self.query_one(Header).say(*parts)
