"""Traps of the two databases that cost somebody's data or patience once: each stays closed."""

import asyncio
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Update, delete, event, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.customer_expressions import Clock
from cx_tui.db.engine import Database, ask, connect
from cx_tui.db.tables import LONGEST_NAME_KEY, counters, customer, found_by
from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of
from cx_tui.domain.query import Query, StatusFilter
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.search import LONGEST_FOLD, document, fold
from cx_tui.domain.warnings import sentences
from cx_tui.domain.week import Week
from cx_tui.errors import Invalid, Misconfigured, Refused, Unavailable
from cx_tui.services.lists.listing import Listing
from cx_tui.services.lists.source import CustomerSource
from cx_tui.services.session import Session
from tests.db.sessions import ANA
from tests.patience import patient

NOW = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
BLOCKED = 0.2
"""Seconds after which something that should have happened by now is known to be waiting."""

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}


async def add(database: Database, *names: str) -> None:
    """Customers of these names, numbered from 1, with nothing else."""
    empty = {name: one.empty() for name, one in fields_of(Customer).items()}
    none = {name: one.empty() for name, one in fields_of(Counters).items()}
    rows, documents = [], []
    for number, name in enumerate(names, 1):
        own = {"id": number, "name": name, "currency": "EUR", "created_at": NOW, "changed_at": NOW}
        derived = {"name_key": fold(name), "toml_broken": False}
        made = Customer(**{**empty, **own})
        rows.append({**vars(made), **derived})
        documents.append({"customer_id": number, "document": document(made)})
    async with database.writing() as connection:
        await connection.execute(customer.insert(), rows)
        await connection.execute(found_by.insert(), documents)
        await connection.execute(counters.insert(), [{**none, "customer_id": row["id"]} for row in rows])


async def give_up(connection: AsyncConnection, kind: str) -> None:
    """Ask what has no answer, and stop waiting for it."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ask(connection, text(ENDLESS[kind])), BLOCKED)


async def found(database: Database, word: str) -> list[int]:
    """The ids that a search finds."""
    return await Listing(
        database, CustomerSource(Query(search=word), Clock(NOW), on_sqlite=database.on_sqlite)
    ).ids(0, 100)


async def write_and_fail(database: Database, statement: Update) -> None:
    async with database.writing() as connection:
        await connection.execute(statement)
        raise ZeroDivisionError


async def scalar(database: Database, question: str) -> Any:
    async with database.reading() as connection:
        return (await connection.execute(text(question))).scalar()


async def test_two_writers_wait_for_each_other_and_lose_nothing(database: Database, kind: str) -> None:
    """A transaction that reads first and writes later fails at once in SQLite's own mode."""
    await add(database, "Acme")
    begun = asyncio.Event()

    async def grow() -> None:
        async with database.writing() as connection:
            begun.set()
            read = select(customer.c.version).where(customer.c.id == 1).with_for_update()
            version = (await connection.execute(read)).scalar_one()
            await connection.execute(update(customer).values(version=version + 1))

    async with database.writing() as connection:
        read = select(customer.c.version).where(customer.c.id == 1).with_for_update()
        version = (await connection.execute(read)).scalar_one()
        second = asyncio.create_task(grow())
        _, waiting = await asyncio.wait({second}, timeout=BLOCKED)
        assert waiting
        assert begun.is_set() is (kind == "postgresql")
        await connection.execute(update(customer).values(version=version + 1))
    await asyncio.wait_for(second, patient(15))
    assert await scalar(database, "SELECT version FROM customer") == 3


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    await add(database, "Acme")
    async with database.writing() as connection:
        await connection.execute(update(customer).values(version=9))
        assert await asyncio.wait_for(scalar(database, "SELECT version FROM customer"), patient(5)) == 1
    assert await scalar(database, "SELECT version FROM customer") == 9


