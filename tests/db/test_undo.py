"""Undoing an operation: all of it that nobody touched since, and a sentence for the rest."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from cx_tui.db.engine import Database
from cx_tui.db.history_tables import change, operation
from cx_tui.db.tables import customer
from cx_tui.domain.history import Act, LogQuery
from cx_tui.domain.records.customer import Status
from cx_tui.domain.week import Week
from cx_tui.errors import Invalid, NotFound, Refused
from cx_tui.services.history import undo as undo_module
from cx_tui.services.seeding import seed
from cx_tui.services.session import Session
from tests.conftest import WORLD_NOW
from tests.db.sessions import ANA, BEN, add, add_contact, everything_follows, found, noted, scalar

KEPT = {"version", "changed_at"}


@pytest.fixture
def session(database: Database) -> Session:
    """Ana's."""
    return Session(database, ANA)


def same(one: Any, other: Any) -> bool:
    """Whether two records have the same values, whenever they were changed."""
    return all(vars(one)[name] == vars(other)[name] for name in vars(one).keys() - KEPT)


async def newest(session: Session) -> int:
    return (await session.log.operations(LogQuery(), 1))[0].id


async def test_a_save_is_undone_and_redone(session: Session) -> None:
    made = await add(session, "Acme", toml="a = 1")
    wanted = {"name": "Globex", "toml": "[", "allowed_times": Week(), "daily_limit": Decimal(0)}
    saved = await session.records.save(made, wanted)
    assert saved.operation_id
    undone = await Session(session.database, BEN).log.undo(saved.operation_id)
    assert (undone.records, undone.refused, undone.why) == (1, 0, ())
    back = await session.records.get(made.id)
    assert same(back, made)
    assert back.version == 3
    assert await found(session, "acme") == [made.id]
    await everything_follows(session.database)
    (undo, edit, _) = await session.log.operations(LogQuery(), 9)
    assert (undo.act, undo.who, undo.undoes, undo.records) == (Act.UNDO, "ben", edit.id, 1)
    assert undo.title.startswith(f"Change #{edit.id}: ")
    assert edit.undone_by == undo.id

    redone = await session.log.undo(undone.operation_id)
    assert redone.records == 1
    assert same(await session.records.get(made.id), saved.record)
    assert (await session.log.operations(LogQuery(), 9))[2].undone_by is None
    await everything_follows(session.database)
    assert (await session.log.undo(saved.operation_id)).records == 1
    assert same(await session.records.get(made.id), made)


async def test_an_operation_is_undone_once(session: Session) -> None:
    made = await add(session)
    saved = await session.records.save(made, {"channels": 5})
    assert saved.operation_id
    undone = await session.log.undo(saved.operation_id)
    before = await noted(session.database)
    with pytest.raises(Refused, match=f"undone already, by operation {undone.operation_id}"):
        await session.log.undo(saved.operation_id)
    with pytest.raises(NotFound, match="no operation 999"):
        await session.log.undo(999)
    assert await noted(session.database) == before


async def test_what_was_changed_since_stays_and_is_said(session: Session) -> None:
    made = await add(session)
    saved = await session.records.save(made, {"channels": 5, "city": "Rome", "flow_speed": 3})
    await session.records.save(saved.record, {"channels": 6, "street": "1 High St"})
    assert saved.operation_id
    undone = await session.log.undo(saved.operation_id)
    assert (undone.records, undone.refused) == (1, 1)
    assert undone.why == ("Acme: Channels was changed since",)
    now = await session.records.get(made.id)
    assert (now.channels, now.city, now.flow_speed, now.street) == (6, "", 0, "1 High St")


async def test_when_nothing_can_be_undone_nothing_is_written(session: Session) -> None:
    made = await add(session)
    saved = await session.records.save(made, {"channels": 5})
    await session.records.save(saved.record, {"channels": 6})
    before = await noted(session.database)
    assert saved.operation_id
    with pytest.raises(Refused, match=r"^nothing of it can be undone: .*Channels was changed since$"):
        await session.log.undo(saved.operation_id)
    assert await noted(session.database) == before


async def test_a_value_that_came_back_by_itself_is_as_it_was_given(session: Session) -> None:
    made = await add(session)
    saved = await session.records.save(made, {"channels": 5})
    away = await session.records.save(saved.record, {"channels": 6})
    await session.records.save(away.record, {"channels": 5})
    assert saved.operation_id
    assert (await session.log.undo(saved.operation_id)).records == 1
    assert (await session.records.get(made.id)).channels == 0


async def test_areas_are_the_same_in_any_order(session: Session) -> None:
    """PostgreSQL keeps them in an order of its own."""
    areas = {"Balance": "hide", "CDR": "show", "Latest Calls": "hide", "DID": "show"}
    made = await add(session)
    saved = await session.records.save(made, {"portal_areas": areas, "city": "Rome"})
    assert saved.operation_id
    undone = await session.log.undo(saved.operation_id)
    assert (undone.records, undone.why) == (1, ())
    await session.log.undo(undone.operation_id)
    assert (await session.records.get(made.id)).portal_areas == areas


