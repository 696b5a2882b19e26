"""Invoices: made of what is on none yet, numbered when they are issued, and never changed after that."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import invoices
from cx_tui.db.bulk_values import among
from cx_tui.db.customer_expressions import names_referred
from cx_tui.db.tables import customer
from cx_tui.domain.fields import fields_of
from cx_tui.domain.money.document import ADDRESS, Document
from cx_tui.domain.money.invoicing import Line, Period
from cx_tui.domain.records.company import InvoiceTemplate
from cx_tui.domain.records.invoice import Invoice
from cx_tui.domain.templates import fields_in
from cx_tui.errors import NotFound
from cx_tui.services.money.making import Made, Making
from cx_tui.services.money.templates import Templates

__all__ = ["Document", "Invoices", "Made"]


class Invoices(Making):
    """The invoices of one database."""

    async def document(self, number: str = "", *, invoice_id: int | None = None) -> Document:
        """All that is printed of an invoice, by its number, or of a draft by its id."""
        async with self._database.reading() as connection:
            found = await invoices.one(connection, number=number, invoice_id=invoice_id)
            if found is None:
                name = f'"{number}"' if number else f"#{invoice_id}"
                raise NotFound(f"there is no invoice {name}; cx-tui invoices list shows their numbers")
            return (await _documents(connection, [found.id]))[0]

    async def documents(self, ids: Sequence[int]) -> list[Document]:
        """The same of many; those that are not there are left out."""
        async with self._database.reading() as connection:
            return await _documents(connection, ids)

    async def of_period(self, period: Period) -> list[int]:
        """The invoices with a number whose period lies within these days, in the order of their ids."""
        async with self._database.reading() as connection:
            return await invoices.of_period(connection, period.first, period.last)

    async def template_named(self, name: str) -> InvoiceTemplate:
        """A template of invoices by its name."""
        async with self._database.reading() as connection:
            found = (await Templates.read(connection)).named(name)
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


async def _documents(connection: AsyncConnection, ids: Sequence[int]) -> list[Document]:
    found = await invoices.some(connection, ids)
    templates = await Templates.read(connection)
    lines: dict[int, list[Line]] = {}
    for of, *values in await invoices.lines(connection, list(found)):
        lines.setdefault(of, []).append(Line(**dict(zip(invoices.LINE_NAMES, values, strict=True))))
    people = await _people(connection, sorted({row.customer_id for row in found.values()}), templates)
    taken_back = await invoices.some(connection, [row.credits for row in found.values() if row.credits])
    return [
        Document(
            invoice=Invoice(**{name: getattr(row, name) for name in fields_of(Invoice)}),
            lines=lines.get(of, []),
            customer=people[row.customer_id],
            template=templates.of(row.template, people[row.customer_id].usual_template),
            credits=str(taken_back[row.credits].number) if row.credits in taken_back else "",
        )
        for of, row in sorted(found.items())
    ]


async def _people(
    connection: AsyncConnection, ids: Sequence[int], templates: Templates
) -> dict[int, SimpleNamespace]:
    """What is printed of customers: their addresses, and what templates say of them."""
    said = {name for template in templates.every.values() for name in fields_in(template.body)}
    known: dict[str, Any] = {**customer.c, **names_referred()}
    wanted = {name.removeprefix("customer.") for name in said if name.startswith("customer.")} & set(known)
    columns = [known[name].label(name) for name in {*ADDRESS, *wanted} - {"id"}]
    asked = select(customer.c.id, customer.c.invoice_template.label("usual_template"), *columns)
    rows = await connection.execute(asked.where(among(connection, customer.c.id, ids)))
    return {row.id: SimpleNamespace(**row._mapping) for row in rows}
