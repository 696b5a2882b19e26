"""Making and changing the tables: all of it or nothing, and nothing by surprise."""

import asyncio
import json
import os
import stat
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BindParameter, String, bindparam, inspect, select, text
from sqlalchemy.exc import DBAPIError

from cx_tui.bootstrap.opening import database_url
from cx_tui.config import load
from cx_tui.db import history, schema
from cx_tui.db.customer_expressions import names_referred
from cx_tui.db.engine import Database, connect
from cx_tui.db.log_blocks import packed
from cx_tui.db.tables import contact, counters, customer, found_by, metadata, table_named
from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Act
from cx_tui.domain.records.company import Role
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer
from cx_tui.errors import CxError, Misconfigured
from cx_tui.services import database as tables

VERSIONS = Path(schema.__file__).parent / "migrations" / "versions"


async def tables_of(database: Database) -> set[str]:
    """The names of all tables."""
    async with database.reading() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def run(database: Database, *statements: str) -> None:
    async with database.writing() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def test_an_upgrade_from_nothing_makes_what_the_program_expects(new_url: str) -> None:
    database = connect(new_url)
    try:
        await schema.upgrade(database)
        assert await schema.revision(database) == schema.HEAD
        assert await schema.check(database) is None
        assert not set(metadata.tables) - await tables_of(database)
    finally:
        await database.close()


async def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    before = await tables_of(database)
    await schema.upgrade(database)
    assert await tables_of(database) == before
    assert await schema.check(database) is None


async def test_an_upgrade_says_what_it_did(new_url: str) -> None:
    assert await tables.upgrade(new_url) == f"upgraded from nothing to {schema.HEAD}"
    assert await tables.upgrade(new_url) == "up to date"


def test_the_head_is_the_newest_file_of_versions() -> None:
    newest = max(path.name for path in VERSIONS.glob("[0-9]*.py"))
    assert newest.split("_")[0] == schema.HEAD


async def test_a_check_says_what_differs(database: Database) -> None:
    await run(database, "ALTER TABLE contact DROP COLUMN type")
    found = await schema.check(database)
    assert found
    assert found.startswith("the tables differ from what the program expects")
    assert "type" in found


async def test_a_check_of_an_empty_database_says_what_to_do(new_url: str) -> None:
    database = connect(new_url)
    try:
        found = await schema.check(database)
    finally:
        await database.close()
    assert (
        found == f"the database is at revision none, the program needs {schema.HEAD}; run: cx-tui db upgrade"
    )


async def test_tables_of_others_are_no_difference(database: Database) -> None:
    await run(database, "CREATE TABLE theirs (id INTEGER PRIMARY KEY)")
    assert await schema.check(database) is None


async def test_a_migration_that_fails_half_way_leaves_nothing(new_url: str) -> None:
    database = connect(new_url)
    try:
        # The last of the tables can't be made: all that was made before it has to go again.
        await run(database, "CREATE TABLE counters (id INTEGER PRIMARY KEY)")
        with pytest.raises((CxError, DBAPIError)):
            await schema.upgrade(database)
        assert await tables_of(database) == {"counters"}
        assert await schema.revision(database) is None
        await run(database, "DROP TABLE counters")
        await schema.upgrade(database)
        assert await schema.check(database) is None
    finally:
        await database.close()


async def test_a_new_file_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "cx.db"
    database = connect(f"sqlite:///{path}")
    try:
        assert schema.is_new(database)
        await schema.ready(database)
        files = [path, *path.parent.glob("cx.db-*")]
        assert len(files) > 1
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
        assert not schema.is_new(database)
    finally:
        await database.close()


async def test_a_mistyped_folder_is_said_and_not_made(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'dtaa' / 'cx.db'}")
    try:
        with pytest.raises(Misconfigured, match=r"there is no folder .*dtaa for the database cx\.db"):
            await schema.ready(database)
    finally:
        await database.close()
    assert not await asyncio.to_thread(os.listdir, tmp_path)


def test_the_folder_of_the_usual_database_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    env = {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)}
    url = database_url(load(env, {}), env)
    folder = Path(url.removeprefix("sqlite:///")).parent
    assert folder.is_relative_to(tmp_path / "data")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