async def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    await add(database, "Acme")
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(database, update(customer).values(version=9))
    assert await scalar(database, "SELECT version FROM customer") == 1


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_only_writers_begin_a_transaction_on_sqlite_and_they_take_the_lock_at_once(
    database: Database, kind: str
) -> None:
    said: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def listen(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        said.append(statement)

    async with database.reading() as connection:
        await ask(connection, text("SELECT 1"))
    async with database.writing() as connection:
        await connection.execute(text("SELECT 2"))
    assert said == ["SELECT 1", "BEGIN IMMEDIATE", "SELECT 2"]


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_plans_are_made_for_the_values_and_nothing_is_compiled(database: Database, kind: str) -> None:
    assert await scalar(database, "SHOW plan_cache_mode") == "force_custom_plan"
    assert await scalar(database, "SHOW jit") == "off"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_sqlite_is_set_up_for_readers_beside_a_writer(database: Database, kind: str) -> None:
    pragmas = {name: await scalar(database, f"PRAGMA {name}") for name in ("journal_mode", "foreign_keys")}
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1}
    assert await scalar(database, "PRAGMA busy_timeout") >= 5000


def test_no_second_sqlite_library_is_loaded(tmp_path: Path) -> None:
    """Two of them in one process drop each other's locks on a file."""
    program = f"""
import asyncio, importlib, pkgutil, sys, cx_tui.services
for module in pkgutil.walk_packages(cx_tui.services.__path__, "cx_tui.services."):
    importlib.import_module(module.name)

async def use():
    session = await cx_tui.services.session.open_session("sqlite:///{tmp_path / "cx.db"}")
    await session.customers.status_counts()
    await session.close()

asyncio.run(use())
print(*sorted({{name.split(".")[0] for name in sys.modules}}))
"""
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    names = set(loaded.stdout.split())
    assert {"sqlite3", "sqlalchemy", "cx_tui"} <= names
    assert not {
        name for name in names if name.startswith(("apsw", "duckdb", "adbc", "connectorx", "pysqlite3"))
    }
    assert "textual" not in names


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_question_that_nobody_waits_for_stops_at_once_and_its_connection_is_good(
    database: Database, kind: str
) -> None:
    async with database.reading() as connection:
        await give_up(connection, kind)
        assert (await asyncio.wait_for(ask(connection, text("SELECT 42")), patient(2)))[0][0] == 42
    async with database.writing() as connection:
        assert (await asyncio.wait_for(ask(connection, text("SELECT 42")), patient(2)))[0][0] == 42


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_the_server_stops_working_on_a_question_that_nobody_waits_for(
    database: Database, kind: str
) -> None:
    async with database.reading() as connection:
        await give_up(connection, kind)
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
        " AND datname = current_database()"
    )
    async with asyncio.timeout(patient(5)):
        while await scalar(database, busy):
            pass


async def test_many_cancelled_questions_leave_all_connections_usable(database: Database, kind: str) -> None:
    async def one() -> None:
        async with database.reading() as connection:
            await ask(connection, text(ENDLESS[kind]))

    tasks = [asyncio.create_task(one()) for _ in range(12)]
    await asyncio.wait(tasks, timeout=BLOCKED)
    for task in tasks:
        task.cancel()
    ends = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), patient(15))
    assert {type(end) for end in ends} == {asyncio.CancelledError}
    assert await asyncio.wait_for(scalar(database, "SELECT 42"), patient(5)) == 42


async def end_in_the_middle(url: str, lot: random.Random) -> None:
    """What a program does that ends while it works: everything is called off, twice, then all is closed."""
    database = connect(url)

    async def work() -> None:
        lent = lot.choice((database.reading, database.reading, database.writing))
        async with lent() as connection:
            for _ in range(3):
                question = ENDLESS["sqlite"] + f" LIMIT {lot.choice((1, 1_000, 100_000))}"
                await ask(connection, text(question.replace("count(*)", "x")))

    tasks = [asyncio.create_task(work()) for _ in range(lot.randint(1, 6))]
    await asyncio.sleep(lot.choice((0, 0.001, 0.003, 0.01)) * lot.random())
    for _ in range(lot.randint(1, 3)):
        for task in tasks:
            task.cancel()
        for _ in range(lot.choice((0, 1, 2, 3, 5, 10))):
            await asyncio.sleep(0)
    await database.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_program_that_ends_while_it_works_ends(tmp_path: Path, seed: int) -> None:
    def end_often() -> None:
        for turn in range(100):
            asyncio.run(end_in_the_middle(f"sqlite:///{tmp_path}/world.db", random.Random(f"{seed} {turn}")))

    ending = threading.Thread(target=end_often, daemon=True)
    ending.start()
    ending.join(60)
    assert not ending.is_alive()
    assert [thread for thread in threading.enumerate() if "connection_worker" in thread.name] == []


