"""What a demo begins with, on both databases: something has happened already, once."""

from datetime import UTC, datetime

from cx_tui.db.engine import Database
from cx_tui.domain.history import DelayedState, LogQuery
from cx_tui.services.calls.now import switch_now
from cx_tui.services.seeding import seed, story
from cx_tui.services.session import Session


async def test_log_board_and_outbox_are_filled_once(database: Database) -> None:
    await seed(database, 80, 1)
    session = Session(database)
    await story.tell(database)
    operations = await session.log.operations(LogQuery(), 100)
    assert {"ben", "cleo"} <= {one.who for one in operations}
    assert len(await session.delayed.board([DelayedState.WAITING])) == 4
    ((job, states),) = await session.outbox.jobs(10)
    assert job.subject.startswith("Maintenance")
    assert sum(states.values()) > 0
    await story.tell(database)
    assert len(await session.log.operations(LogQuery(), 100)) == len(operations)


async def test_a_switch_that_never_had_a_call_has_no_figures(database: Database) -> None:
    assert await switch_now(Session(database).calls, datetime(2026, 6, 16, 11, 40, tzinfo=UTC)) is None
