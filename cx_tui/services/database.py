"""The tables of a database, for the command line."""

from cx_tui.config import without_secret
from cx_tui.db import schema
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


async def check(url: str) -> str | None:
    """What is wrong with the tables, or None."""
    database = connect(url)
    try:
        await schema.make_if_new(database)
        return await schema.check(database)
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
