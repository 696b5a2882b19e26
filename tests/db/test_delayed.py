"""Changes that wait: made once when they are due, and held for a person when others changed the values."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from cx_tui.db.engine import Database
from cx_tui.db.history_tables import delayed
from cx_tui.domain.history import Act, DelayedChange, DelayedState, LogQuery
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.week import Week
from cx_tui.domain.who import Who
from cx_tui.errors import NotFound, Refused
from cx_tui.services import session as service_office
from cx_tui.services.changes import delayed as service
from cx_tui.services.session import Session
from tests.db.sessions import ANA, BEN, add, everything_follows, last, noted, scalar, two_offices
from tests.patience import patient

PAST = datetime(2026, 1, 1, tzinfo=UTC)
FUTURE = datetime(2126, 1, 1, tzinfo=UTC)
EVERY = tuple(DelayedState)


@pytest.fixture
def session(database: Database) -> Session:
    """Ana's."""
    return Session(database, ANA)


async def order(session: Session, base: Customer, values: Mapping[str, Any], due: datetime = PAST) -> int:
    return await session.delayed.order(base, values, due)


async def one(session: Session, delayed_id: int) -> DelayedChange:
    return next(found for found, _ in await session.delayed.board(EVERY) if found.id == delayed_id)


async def test_a_change_waits_on_the_board_until_it_is_due(session: Session) -> None:
    made, other = await add(session, "Acme"), await add(session, "Globex")
    values = {"channels": 5, "allowed_times": Week(3), "status": Status.ACTIVE}
    later = await order(session, made, values, FUTURE + timedelta(days=1))
    sooner = await order(session, other, {"channels": 1}, FUTURE)
    assert await session.delayed.run_due() == 0
    board = await session.delayed.board([DelayedState.WAITING])
    assert [(waiting.id, name) for waiting, name in board] == [(sooner, "Globex"), (later, "Acme")]
    waiting = board[1][0]
    assert (waiting.who, waiting.origin, waiting.state) == ("ana", ANA.origin, DelayedState.WAITING)
    assert waiting.base == {"channels": "0", "allowed_times": "", "status": "Pending Approval"}
    assert waiting.wanted["channels"] == "5"
    assert [found.id for found, _ in await session.delayed.board(EVERY, made.id)] == [later]
    assert (await session.records.get(made.id)) == made


async def test_a_due_change_is_made_once_in_the_name_of_who_ordered_it(session: Session) -> None:
    made = await add(session)
    values = {"channels": 5, "allowed_times": Week(3), "toml": "[", "verify_email": True}
    number = await order(session, made, values)
    ben = Session(session.database, BEN)
    assert await ben.delayed.run_due() == 1
    assert await ben.delayed.run_due() == 0
    now = await session.records.get(made.id)
    assert (now.channels, now.allowed_times, now.toml, now.version) == (5, Week(3), "[", 2)
    operation, (change,) = await last(session)
    assert (operation.act, operation.who, operation.origin) == (Act.DELAYED, "ana", f"{ANA.origin} (delayed)")
    assert (change.act, change.record_id) == (Act.UPDATE, made.id)
    done = await one(session, number)
    assert (done.state, done.said, done.operation_id) == (DelayedState.DONE, "", operation.id)
    await everything_follows(session.database)


async def test_what_others_changed_meanwhile_stays(session: Session) -> None:
    made = await add(session)
    await order(session, made, {"channels": 5})
    await session.records.save(made, {"city": "Rome"})
    assert await session.delayed.run_due() == 1
    now = await session.records.get(made.id)
    assert (now.channels, now.city) == (5, "Rome")


async def test_a_change_whose_values_others_changed_is_held_and_can_be_made_all_the_same(
    session: Session,
) -> None:
    made = await add(session)
    number = await order(session, made, {"channels": 5, "city": "Bonn"})
    await Session(session.database, BEN).records.save(made, {"channels": 7})
    before = await noted(session.database)
    assert await session.delayed.run_due() == 1
    held = await one(session, number)
    assert held.state is DelayedState.HELD
    assert held.said.startswith("ben (")
    assert held.said.endswith(" UTC) changed Channels meanwhile")
    assert await noted(session.database) == before
    assert (await session.records.get(made.id)).city == ""
    assert await session.delayed.run_due() == 0

    again = await session.delayed.run_now(number)
    assert again.state is DelayedState.HELD
    done = await session.delayed.run_now(number, although_changed=True)
    assert done.state is DelayedState.DONE
    now = await session.records.get(made.id)
    assert (now.channels, now.city) == (5, "Bonn")
    _, (change,) = await last(session)
    assert change.before == {"channels": "7", "city": ""}
    with pytest.raises(Refused, match="is done already"):
        await session.delayed.run_now(number, although_changed=True)


