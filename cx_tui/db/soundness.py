"""Whether what a database keeps is whole, and what it counts is right."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, text

from cx_tui.db import free_minutes, ledger_check
from cx_tui.db.derived import follow
from cx_tui.db.engine import Database, ask
from cx_tui.db.tables import contact, counters
from cx_tui.errors import Misconfigured

MOST = 20
"""So many complaints are said; there may be millions."""


async def complaints(database: Database) -> list[str]:
    """What SQLite finds wrong in its file; a server looks after its own files."""
    if not database.on_sqlite:
        return []
    try:
        async with database.reading() as connection:
            found = await ask(connection, text(f"PRAGMA integrity_check({MOST})"))
            torn: Sequence[Any] = await ask(connection, text("PRAGMA foreign_key_check"))
    except Misconfigured as error:
        return [str(error)]
    wrong = [str(row[0]) for row in found if row[0] != "ok"]
    return wrong + [f"a {row[0]} belongs to a {row[2]} that is not there" for row in torn[:MOST]]


async def ledger_differences(database: Database) -> list[str]:
    """Whose money is not what the ledger says, to the last digit; nothing of it is changed."""
    async with database.reading() as connection:
        found = ledger_check.said(await ledger_check.differences(connection, MOST))
        return found + (await free_minutes.differences(connection))[:MOST]


async def count_anew(database: Database) -> int:
    """Count the contacts of all customers anew where the counters are wrong: of how many they were."""
    async with database.writing() as connection:
        wrong = [row[0] for row in await ask(connection, _miscounted())]
        await follow(connection, "contact", (), wrong)
    return len(wrong)


def _miscounted() -> Select[tuple[int]]:
    verified = (contact.c.email_verified, contact.c.mobile_verified)
    sums = [func.sum(case((flag, 1), else_=0)) for flag in verified]
    counted = (
        select(contact.c.customer_id, func.count().label("one"), sums[0].label("two"), sums[1].label("three"))
        .where(contact.c.deleted_at.is_(None))
        .group_by(contact.c.customer_id)
        .subquery()
    )
    kept = (counters.c.contacts, counters.c.emails_verified, counters.c.mobiles_verified)
    now = (counted.c.one, counted.c.two, counted.c.three)
    differ = or_(*(mine != func.coalesce(real, 0) for mine, real in zip(kept, now, strict=True)))
    joined = counters.outerjoin(counted, and_(counted.c.customer_id == counters.c.customer_id))
    return select(counters.c.customer_id).select_from(joined).where(differ)
