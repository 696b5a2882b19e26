"""Live calls as a list looks at them: some, in an order, a window at a time; and how they are ended."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cx_tui.db.calls.live_reading import calls_of, keys_of, number_by_state
from cx_tui.db.engine import Database
from cx_tui.db.history_tables import change, operation
from cx_tui.domain.calls.call import Call, Release
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.events import Answered, Ringing, Started
from cx_tui.domain.calls.live import State
from cx_tui.domain.calls.live_query import LiveQuery
from cx_tui.domain.history import Act
from cx_tui.domain.query import Sort
from cx_tui.domain.who import Who
from cx_tui.errors import Refused
from cx_tui.services.calls.calls import Calls
from cx_tui.services.calls.ending import end_calls
from cx_tui.services.calls.ingest import Ingest
from cx_tui.services.history.undo import undo
from tests.calls.made import NOON, some_customers

ANA = Who("ana", "10.0.0.1")


@pytest.fixture
async def live(database: Database) -> Database:
    """A database with calls of two customers: being set up, ringing, and two that are talked on."""
    await some_customers(database, 2)
    at = [NOON + timedelta(seconds=second) for second in range(40)]
    await Ingest(database).take([
        Started(source="sw1", key="a", customer_id=1, invited_at=at[0], dialled="4420_1", carrier="Alpha"),
        Started(source="sw1", key="b", customer_id=2, invited_at=at[1], dialled="4930x1"),
        Started(source="sw1", key="c", customer_id=1, invited_at=at[2], dialled="33"),
        Started(source="sw1", key="d", customer_id=None, invited_at=at[3], dialled="34"),
        Answered(source="sw1", key="a", at=at[30]),
        Answered(source="sw1", key="b", at=at[20]),
        Ringing(source="sw1", key="c", at=at[5]),
    ])  # fmt: skip
    return database


async def names(database: Database, query: LiveQuery) -> list[str]:
    async with database.reading() as connection:
        keys = await keys_of(connection, query)
        found = await calls_of(connection, keys)
    return [found[key].source_key for key in keys]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (LiveQuery(), "dcba"),
        (LiveQuery(1), "ca"),
        (LiveQuery(sort=(Sort("length", descending=True),)), "cdba"),
        (LiveQuery(sort=(Sort("state"), Sort("dialled", descending=True))), "dcba"),
        (LiveQuery(search="ALPHA"), "a"),
        (LiveQuery(search="0_1"), "a"),
        (LiveQuery(2, search="33"), ""),
    ],
)
async def test_a_query_says_which_calls_come_in_which_order(
    live: Database, query: LiveQuery, expected: Sequence[str]
) -> None:
    assert await names(live, query) == list(expected)


async def test_it_is_counted_how_far_calls_are(live: Database) -> None:
    async with live.reading() as connection:
        found = await number_by_state(connection, LiveQuery())
        of_one = await number_by_state(connection, LiveQuery(1))
    assert found == {State.STARTED: 1, State.RINGING: 1, State.ANSWERED: 2}
    assert of_one == {State.RINGING: 1, State.ANSWERED: 1}


async def test_what_became_of_ended_calls_is_noted_and_can_not_be_undone(
    live: Database, tmp_path: Path
) -> None:
    asked: list[str] = []

    async def end(live_key: str) -> Ending:
        asked.append(live_key)
        return Ending.UNSURE

    calls = Calls(live, str(tmp_path), ANA, ends={"sw1": end})
    found = await end_calls(live, ANA, calls, await calls.live())
    assert len(asked) == 4
    assert Counter(one.sentence for one in found) == {"Asked to end; one leg may still be up": 4}
    # The switch said yes; only records say that calls have ended.
    assert len(await calls.live()) == 4
    async with live.reading() as connection:
        (noted,) = (await connection.execute(select(operation).where(operation.c.act == Act.END))).all()
        of = (await connection.execute(select(change).where(change.c.operation_id == noted.id))).all()
    assert (noted.who, noted.title, noted.records) == ("ana", "End 4 calls", 4)
    assert sorted(row.customer_id for row in of) == [1, 1, 2]
    with pytest.raises(Refused, match="can't be put through again"):
        await undo(live, ANA, noted.id)


async def test_another_process_that_reads_the_record_knows_that_an_operator_ended_the_call(
    live: Database, tmp_path: Path
) -> None:
    now = datetime.now(UTC)

    def record(key: str) -> Call:
        begun = now - timedelta(minutes=1)
        return Call(
            source="sw1", source_key=key, customer_id=1, dialled="33", invited_at=begun, ended_at=now
        )  # fmt: skip

    async def end(live_key: str) -> Ending:
        # The switch writes the record before it has answered.
        await Ingest(live).store([record("c"), record("elsewhere")])
        return Ending.ENDED

    calls = Calls(live, str(tmp_path), ANA, ends={"sw1": end})
    (wanted,) = [call for call in await calls.live() if call.source_key == "c"]
    await end_calls(live, ANA, calls, [wanted])
    released = {call.source_key: call.release for call in await calls.latest(1)}
    assert released == {"c": Release.OPERATOR, "elsewhere": Release.UNKNOWN}
