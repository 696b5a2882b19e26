"""Random histories of money, and a slow recount of what each customer should have."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import soundness, uninvoiced
from cx_tui.db.calls import storing
from cx_tui.db.calls.standing import lock
from cx_tui.db.calls.storing import store
from cx_tui.db.calls.tables import call_days
from cx_tui.db.engine import Database
from cx_tui.db.invoice_tables import invoice_day
from cx_tui.db.tables import counters, table_named
from cx_tui.domain.calls.figures import Figures
from cx_tui.domain.money.invoicing import Period
from cx_tui.domain.records.invoice import InvoiceStatus
from cx_tui.domain.records.package import Frequency
from cx_tui.domain.records.payment import PaymentStatus
from cx_tui.errors import Refused
from cx_tui.services.session import Session
from tests.calls.made import a_call, priced
from tests.db.sessions import ANA, add

BEGINS = date(2026, 5, 1)
PRICES = (Decimal("3.333333"), Decimal("0.000001"), Decimal(12))


class History:
    """Customers to whom things happen by lot, and what they should have then."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database = database
        self.session = Session(database, ANA)
        self.random = Random(seed)
        self.today = BEGINS + timedelta(days=20)
        self.should: dict[int, Decimal] = defaultdict(Decimal)
        self.payments: list[tuple[int, int, Decimal]] = []
        self.done: list[str] = []

    async def begin(self, customers: int = 3) -> None:
        """Customers, each with a package."""
        for number in range(customers):
            made = await add(self.session, f"Customer {number}", tax=Decimal(number * 7))
            package = {
                "name": f"Package {number}", "retail": PRICES[number],
                "frequency": list(Frequency)[number + 1],
            }  # fmt: skip
            sold = (await self.session.records_of["package"].create(package)).record
            own = {"customer_id": made.id, "package": sold.id, "starts": BEGINS}
            await self.session.records_of["customer-package"].create(own)
            self.should[made.id] = Decimal(0)

    async def go_on(self, acts: int) -> None:
        """So many things happen."""
        every = (
            self.pay, self.change_payment, self.undo, self.ring, self.ring, self.ring_late, self.rerate,
            self.correct, self.run_packages, self.book, self.invoice, self.credit, self.void, self.a_day,
        )  # fmt: skip
        for _ in range(acts):
            act = self.random.choice(every)
            self.done.append(act.__name__)
            await act()

    @property
    def somebody(self) -> int:
        """A customer by lot."""
        return self.random.choice(sorted(self.should))

    @property
    def amount(self) -> Decimal:
        """An amount by lot, down to the last digit."""
        return Decimal(self.random.randrange(1, 10**9)).scaleb(-6) * self.random.choice((1, 1, -1))

    @property
    def now(self) -> datetime:
        """Noon of this day."""
        return datetime(self.today.year, self.today.month, self.today.day, 12, tzinfo=UTC)

    async def a_day(self) -> None:
        self.today += timedelta(days=self.random.choice((1, 1, 9, 35)))

    async def pay(self) -> None:
        of, total = self.somebody, self.amount
        values = {"customer_id": of, "total": total, "status": self.random.choice(list(PaymentStatus))}
        made = (await self.session.records_of["payment"].create(values)).record
        self.payments.append((made.id, of, total))
        self.should[of] += total if made.status is PaymentStatus.COMPLETED else 0

    async def change_payment(self, *, back: bool = False) -> None:
        if not self.payments:
            return
        number, of, total = self.random.choice(self.payments)
        payments = self.session.records_of["payment"]
        record = await payments.get(number)
        wanted = self.random.choice([one for one in PaymentStatus if one is not record.status])
        written = await payments.save(record, {"status": wanted})
        if back and written.operation_id is not None:
            await self.session.log.undo(written.operation_id)
            return
        before, after = (one is PaymentStatus.COMPLETED for one in (record.status, wanted))
        self.should[of] += total * (int(after) - int(before))

    async def undo(self) -> None:
        await self.change_payment(back=True)

    async def ring(self, *, back: int = 0) -> None:
        of = self.somebody
        at = self.now - timedelta(days=back, minutes=self.random.randrange(600))
        call = priced(
            a_call(
                f"{self.random.random()}",
                customer=of,
                at=at,
                talk=self.random.randrange(1, 9000),
                dialled="44",
            )
        )
        async with self.database.writing() as connection:
            # A switch may tell of it twice.
            for _ in range(self.random.choice((1, 2))):
                await store(connection, [call])
        self.should[of] -= call.charge or 0

    async def ring_late(self) -> None:
        await self.ring(back=self.random.randrange(1, 40))

    async def rerate(self) -> None:
        """A day's calls get another price, as recalculating it does."""
        async with self.database.writing() as connection:
            rows: Any = (await connection.execute(select(call_days).order_by(call_days.c.day))).all()
            if not rows:
                return
            row = self.random.choice(rows)
            more = {(row.customer_id, row.day): Figures(charge=self.amount)}
            standing = await lock(connection, [row.customer_id])
            await storing.add_to_days(connection, more)
            await storing.follow(connection, more, standing, {})
        self.should[row.customer_id] -= more[row.customer_id, row.day].charge

    async def correct(self) -> None:
        of, amount = self.somebody, self.amount
        await self.session.money.ledger.correct(of, amount, "by lot")
        self.should[of] += amount

    async def run_packages(self) -> None:
        ran = await self.session.money.packages.run(self.today, catch_up=True)
        for one in ran.charged:
            self.should[one.customer_id] -= one.amount

    async def book(self) -> None:
        await self.session.money.ledger.book_days(self.now)

    async def invoice(self) -> None:
        first = self.today - timedelta(days=self.random.randrange(1, 30))
        period = Period(
            first, min(first + timedelta(days=self.random.randrange(10)), self.today - timedelta(days=1))
        )
        await self.session.money.invoices.make(self.somebody, period, self.today)

    async def credit(self) -> None:
        """An invoice is taken back: the balance gets its net."""
        bills = self.session.money.invoices
        issued = [one for one in await bills.list() if one.number.startswith("INV-") and one.total > 0]
        if not issued:
            return
        one = self.random.choice(issued)
        try:
            note = await bills.credit(one.number, "by lot")
        except Refused:
            return  # it is void, or was taken back
        self.should[one.customer_id] -= (await bills.document(note)).invoice.net

    async def void(self) -> None:
        """An invoice or a credit note does not hold any more; of a note the balance loses what it got."""
        bills = self.session.money.invoices
        issued = [one for one in await bills.list() if one.status == "issued"]
        if not issued:
            return
        one = self.random.choice(issued)
        try:
            await bills.void(one.number, "by lot")
        except Refused:
            return  # there are credit notes for it
        if one.number.startswith("CN-"):
            self.should[one.customer_id] += one.net

    async def holds(self) -> None:
        """Balances are the sum of the ledger, and the recount from what happened, to the last digit; each
        period was charged once; each day stands on invoices up to what it cost, and numbers have no gaps."""
        assert await soundness.ledger_differences(self.database) == [], self.done
        async with self.database.reading() as connection:
            rows = await connection.execute(select(counters.c.customer_id, counters.c.balance))
            assert {row[0]: row[1] for row in rows} == dict(self.should), self.done
            bill = table_named("invoice").c
            numbers = (await connection.execute(select(bill.number).order_by(bill.id))).scalars().all()
            for series in ("INV-", "CN-"):
                given = [one for one in numbers if one.startswith(series)]
                assert given == [f"{series}{number:06}" for number in range(1, len(given) + 1)], self.done
            void = select(bill.id).where(bill.status == InvoiceStatus.VOID)
            on_void = select(func.count()).where(invoice_day.c.invoice_id.in_(void))
            assert (await connection.execute(on_void)).scalar() == 0
            assert await self._printed(connection) == await self._counted(connection), self.done

    async def _printed(self, connection: AsyncConnection) -> dict[int, Decimal]:
        """What stands of each customer's calls on invoices, and what is left for the next one."""
        rows = select(invoice_day.c.customer_id, func.sum(invoice_day.c.charge)).group_by(
            invoice_day.c.customer_id
        )
        found: dict[int, Decimal] = dict.fromkeys(self.should, Decimal(0))
        found |= {row[0]: row[1] for row in await connection.execute(rows)}
        for of in found:
            for one in (await uninvoiced.days_left(connection, [of], Period(date.min, date.max)))[of]:
                found[of] += one.charge
        return found

    async def _counted(self, connection: AsyncConnection) -> dict[int, Decimal]:
        """What each customer's calls cost."""
        rows = select(call_days.c.customer_id, func.sum(call_days.c.charge)).group_by(call_days.c.customer_id)
        found = {row[0]: row[1] for row in await connection.execute(rows)}
        return {of: found.get(of, Decimal(0)) for of in self.should}
