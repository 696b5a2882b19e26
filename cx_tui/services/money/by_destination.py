"""The calls of an invoice: summed up by destination, and one by one in a file."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cx_tui.domain.calls.query import CallQuery, Condition
from cx_tui.domain.money.invoicing import DayCalls, DestinationCalls
from cx_tui.domain.query import Sort
from cx_tui.domain.rating.money import money
from cx_tui.domain.records.invoice import Invoice
from cx_tui.errors import Refused

if TYPE_CHECKING:
    from cx_tui.services.calls.calls import Calls

CallsOf = Callable[[], "Calls"]
"""The calls of the database, loaded when they are asked for."""

COLUMNS = (
    "invited_at", "cli", "dialled", "destination", "direction", "talk_ms", "billed_seconds", "charge",
    "currency",
)  # fmt: skip
"""What a customer may know of a call: nothing of carriers and what they cost."""

A_DAY = timedelta(days=1)


async def by_destination(calls: "Calls", of: int, days: Sequence[DayCalls]) -> list[DestinationCalls]:
    """The calls of days of a customer, who is locked, by destination: the dearest first."""
    usual = [one.day for one in days if not one.late]
    if not usual:
        return []
    asked = CallQuery(of, _midnight(min(usual)), _midnight(max(usual) + A_DAY))
    groups = await calls.list(asked).group(["destination"])
    found = [
        DestinationCalls(
            destination=row["destination"] or "other destinations", charge=money(row["charge"]),
            calls=row["connected"], billed_seconds=row["billed_seconds"],
        )
        for row in groups.iter_rows(named=True)
        if row["charge"] or row["connected"]
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.charge, one.destination))


def calls_of(invoice: Invoice) -> CallQuery:
    """The answered calls of an invoice's period, the oldest first."""
    if invoice.credits is not None or invoice.period_from is None or invoice.period_to is None:
        raise Refused(f"{invoice.number or 'this invoice'} has no period, so it has no calls")
    return CallQuery(
        invoice.customer_id, _midnight(invoice.period_from), _midnight(invoice.period_to + A_DAY),
        (Condition("connected", "=", True),), (Sort("start"),),
    )  # fmt: skip


async def write_calls_of(calls: "Calls", invoice: Invoice, path: Path) -> int:
    """Write the calls of an invoice into a CSV or Parquet file, in a process of its own: how many."""
    from cx_tui.services.calls.child import written

    return await written(calls, calls_of(invoice), path, COLUMNS)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
