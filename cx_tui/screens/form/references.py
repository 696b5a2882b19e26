"""Fields of a form that refer to other records: found by name while typing, said by name afterwards."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from textual.screen import Screen

from cx_tui.domain.fields import Field
from cx_tui.domain.kinds import Reference
from cx_tui.domain.records import record_named
from cx_tui.errors import CxError
from cx_tui.screens.program import Program
from widgets.form import OneFound


def nobody() -> int | None:
    """No customer: what belongs to one is offered of all."""
    return None


class ReferenceEditors:
    """The editors of one form's references, and the names of the records that were found with them."""

    def __init__(self, screen: Screen[Any], customer: Callable[[], int | None] = nobody) -> None:
        self._screen = screen
        self._customer = customer
        self._names: dict[tuple[str, str], str] = {}

    def editor(self, record: str) -> OneFound:
        """The editor of a reference: it finds records by name, and lets the operator make another one."""
        from cx_tui.screens.list.choose import named_records

        declared = record_named(record).declared
        cx = cast(Program, self._screen.app)

        def owner() -> int | None:
            return self._customer() if declared.owner == "customer" else None

        async def find(typed: str) -> Sequence[tuple[str, str]]:
            try:
                found = await named_records(await cx.services(), record, typed, owner())
            except CxError:
                return []  # the save will say it, should it still be so
            offered = [(f"#{number}", name) for number, name in found]
            self._names |= {(record, number): name for number, name in offered}
            return offered

        async def make() -> str | None:
            from cx_tui.screens.form.record import RecordForm

            given = {"customer_id": owner()} if declared.owner == "customer" else {}
            form = RecordForm((await cx.services()).records_of[record], declared.one, None, given=given)
            await self._screen.app.push_screen_wait(form)
            return f"#{form.saving.saved_id}" if form.saving.saved_id is not None else None

        return OneFound(find, make if declared.by_hand and record != "customer" else None)

    def said(self, field: Field, text: str) -> str:
        """The text of a field as it is said: what it refers to by its name, where that is known."""
        kind = field.kind
        return self._names.get((kind.record, text), text) if isinstance(kind, Reference) else text

    def named(self, fields: Mapping[str, Field], values: Mapping[str, Any]) -> dict[str, Any]:
        """Values with the names of what they refer to."""
        return {
            name: self.said(fields[name], fields[name].write(value))
            if isinstance(fields[name].kind, Reference)
            else value
            for name, value in values.items()
        }