async def test_a_change_that_is_so_already_is_done_without_an_operation(session: Session) -> None:
    made = await add(session)
    number = await order(session, made, {"channels": 5})
    await session.records.save(made, {"channels": 5})
    before = await noted(session.database)
    assert await session.delayed.run_due() == 1
    done = await one(session, number)
    assert (done.state, done.operation_id) == (DelayedState.DONE, None)
    assert done.said == "the values were so already"
    assert await noted(session.database) == before


BROKEN = [
    {"wanted": "a text"},
    {"wanted": ["channels"]},
    {"wanted": {"channels": 5}},
    {"wanted": {"channels": "many"}},
    {"wanted": {"color": "red"}, "base": {"color": ""}},
    {"wanted": None},
    {"base": {}},
    {"base": "nothing"},
]


@pytest.mark.parametrize("broken", BROKEN, ids=str)
async def test_a_change_with_broken_content_is_held_and_the_others_are_made(
    broken: dict[str, object], session: Session
) -> None:
    made, other = await add(session, "Acme"), await add(session, "Globex")
    wrong = await order(session, made, {"channels": 5})
    right = await order(session, other, {"channels": 7})
    async with session.database.writing() as connection:
        await connection.execute(update(delayed).where(delayed.c.id == wrong).values(broken))
    assert await session.delayed.run_due() == 2
    assert await session.delayed.run_due() == 0
    assert (await session.records.get(other.id)).channels == 7
    assert (await one(session, right)).state is DelayedState.DONE
    held = await one(session, wrong)
    assert held.state is DelayedState.HELD
    assert "schedule it again" in held.said
    assert (await session.records.get(made.id)).channels == 0
    assert (await session.delayed.run_now(wrong, although_changed=True)).state is DelayedState.HELD
    await session.delayed.cancel(wrong)


async def test_a_change_that_is_no_json_is_held_and_the_others_are_made(session: Session) -> None:
    if not session.database.on_sqlite:
        pytest.skip("PostgreSQL keeps no such value")
    made, other = await add(session, "Acme"), await add(session, "Globex")
    wrong = await order(session, made, {"channels": 5})
    await order(session, other, {"channels": 7})
    async with session.database.writing() as connection:
        await connection.execute(text("UPDATE delayed SET wanted = '{half' WHERE id = :id"), {"id": wrong})
    assert await session.delayed.run_due() == 2
    assert (await session.records.get(other.id)).channels == 7
    assert (await one(session, wrong)).state is DelayedState.HELD


async def test_a_change_of_a_customer_with_broken_content_is_made_and_leaves_that_as_it_is(
    session: Session,
) -> None:
    made, other = await add(session, "Acme"), await add(session, "Globex")
    number = await order(session, made, {"channels": 5})
    await order(session, other, {"channels": 7})
    async with session.database.writing() as connection:
        broken = text("UPDATE customer SET allowed_times = 'always' WHERE id = :id")
        await connection.execute(broken, {"id": made.id})
    assert await session.delayed.run_due() == 2
    assert (await session.records.get(other.id)).channels == 7
    assert (await one(session, number)).state is DelayedState.DONE
    assert (await session.records.get(made.id)).channels == 5
    kept = text("SELECT allowed_times FROM customer WHERE id = :id").bindparams(id=made.id)
    assert await scalar(session.database, kept) == "always"


async def test_a_change_of_a_deleted_customer_is_held(session: Session) -> None:
    made = await add(session)
    number = await order(session, made, {"channels": 5})
    await session.records.delete(made.id)
    assert await session.delayed.run_due() == 1
    held = await session.delayed.run_now(number, although_changed=True)
    assert held.state is DelayedState.HELD
    assert "deleted" in held.said
    assert [name for _, name in await session.delayed.board([DelayedState.HELD])] == ["Acme"]


async def test_a_name_that_was_taken_meanwhile_is_held_and_the_others_are_made(session: Session) -> None:
    made, other = await add(session, "Acme"), await add(session, "Globex")
    first = await order(session, made, {"name": "Initech"})
    second = await order(session, other, {"name": "Umbrella"})
    await add(session, "INITECH")
    assert await session.delayed.run_due() == 2
    assert (await one(session, first)).state is DelayedState.HELD
    assert (await one(session, first)).said == "another customer has this name"
    assert (await one(session, second)).state is DelayedState.DONE
    assert (await session.records.get(other.id)).name == "Umbrella"
    await everything_follows(session.database)


