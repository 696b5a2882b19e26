"""SQL that means harm: refused, or its process is killed within the limit while keys are answered."""

import asyncio
import time
from decimal import Decimal

import pytest
from sqlalchemy import text

from cx_tui.db.engine import Database
from cx_tui.errors import Refused
from cx_tui.services.asked_sql import Answer, asked
from cx_tui.services.read_only_sql import ask
from cx_tui.services.session import Session
from tests.db.sessions import ANA, add

ENDLESS = {
    "recursion": "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a",
    "join": "SELECT count(*) FROM v_customer a, v_customer b, v_customer c, v_customer d, v_customer e, "
    "v_customer f, v_customer g, v_customer h, v_customer i"
    " WHERE a.name || b.name || c.name || d.name || e.name || f.name || g.name || h.name || i.name = 'x'",
}
ON_SQLITE = {
    # One step that looks at no clock: only its process can be ended.
    "one long step": "SELECT instr(hex(zeroblob(450000)), hex(zeroblob(225000)) || '1')",
}
ON_POSTGRESQL = {
    "sleep": "SELECT pg_sleep(60)", "quoted sleep": 'SELECT "pg_sleep"(60)',
    "hidden sleep": "SELECT pg_sleep/**/(60)", "escaped": "SELECT U&\"\\0070g_sleep\"(60)",
    "settings": "SELECT set_config('statement_timeout', '0', false)",
    "files": "SELECT pg_read_file('/etc/passwd')", "locks": "SELECT pg_advisory_lock(1)",
    "others": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
    "a large object": "SELECT lo_import('/etc/passwd')",
    "a query in a text": "SELECT query_to_xml('SELECT password_hash FROM contact', true, false, '')",
    "in an order": "SELECT name FROM v_customer ORDER BY (SELECT pg_sleep(60)::text)",
    "in a table": "SELECT * FROM pg_ls_dir('/')",
    "a sequence": "SELECT nextval('customer_id_seq')",
    "its own settings": "SELECT current_setting('data_directory')",
    "telling others": "SELECT pg_notify('x', 'y')",
}  # fmt: skip
TABLES = (
    "SELECT password_hash FROM contact",
    "SELECT * FROM pg_authid",
    "SELECT 1 WHERE EXISTS (SELECT FROM public.customer)",
    "TABLE customer",
    'WITH a AS (SELECT * FROM "contact") SELECT * FROM v_customer, a',
    "SELECT name FROM v_customer UNION ALL SELECT password_hash FROM contact",
)
COUNTED = (
    "SELECT count(*) FROM customer",
    "SELECT count(*) FROM v_customer, contact",
    "SELECT 1 FROM contact LIMIT 1",
    "SELECT name FROM v_customer WHERE EXISTS (SELECT 1 FROM ledger)",
    "SELECT name, (SELECT count(*) FROM contact) FROM v_customer",
    "WITH a AS (SELECT 1 FROM customer) SELECT count(*) FROM a",
    "SELECT count(*) FROM sqlite_master",
    "SELECT count(*) FROM sqlite_schema",
    "SELECT count(*) FROM pragma_table_list",
    "SELECT count(*) FROM main.customer",
)
"""No column of a table is read there: that it has rows, and how many, is still beside the views."""
WRITES = (
    "DELETE FROM customer RETURNING id",
    "WITH a AS (DELETE FROM customer RETURNING *) SELECT * FROM a",
    "UPDATE customer SET name = 'x' RETURNING 1",
    "SELECT * INTO x FROM v_customer",
    "SELECT id FROM v_customer; DELETE FROM customer",
    "INSERT INTO customer DEFAULT VALUES RETURNING id",
    "COPY customer TO '/tmp/x'",
    "COPY v_customer TO PROGRAM 'true'",
    "VACUUM",
    "LOCK customer",
    "EXPLAIN ANALYZE DELETE FROM customer",
    "SET statement_timeout = 0",
    "BEGIN READ WRITE",
    "ATTACH 'x.db' AS x",
    "PRAGMA query_only = OFF",
    "DO $$ BEGIN DELETE FROM customer; END $$",
    "CREATE TABLE x AS SELECT * FROM v_customer",
    "DROP VIEW v_customer",
    "SELECT load_extension('x')",
)
FINE = (
    "WITH customer AS (SELECT id FROM v_customer) SELECT count(*) FROM customer",
    "SELECT count(*) FROM v_did, v_user",
    "SELECT count(*) FROM v_customer a JOIN v_contact b ON b.customer_id = a.id",
    "SELECT name AS name, name AS name FROM v_customer WHERE name LIKE '%pg_sleep(%' -- DELETE FROM customer",
    "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 5) SELECT sum(n) FROM a;",
    "SELECT round(avg(debit_limit), 2), upper(min(name)), max(created_at) FROM v_customer",
    "VALUES (1), (2)",
    "/* all */ SELECT currency, count(*) FROM v_customer GROUP BY 1 HAVING count(*) > 1",
)
LIMIT = 0.5


