"""Making the invoices of a period: which period, what they would be, and then they are made."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from textual.screen import Screen

from cx_tui.domain.kinds import BadValue, Money
from cx_tui.domain.money.invoicing import Period, last_period, period_of
from cx_tui.domain.records.customer import InvoiceSchedule
from cx_tui.errors import CxError
from cx_tui.screens.ask import Ask
from cx_tui.screens.confirm import Confirm
from cx_tui.screens.program import Program
from cx_tui.screens.progress import Progress, Report

if TYPE_CHECKING:
    from cx_tui.services.money.invoices import Made
    from cx_tui.services.session import Session

MONEY = Money()
SHOWN = 12
"""So many lines are shown."""


async def book(screen: Screen[Any], customer_id: int | None, period: Period | None = None) -> bool:
    """Make the invoices of a period, of a customer or of all, when the operator agrees: whether any were."""
    if period is None:
        period = await _asked(screen)
    if period is None:
        return False
    wanted, app = period, screen.app
    try:
        session = await cast(Program, app).services()
    except CxError as error:
        screen.notify(f"{error}", severity="error")
        return False
    planned = await app.push_screen_wait(
        Progress(
            f"Looking at {wanted}", lambda report: _made(session, customer_id, wanted, report),
            stopped="Nothing was made.",
        )
    )  # fmt: skip
    if planned is None:
        return False
    new = [one for one in planned if not one.why_not]
    if not new:
        why = planned[0].why_not if len(planned) == 1 else f"nobody has anything to pay in {wanted}"
        screen.notify(f"No invoice: {why}.", severity="warning", timeout=10)
        return False
    title = f"Make the invoice of {wanted}?" if len(new) == 1 else f"Make {len(new):,} invoices of {wanted}?"
    if not await app.push_screen_wait(Confirm(title, [*_lines(planned)], "Make", no="Leave")):
        return False
    done = await app.push_screen_wait(
        Progress(
            title.rstrip("?"), lambda report: _made(session, customer_id, wanted, report, of=len(new)),
            stopped="It was stopped; the invoices that were made stay, and booking again makes the others.",
        )
    )  # fmt: skip
    if done is not None:
        numbers = [one.number for one in done if one.number]
        said = numbers[0] if len(numbers) == 1 else f"{len(numbers):,} invoices"
        screen.notify(f"{said} made.")
    return True


async def _asked(screen: Screen[Any]) -> Period | None:
    """The period that the operator types."""
    last = last_period(InvoiceSchedule.MONTHLY, datetime.now(UTC).date())
    return await screen.app.push_screen_wait(
        Ask(
            "Make invoices of which period?", _that_is_over, does="look at them", text=f"{last.first:%Y-%m}",
            explains="A month, a week like 2026-W25, or days like 2026-06-01..2026-06-15 (UTC).",
            means=lambda period: f"{period.first} to {period.last}",
        )
    )  # fmt: skip


def _that_is_over(text: str) -> Period:
    period = period_of(text)
    if period.last >= datetime.now(UTC).date():
        raise BadValue(f"{period} is not over yet (UTC)")
    return period


async def _made(
    session: "Session", customer_id: int | None, period: Period, report: Report, *, of: int = 0
) -> Sequence["Made"]:
    """Make so many invoices; none are made but looked at what they would be."""
    invoices, today, simulate = session.money.invoices, datetime.now(UTC).date(), not of
    if customer_id is not None:
        return [await invoices.make(customer_id, period, today, simulate=simulate)]
    found: list[Made] = []
    async for one in invoices.make_all(period, today, simulate=simulate):
        found.append(one)
        report(min(len(found), of), of)
    return found


def _lines(planned: Sequence["Made"]) -> list[str]:
    """What would be made: the lines of one, or the sums of many."""
    new = [one for one in planned if not one.why_not]
    if len(new) == 1:
        one = new[0]
        lines = [f"{line.text}: {MONEY.show(line.amount)} {one.currency}" for line in one.lines[:SHOWN]]
        if len(one.lines) > SHOWN:
            lines.append(f"and {len(one.lines) - SHOWN:,} more lines")
        lines.append(
            f"Net {MONEY.show(one.net)}, tax {MONEY.show(one.tax)}, total {MONEY.show(one.total)} "
            f"{one.currency}, due {one.due_on}."
        )
        return lines
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for one in new:
        totals[one.currency] += one.total
    lines = [f"{MONEY.show(total)} {currency}" for currency, total in sorted(totals.items())]
    if left := len(planned) - len(new):
        lines.append(f"{left:,} customers get none: there is nothing to pay, or an invoice is there already.")
    return [*lines, "Each gets its number; from then on it never changes."]