async def test_a_change_that_can_not_be_read_is_held_and_stops_no_other(session: Session) -> None:
    made, other = await add(session, "Acme"), await add(session, "Globex")
    odd = [await order(session, made, {"channels": 5}) for _ in range(3)]
    good = await order(session, other, {"channels": 5})
    wrong = ({"channels": "many"}, {"currency": "USD"}, {"nothing like it": "1"})
    async with session.database.writing() as connection:
        for number, wanted in zip(odd, wrong, strict=True):
            forged = {"wanted": wanted, "base": dict.fromkeys(wanted, "")}
            await connection.execute(update(delayed).where(delayed.c.id == number).values(**forged))
    assert await session.delayed.run_due() == 4
    assert [(await one(session, number)).state for number in odd] == [DelayedState.HELD] * 3
    assert (await one(session, good)).state is DelayedState.DONE
    assert (await session.records.get(made.id)) == made


async def test_a_change_is_cancelled_and_never_made(session: Session) -> None:
    made = await add(session)
    number = await order(session, made, {"channels": 5})
    await Session(session.database, BEN).delayed.cancel(number)
    assert await session.delayed.run_due() == 0
    gone = await one(session, number)
    assert (gone.state, gone.said) == (DelayedState.CANCELLED, "cancelled by ben")
    for act in (session.delayed.cancel(number), session.delayed.run_now(number)):
        with pytest.raises(Refused, match="is cancelled already"):
            await act
    with pytest.raises(NotFound):
        await session.delayed.cancel(999)
    assert (await session.records.get(made.id)) == made


async def test_a_change_is_made_before_its_time_by_who_wants_it_so(session: Session) -> None:
    made = await add(session)
    number = await order(session, made, {"channels": 5}, FUTURE)
    done = await Session(session.database, BEN).delayed.run_now(number)
    assert done.state is DelayedState.DONE
    operation, _ = await last(session)
    assert (operation.act, operation.who) == (Act.DELAYED, "ben")
    assert (await session.records.get(made.id)).channels == 5


async def test_a_clock_that_is_put_back_makes_nothing_twice(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime):
        hands = PAST

        @classmethod
        def now(cls, tz: Any = None) -> "Clock":
            return cls.hands  # type: ignore[return-value]  # a moment is a moment

    monkeypatch.setattr(service, "datetime", Clock)
    made, other = await add(session, "Acme"), await add(session, "Globex")
    await order(session, made, {"channels": 5}, PAST + timedelta(hours=1))
    second = await order(session, other, {"channels": 5}, PAST + timedelta(hours=2))
    made_in = []
    for minutes in (0, 90, -900, 90, 0, 119, 121, 0, 300):
        Clock.hands = PAST + timedelta(minutes=minutes)
        made_in.append(await session.delayed.run_due())
    assert made_in == [0, 1, 0, 0, 0, 0, 1, 0, 0]
    assert (await one(session, second)).state is DelayedState.DONE
    assert (await noted(session.database))[0] == 4


async def test_several_changes_of_one_customer_are_made_in_their_order(session: Session) -> None:
    made = await add(session)
    second = await order(session, made, {"flow_speed": 2, "street": "b"}, PAST + timedelta(hours=1))
    await order(session, made, {"flow_speed": 1, "city": "a"}, PAST)
    assert await session.delayed.run_due() == 2
    assert (await one(session, second)).state is DelayedState.HELD
    now = await session.records.get(made.id)
    assert (now.flow_speed, now.city, now.street) == (1, "a", "")


async def test_workers_at_the_same_time_make_each_change_once(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        made = [await add(ana, f"Customer {number}") for number in range(40)]
        for turn, name in enumerate(("channels", "flow_speed", "invoice_due_days")):
            for one_of in made:
                await order(ana, one_of, {name: 5 + turn})
        settled = await asyncio.gather(*(session.delayed.run_due() for session in (ana, ben, ana, ben)))
        # What another has taken is left to it; here all have come to their end.
        assert sum(settled) + await ana.delayed.run_due() == 120
        board = await ana.delayed.board([DelayedState.DONE])
        assert len({found.operation_id for found, _ in board}) == 120
        for one_of in made:
            now = await ana.records.get(one_of.id)
            assert (now.channels, now.flow_speed, now.invoice_due_days, now.version) == (5, 6, 7, 4)
        operations = await ana.log.operations(LogQuery(act=Act.DELAYED), 1000)
        assert len(operations) == 120


async def test_the_office_makes_what_is_due_until_it_closes(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_office, "DUE_EVERY", 0.01)
    session = await service_office.open_session(database_url, who=Who("x" * 300, "y" * 300))
    made = await add(session)
    await order(session, made, {"channels": 5})
    ran = asyncio.Event()
    run_due = session.delayed.run_due

    async def run_and_say() -> int:
        settled = await run_due()
        ran.set()
        return settled

    monkeypatch.setattr(session.delayed, "run_due", run_and_say)
    session.start_working()
    try:
        await asyncio.wait_for(ran.wait(), patient(10))
        assert (await session.records.get(made.id)).channels == 5
    finally:
        await session.close()
