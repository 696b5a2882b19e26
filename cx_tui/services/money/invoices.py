"""Invoices: made of what is on none yet, numbered when they are issued, and never changed after that."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import invoices
from cx_tui.db.calls.standing import lock
from cx_tui.db.customer_expressions import names_referred
from cx_tui.db.derived import hold
from cx_tui.db.engine import Database
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.fields import fields_of
from cx_tui.domain.money.invoicing import (
    Line,
    Period,
    last_period,
    lines_of,
    series_of,
    totals_of,
)
from cx_tui.domain.records.company import InvoiceTemplate, LinesBy
from cx_tui.domain.records.customer import InvoiceSchedule
from cx_tui.domain.records.invoice import Invoice, InvoiceLine, InvoiceStatus
from cx_tui.domain.who import Who
from cx_tui.errors import NotFound, Refused
from cx_tui.services.money.by_destination import CallsOf, by_destination
from cx_tui.services.money.issuing import USUAL_SERIES, Issuing, sums_of

AT_ONCE = 500
ZERO = Decimal(0)

LATE_COME = timedelta(hours=3)
"""So long after its end a period is invoiced by itself: most calls that come late have come by then."""

SCHEDULED = (InvoiceSchedule.DAILY, InvoiceSchedule.WEEKLY, InvoiceSchedule.MONTHLY)


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


@dataclass(frozen=True)
class Document:
    """All that is printed of an invoice."""

    invoice: Invoice
    lines: Sequence[InvoiceLine]
    customer: Any
    template: InvoiceTemplate | None
    credits: str
    """The number of the invoice that it takes back, if it is a credit note."""


class Invoices(Issuing):
    """The invoices of one database."""

    def __init__(self, database: Database, who: Who, calls: CallsOf | None = None) -> None:
        super().__init__(database, who)
        self._calls = calls
        self._nothing: set[tuple[int, Period]] = set()
        """Who had nothing to pay when the schedule asked: they need not be asked every minute."""

    async def make_all(
        self, period: Period, today: date, *, simulate: bool = False, draft: bool = False
    ) -> AsyncIterator[Made]:
        """Make the invoices of a period for all who have something in it."""
        after = 0
        while True:
            async with self._database.reading() as connection:
                ids = await invoices.candidates(connection, period, after, AT_ONCE)
            if not ids:
                return
            for one in ids:
                yield await self.make(one, period, today, simulate=simulate, draft=draft)
            after = ids[-1]

    async def run_due(self, now: datetime | None = None) -> int:
        """Make the invoices that schedules ask for, of the last day, week and month that are over: how many.
        Who was away for longer makes the older ones by hand, as their periods are named there."""
        moment, made = now or datetime.now(UTC), 0
        for schedule in SCHEDULED:
            period = last_period(schedule, (moment - LATE_COME).date())
            after = 0
            while True:
                async with self._database.reading() as connection:
                    ids = await invoices.candidates(connection, period, after, AT_ONCE, schedule)
                if not ids:
                    break
                for one in ids:
                    if (one, period) not in self._nothing:
                        done = await self.make(one, period, moment.date())
                        made += bool(done.number)
                        self._nothing |= {(one, period)} if done.why_not else set()
                after = ids[-1]
        return made

    async def make(
        self, customer_id: int, period: Period, today: date, *, simulate: bool = False, draft: bool = False
    ) -> Made:
        """Make a customer's invoice of a period, and issue it unless it shall be a draft."""
        if period.last >= today:
            raise Refused(f"the period {period} is not over yet (UTC); make its invoice on the day after it")
        if simulate:
            async with self._database.reading() as connection:
                return await self._made(connection, customer_id, period, today, simulate=True, draft=draft)
        async with self._database.writing() as connection:
            if not await hold(connection, [customer_id]):
                raise NotFound("the customer has been deleted; the log of all operations says who did it")
            # The account is ours: two who make the same invoice follow each other.
            await lock(connection, [customer_id])
            return await self._made(connection, customer_id, period, today, simulate=False, draft=draft)

    async def _made(
        self,
        connection: AsyncConnection,
        of: int,
        period: Period,
        today: date,
        *,
        simulate: bool,
        draft: bool,
    ) -> Made:
        whom = (await connection.execute(select(customer).where(customer.c.id == of))).one()
        if other := await invoices.in_the_way(connection, of, period):
            name = other.number or f"the draft #{other.id}"
            why = f"{name} has days of {period} already; void it to make it again"
            return Made(customer_id=of, customer=whom.name, why_not=why)
        days = await invoices.days_left(connection, of, period)
        charges = await invoices.charges_left(connection, of, period)
        template = await _template(connection, None, whom.invoice_template)
        apart = None
        if self._calls and template and template.lines_by is LinesBy.DESTINATION:
            apart = await by_destination(self._calls(), of, days)
        lines = lines_of(days, charges, whom.currency, apart)
        if not any(line.amount for line in lines):
            return Made(customer_id=of, customer=whom.name, why_not=f"there is nothing to pay in {period}")
        totals = totals_of((line.amount for line in lines), whom.tax, whom.currency)
        due = today + timedelta(days=whom.invoice_due_days)
        series = (template.series if template and template.series else "") or USUAL_SERIES
        made = Made(
            customer_id=of, customer=whom.name, issued_on=today, due_on=due, net=totals.net, tax=totals.tax,
            total=totals.total, currency=whom.currency, status=InvoiceStatus.DRAFT.value, lines=lines,
        )  # fmt: skip
        if simulate:
            return made
        now = datetime.now(UTC)
        values = {
            "customer_id": of, "series": series_of(series, today), "issued_on": today, "due_on": due,
            "period_from": period.first, "period_to": period.last, "currency": whom.currency,
            "tax_percent": whom.tax, **sums_of(totals),
        }  # fmt: skip
        invoice_id = await invoices.add(connection, values, lines, now)
        await invoices.note(connection, invoice_id, of, days, charges)
        number = "" if draft else await self._issue(connection, invoice_id, values["series"], now)
        status = InvoiceStatus.DRAFT if draft else InvoiceStatus.ISSUED
        what = number or f"draft #{invoice_id}"
        await self._note(connection, invoice_id, of, f"invoice {what} of {whom.name}", status, now)
        return Made(**{**vars(made), "number": number, "status": status.value, "invoice_id": invoice_id})

    async def document(self, number: str = "", *, invoice_id: int | None = None) -> Document:
        """All that is printed of an invoice, by its number, or of a draft by its id."""
        async with self._database.reading() as connection:
            found = await invoices.one(connection, number=number, invoice_id=invoice_id)
            if found is None:
                name = f'"{number}"' if number else f"#{invoice_id}"
                raise NotFound(f"there is no invoice {name}; cx-tui invoices list shows their numbers")
            lines = await invoices.lines(connection, found.id)
            named = {**customer.c, **names_referred(), "usual_template": customer.c.invoice_template}
            asked = select(*(column.label(name) for name, column in named.items()))
            whom = (await connection.execute(asked.where(customer.c.id == found.customer_id))).one()
            template = await _template(connection, found.template, whom.usual_template)
            taken_back = ""
            if found.credits is not None:
                other = await invoices.one(connection, invoice_id=found.credits)
                taken_back = str(other.number) if other else ""
        invoice = Invoice(**{name: getattr(found, name) for name in fields_of(Invoice)})
        rows = [InvoiceLine(**{name: getattr(row, name) for name in fields_of(InvoiceLine)}) for row in lines]
        return Document(invoice, rows, whom, template, taken_back)

    async def template_named(self, name: str) -> InvoiceTemplate:
        """A template of invoices by its name."""
        async with self._database.reading() as connection:
            table = table_named("invoice-template")
            own = table.c.name, table.c.id
            there = await connection.execute(
                select(own[1]).where(own[0] == name, table.c.deleted_at.is_(None))
            )
            number = there.scalar()
            found = await _template(connection, number, None) if number is not None else None
        if found is None:
            raise NotFound(f'there is no invoice template "{name}"; :invoice-template shows them')
        return found

    async def list(
        self, customer_id: int | None = None, count: int = 100, *, overdue_on: date | None = None
    ) -> Sequence[Made]:
        """Invoices, the newest first."""
        async with self._database.reading() as connection:
            rows = await invoices.listed(connection, customer_id, count, overdue_on=overdue_on)
        return [
            Made(
                customer_id=row.customer_id, customer=row.customer_name, number=row.number or "",
                issued_on=row.issued_on, due_on=row.due_on, net=row.net, tax=row.tax, total=row.total,
                currency=row.currency, status=row.status.value, invoice_id=row.id,
            )
            for row in rows
        ]  # fmt: skip


async def _template(
    connection: AsyncConnection, own: int | None, usual: int | None
) -> InvoiceTemplate | None:
    """The template of an invoice, or else of its customer, or else the only one there is."""
    table = table_named("invoice-template")
    columns = [table.c[one] for one in fields_of(InvoiceTemplate)]
    every = select(*columns).where(table.c.deleted_at.is_(None))
    for one in (own, usual):
        which = table.c.id == one
        if one is not None and (row := (await connection.execute(every.where(which))).first()):
            return InvoiceTemplate(**row._mapping)
    rows = (await connection.execute(every.limit(2))).all()
    return InvoiceTemplate(**rows[0]._mapping) if len(rows) == 1 else None
