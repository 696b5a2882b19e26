"""Contracts: who has signed, and whose calls stop on which day because they have not."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import select

from cx_tui.db import history
from cx_tui.db.derived import follow, hold
from cx_tui.db.engine import Database, ask
from cx_tui.db.records import repository_of
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.history import Act, Change
from cx_tui.domain.records.contract import CustomerContract
from cx_tui.domain.who import Who
from cx_tui.errors import Invalid, NotFound, Refused

MOST = 1_000


@dataclass(frozen=True, kw_only=True)
class Unsigned:
    """A contract that a customer has to sign, and the last day on which calls pass without."""

    id: int
    customer: str
    contract: str
    revision: int
    grace_date: date | None
    required: bool


class Contracts:
    """The contracts of the customers of one database."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    async def unsigned(self) -> list[Unsigned]:
        """Contracts that wait for a signature, those first whose customers are stopped first."""
        own, of = table_named("customer-contract").c, table_named("contract").c
        question = (
            select(
                own.id, customer.c.name, of.name.label("contract"), of.revision, own.grace_date, own.required
            )
            .join(customer, customer.c.id == own.customer_id)
            .join(table_named("contract"), of.id == own.contract)
            .where(own.signed_at.is_(None), own.deleted_at.is_(None), customer.c.deleted_at.is_(None))
            .order_by(own.required.desc(), own.grace_date.is_(None), own.grace_date, own.id)
        )
        async with self._database.reading() as connection:
            rows = await ask(connection, question.limit(MOST))
        return [
            Unsigned(
                id=row.id, customer=row.name, contract=row.contract, revision=row.revision,
                grace_date=row.grace_date, required=row.required,
            )
            for row in rows
        ]  # fmt: skip

    async def sign(self, own_id: int, by: str, origin: str = "", now: datetime | None = None) -> None:
        """Write down a signature; calls that stopped for want of it pass from this moment on."""
        if not by.strip():
            raise Invalid({"signed_by": "say who signed it"})
        repository = repository_of(CustomerContract)
        moment = now or datetime.now(UTC)
        async with self._database.writing() as connection:
            found = await repository.get(connection, own_id, lock=True)
            if found is None:
                raise NotFound(f"there is no customer's contract #{own_id}")
            if found.signed:
                raise Refused(f"it was signed already, by {found.signed_by}")
            await hold(connection, [found.customer_id])
            values = {"signed_at": moment, "signed_by": by.strip()[:120], "signed_from": origin[:64]}
            await repository.write(connection, found, values, moment)
            title = f"contract #{own_id} signed by {by.strip()}"
            operation = await history.begin(connection, self._who, Act.BOOK, title, moment, records=1)
            change = Change(
                operation_id=operation, record="customer-contract", record_id=own_id,
                customer_id=found.customer_id, act=Act.BOOK, before={}, after={"signed_by": by.strip()[:120]},
            )  # fmt: skip
            await history.note(connection, [change])
            await follow(connection, "customer-contract", ("signed_at",), [found.customer_id], operation)
