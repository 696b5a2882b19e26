"""Undoing an operation: all of it that nobody touched since, and a sentence for the rest."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from cx_tui.db.engine import Database
from cx_tui.db.history_tables import change, operation
from cx_tui.db.tables import customer
from cx_tui.domain.customer import Status
from cx_tui.domain.history import Act, LogQuery
from cx_tui.domain.week import Week
from cx_tui.errors import Invalid, NotFound, Refused
from cx_tui.services import undoing
from cx_tui.services.office import Office
from cx_tui.services.seeding import seed
from tests.conftest import WORLD_NOW
from tests.db.offices import ANA, BEN, add, add_contact, everything_follows, found, noted, scalar

KEPT = {"version", "changed_at"}


@pytest.fixture
def office(database: Database) -> Office:
    """Ana's."""
    return Office(database, ANA)


def same(one: Any, other: Any) -> bool:
    """Whether two records have the same values, whenever they were changed."""
    return all(vars(one)[name] == vars(other)[name] for name in vars(one).keys() - KEPT)


async def newest(office: Office) -> int:
    return (await office.log.operations(LogQuery(), 1))[0].id


async def test_a_save_is_undone_and_redone(office: Office) -> None:
    made = await add(office, "Acme", toml="a = 1")
    wanted = {"name": "Globex", "toml": "[", "allowed_times": Week(), "daily_limit": Decimal(0)}
    saved = await office.records.save(made, wanted)
    assert saved.operation_id
    undone = await Office(office.database, BEN).log.undo(saved.operation_id)
    assert (undone.records, undone.refused, undone.why) == (1, 0, ())
    back = await office.records.get(made.id)
    assert same(back, made)
    assert back.version == 3
    assert await found(office, "acme") == [made.id]
    await everything_follows(office.database)
    (undo, edit, _) = await office.log.operations(LogQuery(), 9)
    assert (undo.act, undo.who, undo.undoes, undo.records) == (Act.UNDO, "ben", edit.id, 1)
    assert undo.title.startswith(f"Change #{edit.id}: ")
    assert edit.undone_by == undo.id

    redone = await office.log.undo(undone.operation_id)
    assert redone.records == 1
    assert same(await office.records.get(made.id), saved.record)
    assert (await office.log.operations(LogQuery(), 9))[2].undone_by is None
    await everything_follows(office.database)
    assert (await office.log.undo(saved.operation_id)).records == 1
    assert same(await office.records.get(made.id), made)


async def test_an_operation_is_undone_once(office: Office) -> None:
    made = await add(office)
    saved = await office.records.save(made, {"channels": 5})
    assert saved.operation_id
    undone = await office.log.undo(saved.operation_id)
    before = await noted(office.database)
    with pytest.raises(Refused, match=f"undone already, by operation {undone.operation_id}"):
        await office.log.undo(saved.operation_id)
    with pytest.raises(NotFound, match="no operation 999"):
        await office.log.undo(999)
    assert await noted(office.database) == before


async def test_what_was_changed_since_stays_and_is_said(office: Office) -> None:
    made = await add(office)
    saved = await office.records.save(made, {"channels": 5, "city": "Rome", "flow_speed": 3})
    await office.records.save(saved.record, {"channels": 6, "street": "1 High St"})
    assert saved.operation_id
    undone = await office.log.undo(saved.operation_id)
    assert (undone.records, undone.refused) == (1, 1)
    assert undone.why == (f"customer #{made.id}: Channels was changed since",)
    now = await office.records.get(made.id)
    assert (now.channels, now.city, now.flow_speed, now.street) == (6, "", 0, "1 High St")


async def test_when_nothing_can_be_undone_nothing_is_written(office: Office) -> None:
    made = await add(office)
    saved = await office.records.save(made, {"channels": 5})
    await office.records.save(saved.record, {"channels": 6})
    before = await noted(office.database)
    assert saved.operation_id
    with pytest.raises(Refused, match=r"^nothing of it can be undone: .*Channels was changed since$"):
        await office.log.undo(saved.operation_id)
    assert await noted(office.database) == before


async def test_a_value_that_came_back_by_itself_is_as_it_was_given(office: Office) -> None:
    made = await add(office)
    saved = await office.records.save(made, {"channels": 5})
    away = await office.records.save(saved.record, {"channels": 6})
    await office.records.save(away.record, {"channels": 5})
    assert saved.operation_id
    assert (await office.log.undo(saved.operation_id)).records == 1
    assert (await office.records.get(made.id)).channels == 0


