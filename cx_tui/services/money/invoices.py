"""Invoices: made of what is on none yet, numbered when they are issued, and never changed after that."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history, invoice_lines, invoices
from cx_tui.db.calls.standing import lock
from cx_tui.db.customer_expressions import names_referred
from cx_tui.db.derived import hold
from cx_tui.db.engine import Database
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Act, Change
from cx_tui.domain.money.invoicing import (
    Line,
    Period,
    Totals,
    last_period,
    lines_of,
    number_of,
    printed,
    series_of,
    totals_of,
)
from cx_tui.domain.records.company import InvoiceTemplate
from cx_tui.domain.records.customer import InvoiceSchedule
from cx_tui.domain.records.invoice import Invoice, InvoiceLine, InvoiceStatus, LineKind
from cx_tui.domain.who import Who
from cx_tui.errors import Invalid, NotFound, Refused

AT_ONCE = 500
USUAL_SERIES = "INV-"
CREDIT_SERIES = "CN-"
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


class Invoices:
    """The invoices of one database."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who
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
                raise NotFound("the customer was deleted meanwhile; the log of all operations says by whom")
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
            why = f"{name} has days of {period} already; void it to make it anew"
            return Made(customer_id=of, customer=whom.name, why_not=why)
        days = await invoices.days_left(connection, of, period)
        charges = await invoices.charges_left(connection, of, period)
        lines = lines_of(days, charges, whom.currency)
        if not any(line.amount for line in lines):
            return Made(customer_id=of, customer=whom.name, why_not=f"there is nothing to pay in {period}")
        totals = totals_of((line.amount for line in lines), whom.tax, whom.currency)
        due = today + timedelta(days=whom.invoice_due_days)
        template = await _template(connection, None, whom.invoice_template)
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
            "tax_percent": whom.tax, **_sums(totals),
        }  # fmt: skip
        invoice_id = await invoices.add(connection, values, lines, now)
        await invoices.note(connection, invoice_id, of, days, charges)
        number = "" if draft else await self._issue(connection, invoice_id, values["series"], now)
        status = InvoiceStatus.DRAFT if draft else InvoiceStatus.ISSUED
        what = number or f"draft #{invoice_id}"
        await self._note(connection, invoice_id, of, f"invoice {what} of {whom.name}", status, now)
        return Made(**{**vars(made), "number": number, "status": status.value, "invoice_id": invoice_id})

    async def issue(self, invoice_id: int) -> str:
        """Give a draft its number: from then on it never changes.  Says the number."""
        async with self._database.writing() as connection:
            found = await invoices.one(connection, invoice_id=invoice_id, lock=True)
            if found is None:
                raise NotFound(f"there is no invoice #{invoice_id}")
            if found.status is not InvoiceStatus.DRAFT:
                raise Refused(f"it was issued already, as {found.number}")
            now = datetime.now(UTC)
            if not await invoices.lines(connection, invoice_id):
                raise Refused("there is nothing on it; add a line first")
            await invoice_lines.sum_up(connection, invoice_id)
            if found.issued_on is None:
                whom = customer.c.id == found.customer_id
                asked = select(customer.c.invoice_due_days).where(whom)
                due = now.date() + timedelta(days=(await connection.execute(asked)).scalar_one())
                days = {"issued_on": now.date(), "due_on": found.due_on or due}
                await invoices.change(connection, invoice_id, days, now)
            number = await self._issue(connection, invoice_id, found.series or USUAL_SERIES, now)
            title = f"invoice {number} of {found.customer_name}"
            await self._note(connection, invoice_id, found.customer_id, title, InvoiceStatus.ISSUED, now)
            return number

    async def void(self, number: str, reason: str) -> None:
        """Say that an invoice does not hold: it keeps its number, what stood on it can be invoiced anew."""
        if not reason.strip():
            raise Invalid({"reason": "say why: a void invoice without a reason can't be understood later"})
        async with self._database.writing() as connection:
            found = await self._issued(connection, number)
            if found.paid:
                raise Refused(f"payments were allocated to {number}; take these back first")
            if (await invoices.credited(connection, found.id)).total:
                raise Refused(f"there are credit notes for {number}; void these first")
            now = datetime.now(UTC)
            await lock(connection, [found.customer_id])
            await invoices.forget(connection, found.id)
            await invoices.change(connection, found.id, {"status": InvoiceStatus.VOID}, now)
            title = f"invoice {number} of {found.customer_name} is void: {reason.strip()}"
            await self._note(connection, found.id, found.customer_id, title, InvoiceStatus.VOID, now)

    async def credit(self, number: str, reason: str, net: Decimal | None = None) -> str:
        """Take an invoice back, in whole or by an amount before tax: the number of the credit note."""
        if not reason.strip():
            raise Invalid({"reason": "say why: it is printed on the credit note"})
        async with self._database.writing() as connection:
            found = await self._issued(connection, number)
            if found.credits is not None:
                raise Refused(f"{number} is a credit note itself; void it instead")
            await lock(connection, [found.customer_id])
            so_far = await invoices.credited(connection, found.id)
            left = Totals(found.net + so_far.net, found.tax + so_far.tax)
            back = left if net is None else _part(net, found, left)
            if back.total <= 0:
                raise Refused(f"{number} was taken back already, in whole")
            if back.net > left.net or back.total > left.total:
                raise Invalid(
                    {"amount": f"{left.net:f} {found.currency} is left of {number}; take back no more"}
                )
            now = datetime.now(UTC)
            line = Line(
                text=f"Credit for {number}: {reason.strip()}"[:300], kind=LineKind.FREE, amount=-back.net,
                price=-back.net,
            )  # fmt: skip
            series = series_of(CREDIT_SERIES, now.date())
            values = {
                "customer_id": found.customer_id, "series": series, "issued_on": now.date(),
                "due_on": now.date(), "period_from": found.period_from, "period_to": found.period_to,
                "currency": found.currency, "tax_percent": found.tax_percent, "credits": found.id,
                "template": found.template, **_sums(Totals(-back.net, -back.tax)),
            }  # fmt: skip
            note_id = await invoices.add(connection, values, [line], now)
            made = await self._issue(connection, note_id, series, now)
            title = f"credit note {made} for {number} of {found.customer_name}: {reason.strip()}"
            await self._note(connection, note_id, found.customer_id, title, InvoiceStatus.ISSUED, now)
            return made

    async def document(self, number: str) -> Document:
        """All that is printed of an invoice."""
        async with self._database.reading() as connection:
            found = await invoices.one(connection, number=number)
            if found is None:
                raise NotFound(f'there is no invoice "{number}"; cx-tui invoices list shows their numbers')
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

    async def _issued(self, connection: AsyncConnection, number: str) -> Any:
        found = await invoices.one(connection, number=number, lock=True)
        if found is None:
            raise NotFound(f'there is no invoice "{number}"; cx-tui invoices list shows their numbers')
        if found.status is InvoiceStatus.VOID:
            raise Refused(f"{number} is void already")
        return found

    async def _issue(self, connection: AsyncConnection, invoice_id: int, series: str, now: datetime) -> str:
        number = number_of(series, await invoices.next_number(connection, series))
        values = {"number": number, "issued_at": now, "status": InvoiceStatus.ISSUED}
        await invoices.change(connection, invoice_id, values, now)
        return number

    async def _note(
        self,
        connection: AsyncConnection,
        invoice_id: int,
        of: int,
        title: str,
        status: InvoiceStatus,
        now: datetime,
    ) -> None:
        operation = await history.begin(connection, self._who, Act.BOOK, title, now, records=1)
        change = Change(
            operation_id=operation, record="invoice", record_id=invoice_id, customer_id=of, act=Act.BOOK,
            before={}, after={"status": status.value},
        )  # fmt: skip
        await history.note(connection, [change])


def _sums(totals: Totals) -> dict[str, Decimal]:
    return {"net": totals.net, "tax": totals.tax, "total": totals.total}


def _part(net: Decimal, found: Any, left: Totals) -> Totals:
    """A part of an invoice, with its tax; all that is left of it, with all that is left of the tax."""
    if net <= 0 or net != printed(net, found.currency):
        raise Invalid(
            {"amount": f"write an amount of {found.currency} above 0, with the decimals that it has"}
        )
    if net == left.net:
        return left
    return totals_of([net], found.tax_percent, found.currency)


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
