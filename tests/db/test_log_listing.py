"""Lists of the log at any position, on both databases."""

from datetime import UTC, datetime
from itertools import pairwise

from sqlalchemy import insert

from cx_tui.db.engine import Database
from cx_tui.db.history_tables import change, operation
from cx_tui.domain.history import Act, LogQuery
from cx_tui.domain.who import Who
from cx_tui.services.history.log import Log
from cx_tui.services.history.log_list import CHUNK

OPERATIONS = 5 * CHUNK + 7
ANA = Who("ana")


async def written(database: Database) -> None:
    """Operations that Ana and Bogdan did in turn; the last of them changed many records."""
    now = datetime.now(UTC)
    like = {"at": now, "origin": "", "act": Act.UPDATE, "records": 1}
    numbers = range(1, OPERATIONS + 1)
    rows = [{**like, "title": f"number {one}", "who": ("ana", "bogdan")[one % 2]} for one in numbers]
    changed = {"operation_id": OPERATIONS, "record": "customer", "act": Act.UPDATE, "before": {}, "after": {}}
    changes = [{**changed, "record_id": one, "customer_id": one % 3} for one in range(CHUNK + 5)]
    async with database.writing() as connection:
        for part in range(0, len(rows), CHUNK):
            await connection.execute(insert(operation).values(rows[part : part + CHUNK]))
        for part in range(0, len(changes), CHUNK):
            await connection.execute(insert(change).values(changes[part : part + CHUNK]))


async def test_every_position_is_found_from_either_end_and_walking_on(database: Database) -> None:
    await written(database)
    listing = Log(database, ANA).listing(LogQuery())
    assert await listing.count() == OPERATIONS
    for start in (0, CHUNK, 2 * CHUNK - 2, OPERATIONS - 3, 4 * CHUNK, 3 * CHUNK + 1):
        titles = [row.title for row in await listing.rows(start, 5)]
        assert titles == [f"number {OPERATIONS - one}" for one in range(start, min(start + 5, OPERATIONS))]
    ids = await listing.ids(0, OPERATIONS + 10)
    assert len(ids) == OPERATIONS
    assert all(one > other for one, other in pairwise(ids))
    for place in (0, 1, CHUNK, OPERATIONS - 1):
        assert await listing.position(ids[place]) == place
    assert await listing.position(0) is None


async def test_what_comes_later_is_not_in_a_list_that_was_opened(database: Database) -> None:
    await written(database)
    log = Log(database, ANA)
    listing = log.listing(LogQuery(who="bog"))
    number = await listing.count()
    async with database.writing() as connection:
        later: dict[str, object] = {
            "at": datetime.now(UTC),
            "origin": "",
            "act": Act.UPDATE,
            "title": "",
            "who": "bogdan",
        }
        later["records"] = 1
        await connection.execute(insert(operation).values(later))
    assert [row.title for row in await listing.rows(0, 1)] == [f"number {OPERATIONS}"]
    assert await listing.count() == number == len(await listing.ids(0, OPERATIONS))
    assert await log.listing(LogQuery(who="bog")).count() == number + 1


async def test_changes_of_an_operation_are_listed_in_their_order_of_all_or_of_one_customer(
    database: Database,
) -> None:
    await written(database)
    log = Log(database, ANA)
    every = log.changed(OPERATIONS)
    assert await every.count() == CHUNK + 5
    assert [row.record_id for row in await every.rows(CHUNK - 1, 3)] == [CHUNK - 1, CHUNK, CHUNK + 1]
    ids = await every.ids(0, 3)
    assert await every.position(ids[2]) == 2
    of_one = log.changed(OPERATIONS, customer_id=1)
    assert [row.record_id for row in await of_one.rows(0, 3)] == [1, 4, 7]


async def test_an_empty_list_has_nothing_at_any_position(database: Database) -> None:
    listing = Log(database, ANA).listing(LogQuery())
    assert await listing.count() == 0
    assert await listing.rows(0, 10) == []
    assert await listing.position(1) is None