async def test_areas_are_the_same_in_any_order(office: Office) -> None:
    """PostgreSQL keeps them in an order of its own."""
    areas = {"Balance": "hide", "CDR": "show", "Latest Calls": "hide", "DID": "show"}
    made = await add(office)
    saved = await office.records.save(made, {"portal_areas": areas, "city": "Rome"})
    assert saved.operation_id
    undone = await office.log.undo(saved.operation_id)
    assert (undone.records, undone.why) == (1, ())
    await office.log.undo(undone.operation_id)
    assert (await office.records.get(made.id)).portal_areas == areas


async def test_a_create_is_undone_by_deleting_and_redone_by_bringing_back(office: Office) -> None:
    made = await add(office)
    undone = await office.log.undo(1)
    with pytest.raises(NotFound):
        await office.records.get(made.id)
    assert await found(office, "acme") == []
    redone = await office.log.undo(undone.operation_id)
    assert same(await office.records.get(made.id), made)
    assert await found(office, "acme") == [made.id]
    await everything_follows(office.database)
    assert (await office.log.undo(redone.operation_id)).records == 1
    with pytest.raises(NotFound):
        await office.records.get(made.id)


async def test_a_create_is_not_undone_when_it_was_changed_or_deleted_since(office: Office) -> None:
    one = await add(office, "One")
    await office.records.save(one, {"channels": 3})
    with pytest.raises(Refused, match="it was changed since it was created"):
        await office.log.undo(1)
    two = await add(office, "Two")
    created = await newest(office)
    await office.records.delete(two.id)
    with pytest.raises(Refused, match="it was deleted since"):
        await office.log.undo(created)


async def test_a_delete_is_undone_with_all_that_follows(office: Office) -> None:
    made = await add(office, verify_email=True)
    await add_contact(office, made.id, "Joseph", email_verified=True)
    before = await office.records.get(made.id)
    done = await office.records.delete(made.id)
    assert done.operation_id
    await office.log.undo(done.operation_id)
    assert same(await office.records.get(made.id), before)
    assert await found(office, "joseph") == [made.id]
    await everything_follows(office.database)


async def test_deleted_customers_whose_names_were_taken_stay_deleted_and_the_rest_comes_back(
    office: Office,
) -> None:
    ids = [(await add(office, name)).id for name in ("Acme", "Globex", "Initech")]
    done = await office.together.delete(ids)
    new = await add(office, "GLOBEX")
    undone = await office.log.undo(done.operation_id)
    assert (undone.records, undone.refused) == (2, 1)
    assert undone.why == (f"customer #{ids[1]}: another customer has its Name now",)
    assert [one.name for one in [await office.records.get(key) for key in (ids[0], new.id, ids[2])]] == [
        "Acme",
        "GLOBEX",
        "Initech",
    ]
    with pytest.raises(NotFound):
        await office.records.get(ids[1])
    await everything_follows(office.database)


async def test_a_name_that_was_taken_is_not_given_back_but_the_other_fields_are(office: Office) -> None:
    made = await add(office, "Straße")
    saved = await office.records.save(made, {"name": "Globex", "channels": 5})
    await add(office, "STRASSE")
    assert saved.operation_id
    undone = await office.log.undo(saved.operation_id)
    assert undone.why == (f"customer #{made.id}: another customer has its Name now",)
    assert (undone.records, undone.refused) == (1, 1)
    now = await office.records.get(made.id)
    assert (now.name, now.channels) == ("Globex", 0)


async def test_contacts_are_undone_and_their_taken_addresses_refused(office: Office) -> None:
    made = await add(office)
    contacts = office.cards["contact"]
    joe = await add_contact(office, made.id, "Joe", email="joe@acme.example", email_verified=True)
    saved = await contacts.save(joe, {"email": "j@acme.example", "phone": "+447700900123"})
    jim = await add_contact(office, made.id, "Jim", email="joe@acme.example")
    assert saved.operation_id
    undone = await office.log.undo(saved.operation_id)
    assert undone.why == (f"contact #{joe.id}: another contact has its E-mail now",)
    now = await contacts.get(joe.id)
    assert (now.email, now.phone) == ("j@acme.example", "")
    gone = await contacts.delete(jim.id)
    await contacts.save(now, {"email": "joe@acme.example"})
    assert gone.operation_id
    with pytest.raises(Refused, match="another contact has its E-mail now"):
        await office.log.undo(gone.operation_id)
    await contacts.delete(joe.id)
    assert (await office.log.undo(gone.operation_id)).records == 1
    assert [one.name for one in await contacts.of_customer(made.id)] == ["Jim"]
    await everything_follows(office.database)


