"""The templates of invoices: which one an invoice is printed with."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.tables import table_named
from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.company import InvoiceTemplate


@dataclass(frozen=True)
class Templates:
    """All that there are, by their ids."""

    every: Mapping[int, InvoiceTemplate]

    @classmethod
    async def read(cls, connection: AsyncConnection) -> "Templates":
        """Those that are not deleted."""
        table = table_named("invoice-template")
        columns = [table.c[one] for one in fields_of(InvoiceTemplate)]
        rows = await connection.execute(select(*columns).where(table.c.deleted_at.is_(None)))
        return cls({row.id: InvoiceTemplate(**row._mapping) for row in rows})

    def of(self, own: int | None, usual: int | None) -> InvoiceTemplate | None:
        """That of an invoice, or else of its customer, or else the only one there is."""
        for one in (own, usual):
            if one is not None and one in self.every:
                return self.every[one]
        return next(iter(self.every.values())) if len(self.every) == 1 else None

    def named(self, name: str) -> InvoiceTemplate | None:
        """The one with this name."""
        return next((one for one in self.every.values() if one.name == name), None)
