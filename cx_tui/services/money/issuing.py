"""Giving invoices their numbers, and taking them back: a number has no gap, and what is issued stays."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history, invoice_lines, invoices
from cx_tui.db.calls.standing import lock
from cx_tui.db.engine import Database
from cx_tui.db.tables import customer
from cx_tui.domain.history import Act, Change
from cx_tui.domain.money.invoicing import Line, Totals, number_of, printed, series_of, totals_of
from cx_tui.domain.records.invoice import InvoiceStatus, LineKind
from cx_tui.domain.who import Who
from cx_tui.errors import Invalid, NotFound, Refused
from cx_tui.services.money import credit_entries

USUAL_SERIES = "INV-"
CREDIT_SERIES = "CN-"


class Issuing:
    """Issues invoices, voids them, and takes them back with credit notes."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    async def issue(self, invoice_id: int) -> str:
        """Give a draft its number: from then on it never changes.  Says the number."""
        async with self._database.writing() as connection:
            found = await invoices.one(connection, invoice_id=invoice_id, lock=True)
            if found is None:
                raise NotFound(f"there is no invoice #{invoice_id}")
            if found.status is not InvoiceStatus.DRAFT:
                raise Refused(f"it was issued already, as {found.number}")
            now = datetime.now(UTC)
            if not await invoices.lines(connection, [invoice_id]):
                raise Refused("there is nothing on it; add a line first")
            await invoice_lines.sum_up(connection, invoice_id)
            if found.issued_on is None:
                whom = customer.c.id == found.customer_id
                asked = select(customer.c.invoice_due_days).where(whom)
                due = now.date() + timedelta(days=(await connection.execute(asked)).scalar_one())
                days = {"issued_on": now.date(), "due_on": found.due_on or due}
                await invoices.change(connection, invoice_id, days, now)
            series = {invoice_id: found.series or USUAL_SERIES}
            number = (await self._number(connection, series, now))[invoice_id]
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
            operation = await self._note(
                connection, found.id, found.customer_id, title, InvoiceStatus.VOID, now
            )
            if found.credits is not None:
                act = credit_entries.Act(
                    reason=f"void: {reason.strip()}", who=self._who.name, operation_id=operation, now=now
                )
                await credit_entries.take_back(connection, found, act)
                await invoices.allocated(connection, [found.credits], now)

    async def credit(
        self, number: str, reason: str, net: Decimal | None = None, *, to_balance: bool = True
    ) -> str:
        """Take an invoice back, in whole or by an amount before tax: the number of the credit note.  The
        balance gets it, unless it has got that already, as by new prices of the calls."""
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
                "template": found.template, **sums_of(Totals(-back.net, -back.tax)),
            }  # fmt: skip
            (note_id,) = await invoices.add(connection, [invoices.NewInvoice(values, [line])], now)
            made = (await self._number(connection, {note_id: series}, now))[note_id]
            title = f"credit note {made} for {number} of {found.customer_name}: {reason.strip()}"
            operation = await self._note(
                connection, note_id, found.customer_id, title, InvoiceStatus.ISSUED, now
            )
            if to_balance:
                note = await invoices.one(connection, invoice_id=note_id)
                act = credit_entries.Act(
                    reason=reason.strip(), who=self._who.name, operation_id=operation, now=now
                )
                await credit_entries.give(connection, note, act)
            await invoices.allocated(connection, [found.id], now)
            return made

    async def _issued(self, connection: AsyncConnection, number: str) -> Any:
        found = await invoices.one(connection, number=number, lock=True)
        if found is None:
            raise NotFound(f'there is no invoice "{number}"; cx-tui invoices list shows their numbers')
        if found.status is InvoiceStatus.VOID:
            raise Refused(f"{number} is void already")
        return found

    async def _number(
        self, connection: AsyncConnection, series: Mapping[int, str], now: datetime
    ) -> dict[int, str]:
        """Give drafts the next numbers of their series, in their order: which ones."""
        by_series: dict[str, list[int]] = {}
        for of, name in series.items():
            by_series.setdefault(name, []).append(of)
        numbers: dict[int, str] = {}
        # In one order, so that two who give numbers of several series never wait for each other.
        for name, ids in sorted(by_series.items()):
            given = await invoices.next_numbers(connection, name, len(ids))
            numbers |= {of: number_of(name, number) for of, number in zip(ids, given, strict=True)}
        await invoices.issue(connection, numbers, now)
        return numbers

    async def _note(
        self,
        connection: AsyncConnection,
        invoice_id: int,
        of: int,
        title: str,
        status: InvoiceStatus,
        now: datetime,
    ) -> int:
        return (await self._note_many(connection, [(invoice_id, of, title)], status, now))[0]

    async def _note_many(
        self,
        connection: AsyncConnection,
        done: Sequence[tuple[int, int, str]],
        status: InvoiceStatus,
        now: datetime,
    ) -> list[int]:
        """Note what was done with invoices of customers, each as an operation of its own."""
        titles = [title for _, _, title in done]
        operations = await history.begin_many(connection, self._who, Act.BOOK, titles, now)
        changes = [
            Change(
                operation_id=operation, record="invoice", record_id=invoice_id, customer_id=of,
                act=Act.BOOK, before={}, after={"status": status.value},
            )
            for operation, (invoice_id, of, _) in zip(operations, done, strict=True)
        ]  # fmt: skip
        await history.note(connection, changes)
        return operations


class Sums(Protocol):
    """What has sums at its foot."""

    @property
    def net(self) -> Decimal:
        """Before tax."""

    @property
    def tax(self) -> Decimal:
        """The tax of it."""

    @property
    def total(self) -> Decimal:
        """What has to be paid."""


def sums_of(totals: Sums) -> dict[str, Decimal]:
    """The sums of an invoice, as it keeps them."""
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