OF_THE_FIRST_REVISION = (
    "INSERT INTO customer (id, {}, name_key, toml_broken, must_prove, document)"
    " VALUES (1, {}, 'acme', false, true, 'acme')"
)


TEXTS_THEN = ("reseller", "account_manager", "invoice_template", "domain")
"""What a customer refers to was a text."""


def values_then() -> dict[str, Any]:
    """The values of a customer as they were kept at first."""
    empty = {name: one.empty() for name, one in fields_of(Customer).items() if name != "id"}
    moment = datetime(2026, 6, 16, tzinfo=UTC)
    made = {"name": "Acme", "currency": "EUR", "created_at": moment, "changed_at": moment}
    return empty | made | dict.fromkeys(TEXTS_THEN, "")


def typed_then(names: Iterable[str]) -> list[BindParameter[Any]]:
    """The parameters of a statement that wrote them."""
    return [
        bindparam(name, type_=String() if name in TEXTS_THEN else customer.c[name].type) for name in names
    ]


async def test_texts_of_customers_become_records_that_they_refer_to(new_url: str) -> None:
    columns = [*values_then(), "name_key", "toml_broken", "pending"]
    made = text(f"INSERT INTO customer (id, {', '.join(columns)}) VALUES (:id, :{', :'.join(columns)})")
    texts = (
        (1, "Acme", "North", "Ana", "standard", "sip.acme.example"),
        (2, "Globex", "north", "Ana", "", ""),
        (3, "Initech", "", "", "", ""),
        (4, "Umbrella", "South", "Ben", "", ""),
    )
    database = connect(new_url)
    try:
        async with database.writing() as connection:
            await connection.run_sync(lambda sync: schema._alembic("upgrade", sync, "0017"))
            for one, name, *said in texts:
                row = {"id": one, "name_key": name.lower(), "toml_broken": False, "pending": False}
                row |= values_then() | {"name": name} | dict(zip(TEXTS_THEN, said, strict=True))
                await connection.execute(made.bindparams(*typed_then(values_then())), row)
            await connection.execute(
                text(
                    "INSERT INTO reseller (id, version, created_at, changed_at, name, email, notes)"
                    " VALUES (7, 1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 'South', 's@cx.example', '')"
                )
            )
        await schema.upgrade(database)
        assert await schema.check(database) is None
        async with database.reading() as connection:
            names = [names_referred()[one].label(one) for one in TEXTS_THEN]
            kept = select(customer.c.id, customer.c.name, *names).order_by(customer.c.id)
            found = [tuple(part or "" for part in row) for row in await connection.execute(kept)]
            south = select(customer.c.reseller).where(customer.c.id == 4)
            assert (await connection.execute(south)).scalar_one() == 7
            users = select(table_named("user").c.name, table_named("user").c.role)
            people = sorted(tuple(row) for row in await connection.execute(users))
    finally:
        await database.close()
    assert found == list(texts)
    assert people == [("Ana", Role.VIEWER), ("Ben", Role.VIEWER)]


async def test_customers_of_the_first_revision_stand_as_they_are_after_an_upgrade(new_url: str) -> None:
    own = values_then() | {"external_id": "A-1"}
    none = {name: one.empty() for name, one in fields_of(Counters).items()} | {"customer_id": 1}
    typed = typed_then(own)
    first = text(OF_THE_FIRST_REVISION.format(", ".join(own), ":" + ", :".join(own))).bindparams(*typed)
    database = connect(new_url)
    try:
        async with database.writing() as connection:
            await connection.run_sync(lambda sync: schema._alembic("upgrade", sync, "0001"))
            await connection.execute(first, own | {"verify_email": True})
            await connection.execute(counters.insert(), none)
        assert await tables.upgrade(new_url) == f"upgraded from 0001 to {schema.HEAD}"
        assert await schema.check(database) is None
        async with database.reading() as connection:
            kept = select(customer.c.pending, counters.c.warnings).join(counters)
            assert (await connection.execute(kept)).one() == (True, 4)  # nor authentication, nor a route
            found = select(found_by.c.document, found_by.c.external_id)
            assert (await connection.execute(found)).one() == ("acme", "A-1")
    finally:
        await database.close()


