"""The ledger as operators use it: what a customer has, why, and corrections with a reason."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from cx_tui.db import history, ledger
from cx_tui.db.derived import hold
from cx_tui.db.engine import Database
from cx_tui.db.tables import customer
from cx_tui.domain.history import Act, Change
from cx_tui.domain.money.entry import Balance, Booked, Entry, Kind
from cx_tui.domain.who import Who
from cx_tui.errors import Invalid, NotFound

SETTLED_AFTER = timedelta(hours=3)
"""A day's calls are booked when it has been over for so long: most that come late have come by then."""

AT_ONCE = 1_000
"""So many customers' days are booked in one transaction."""

LARGEST = Decimal("999999999999")


class Ledger:
    """The ledger of one database."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    async def balance(self, customer_id: int) -> Balance:
        """What a customer has, and what it is made of."""
        async with self._database.reading() as connection:
            return await ledger.balance_of(connection, customer_id)

    async def entries(self, customer_id: int, count: int = 50, before: int | None = None) -> list[Booked]:
        """Entries of a customer, the newest first."""
        async with self._database.reading() as connection:
            return await ledger.entries_of(connection, customer_id, count, before)

    async def correct(self, customer_id: int, amount: Decimal, reason: str) -> None:
        """Move a balance by an amount, for a reason that stands in the ledger and in the log."""
        _refuse(amount, reason)
        now = datetime.now(UTC)
        async with self._database.writing() as connection:
            if not await hold(connection, [customer_id]):
                raise NotFound("the customer has been deleted; the log of all operations says who did it")
            row = (
                await connection.execute(
                    customer.select().with_only_columns(customer.c.name, customer.c.currency)
                    .where(customer.c.id == customer_id)
                )
            ).one()  # fmt: skip
            said = f"{amount:+f} {row.currency}: {reason.strip()}"
            title = f"correction of {row.name}: {said}"
            operation = await history.begin(connection, self._who, Act.BOOK, title, now, records=1)
            change = Change(
                operation_id=operation, record="customer", record_id=customer_id, customer_id=customer_id,
                act=Act.BOOK, before={}, after={"correction": said},
            )  # fmt: skip
            await history.note(connection, [change])
            entry = Entry(
                customer_id=customer_id, kind=Kind.CORRECTION, amount=amount, currency=row.currency,
                source=f"correction {uuid4().hex}", day=now.date(), at=now, reason=reason.strip()[:300],
                who=self._who.name[:120], operation_id=operation,
            )  # fmt: skip
            await ledger.book(connection, [entry])

    async def book_days(self, now: datetime | None = None) -> int:
        """Book the calls of all days that are over, as far as they are not yet: how many entries it took."""
        moment = now or datetime.now(UTC)
        return await self.book_days_before((moment - SETTLED_AFTER).date(), moment)

    async def book_days_before(self, day: date, now: datetime) -> int:
        """The same of the days before a day."""
        entries = 0
        while True:
            async with self._database.reading() as connection:
                wanted = await ledger.unbooked_days(connection, day, AT_ONCE)
            if not wanted:
                return entries
            async with self._database.writing() as connection:
                entries += await ledger.book_days(connection, set(wanted), now)


def _refuse(amount: Decimal, reason: str) -> None:
    problems = {}
    if not amount or abs(amount) > LARGEST or amount != amount.quantize(Decimal("0.000001")):
        problems["amount"] = "a correction is an amount that is not 0, with 6 decimals at most"
    if not reason.strip():
        problems["reason"] = "say why: a correction without a reason can't be understood later"
    if problems:
        raise Invalid(problems)