async def test_the_currency_of_a_customer_can_not_be_changed_by_sql(database: Database) -> None:
    await add(database, "Acme", "Globex")
    for statement in (
        "UPDATE customer SET currency = 'USD'",
        "UPDATE customer SET name = 'x', currency = 'USD' WHERE id = 1",
    ):
        with pytest.raises(IntegrityError, match="the currency of a customer can not be changed"):
            async with database.writing() as connection:
                await connection.execute(text(statement))
    async with database.writing() as connection:
        await connection.execute(text("UPDATE customer SET currency = 'EUR', version = 2"))
    assert await scalar(database, "SELECT min(currency) || max(currency) FROM customer") == "EUREUR"


async def test_the_search_follows_every_change_of_a_customer(database: Database) -> None:
    await add(database, "Acme Telecom", "Globex Voice", "Initech Carrier")
    assert await found(database, "globex") == [2]
    async with database.writing() as connection:
        other = update(found_by).where(found_by.c.customer_id == 2).values(document="umbrella voice")
        await connection.execute(other)
        await connection.execute(update(customer).where(customer.c.id == 1).values(version=2))
        await connection.execute(delete(customer).where(customer.c.id == 3))
    assert await found(database, "globex") == []
    assert await found(database, "umbrella") == [2]
    assert await found(database, "telecom") == [1]
    assert await found(database, "initech") == []


async def test_the_search_forgets_what_was_rolled_back(database: Database) -> None:
    await add(database, "Acme Telecom")
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(database, update(found_by).values(document="umbrella"))
    assert await found(database, "umbrella") == []
    assert await found(database, "telecom") == [1]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_search_index_of_sqlite_is_sound_after_many_changes(database: Database, kind: str) -> None:
    await add(database, *(f"Customer {number:03} Ä" for number in range(100)))
    async with database.writing() as connection:
        for number in range(1, 101, 3):
            changed = update(found_by).where(found_by.c.customer_id == number)
            await connection.execute(changed.values(document=f"other {number}"))
        await connection.execute(delete(customer).where(customer.c.id > 80))
        await connection.execute(text("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)"))


async def test_two_kept_customers_can_not_have_one_name_but_a_deleted_one_may(database: Database) -> None:
    await add(database, "Acme", "Globex")
    with pytest.raises(IntegrityError):
        async with database.writing() as connection:
            await connection.execute(update(customer).where(customer.c.id == 2).values(name_key="acme"))
    async with database.writing() as connection:
        await connection.execute(update(customer).where(customer.c.id == 1).values(deleted_at=NOW))
        await connection.execute(update(customer).where(customer.c.id == 2).values(name_key="acme"))


def test_no_character_folds_to_more_than_eighteen() -> None:
    """So that the longest name has a key that fits its column, whatever it is made of."""
    longest = max(len(fold(chr(code))) for code in range(sys.maxunicode + 1))
    assert longest == LONGEST_FOLD
    assert fields_of(Customer)["name"].kind.maximum * longest == LONGEST_NAME_KEY  # type: ignore[attr-defined]  # of a text


WIDEST = ("\ufdfa", "\u3316", "\U0001f1ff", "\ufdfa\u3316\ufdfb\u3356\u334a\u3347\u33af\ufb03")


@pytest.mark.parametrize("part", WIDEST, ids=ascii)
async def test_a_name_of_the_widest_characters_is_kept_and_found(database: Database, part: str) -> None:
    name = (part * 120)[:120]
    await add(database, "Acme", name)
    assert await found(database, name) == [2]
    async with database.reading() as connection:
        assert (await connection.execute(select(customer.c.name_key))).scalars().all()[-1] == fold(name)
    some = Listing(database, CustomerSource(Query(), Clock(NOW), on_sqlite=database.on_sqlite))
    assert await some.ids(0, 10) == [1, 2]


async def test_what_belongs_to_a_customer_goes_with_it(database: Database) -> None:
    await add(database, "Acme", "Globex")
    async with database.writing() as connection:
        await connection.execute(delete(customer).where(customer.c.id == 1))
    assert await scalar(database, "SELECT count(*) FROM counters") == 1


async def test_a_read_only_database_refuses_every_write(database_url: str, database: Database) -> None:
    await add(database, "Acme")
    closed = connect(database_url, read_only=True)
    try:
        assert await scalar(closed, "SELECT count(*) FROM customer") == 1
        with pytest.raises(Refused, match=r"is read-only: "):
            async with closed.writing() as connection:
                await connection.execute(update(customer).values(version=2))
    finally:
        await closed.close()
    assert await scalar(database, "SELECT version FROM customer") == 1


