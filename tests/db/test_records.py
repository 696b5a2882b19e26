"""Saving one record: only what changed is written, others' changes stay, and all that follows is kept."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from cx_tui.db.delayed_changes import sit_down
from cx_tui.db.engine import Database
from cx_tui.db.tables import customer
from cx_tui.domain.history import Act, LogQuery
from cx_tui.domain.query import Query, StatusFilter
from cx_tui.domain.records.customer import Status
from cx_tui.domain.week import Week
from cx_tui.errors import Conflict, Invalid, NotFound
from cx_tui.services.session import Session
from tests.db.sessions import (
    ANA,
    BEN,
    add,
    add_contact,
    everything_follows,
    found,
    last,
    noted,
    scalar,
)


@pytest.fixture
def session(database: Database) -> Session:
    """Ana's."""
    return Session(database, ANA)


@pytest.fixture
def bens(database: Database) -> Session:
    """Ben's."""
    return Session(database, BEN)


async def test_a_new_customer_is_what_was_wanted_and_otherwise_empty(session: Session) -> None:
    made = await add(session, channels=7, tags=("b", "c"), allowed_times=Week(5))
    again = await session.records.get(made.id)
    assert again == made
    assert (again.version, again.name, again.channels, again.tags) == (1, "Acme", 7, ("b", "c"))
    assert (again.allowed_times, again.status, again.portal_areas) == (Week(5), Status.PENDING_APPROVAL, {})
    await everything_follows(session.database)


