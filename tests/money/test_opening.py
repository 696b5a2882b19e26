"""The migration that begins the ledger: balances stay what they were, and become opening entries."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import String, bindparam, select, text

from cx_tui.db import schema, soundness
from cx_tui.db.engine import connect
from cx_tui.db.ledger_tables import ledger
from cx_tui.db.tables import counters, customer
from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Reference
from cx_tui.domain.records.customer import Customer

MOMENT = datetime(2026, 6, 16, tzinfo=UTC)
CUSTOMER = (
    "INSERT INTO customer (id, {}, name_key, toml_broken, pending) VALUES (:id, {}, :name, false, false)"
)
DAY = """INSERT INTO call_days (customer_id, day, calls, attempts, connected, refused, unrated, talk_ms,
    total_ms, pdd_ms, pdd_calls, billed_seconds, charge, cost)
    VALUES (1, '2026-06-16', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, {}, 0)"""
PAYMENT = """INSERT INTO payment (version, created_at, changed_at, customer_id, description,
    total, fee, status,
    confirm) VALUES (1, '2026-06-16', '2026-06-16', 1, 'Bank', {}, 0, '{}', false)"""


async def test_balances_that_are_there_stay_and_become_opening_entries(new_url: str, kind: str) -> None:
    database = connect(new_url)
    empty = {name: one.empty() for name, one in fields_of(Customer).items() if name != "id"}
    own = empty | {"currency": "EUR", "created_at": MOMENT, "changed_at": MOMENT}
    # What refers to records today was a text then.
    own |= {name: "" for name, one in fields_of(Customer).items() if isinstance(one.kind, Reference)}
    typed = [
        bindparam(name, type_=String() if value == "" else customer.c[name].type)
        for name, value in own.items()
    ]
    made = text(CUSTOMER.format(", ".join(own), ":" + ", :".join(own))).bindparams(*typed)
    none = {name: one.empty() for name, one in fields_of(Counters).items()}

    def amount(units: int) -> int:
        return units * (1_000_000 if kind == "sqlite" else 1)

    try:
        async with database.writing() as connection:
            await connection.run_sync(lambda sync: schema._alembic("upgrade", sync, "0012"))
            for number, name, balance in ((1, "acme", 70), (2, "globex", 0)):
                await connection.execute(made, own | {"id": number, "name": name})
                kept = none | {"customer_id": number, "balance": Decimal(balance)}
                await connection.execute(counters.insert(), kept)
            await connection.execute(text(DAY.format(amount(5))))
            for total, status in ((30, "completed"), (11, "pending")):
                await connection.execute(text(PAYMENT.format(amount(total), status)))
        await schema.upgrade(database)
        assert await soundness.ledger_differences(database) == []
        async with database.reading() as connection:
            rows = await connection.execute(select(ledger.c.source, ledger.c.amount, ledger.c.total))
            # 45 and the payment of 30, less 5 for calls that are not booked yet, are the 70 of before.
            assert sorted(map(tuple, rows)) == [("opening", 45, 45), ("payment 1", 30, 75)]
            balances = await connection.execute(select(counters.c.balance).order_by(counters.c.customer_id))
            assert list(balances.scalars()) == [70, 0]
    finally:
        await database.close()