AWAY = (
    "postgresql://ana:s3cret@127.0.0.1:1/cx",
    "postgresql://ana:s3cret@/cx?host=/nowhere",
    "sqlite:////nowhere/at/all/cx.db",
)


@pytest.mark.parametrize("url", AWAY)
async def test_a_database_that_is_away_is_said_to_be_without_its_password(url: str) -> None:
    database = connect(url)
    try:
        for use in (database.reading, database.writing):
            with pytest.raises(Unavailable) as caught:
                async with use():
                    raise AssertionError("nothing answers there")
            sentence = str(caught.value)
            assert sentence.startswith("the database ")
            assert " is away: " in sentence
            assert "s3cret" not in sentence
            assert "\n" not in sentence
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql://ana@127.0.0.1:1/cx", "nothing answers at 127.0.0.1:1; is the server running"),
        ("postgresql://ana@localhost:1/cx", "nothing answers at localhost:1; is the server running"),
        ("postgresql://ana@/cx?host=/nowhere", "no server listens at /nowhere; is it running?"),
        ("sqlite:////nowhere/at/all/cx.db", "does the folder /nowhere/at/all exist and may you write to it?"),
    ],
)
async def test_why_a_database_is_away_is_said_without_numbers_of_errors(url: str, why: str) -> None:
    database = connect(url)
    try:
        with pytest.raises(Unavailable) as caught:
            await scalar(database, "SELECT 1")
    finally:
        await database.close()
    assert why in str(caught.value)
    assert "Errno" not in str(caught.value)


MISTAKES = ("SELECT 1 FROM nothing_like_it", "SELEC 1", "SELECT nonsense FROM customer", "SELECT missing(1)")


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_mistake_in_a_question_is_not_taken_for_a_database_that_is_away(
    database: Database, mistake: str
) -> None:
    for use in (database.reading, database.writing):
        with pytest.raises(DBAPIError):
            async with use() as connection:
                await connection.execute(text(mistake))


async def test_a_value_that_no_column_can_hold_is_a_mistake_too(database: Database) -> None:
    with pytest.raises((DBAPIError, OverflowError)):
        async with database.reading() as connection:
            await connection.execute(select(customer.c.id).where(customer.c.id == 2**70))
    assert await scalar(database, "SELECT 42") == 42


async def test_a_file_that_others_keep_locked_is_away(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'cx.db'}")
    try:
        await scalar(database, "SELECT 1")
        with sqlite3.connect(tmp_path / "cx.db") as other:
            other.execute("BEGIN IMMEDIATE")
            async with database.reading() as connection:
                await connection.exec_driver_sql("PRAGMA busy_timeout = 1")
            with pytest.raises(Unavailable, match="locked"):
                async with database.writing():
                    raise AssertionError("another one writes")
        other.close()
    finally:
        await database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(Misconfigured, match="gone at the end; name a file"):
        connect(url)


async def test_a_file_that_can_not_be_opened_leaves_no_thread_behind() -> None:
    """It would speak to the loop later, when there may be none any more."""
    database = connect("sqlite:////nowhere/cx.db")
    with pytest.raises(Unavailable):
        await scalar(database, "SELECT 1")
    assert not [thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name]
    await database.close()


@pytest.mark.parametrize("wrong", ["nobody@/postgres", "postgres@/nothing"])
async def test_a_server_that_does_not_know_us_is_said_in_words(postgres: Any, wrong: str) -> None:
    database = connect(f"postgresql://{wrong}?host={postgres.socket_dir}")
    try:
        with pytest.raises(Misconfigured, match=r"does not let you in: .* does not exist"):
            await scalar(database, "SELECT 1")
    finally:
        await database.close()


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_connection_that_the_server_ends_is_away_once_and_back_again(
    database: Database, kind: str, postgres: Any
) -> None:

    async def lose_the_connection() -> None:
        async with database.reading() as connection:
            own = (await ask(connection, text("SELECT pg_backend_pid()")))[0][0]
            await postgres.execute(f"SELECT pg_terminate_backend({own})")
            await ask(connection, text("SELECT 1"))

    with pytest.raises(Unavailable):
        await lose_the_connection()
    assert await scalar(database, "SELECT 42") == 42


