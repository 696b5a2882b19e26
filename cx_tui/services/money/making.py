"""Making invoices of what is on none yet, for many customers at a time.

A number is given in the transaction in which its invoice is written, so one that fails gives it back.  Some
customers share a transaction, as most of its time goes into beginning, asking and ending.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import invoices, uninvoiced
from cx_tui.db.bulk_values import among
from cx_tui.db.calls.standing import lock
from cx_tui.db.derived import hold
from cx_tui.db.engine import Database
from cx_tui.db.tables import customer
from cx_tui.domain.money.invoicing import (
    Line,
    Period,
    last_period,
    lines_of,
    series_of,
    totals_of,
)
from cx_tui.domain.records.company import LinesBy
from cx_tui.domain.records.customer import InvoiceSchedule
from cx_tui.domain.records.invoice import InvoiceStatus
from cx_tui.domain.who import Who
from cx_tui.errors import NotFound, Refused
from cx_tui.services.money.by_destination import CallsOf, by_destination
from cx_tui.services.money.issuing import USUAL_SERIES, Issuing, sums_of
from cx_tui.services.money.templates import Templates

AT_ONCE = 500
TOGETHER = 25
"""So many customers' invoices are made in one transaction: more would keep others from writing."""

ZERO = Decimal(0)

LATE_COME = timedelta(hours=3)
"""So long after its end a period is invoiced by itself: most calls that come late have come by then."""

SCHEDULED = (InvoiceSchedule.DAILY, InvoiceSchedule.WEEKLY, InvoiceSchedule.MONTHLY)

OF_CUSTOMER = [
    customer.c[name] for name in ("id", "name", "currency", "tax", "invoice_due_days", "invoice_template")
]


@dataclass(frozen=True, kw_only=True)
class Made:
    """An invoice that was made, or would be; or why none was."""

    customer_id: int
    customer: str
    number: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    net: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal = ZERO
    currency: str = ""
    status: str = ""
    invoice_id: int | None = None
    why_not: str = ""
    lines: Sequence[Line] = ()


@dataclass(frozen=True, kw_only=True)
class How:
    """Which invoices are made, and how."""

    period: Period
    today: date
    simulate: bool = False
    draft: bool = False


