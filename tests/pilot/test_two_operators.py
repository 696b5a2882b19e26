"""Two operators at the same customer: nothing that either of them wrote is lost without being asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import insert

from cx_tui.db.tables import kept_at
from cx_tui.domain.history import Editor
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.who import Who
from cx_tui.errors import Unavailable
from cx_tui.screens.form import CustomerForm
from cx_tui.screens.form.conflict import ConflictScreen
from cx_tui.services.records.presence import Presence
from cx_tui.services.records.records import Records
from cx_tui.services.session import Session
from tests.db.sessions import add
from tests.patience import patient
from tests.pilot.driver import Driver, lines_of, opened
from tests.pilot.history import save, session_of
from widgets.picker import LineList

BEN = Who("ben", "ssh 10.20.0.15")


@asynccontextmanager
async def both(url: str, size: tuple[int, int] = (120, 40)) -> AsyncIterator[tuple[Driver, Session, int]]:
    """The program with the form of the first customer open, and Ben elsewhere."""
    async with opened(url, size) as cx, session_of(url, BEN) as ben:
        key = cx.cursor()
        assert key
        await cx.open_form()
        yield cx, ben, key
        cx.app.exit()


@pytest.fixture
async def url(database_url: str) -> str:
    """A database with one customer."""
    async with session_of(database_url) as session:
        await add(session, "Acme", channels=30, flow_speed=5, city="Porto", status=Status.ACTIVE)
    return database_url


async def now(session: Session, key: int) -> Customer:
    """The customer as it is now."""
    return await session.records.get(key)


async def conflict(cx: Driver) -> list[str]:
    """The fields that both changed: label, before, theirs and mine."""
    await cx.until(lambda: isinstance(cx.screen, ConflictScreen), "the conflict")
    listed = cx.screen.query_one("#fields", LineList)
    return [" ".join(line.strip(" ▸>").split()) for line in lines_of(listed) if line.strip()]


async def test_fields_that_only_one_changed_merge_by_themselves(url: str) -> None:
    async with both(url) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await save(ben, key, city="Lisbon", flow_speed=9)
        await cx.save()
        await cx.saved()
        await cx.says("Saved Acme. What others changed in the meantime was kept.")
        await cx.until(lambda: cx.cells("in_use") == ["0 of 60"])
        merged = await now(ben, key)
        assert (merged.channels, merged.city, merged.flow_speed) == (60, "Lisbon", 9)


async def test_the_same_field_is_shown_before_theirs_and_mine(url: str) -> None:
    async with both(url, (80, 24)) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await cx.type_into("city", "Faro")
        await save(ben, key, channels=90, flow_speed=9)
        await cx.save()
        assert await conflict(cx) == ["Channels 30 > 90 60"]
        assert "ben" in cx.text()
        assert "changed Channels meanwhile" in cx.text()
        assert all(head in cx.text() for head in ("before", "theirs", "mine"))
        assert (await now(ben, key)).channels == 90


@pytest.mark.parametrize("keys", [("conflict.save",), ("conflict.mine", "conflict.theirs", "conflict.save")])
async def test_theirs_stays_unless_mine_is_chosen(url: str, keys: tuple[str, ...]) -> None:
    async with both(url) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await cx.type_into("city", "Faro")
        await save(ben, key, channels=90)
        await cx.save()
        await conflict(cx)
        await cx.do(*keys)
        await cx.saved()
        merged = await now(ben, key)
        assert (merged.channels, merged.city) == (90, "Faro")
        await cx.until(lambda: cx.cells("in_use") == ["0 of 90"])


async def test_mine_is_written_where_it_is_chosen(url: str) -> None:
    async with both(url) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await cx.type_into("flow_speed", "7")
        await cx.type_into("city", "Faro")
        await save(ben, key, channels=90, flow_speed=9, city="Lisbon")
        await cx.save()
        assert await conflict(cx) == ["Channels 30 > 90 60", "Flow speed 5 > 9 7", "City Porto > Lisbon Faro"]
        await cx.do("list.down", "conflict.other")
        assert (await conflict(cx))[1] == "Flow speed 5 9 > 7"
        await cx.do("conflict.save")
        await cx.saved()
        merged = await now(ben, key)
        assert (merged.channels, merged.flow_speed, merged.city) == (90, 7, "Lisbon")


async def test_all_of_mine_can_be_chosen_at_once(url: str) -> None:
    async with both(url) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await cx.type_into("city", "Faro")
        await save(ben, key, channels=90, city="Lisbon")
        await cx.save()
        await conflict(cx)
        await cx.do("conflict.mine", "conflict.save")
        await cx.saved()
        merged = await now(ben, key)
        assert (merged.channels, merged.city) == (60, "Faro")


async def test_choosing_theirs_for_everything_writes_nothing(url: str) -> None:
    async with both(url) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await save(ben, key, channels=90)
        await cx.save()
        await conflict(cx)
        await cx.do("conflict.save")
        await cx.saved()
        await cx.says("Acme stays as the others saved it.")
        assert (await now(ben, key)).version == 2
        await cx.until(lambda: cx.cells("in_use") == ["0 of 90"])


async def test_stepping_back_from_a_conflict_keeps_the_form_and_writes_nothing(url: str) -> None:
    async with both(url) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await save(ben, key, channels=90)
        for _ in range(2):
            await cx.save()
            await conflict(cx)
            await cx.do("conflict.back")
            await cx.until(lambda: isinstance(cx.screen, CustomerForm) and not cx.form.disabled)
            assert cx.form.changed == {"channels": "60"}
        assert (await now(ben, key)).channels == 90


async def test_what_changes_again_during_the_conflict_is_asked_again(url: str) -> None:
    async with both(url) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await save(ben, key, channels=90)
        await cx.save()
        assert await conflict(cx) == ["Channels 30 > 90 60"]
        await save(ben, key, channels=120)
        await cx.do("conflict.mine", "conflict.save")
        await cx.shows("120")
        assert await conflict(cx) == ["Channels 90 > 120 60"]
        assert (await now(ben, key)).channels == 120
        await cx.do("conflict.mine", "conflict.save")
        await cx.saved()
        assert (await now(ben, key)).channels == 60


async def test_theirs_once_chosen_is_not_overwritten_by_a_later_save(url: str) -> None:
    async with both(url) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await cx.type_into("city", "Faro")
        await save(ben, key, channels=90)
        await cx.save()
        await conflict(cx)
        await save(ben, key, city="Lisbon")
        await cx.do("conflict.save")
        await cx.shows("Lisbon")
        assert await conflict(cx) == ["City Porto > Lisbon Faro"]
        await cx.do("conflict.back")
        await cx.until(lambda: isinstance(cx.screen, CustomerForm) and not cx.form.disabled)
        assert cx.form.changed == {"city": "Faro"}
        assert cx.form.values["channels"] == "90"
        await cx.save()
        await conflict(cx)
        await cx.do("conflict.mine", "conflict.save")
        await cx.saved()
        merged = await now(ben, key)
        assert (merged.channels, merged.city) == (90, "Faro")


async def test_the_same_value_from_both_is_no_conflict(url: str) -> None:
    async with both(url) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await save(ben, key, channels=60)
        await cx.save()
        await cx.saved()
        assert (await now(ben, key)).version == 2


async def test_a_customer_that_was_deleted_meanwhile_is_not_saved_and_nothing_typed_is_lost(url: str) -> None:
    async with both(url) as (cx, ben, key):
        await cx.type_into("channels", "60")
        await ben.records.delete(key)
        await cx.save()
        await cx.says("Not saved: it has been deleted")
        assert cx.form.changed == {"channels": "60"}


async def test_who_else_has_it_open_is_shown_and_goes_when_they_leave(url: str) -> None:
    async with both(url) as (cx, ben, key):
        assert "has it open" not in cx.text()
        assert [one.who for one in await ben.presence.at(key)]
        look(cx)
        await cx.shows("! ben has it open since")
        for who in ("cem", "dan"):
            await Presence(ben.database, Who(who)).at(key)
        look(cx)
        await cx.shows("! ben and 2 more have it open")
        await cx.shows(f"customer #{key}, version 1")
        await ben.presence.leave()
        look(cx)
        await cx.shows("! cem and dan have it open")


async def test_a_save_whose_answer_was_lost_asks_nothing_of_what_others_did_after_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = Records.save

    async def lost(records: Records[Any], *given: Any, **more: Any) -> Any:
        await once(records, *given, **more)
        raise Unavailable("the database is away")

    async with both(url) as (cx, ben, key):
        await cx.type_into("name", "Globex")
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(Records, "save", lost)
            await cx.save()
            await cx.says("Not saved: the database is away")
        await save(ben, key, name="Initech")
        await cx.save()
        await cx.saved()
        assert (await now(ben, key)).name == "Initech"


async def test_a_form_looks_around_once_at_a_time_and_again_when_that_was_asked_for(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, let_go = 0, asyncio.Event()

    async def slow(_: Presence, customer_id: int) -> list[Editor]:
        nonlocal looks
        looks += 1
        await let_go.wait()
        return []

    async with both(url) as (cx, _, _):
        await cx.until(lambda: not any(each.group == "presence" for each in cx.app.workers), "the first look")
        monkeypatch.setattr(Presence, "at", slow)
        for _ in range(5):
            look(cx)
        await cx.pilot.pause(0.1)
        assert looks == 1
        let_go.set()
        await cx.until(lambda: looks == 2, "one more look")
        await cx.pilot.pause(0.1)
        assert looks == 2


async def test_others_see_where_i_am_and_that_i_have_gone(url: str) -> None:
    async with session_of(url) as session:
        await add(session, "Beta")
    async with both(url) as (cx, ben, key):
        other = key + 1
        await seen(cx, ben, key)
        await cx.do("customer_form.next")
        await cx.until(lambda: cx.form.values["name"] == "Beta")
        await seen(cx, ben, other)
        assert not await ben.presence.at(key)
        await cx.do("record_form.leave")
        await cx.saved()
        assert not await ben.presence.at(other)


async def test_forms_open_and_close_while_another_writes_very_much(url: str) -> None:
    async with both(url) as (cx, ben, _), ben.database.writing() as writing:
        await writing.execute(insert(kept_at).values(name="something"))
        async with asyncio.timeout(patient(8)):
            for _ in range(3):
                await cx.do("record_form.leave")
                await cx.saved()
                await cx.open_form()


def look(cx: Driver) -> None:
    """Look who is there now, not in some seconds."""
    assert isinstance(cx.screen, CustomerForm)
    cx.screen.presence.look_around()


async def seen(cx: Driver, session: Session, key: int) -> None:
    """Wait until others see that somebody has this customer open."""
    for _ in range(200):
        if await session.presence.at(key):
            return
        await cx.pilot.pause(0.005)
    raise AssertionError("nobody is seen")