async def test_a_file_that_is_no_database_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "cx.db").write_text(
        "this is a letter to my aunt, and long enough to be read as a header" * 20
    )
    database = connect(f"sqlite:///{tmp_path / 'cx.db'}")
    try:
        with pytest.raises(Misconfigured, match="not a database"):
            await scalar(database, "SELECT 1 FROM customer")
    finally:
        await database.close()


@pytest.mark.parametrize("url", ["", "cx.db", "mysql://ana:s3cret@db/cx", "sqlite"])
def test_a_url_that_can_not_be_used_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(Misconfigured, match="the database URL can't be read; write sqlite:///path"):
        connect(url)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_another_program_can_read_the_file_while_we_write(
    database_url: str, database: Database, kind: str
) -> None:
    await add(database, "Acme")
    async with database.writing() as connection:
        await connection.execute(update(customer).values(version=9))
        other = sqlite3.connect(database_url.removeprefix("sqlite:///"), timeout=0)
        assert other.execute("SELECT version FROM customer").fetchone() == (1,)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


@pytest.fixture(autouse=True)
async def quiet_loop() -> AsyncIterator[None]:
    """Nothing goes wrong behind a test's back."""
    heard: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: heard.append(context))
    yield
    assert heard == []


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_who_is_not_let_in_or_may_not_is_not_told_that_the_database_is_away(
    kind: str, database_url: str
) -> None:
    url = make_url(database_url)
    stranger = connect(url.set(username="nobody_here").render_as_string(hide_password=False))
    elsewhere = connect(url.set(database="nowhere_here").render_as_string(hide_password=False))
    for database in (stranger, elsewhere):
        with pytest.raises(Misconfigured, match="does not let you in"):
            async with database.reading():
                pass
        await database.close()


async def test_a_file_that_is_no_database_is_not_away(tmp_path: Path) -> None:
    (tmp_path / "own.db").write_bytes(b"no database at all " * 1000)
    database = connect(f"sqlite:///{tmp_path / 'own.db'}")
    with pytest.raises(Misconfigured, match="is damaged, or no database at all"):
        async with database.reading() as connection:
            await connection.execute(text("SELECT * FROM customer"))
    await database.close()


async def test_a_zone_or_a_status_that_is_not_known_here_is_a_warning_of_that_customer(
    database: Database,
) -> None:
    session = Session(database, ANA)
    odd = (await session.records.create({"name": "Odd", "currency": "EUR", "allowed_times": Week(1)})).record
    await session.records.create({"name": "Fine", "currency": "EUR"})
    changed = "UPDATE customer SET time_zone = 'Mars/Olympus', status = 'frozen' WHERE id = :id"
    async with database.writing() as connection:
        await connection.execute(text(changed), {"id": odd.id})
    listing = await session.customers.list(Query())
    rows = await listing.rows(0, 9, ["name", "status", "time_zone", "warning_mask"])
    assert [row["name"] for row in rows] == ["Fine", "Odd"]
    unknown = "time zone unknown here: dialling refused"
    assert [unknown in sentences(row["warning_mask"]) for row in rows] == [False, True]
    assert (await session.customers.status_counts())[StatusFilter.ALL] == 2


async def test_names_that_differ_by_spaces_within_are_the_same(database: Database) -> None:
    session = Session(database, ANA)
    await session.records.create({"name": "ok plain", "currency": "EUR"})
    for name in ("ok  plain", "OK\u00a0 Plain", "ok \u3000plain"):
        with pytest.raises(Invalid, match="another customer has this name"):
            await session.records.create({"name": name, "currency": "EUR"})


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_replaces_a_customer_keeps_its_currency(database: Database) -> None:
    session = Session(database, ANA)
    made = (await session.records.create({"name": "Acme", "currency": "EUR"})).record
    row = f"SELECT * FROM customer WHERE id = {made.id}"
    async with database.reading() as connection:
        was = (await connection.execute(text(row))).one()._asdict()
    columns, values = ", ".join(was), ", ".join(f":{name}" for name in was)
    replace = text(f"INSERT OR REPLACE INTO customer ({columns}) VALUES ({values})")
    with pytest.raises(IntegrityError, match="currency of a customer can not be changed"):
        async with database.writing() as connection:
            await connection.execute(replace, {**was, "currency": "USD"})