async def test_a_save_writes_only_fields_that_changed(session: Session) -> None:
    made = await add(session, channels=7, city="Bonn")
    said: list[str] = []

    @event.listens_for(session.database.engine.sync_engine, "before_cursor_execute")
    def listen(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        said.append(statement)

    done = await session.records.save(made, {"name": "Acme", "channels": 8, "city": "Bonn"})
    (written,) = [one for one in said if one.startswith("UPDATE customer")]
    columns = {part.split("=")[0].strip() for part in written.split("SET")[1].split("WHERE")[0].split(",")}
    assert columns == {"channels", "version", "changed_at"}
    assert done.record.version == 2
    assert done.record == await session.records.get(made.id)
    assert done.record.changed_at > made.changed_at
    _, (change,) = await last(session)
    assert (change.before, change.after) == ({"channels": "7"}, {"channels": "8"})


async def test_a_save_of_nothing_writes_and_notes_nothing(session: Session) -> None:
    made = await add(session)
    before = await noted(session.database)
    done = await session.records.save(made, {"name": "Acme", "channels": 0})
    assert done.operation_id is None
    assert done.record == made
    assert await noted(session.database) == before


async def test_fields_that_only_one_of_two_changed_are_merged(session: Session, bens: Session) -> None:
    made = await add(session)
    await session.records.save(made, {"channels": 5})
    merged = (await bens.records.save(made, {"city": "Paris"})).record
    assert (merged.channels, merged.city, merged.version) == (5, "Paris", 3)
    assert merged == await session.records.get(made.id)


async def test_the_same_field_is_a_conflict_that_writes_nothing(session: Session, bens: Session) -> None:
    made = await add(session)
    theirs = (await session.records.save(made, {"channels": 5, "city": "Rome"})).record
    before = await noted(session.database)
    with pytest.raises(Conflict, match=r"^ana \(\d\d:\d\d UTC\) changed Channels meanwhile$") as caught:
        await bens.records.save(made, {"channels": 6, "street": "1 High St"})
    assert caught.value.fields == ("channels",)
    assert caught.value.theirs == theirs == await session.records.get(made.id)
    assert await noted(session.database) == before


async def test_somebody_without_a_name_is_somebody_else(database: Database, bens: Session) -> None:
    nobody = Session(database)
    made = await add(nobody)
    await nobody.records.save(made, {"channels": 5})
    with pytest.raises(Conflict, match=r"^somebody else \(\d\d:\d\d UTC\) changed Channels meanwhile$"):
        await bens.records.save(made, {"channels": 6})


async def test_equal_changes_of_both_are_no_conflict(session: Session, bens: Session) -> None:
    made = await add(session)
    await session.records.save(made, {"channels": 5, "portal_areas": {"CDR": "hide", "Rates": "show"}})
    again = await bens.records.save(made, {"portal_areas": {"Rates": "show", "CDR": "hide"}, "channels": 5})
    assert (again.operation_id, again.record.version) == (None, 2)


async def test_what_was_deleted_meanwhile_is_not_found(session: Session, bens: Session) -> None:
    made = await add(session)
    await session.records.delete(made.id)
    for act in (
        bens.records.save(made, {"channels": 6}),
        bens.records.delete(made.id),
        bens.records.get(made.id),
        bens.records_of["contact"].create({"customer_id": made.id, "name": "Joe"}),
        bens.records_of["contact"].create({"customer_id": 99, "name": "Joe"}),
    ):
        with pytest.raises(NotFound, match="deleted"):
            await act


async def test_a_name_is_taken_in_any_case_and_said_at_its_field(session: Session) -> None:
    await add(session, "Straße 1")
    other = await add(session, "Globex")
    before = await noted(session.database)
    for act in (
        session.records.create({"name": "STRASSE 1", "currency": "USD"}),
        session.records.save(other, {"name": "strasse 1", "channels": 3}),
    ):
        with pytest.raises(Invalid) as caught:
            await act
        assert caught.value.problems == {"name": "another customer has this name"}
    assert await noted(session.database) == before
    assert (await session.records.get(other.id)).channels == 0


async def test_of_several_records_all_are_made_or_none(database: Database) -> None:
    session = Session(database, ANA)
    of, ips = (await add(session)).id, session.records_of["ip"]
    made = await ips.create_each({"customer_id": of}, [{"address": "192.0.2.1"}, {"address": "192.0.2.2"}])
    assert [one.record.address for one in made] == ["192.0.2.1", "192.0.2.2"]
    with pytest.raises(Invalid, match="host name"):
        await ips.create_each({"customer_id": of}, [{"address": "192.0.2.3"}, {"address": "pbx.example"}])
    assert [one.address for one in await ips.of_owner(of)] == ["192.0.2.1", "192.0.2.2"]


async def test_an_email_address_is_of_one_contact(session: Session) -> None:
    made = await add(session)
    await add_contact(session, made.id, email="joe@acme.example")
    jim = await add_contact(session, made.id, "Jim")
    await add_contact(session, made.id, "Without")
    contacts = session.records_of["contact"]
    for act in (
        contacts.create({"customer_id": made.id, "name": "X", "email": "joe@acme.example"}),
        contacts.save(jim, {"email": "joe@acme.example"}),
    ):
        with pytest.raises(Invalid) as caught:
            await act
        assert list(caught.value.problems) == ["email"]
    assert len(await contacts.of_owner(made.id)) == 3


async def test_the_currency_can_not_be_changed_by_any_save(session: Session) -> None:
    made = await add(session)
    sentence = "Currency can't be changed after creation"
    for act in (
        session.records.save(made, {"currency": "USD"}),
        session.delayed.order(made, {"currency": "USD"}, made.created_at),
    ):
        with pytest.raises(Invalid) as caught:
            await act
        assert caught.value.problems == {"currency": sentence}
    with pytest.raises(Invalid, match="Currency can't be edited in bulk"):
        await session.bulk.edit([made.id], {"currency": "USD"})
    with pytest.raises(IntegrityError, match="the currency of a customer can not be changed"):
        async with session.database.writing() as connection:
            await connection.execute(text("UPDATE customer SET currency = 'USD'"))
    assert (await session.records.get(made.id)).currency == "EUR"
    assert (await noted(session.database))[0] == 1


async def test_the_search_finds_new_names_tags_numbers_and_contacts(session: Session) -> None:
    made = await add(session, "Acme", tags=("retail",))
    await add(session, "Globex")
    assert await found(session, "acme") == await found(session, "retail") == [made.id]
    done = await session.records.save(made, {"name": "Umbrella", "tags": ("night",), "external_id": "AC-7"})
    for word in ("umbrella", "night", "ac-7"):
        assert await found(session, word) == [made.id]
    for word in ("acme", "retail"):
        assert await found(session, word) == []
    joe = await add_contact(session, made.id, "Joseph", phone="+4420794600", email="joe@u.example")
    assert await found(session, "joseph") == await found(session, "+4420794600") == [made.id]
    await session.records_of["contact"].save(joe, {"name": "Josephine", "email": None})
    assert await found(session, "josephine") == [made.id]
    assert await found(session, "joe@u") == []
    await session.records_of["contact"].delete(joe.id)
    assert await found(session, "josephine") == []
    assert done.record.version == (await session.records.get(made.id)).version
    await everything_follows(session.database)


async def test_contacts_are_counted_and_prove_their_customer(session: Session) -> None:
    made = await add(session, verify_email=True, verify_mobile=True)
    pending = Query(status=StatusFilter.PENDING)

    async def is_pending() -> bool:
        await everything_follows(session.database)
        return bool(await scalar(session.database, select(customer.c.pending)))

    assert await is_pending()
    assert await (await session.customers.list(pending)).ids(0, 9) == [made.id]
    joe = await add_contact(session, made.id, email_verified=True)
    assert await is_pending()
    joe = (await session.records_of["contact"].save(joe, {"mobile_verified": True})).record
    assert not await is_pending()
    joe = (await session.records_of["contact"].save(joe, {"email_verified": False})).record
    assert await is_pending()
    await session.records.save(made, {"verify_email": False})
    assert not await is_pending()
    await session.records_of["contact"].delete(joe.id)
    assert await is_pending()


CHANGES: dict[str, dict[str, Any]] = {
    "credit": {"debit_limit": Decimal(-5)},
    "limit of the day": {"daily_limit": Decimal(0)},
    "broken TOML": {"toml": "a = "},
    "good TOML": {"toml": "a = 1"},
    "hours": {"allowed_times": Week(), "time_zone": "Asia/Kolkata"},
    "always": {"allowed_times": None},
    "proofs": {"verify_email": True, "verify_mobile": True},
    "a name in other letters": {"name": "ﬁne Straße ﷺ"},
    "several": {
        "name": "Other",
        "tags": ("x", "y"),
        "toml": "[",
        "daily_limit": None,
        "status": Status.ACTIVE,
    },
}


async def test_all_that_is_kept_follows_every_save(session: Session) -> None:
    one = await add(session, debit_limit=Decimal(10), toml="[", allowed_times=Week(1))
    await everything_follows(session.database)
    for values in CHANGES.values():
        one = (await session.records.save(one, values)).record
        await everything_follows(session.database)
        assert one == await session.records.get(one.id)


async def test_a_deleted_customer_is_nowhere_and_its_name_is_free(session: Session) -> None:
    made = await add(session, "Acme", status=Status.ACTIVE)
    other = await add(session, "Globex", status=Status.ACTIVE)
    done = await session.records.delete(made.id)
    assert done.operation_id
    operation, (change,) = await last(session)
    assert (operation.act, change.act, change.before, change.after) == (Act.DELETE, Act.DELETE, {}, {})
    assert await (await session.customers.list(Query())).ids(0, 9) == [other.id]
    assert await found(session, "acme") == []
    counts = await session.customers.status_counts()
    assert (counts[StatusFilter.ALL], counts[StatusFilter.ACTIVE]) == (1, 1)
    again = await add(session, "ACME")
    assert await found(session, "acme") == [again.id]
    await everything_follows(session.database)


async def test_who_has_a_customer_open_is_known_to_others(session: Session, bens: Session) -> None:
    made = await add(session)
    assert await session.presence.at(made.id) == []
    (seen,) = await bens.presence.at(made.id)
    assert (seen.who, seen.origin) == (ANA.name, ANA.origin)
    assert [one.who for one in await session.presence.at(made.id)] == ["ben"]
    await bens.presence.leave()
    assert await session.presence.at(made.id) == []


async def test_a_save_that_was_not_answered_is_not_done_again(session: Session, bens: Session) -> None:
    made, before = await add(session), datetime.now(UTC)
    first = await session.records.save(made, {"name": "Globex"})
    await bens.records.save(first.record, {"name": "Initech"})
    again = await session.records.save(made, {"name": "Globex"}, tried_at=before)
    assert (again.operation_id, again.record.name) == (first.operation_id, "Initech")
    for who, values, tried_at in (
        (bens, {"name": "Globex"}, before),
        (session, {"name": "Acme Corp"}, before),
        (session, {"name": "Globex"}, datetime.now(UTC)),
        (session, {"name": "Globex"}, None),
    ):
        with pytest.raises(Conflict):
            await who.records.save(made, values, tried_at=tried_at)
    assert (await session.records.get(made.id)).name == "Initech"


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_who_has_a_customer_open_may_say_so_twice_at_a_time(kind: str, session: Session) -> None:
    made, now = await add(session), datetime.now(UTC)
    async with session.database.writing() as first:
        await sit_down(first, made.id, "mine", ANA, now)

        async def say_it_again() -> None:
            async with session.database.writing() as second:
                await sit_down(second, made.id, "mine", ANA, now)

        again = asyncio.create_task(say_it_again())
        await asyncio.wait([again], timeout=0.3)
        assert not again.done()  # it waits for the first one, which is not seen yet
    await again
    assert [one.who for one in await session.presence.at(made.id)] == [ANA.name]


async def test_the_log_of_a_customer_has_what_was_done_to_its_contacts(session: Session) -> None:
    made, other = await add(session), await add(session, "Globex")
    await add_contact(session, made.id)
    await add_contact(session, other.id)
    titles = [one.title for one in await session.log.operations(LogQuery(customer_id=made.id), 9)]
    assert titles == ["contact Joe", "Acme"]
