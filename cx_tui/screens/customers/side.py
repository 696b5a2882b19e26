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
from cx_tui.domain.warnings import WARNINGS
from cx_tui.screens.present import STATUS_TONES, credit_in_words
from widgets.line import LineText, Part

if TYPE_CHECKING:
    from cx_tui.services.session import Session

WIDTH = 40
CONTACTS, CALLS, CHANGES = 4, 6, 6
"""So many of each are shown."""

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


def lines(values: Values, beside: Beside | None, now: datetime | None = None) -> list[LineText]:
    """The pane; what is not read yet is left out."""
    now = now or datetime.now(UTC)
    found = [
        LineText([Part(str(values["name"]), "strong")]),
        LineText([Part(values["status"].label, STATUS_TONES.get(values["status"], "good"))]),
        *_wrapped(credit_in_words(values), ""),
        *_warnings(values["warning_mask"]),
    ]
    if beside is None:
        return found
    found += _block(f"Contacts  {len(beside.contacts)}", _contacts(beside.contacts), "no contacts")
    found += _block(f"Calls now  {len(beside.calls)}", _calls(beside.calls, now), "no calls")
    found += _block(
        "Last changes", _changes(beside.changes, str(values["name"]), now), "nothing was changed yet"
    )
    return found


def _wrapped(text: str, tone: str) -> list[LineText]:
    return [LineText([Part(line, tone)]) for line in wrap(text, WIDTH)]


def _warnings(mask: int) -> list[LineText]:
    found: list[LineText] = []
    for bit, warning in enumerate(WARNINGS):
        if mask >> bit & 1:
            found += _wrapped(f"! {warning.sentence}", "bad" if warning.stops_calls else "warn")
    return found or [LineText([Part("no warnings", "dim")])]


def _block(title: str, rows: list[LineText], nothing: str) -> list[LineText]:
    return [LineText(), LineText([Part(title, "label")]), *(rows or [LineText([Part(nothing, "dim")])])]


def _contacts(contacts: Sequence[Contact]) -> list[LineText]:
    found = []
    for one in contacts[:CONTACTS]:
        found.append(LineText([Part(one.name)], [Part(one.phone or one.mobile, "dim")]))
        if one.email:
            found.append(LineText([Part(f"  {one.email}", "dim")]))
    return found


def _calls(calls: Sequence[LiveCall], now: datetime) -> list[LineText]:
    found = []
    for one in calls[-CALLS:]:
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
            [Part(f"{one.who}, {ago(one.at, now)}", "dim")],
        )
        for one in changes
    ]