async def test_a_create_is_undone_by_deleting_and_redone_by_bringing_back(session: Session) -> None:
    made = await add(session)
    undone = await session.log.undo(1)
    with pytest.raises(NotFound):
        await session.records.get(made.id)
    assert await found(session, "acme") == []
    redone = await session.log.undo(undone.operation_id)
    assert same(await session.records.get(made.id), made)
    assert await found(session, "acme") == [made.id]
    await everything_follows(session.database)
    assert (await session.log.undo(redone.operation_id)).records == 1
    with pytest.raises(NotFound):
        await session.records.get(made.id)


async def test_a_create_is_not_undone_when_it_was_changed_or_deleted_since(session: Session) -> None:
    one = await add(session, "One")
    await session.records.save(one, {"channels": 3})
    with pytest.raises(Refused, match="it was changed since it was created"):
        await session.log.undo(1)
    two = await add(session, "Two")
    created = await newest(session)
    await session.records.delete(two.id)
    with pytest.raises(Refused, match="it was deleted since"):
        await session.log.undo(created)


async def test_a_delete_is_undone_with_all_that_follows(session: Session) -> None:
    made = await add(session, verify_email=True)
    await add_contact(session, made.id, "Joseph", email_verified=True)
    before = await session.records.get(made.id)
    done = await session.records.delete(made.id)
    assert done.operation_id
    await session.log.undo(done.operation_id)
    assert same(await session.records.get(made.id), before)
    assert await found(session, "joseph") == [made.id]
    await everything_follows(session.database)


async def test_deleted_customers_whose_names_were_taken_stay_deleted_and_the_rest_comes_back(
    session: Session,
) -> None:
    ids = [(await add(session, name)).id for name in ("Acme", "Globex", "Initech")]
    done = await session.bulk.delete(ids)
    new = await add(session, "GLOBEX")
    undone = await session.log.undo(done.operation_id)
    assert (undone.records, undone.refused) == (2, 1)
    assert undone.why == ("Globex: another customer has its Name now",)
    assert [one.name for one in [await session.records.get(key) for key in (ids[0], new.id, ids[2])]] == [
        "Acme",
        "GLOBEX",
        "Initech",
    ]
    with pytest.raises(NotFound):
        await session.records.get(ids[1])
    await everything_follows(session.database)


async def test_a_name_that_was_taken_is_not_given_back_but_the_other_fields_are(session: Session) -> None:
    made = await add(session, "Straße")
    saved = await session.records.save(made, {"name": "Globex", "channels": 5})
    await add(session, "STRASSE")
    assert saved.operation_id
    undone = await session.log.undo(saved.operation_id)
    assert undone.why == ("Globex: another customer has its Name now",)
    assert (undone.records, undone.refused) == (1, 1)
    now = await session.records.get(made.id)
    assert (now.name, now.channels) == ("Globex", 0)


async def test_contacts_are_undone_and_their_taken_addresses_refused(session: Session) -> None:
    made = await add(session)
    contacts = session.records_of["contact"]
    joe = await add_contact(session, made.id, "Joe", email="joe@acme.example", email_verified=True)
    saved = await contacts.save(joe, {"email": "j@acme.example", "phone": "+447700900123"})
    jim = await add_contact(session, made.id, "Jim", email="joe@acme.example")
    assert saved.operation_id
    undone = await session.log.undo(saved.operation_id)
    assert undone.why == (f"contact #{joe.id} of Acme: another contact has its E-mail now",)
    now = await contacts.get(joe.id)
    assert (now.email, now.phone) == ("j@acme.example", "")
    gone = await contacts.delete(jim.id)
    await contacts.save(now, {"email": "joe@acme.example"})
    assert gone.operation_id
    with pytest.raises(Refused, match="another contact has its E-mail now"):
        await session.log.undo(gone.operation_id)
    await contacts.delete(joe.id)
    assert (await session.log.undo(gone.operation_id)).records == 1
    assert [one.name for one in await contacts.of_owner(made.id)] == ["Jim"]
    await everything_follows(session.database)


async def test_a_password_is_not_given_back(session: Session) -> None:
    made = await add(session)
    joe = await add_contact(session, made.id, password_hash="scrypt$1")
    saved = await session.records_of["contact"].save(joe, {"password_hash": "scrypt$2", "type": "NOC"})
    assert saved.operation_id
    undone = await session.log.undo(saved.operation_id)
    assert undone.why == (f"contact #{joe.id} of Acme: Password was never written down",)
    now = await session.records_of["contact"].get(joe.id)
    assert (now.password_hash, now.type) == ("scrypt$2", "")


