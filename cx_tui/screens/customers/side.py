"""The pane beside a wide list: the customer under the cursor, its contacts, its calls, its last changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from cx_tui.domain.calls.live import LiveCall
from cx_tui.domain.history import LogQuery, Operation
from cx_tui.domain.kinds.times import ago
from cx_tui.domain.records.contact import Contact
from cx_tui.screens.present import STATUS_TONES, credit_in_words, warnings_of
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from cx_tui.services.session import Session

ROOM = (40, 32)
"""The cells and lines that the pane has at 160 columns."""
LEAST, CHANGES = 4, 20
"""So many lines each block has at least, however low the terminal is; so many changes are read."""

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Beside:
    """What belongs to a customer and was read for the pane."""

    contacts: Sequence[Contact]
    calls: Sequence[LiveCall]
    changes: Sequence[Operation]


async def read(session: "Session", customer_id: int) -> Beside:
    """Read it."""
    contacts = await session.records_of["contact"].of_owner(customer_id)
    calls = await session.calls.live(customer_id)
    changes = await session.log.operations(LogQuery(customer_id=customer_id), CHANGES)
    return Beside(contacts, calls, changes)


def lines(
    values: Values, beside: Beside | None, now: datetime | None = None, room: tuple[int, int] = ROOM
) -> list[LineText]:
    """The pane, in so many cells and lines; what is not read yet is left out."""
    now, (width, height) = now or datetime.now(UTC), room
    found = [
        LineText([Part(str(values["name"]), "strong")]),
        LineText([Part(values["status"].label, STATUS_TONES.get(values["status"], "good"))]),
        *_wrapped(Part(credit_in_words(values)), width),
        *_warnings(values["warning_mask"], width),
    ]
    if beside is None:
        return found
    most = max(LEAST, (height - len(found)) // 3 - 2)
    contacts, calls = _contacts(beside.contacts), _calls(beside.calls, now)
    found += _block(f"Contacts  {len(beside.contacts)}", contacts, "no contacts", most)
    found += _block(f"Calls now  {len(beside.calls)}", calls, "no calls", most)
    changes = _changes(beside.changes, str(values["name"]), now)
    return found + _block("Last changes", changes, "nothing was changed yet", most)


def _wrapped(part: Part, width: int) -> list[LineText]:
    return [LineText([part._replace(text=line)]) for line in wrap(part.text, max(1, width))]


def _warnings(mask: int, width: int) -> list[LineText]:
    found: list[LineText] = []
    for one in warnings_of(mask):
        found += _wrapped(one, width)
    return found or [LineText([Part("no warnings", "dim")])]


def _block(title: str, rows: list[LineText], nothing: str, most: int) -> list[LineText]:
    """A title and its lines; where there is no room for all, how many more there are."""
    shown = rows[:most] or [LineText([Part(nothing, "dim")])]
    if len(rows) > most:
        shown[-1] = LineText([Part(f"{len(rows) - most + 1} more lines: enter opens the card", "dim")])
    return [LineText(), LineText([Part(title, "label")]), *shown]


def _contacts(contacts: Sequence[Contact]) -> list[LineText]:
    found = []
    for one in contacts:
        found.append(LineText([Part(one.name)], [Part(one.phone or one.mobile, "dim")]))
        if one.email:
            found.append(LineText([Part(f"  {one.email}", "dim")]))
    return found


def _calls(calls: Sequence[LiveCall], now: datetime) -> list[LineText]:
    found = []
    for one in reversed(calls):
        seconds = int((now - (one.answered or one.invited)).total_seconds())
        length = f"{seconds // 60}:{seconds % 60:02}" if one.answered else one.state.label.lower()
        found.append(
            LineText([Part(one.number or one.dialled)], [Part(length, "good" if one.answered else "dim")])
        )
    return found


def _changes(changes: Sequence[Operation], name: str, now: datetime) -> list[LineText]:
    return [
        LineText(
            [Part(one.title.removeprefix(f"{name}: ") or one.act.label)],
            [Part(f"{one.who}, {ago(one.at, now)}", "dim", keep=True)],
        )
        for one in changes
    ]