async def test_customers_who_were_made_by_the_thousand_keep_their_log_after_an_upgrade(new_url: str) -> None:
    given = {"name": ["Acme", "Globex"], "city": ["Ulm", None]}
    block = {"first": 5, "last": 6, "operation": 3, "given": packed(json.dumps(given).encode())}
    written = text("INSERT INTO creation VALUES (:first, :last, :operation, :given)")
    database = connect(new_url)
    try:
        async with database.writing() as connection:
            await connection.run_sync(lambda sync: schema._alembic("upgrade", sync, "0006"))
            await connection.execute(written, block)
        assert await tables.upgrade(new_url) == f"upgraded from 0006 to {schema.HEAD}"
        assert await schema.check(database) is None
        async with database.reading() as connection:
            one, other = await history.changes(connection, 3, 9)
        assert (one.act, one.customer_id, one.before, one.after) == (
            Act.CREATE,
            5,
            {},
            {"name": "Acme", "city": "Ulm"},
        )
        assert (other.customer_id, other.after) == (6, {"name": "Globex"})
    finally:
        await database.close()


async def test_a_file_without_tables_is_made_ready(tmp_path: Path) -> None:
    (tmp_path / "cx.db").touch()
    database = connect(f"sqlite:///{tmp_path / 'cx.db'}")
    try:
        await schema.ready(database)
        assert await schema.check(database) is None
    finally:
        await database.close()


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_shared_database_is_never_made_by_surprise(new_url: str, kind: str) -> None:
    database = connect(new_url)
    try:
        with pytest.raises(Misconfigured, match="run: cx-tui db upgrade"):
            await schema.ready(database)
        assert await tables_of(database) == set()
    finally:
        await database.close()


@pytest.mark.parametrize(
    ("found", "do"),
    [("0000", "run: cx-tui db upgrade"), ("9999", "use the newer program that made it")],
)
async def test_a_database_of_another_version_is_refused_and_left_alone(
    database: Database, found: str, do: str
) -> None:
    await run(database, f"UPDATE alembic_version SET version_num = '{found}'")
    with pytest.raises(Misconfigured) as caught:
        await schema.ready(database)
    assert str(caught.value) == f"the database has revision {found}, this program needs {schema.HEAD}; {do}"
    assert await schema.revision(database) == found


async def test_an_upgrade_of_a_newer_database_is_refused(database: Database) -> None:
    await run(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Misconfigured, match="use the newer program that made it"):
        await schema.upgrade(database)


async def test_a_ready_database_stays_as_it_is(database: Database) -> None:
    before = await tables_of(database)
    await schema.ready(database)
    assert await tables_of(database) == before


async def test_who_wanted_no_messages_wants_neither_e_mail_nor_sms(new_url: str) -> None:
    moment = datetime(2026, 6, 16, tzinfo=UTC)
    ours = values_then()
    theirs = {name: one.empty() for name, one in fields_of(Contact).items() if not name.startswith("no_")}
    theirs |= {"customer_id": 1, "name": "Ana", "created_at": moment, "changed_at": moment}
    first = text(OF_THE_FIRST_REVISION.format(", ".join(ours), ":" + ", :".join(ours)))
    person = text(
        f"INSERT INTO contact ({', '.join(theirs)}, unsubscribed)"  # names of ours
        f" VALUES (:{', :'.join(theirs)}, :unsubscribed)"
    )
    database = connect(new_url)
    try:
        async with database.writing() as connection:
            await connection.run_sync(lambda sync: schema._alembic("upgrade", sync, "0001"))
            typed = typed_then(ours)
            await connection.execute(first.bindparams(*typed), ours)
            await connection.run_sync(lambda sync: schema._alembic("upgrade", sync, "0009"))
            typed = [bindparam(name, type_=contact.c[name].type) for name in theirs]
            for place, said in enumerate((False, True), 1):
                values = theirs | {"id": place, "unsubscribed": said}
                await connection.execute(person.bindparams(*typed), values)
        await schema.upgrade(database)
        assert await schema.check(database) is None
        async with database.reading() as connection:
            kept = select(contact.c.no_email, contact.c.no_sms).order_by(contact.c.id)
            assert [tuple(row) for row in await connection.execute(kept)] == [(False, False), (True, True)]
    finally:
        await database.close()