class Making(Issuing):
    """Makes invoices of periods."""

    def __init__(self, database: Database, who: Who, calls: CallsOf | None = None) -> None:
        super().__init__(database, who)
        self._calls = calls
        self._nothing: set[tuple[int, Period]] = set()
        """Who had nothing to pay when the schedule asked: they need not be asked every minute."""

    async def make_all(
        self, period: Period, today: date, *, simulate: bool = False, draft: bool = False
    ) -> AsyncIterator[Made]:
        """Make the invoices of a period for all who have something in it."""
        how = How(period=period, today=today, simulate=simulate, draft=draft)
        after = 0
        while True:
            async with self._database.reading() as connection:
                ids = await uninvoiced.candidates(connection, period, after, AT_ONCE)
            if not ids:
                return
            for first in range(0, len(ids), TOGETHER):
                for one in await self._make(ids[first : first + TOGETHER], how):
                    yield one
            after = ids[-1]

    async def run_due(self, now: datetime | None = None) -> int:
        """Make the invoices that schedules ask for, of the last day, week and month that are over: how many.
        Who was away for longer makes the older ones by hand, as their periods are named there."""
        moment, made = now or datetime.now(UTC), 0
        for schedule in SCHEDULED:
            period = last_period(schedule, (moment - LATE_COME).date())
            how = How(period=period, today=moment.date())
            after = 0
            while True:
                async with self._database.reading() as connection:
                    ids = await uninvoiced.candidates(connection, period, after, AT_ONCE, schedule)
                if not ids:
                    break
                wanted = [one for one in ids if (one, period) not in self._nothing]
                for first in range(0, len(wanted), TOGETHER):
                    done = await self._make(wanted[first : first + TOGETHER], how)
                    made += sum(bool(one.number) for one in done)
                    self._nothing |= {(one.customer_id, period) for one in done if one.why_not}
                after = ids[-1]
        return made

    async def make(
        self, customer_id: int, period: Period, today: date, *, simulate: bool = False, draft: bool = False
    ) -> Made:
        """Make a customer's invoice of a period, and issue it unless it shall be a draft."""
        how = How(period=period, today=today, simulate=simulate, draft=draft)
        if not (made := await self._make([customer_id], how)):
            raise NotFound("the customer has been deleted; the log of all operations says who did it")
        return made[0]

    async def _make(self, ids: Sequence[int], how: How) -> list[Made]:
        """Make the invoices of some customers; who is not there any more is left out."""
        if how.period.last >= how.today:
            raise Refused(
                f"the period {how.period} is not over yet (UTC); make its invoice on the day after it"
            )
        if how.simulate:
            async with self._database.reading() as connection:
                return [one for one, _ in await self._planned(connection, ids, how)]
        async with self._database.writing() as connection:
            there = sorted(await hold(connection, ids))
            if not there:
                return []
            # The accounts are ours: two who make the same invoice follow each other.
            await lock(connection, there)
            planned = await self._planned(connection, there, how)
            written = await self._write(connection, [one for one in planned if one[1]], how)
            return [written.get(made.customer_id, made) for made, _ in planned]

    async def _planned(
        self, connection: AsyncConnection, ids: Sequence[int], how: How
    ) -> list[tuple[Made, invoices.NewInvoice | None]]:
        """What would be made of each customer, and what stands on it; none where nothing is made."""
        people = await connection.execute(
            select(*OF_CUSTOMER).where(among(connection, customer.c.id, ids)).order_by(customer.c.id)
        )
        others = await uninvoiced.in_the_way(connection, ids, how.period)
        wanted = [one for one in ids if one not in others]
        days = await uninvoiced.days_left(connection, wanted, how.period)
        charges = await uninvoiced.charges_left(connection, wanted, how.period)
        templates = await Templates.read(connection)
        found: list[tuple[Made, invoices.NewInvoice | None]] = []
        for whom in people.all():
            if other := others.get(whom.id):
                name = other.number or f"the draft #{other.id}"
                why = f"{name} has days of {how.period} already; void it to make it again"
                found.append((Made(customer_id=whom.id, customer=whom.name, why_not=why), None))
                continue
            template = templates.of(None, whom.invoice_template)
            apart = None
            if self._calls and template and template.lines_by is LinesBy.DESTINATION:
                apart = await by_destination(self._calls(), whom.id, days.get(whom.id, ()))
            lines = lines_of(days.get(whom.id, ()), charges.get(whom.id, ()), whom.currency, apart)
            made = _made(whom, lines, how)
            if made.why_not:
                found.append((made, None))
                continue
            series = (template.series if template and template.series else "") or USUAL_SERIES
            values = _values(whom, made, series_of(series, how.today), how)
            standing = invoices.NewInvoice(values, lines, days.get(whom.id, ()), charges.get(whom.id, ()))
            found.append((made, standing))
        return found

    async def _write(
        self, connection: AsyncConnection, planned: Sequence[tuple[Made, Any]], how: How
    ) -> dict[int, Made]:
        """Write invoices, and number them unless they shall be drafts: what was made of each customer."""
        if not planned:
            return {}
        now = datetime.now(UTC)
        ids = await invoices.add(connection, [standing for _, standing in planned], now)
        series = {of: standing.values["series"] for of, (_, standing) in zip(ids, planned, strict=True)}
        numbers = {} if how.draft else await self._number(connection, series, now)
        status = InvoiceStatus.DRAFT if how.draft else InvoiceStatus.ISSUED
        done = [
            replace(made, number=numbers.get(of, ""), status=status.value, invoice_id=of)
            for of, (made, _) in zip(ids, planned, strict=True)
        ]
        noted = [
            (of, one.customer_id, f"invoice {one.number or f'draft #{of}'} of {one.customer}")
            for of, one in zip(ids, done, strict=True)
        ]
        await self._note_many(connection, noted, status, now)
        return {one.customer_id: one for one in done}


def _made(whom: Any, lines: Sequence[Line], how: How) -> Made:
    """What a customer's invoice comes to."""
    if not any(line.amount for line in lines):
        return Made(
            customer_id=whom.id, customer=whom.name, why_not=f"there is nothing to pay in {how.period}"
        )
    totals = totals_of((line.amount for line in lines), whom.tax, whom.currency)
    return Made(
        customer_id=whom.id, customer=whom.name, issued_on=how.today,
        due_on=how.today + timedelta(days=whom.invoice_due_days), net=totals.net, tax=totals.tax,
        total=totals.total, currency=whom.currency, status=InvoiceStatus.DRAFT.value, lines=lines,
    )  # fmt: skip


def _values(whom: Any, made: Made, series: str, how: How) -> dict[str, Any]:
    """What an invoice keeps."""
    return {
        "customer_id": whom.id, "series": series, "issued_on": how.today, "due_on": made.due_on,
        "period_from": how.period.first, "period_to": how.period.last, "currency": whom.currency,
        "tax_percent": whom.tax, **sums_of(made),
    }  # fmt: skip
