"""What row security costs a search: none for others, and for a reseller's operator the way round LIKE."""

import statistics
import time

import pytest
from sqlalchemy import text, update

from cx_tui.db.tables import customer
from cx_tui.domain.query import Query
from cx_tui.domain.records.company import Role
from cx_tui.domain.who import Who
from cx_tui.services import roles
from cx_tui.services.session import Session, open_session
from tests.bench.conftest import CUSTOMERS, seed
from tests.bench.figures import Figures
from tests.conftest import Server, made, run
from tests.db.test_roles import NORTH

pytestmark = pytest.mark.bench

WORD = "sapphire field"
LIKE = "SELECT count(*) FROM found_by WHERE document LIKE :word"
TIMES = 7


async def median(session: Session, word: str) -> float:
    """Milliseconds until the first rows of a search are there."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        listing = await session.customers.list(Query(search=word))
        await listing.count()
        await listing.rows(0, 40, ("name", "status", "balance"))
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


async def by_like(session: Session, word: str) -> float:
    """The same by LIKE, under the rights of the session."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        async with session.database.reading() as connection:
            await connection.execute(text(LIKE), {"word": f"%{word}%"})
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


async def measure(url: str, figures: Figures) -> None:
    owner = await open_session(url, who=Who("ana"))
    try:
        before = await median(owner, WORD)
        group = (await owner.records_of["reseller"].create({"name": "North"})).record
        users = owner.records_of["user"]
        given = {"login": NORTH, "role": Role.OPERATOR, "reseller": group.id}
        await users.create({"name": "N", **given})
        await users.create({"name": "V", "login": "cxt_viewer", "role": Role.VIEWER})
        async with owner.database.writing() as connection:
            tenth = update(customer).where(customer.c.id % 10 == 0).values(reseller=group.id)
            await connection.execute(tenth)
        await roles.carry_out(owner.database, await roles.plan(owner.database))
        async with owner.database.reading() as connection:
            await connection.execute(text("VACUUM ANALYZE customer"))
    finally:
        await owner.close()
    for login, what in (("cxt_viewer", "a viewer, with row security on"), (NORTH, "a reseller's operator")):
        session = await open_session(url.replace("postgres@", f"{login}@"), who=Who("v"))
        try:
            searched = await median(session, WORD)
            figures.show(f"search by {what}", searched, "ms", max(20.0, 3 * before), f"owner {before:.1f} ms")
            figures.show(f"LIKE by {what}", await by_like(session, WORD), "ms")
        finally:
            await session.close()


def test_row_security_keeps_the_index_of_three_letters(postgres: Server) -> None:
    figures = Figures()
    for login in ("cxt_viewer", NORTH):
        exists = f"IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{login}')"
        run(postgres.execute(f"DO $$ BEGIN {exists} THEN CREATE ROLE {login} LOGIN; END IF; END $$"))
    url = postgres.create()
    run(made(url))
    seed(url, CUSTOMERS)
    run(measure(url, figures))
    figures.all_met()
