"""The calls that are up, as the rows of a grid."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cx_tui.domain.calls.live import LiveCall, State
from cx_tui.screens.calls.columns import LENGTH
from cx_tui.screens.calls.reading import Names, calls_of
from cx_tui.screens.program import Program
from widgets.grid import Cell, Column, Row

if TYPE_CHECKING:
    pass

COLUMNS = (
    Column("invited", "Since", 8, help="When the call arrived, by your own clock."),
    Column("state", "State", 12, help="A ghost is a call that its switch no longer knows, but never ended."),
    Column("length", "Length", 6, "right", help="Since it was answered; before, since it came (dim)."),
    Column("customer_id", "Customer", 20),
    Column("cli", "From", 15, help="The caller's number."),
    Column("dialled", "To", 15, help="The number as it was dialled."),
    Column("carrier", "Carrier", 15),
    Column("auth", "Known by", 14, help="What the customer was recognised by."),
    Column("src_ip", "Address", 16),
    Column("number", "Sent as", 16, help="The number as it was sent to the carrier."),
    Column("source", "Switch", 12),
    Column("source_key", "Key", 28, help="The key of the call at its switch."),
)
TONES = {State.ANSWERED: "good", State.RINGING: "accent", State.GHOST: "warn", State.STARTED: "dim"}


@dataclass(frozen=True, slots=True)
class LiveRow(Row):
    """A row that knows its call."""

    call: LiveCall | None = None


class LiveRows:
    """The calls that are up: all keys, and in full only those that are looked at."""

    def __init__(self, program: Program, names: Names | None) -> None:
        self.order: Sequence[int] = ()
        self._program = program
        self._names = names

    def renew(self, keys: Sequence[int]) -> bool:
        """Take what is up now; whether the same calls stand in the same order."""
        before, self.order = self.order, keys
        return before == keys

    async def calls(self, keys: Collection[int]) -> Mapping[int, LiveCall]:
        """Those of these calls that are up."""
        return await (await calls_of(self._program)).live_calls(keys)

    async def count(self) -> int:
        """How many there are."""
        return len(self.order)

    async def rows(self, start: int, count: int) -> Sequence[Row]:
        """The rows at these positions; a call that has ended since it was looked for has an empty one."""
        keys = await self.keys(start, count)
        found = await self.again(keys)
        return [found.get(key) or LiveRow(key, {}, gone=True) for key in keys]

    async def again(self, keys: Sequence[int]) -> Mapping[int, Row]:
        """The same rows as they are now."""
        found = await self.calls(keys)
        names = await self._names.of(one.customer_id for one in found.values()) if self._names else {}
        now = datetime.now(UTC)
        return {key: _row(key, call, names, now) for key, call in found.items()}

    async def position(self, key: int) -> int | None:
        """Where a call stands."""
        return self.order.index(key) if key in self.order else None

    async def keys(self, start: int, count: int) -> Sequence[int]:
        """The keys at these positions."""
        return self.order[start : start + count]


def _since(call: LiveCall) -> datetime:
    return call.answered or call.invited


def _row(key: int, call: LiveCall, names: Mapping[int, str], now: datetime) -> LiveRow:
    state = call.state
    seconds = max(0.0, ((call.ghost or now) - _since(call)).total_seconds())
    cells: dict[str, str | Cell] = {
        "invited": f"{call.invited.astimezone():%H:%M:%S}",
        "customer_id": names.get(call.customer_id or 0, f"#{call.customer_id or '?'}"),
        "state": Cell(state.label, TONES[state]),
        "length": Cell(LENGTH.show(seconds), "" if call.answered else "dim"),
        **{name: getattr(call, name) for name in ("cli", "dialled", "carrier", "auth", "src_ip", "number")},
        "source": call.source,
        "source_key": call.source_key,
    }
    return LiveRow(key, cells, call=call)