@pytest.fixture
async def session(database: Database) -> Session:
    """Thirty customers."""
    session = Session(database, ANA)
    for number in range(30):
        await add(session, f"Customer {number}", debit_limit=Decimal(number))
    return session


async def test_what_never_ends_is_ended_while_keys_are_answered(session: Session) -> None:
    questions = ENDLESS | (ON_SQLITE if session.database.on_sqlite else {})
    for name, question in questions.items():
        began = time.monotonic()
        asking = asyncio.ensure_future(asked(session, question, LIMIT))
        latest = 0.0
        while not asking.done():
            before = time.monotonic()
            await asyncio.wait([asking], timeout=0.01)
            latest = max(latest, time.monotonic() - before)
        with pytest.raises(Refused, match=r"took longer than 0.5 s"):
            asking.result()
        assert time.monotonic() - began < 20, name
        assert latest < 0.5, f"{name}: the loop stood still"


async def test_what_reaches_beyond_the_views_is_refused(session: Session) -> None:
    if session.database.on_sqlite:
        pytest.skip("SQLite has no such functions; its authorizer is tested elsewhere")
    for name, question in ON_POSTGRESQL.items():
        with pytest.raises(Refused, match=r"can't be (used here|written|read)"):
            await asked(session, question, 20)
        assert name


async def test_nothing_beside_the_views_is_read_and_nothing_is_written(session: Session) -> None:
    for question in (*TABLES, *WRITES, *COUNTED):
        with pytest.raises(Refused):
            await ask(session.database, question, 5, lambda names: None, lambda row: None)
    sqlite = session.database.on_sqlite
    huge = "replace(hex(zeroblob(600000)), '0', 'x')" if sqlite else "repeat('x', 2000000)"
    with pytest.raises(Refused, match=r"too big|more than 1,000,000"):
        await ask(session.database, f"SELECT {huge}", 5, lambda names: None, lambda row: None)
    count: list[int] = []
    await ask(
        session.database,
        "SELECT count(*) FROM v_customer",
        5,
        lambda names: None,
        lambda row: count.extend(row),
    )
    assert count == [30]
    for question in FINE:
        await ask(session.database, question, 5, lambda names: None, lambda row: None)


async def test_a_server_ends_what_is_asked_by_a_process_that_was_killed(session: Session) -> None:
    if session.database.on_sqlite:
        pytest.skip("SQLite works in the process that is killed")
    asking = asyncio.ensure_future(asked(session, ENDLESS["recursion"], 60))
    busy = text("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%FROM a'")

    async def until(number: int) -> None:
        for _ in range(200):
            async with session.database.reading() as connection:
                if (await connection.execute(busy)).scalar() == number:
                    return
            await asyncio.sleep(0.1)
        pytest.fail(f"there are never {number}")

    await until(1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await until(0)


async def test_rows_of_any_number_come_by_their_places_and_a_stop_kills_the_child(session: Session) -> None:
    answer = await asked(session, "SELECT id, name FROM v_customer ORDER BY id", 10)
    assert (answer.names, len(answer)) == (["id", "name"], 30)
    assert [row[1] for row in answer.rows(28, 5)] == ["Customer 28", "Customer 29"]
    asking = asyncio.ensure_future(asked(session, ENDLESS["recursion"], 60))
    await asyncio.wait([asking], timeout=1)
    asking.cancel()
    began = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert time.monotonic() - began < 5


async def test_a_wrong_name_is_said_with_the_nearest_one(session: Session) -> None:
    with pytest.raises(Refused, match="is it name"):
        await asked(session, "SELECT nam FROM v_customer", 10)
    for question, where in (
        ("SELECT name\nFROM v_customer WHER balance < 0", "line 2"),
        ("SELECT name,\n  nam FROM v_customer", "line 2, column 3"),
        ("\nSELECT nowhere(1)", "line 2, column 8"),
    ):
        with pytest.raises(Refused, match=where):
            await asked(session, question, 10)
    with pytest.raises(Refused, match=r"contact can't be read; only views can be read.* v_contact"):
        await asked(session, "SELECT count(*) FROM contact", 10)
    with pytest.raises(Refused, match=r"only SELECT|can be read|is answered|syntax"):
        await asked(session, "DELETE FROM customer", 10)


def test_what_comes_in_pieces_is_the_same_answer() -> None:
    answer, said = Answer(), b'["a"]\n[1]\n[null]\n["x"]\n'
    for at in range(0, len(said), 3):
        answer.take(said[at : at + 3])
    assert (answer.names, answer.rows(0, 9)) == (["a"], [[1], [None], ["x"]])
