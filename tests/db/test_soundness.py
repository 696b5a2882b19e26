"""The check of a database: the file is whole, and what is counted is right."""

import sqlite3
from pathlib import Path

from sqlalchemy import select, update

from cx_tui.db import soundness
from cx_tui.db.engine import Database, connect
from cx_tui.db.tables import counters
from cx_tui.domain.records.contact import Contact
from cx_tui.services.database import check, upgrade
from cx_tui.services.session import Session
from tests.db.sessions import ANA, add


async def test_what_was_counted_wrongly_is_counted_anew(database: Database) -> None:
    session = Session(database, ANA)
    made, other = await add(session, "Acme"), await add(session, "Globex")
    contacts = session.records_of[Contact.declared.name]
    await contacts.create({"customer_id": made.id, "name": "Bea", "email": "bea@example.com"})
    assert await soundness.count_anew(database) == 0
    async with database.writing() as connection:
        await connection.execute(update(counters).values(contacts=7, emails_verified=3))
    assert await soundness.count_anew(database) == 2
    async with database.reading() as connection:
        found = await connection.execute(select(counters.c.customer_id, counters.c.contacts))
        assert {row[0]: row[1] for row in found} == {made.id: 1, other.id: 0}
    assert await soundness.complaints(database) == []


def damage(file: Path) -> None:
    """Write over a page of a table."""
    with sqlite3.connect(file) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'customer'").fetchone()[0]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(b"\xff" * 200)


async def test_a_damaged_file_is_said_and_one_that_is_whole_is_fine(tmp_path: Path) -> None:
    file = tmp_path / "own.db"
    url = f"sqlite:///{file}"
    await upgrade(url)
    assert await check(url) == ([], 0)
    await connect(url).close()
    damage(file)
    wrong, _ = await check(url)
    assert wrong
    assert "damaged" in wrong[0]