async def test_a_delayed_change_is_undone(session: Session) -> None:
    made = await add(session)
    await session.delayed.order(made, {"channels": 5}, datetime.now(UTC) - timedelta(seconds=1))
    assert await session.delayed.run_due() == 1
    undone = await session.log.undo(await newest(session))
    assert undone.records == 1
    assert same(await session.records.get(made.id), made)


async def test_the_currency_can_not_be_changed_by_an_undo(session: Session) -> None:
    made = await add(session)
    async with session.database.writing() as connection:
        forged = {
            "at": made.created_at,
            "who": "x",
            "origin": "",
            "act": Act.UPDATE,
            "title": "",
            "records": 1,
        }
        await connection.execute(insert(operation).values(id=77, **forged))
        texts = {"before": {"currency": "USD", "city": "Rome"}, "after": {"currency": "EUR", "city": ""}}
        of = {"record": "customer", "record_id": made.id, "customer_id": made.id, "act": Act.UPDATE}
        await connection.execute(insert(change).values(operation_id=77, **of, **texts))
    undone = await session.log.undo(77)
    assert undone.why == ("Acme: Currency can't be changed after creation",)
    now = await session.records.get(made.id)
    assert (now.currency, now.city) == ("EUR", "Rome")


async def test_a_bulk_edit_is_undone_but_for_those_changed_since(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_module, "SLICE", 7)
    before = [await add(session, f"Customer {number}", channels=number % 3) for number in range(40)]
    ids = [one.id for one in before]
    values = {"channels": 1, "status": Status.ACTIVE, "portal_areas": {"CDR": "hide"}, "tags": ("a", "b")}
    done = await session.bulk.edit(ids, values)
    await session.records.save(await session.records.get(ids[3]), {"channels": 99})
    await session.records.delete(ids[4])
    told: list[tuple[int, int]] = []
    undone = await session.log.undo(done.operation_id, lambda *progress: told.append(progress))
    assert told[-1] == (40, 40)
    assert (undone.records, undone.refused) == (39, 2)
    assert set(undone.why) == {
        "Customer 3: Channels was changed since",
        "Customer 4: it no longer exists",
    }
    for number, one in enumerate(before):
        if number not in (3, 4):
            assert same(await session.records.get(one.id), one)
    third = await session.records.get(ids[3])
    assert (third.channels, third.status, third.tags) == (99, before[3].status, ())
    await everything_follows(session.database)


async def test_reasons_are_named_up_to_a_number_and_counted_beyond(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_module, "NAMED", 3)
    ids = [(await add(session, f"Customer {number}")).id for number in range(10)]
    done = await session.bulk.edit(ids, {"channels": 1})
    await session.bulk.edit(ids[1:], {"channels": 2})
    undone = await session.log.undo(done.operation_id)
    assert (undone.records, undone.refused, len(undone.why)) == (1, 9, 3)


@pytest.mark.parametrize("many", [3_000, pytest.param(20_000, marks=pytest.mark.slow)])
async def test_a_bulk_edit_and_a_delete_of_thousands_are_undone(session: Session, many: int) -> None:
    await seed(session.database, many, 3, now=WORLD_NOW)
    sums = select(customer.c.id, customer.c.channels, customer.c.portal_areas, customer.c.deleted_at)

    async def all_of_them() -> list[Any]:
        async with session.database.reading() as connection:
            return [tuple(row) for row in await connection.execute(sums.order_by(customer.c.id))]

    before = await all_of_them()
    edited = await session.bulk.edit(range(1, many + 1), {"channels": 1, "portal_areas": {"CDR": "hide"}})
    assert edited.changed > many * 3 // 4
    deleted = await session.bulk.delete(range(1, many + 1))
    assert await scalar(session.database, "SELECT count(*) FROM customer WHERE deleted_at IS NULL") == 0
    assert (await session.log.undo(deleted.operation_id)).records == deleted.changed
    undone = await session.log.undo(edited.operation_id)
    assert (undone.records, undone.refused) == (edited.changed, 0)
    assert await all_of_them() == before


async def test_a_name_that_is_taken_at_the_very_moment_fails_in_words(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await add(session, "Acme")
    saved = await session.records.save(made, {"name": "Globex"})

    async def nobody(*_: Any) -> set[int]:
        return set()

    monkeypatch.setattr(undo_module, "taken", nobody)
    other = await add(session, "Other")
    async with session.database.writing() as connection:
        taken = update(customer).where(customer.c.id == other.id)
        await connection.execute(taken.values(name="ACME", name_key="acme"))
    assert saved.operation_id
    with pytest.raises(Invalid, match="another customer has this name"):
        await session.log.undo(saved.operation_id)
    assert (await session.records.get(made.id)).name == "Globex"