async def test_a_password_is_not_given_back(office: Office) -> None:
    made = await add(office)
    joe = await add_contact(office, made.id, password_hash="scrypt$1")
    saved = await office.cards["contact"].save(joe, {"password_hash": "scrypt$2", "type": "NOC"})
    assert saved.operation_id
    undone = await office.log.undo(saved.operation_id)
    assert undone.why == (f"contact #{joe.id}: Password was never written down",)
    now = await office.cards["contact"].get(joe.id)
    assert (now.password_hash, now.type) == ("scrypt$2", "")


async def test_a_delayed_change_is_undone(office: Office) -> None:
    made = await add(office)
    await office.delayed.order(made, {"channels": 5}, datetime.now(UTC) - timedelta(seconds=1))
    assert await office.delayed.run_due() == 1
    undone = await office.log.undo(await newest(office))
    assert undone.records == 1
    assert same(await office.records.get(made.id), made)


async def test_the_currency_can_not_be_changed_by_an_undo(office: Office) -> None:
    made = await add(office)
    async with office.database.writing() as connection:
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
    undone = await office.log.undo(77)
    assert undone.why == (f"customer #{made.id}: Currency can't be changed after creation",)
    now = await office.records.get(made.id)
    assert (now.currency, now.city) == ("EUR", "Rome")


async def test_a_bulk_edit_is_undone_but_for_those_changed_since(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "SLICE", 7)
    before = [await add(office, f"Customer {number}", channels=number % 3) for number in range(40)]
    ids = [one.id for one in before]
    values = {"channels": 1, "status": Status.ACTIVE, "portal_areas": {"CDR": "hide"}, "tags": ("a", "b")}
    done = await office.together.edit(ids, values)
    await office.records.save(await office.records.get(ids[3]), {"channels": 99})
    await office.records.delete(ids[4])
    told: list[tuple[int, int]] = []
    undone = await office.log.undo(done.operation_id, lambda *progress: told.append(progress))
    assert told[-1] == (40, 40)
    assert (undone.records, undone.refused) == (39, 2)
    assert set(undone.why) == {
        f"customer #{ids[3]}: Channels was changed since",
        f"customer #{ids[4]}: it is not there any more",
    }
    for number, one in enumerate(before):
        if number not in (3, 4):
            assert same(await office.records.get(one.id), one)
    third = await office.records.get(ids[3])
    assert (third.channels, third.status, third.tags) == (99, before[3].status, ())
    await everything_follows(office.database)


async def test_reasons_are_named_up_to_a_number_and_counted_beyond(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undoing, "NAMED", 3)
    ids = [(await add(office, f"Customer {number}")).id for number in range(10)]
    done = await office.together.edit(ids, {"channels": 1})
    await office.together.edit(ids[1:], {"channels": 2})
    undone = await office.log.undo(done.operation_id)
    assert (undone.records, undone.refused, len(undone.why)) == (1, 9, 3)


async def test_a_bulk_edit_and_a_delete_of_20_000_are_undone(office: Office) -> None:
    await seed(office.database, 20_000, 3, now=WORLD_NOW)
    sums = select(customer.c.id, customer.c.channels, customer.c.portal_areas, customer.c.deleted_at)

    async def all_of_them() -> list[Any]:
        async with office.database.reading() as connection:
            return [tuple(row) for row in await connection.execute(sums.order_by(customer.c.id))]

    before = await all_of_them()
    edited = await office.together.edit(range(1, 20_001), {"channels": 1, "portal_areas": {"CDR": "hide"}})
    assert edited.changed > 15_000
    deleted = await office.together.delete(range(1, 20_001))
    assert await scalar(office.database, "SELECT count(*) FROM customer WHERE deleted_at IS NULL") == 0
    assert (await office.log.undo(deleted.operation_id)).records == deleted.changed
    undone = await office.log.undo(edited.operation_id)
    assert (undone.records, undone.refused) == (edited.changed, 0)
    assert await all_of_them() == before


async def test_a_name_that_is_taken_at_the_very_moment_fails_in_words(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await add(office, "Acme")
    saved = await office.records.save(made, {"name": "Globex"})

    async def nobody(*_: Any) -> set[int]:
        return set()

    monkeypatch.setattr(undoing, "taken", nobody)
    other = await add(office, "Other")
    async with office.database.writing() as connection:
        taken = update(customer).where(customer.c.id == other.id)
        await connection.execute(taken.values(name="ACME", name_key="acme"))
    assert saved.operation_id
    with pytest.raises(Invalid, match="another customer has this name"):
        await office.log.undo(saved.operation_id)
    assert (await office.records.get(made.id)).name == "Globex"
