"""The tables of a database, for the command line."""

from typing import NamedTuple

from cx_tui.config import without_secret
from cx_tui.db import schema, soundness
from cx_tui.db.engine import connect
from cx_tui.domain.query import StatusFilter
from cx_tui.services.lists.customers import Customers


async def upgrade(url: str) -> str:
    """Bring the tables to the newest revision; says what was done."""
    database = connect(url)
    try:
        before = await schema.revision(database) if not schema.is_new(database) else None
        await schema.upgrade(database)
        await Customers(database).sweep()
        return (
            f"upgraded from {before or 'nothing'} to {schema.HEAD}" if before != schema.HEAD else "up to date"
        )
    finally:
        await database.close()


class Checked(NamedTuple):
    """What is wrong with a database, as sentences, and of how many customers counters were counted anew."""

    wrong: list[str]
    mended: int = 0


async def check(url: str) -> Checked:
    """Look whether the tables are those of this program and the file is whole, and count anew."""
    database = connect(url)
    try:
        await schema.make_if_new(database)
        if wrong := await schema.check(database):
            return Checked([wrong])
        if torn := await soundness.complaints(database):
            return Checked([f"the file is damaged, go back to a backup: {each}" for each in torn])
        mended = await soundness.count_anew(database)
        return Checked(await soundness.ledger_differences(database), mended)
    finally:
        await database.close()


async def info(url: str) -> list[tuple[str, str]]:
    """What database it is and what is in it."""
    database = connect(url)
    try:
        await schema.make_if_new(database)
        revision = await schema.revision(database)
        rows = [
            ("database", without_secret(url)),
            ("server", await schema.server(database)),
            ("revision", revision or "none"),
            ("needed", schema.HEAD),
        ]
        if revision == schema.HEAD:
            counts = await Customers(database).status_counts()
            rows.append(("customers", f"{counts[StatusFilter.ALL]:,}"))
        return rows
    finally:
        await database.close()
