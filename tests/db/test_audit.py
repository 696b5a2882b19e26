"""The log: written with the change or not at all, exact for every field, and without any secret."""

import json
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, inspect, text, update

from cx_tui.db import history, log_blocks
from cx_tui.db.engine import Database
from cx_tui.db.history_tables import operation
from cx_tui.db.tables import metadata
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import SECRET, Act, LogQuery, texts, typed_fields, values
from cx_tui.domain.kinds import Secret
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.who import Who
from cx_tui.services.session import Session
from tests.conftest import opened, run
from tests.db.sessions import ANA, BEN, add, add_contact, everything_follows, last, noted, scalar
from tests.unit.test_history import values_of

CANARY = "canary-7f3a"


@pytest.fixture
def session(database: Database) -> Session:
    """Ana's."""
    return Session(database, ANA)


@pytest.fixture(scope="module")
def url_of(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """One database of each kind for all examples."""
    urls: dict[str, str] = {}

    def url(kind: str) -> str:
        if kind not in urls:
            urls[kind] = _copy(request, kind)
        return urls[kind]

    return url


def _copy(request: pytest.FixtureRequest, kind: str) -> str:
    if kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        path = request.getfixturevalue("tmp_path_factory").mktemp("audit") / "cx.db"
        path.write_bytes(template.read_bytes())
        return f"sqlite:///{path}"
    return str(request.getfixturevalue("postgres").create(request.getfixturevalue("postgres_template")))


def moved(one: Any) -> dict[str, Any]:
    """A record but for when it was changed."""
    return {name: value for name, value in vars(one).items() if name not in ("version", "changed_at")}


def drawn(record: type, keep: set[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Values for all typed fields of a record; those of unique fields are made apart."""
    every = {name: one for name, one in typed_fields(record).items() if name not in keep}
    return st.fixed_dictionaries({name: values_of(one) for name, one in every.items()})


@pytest.mark.parametrize("card", [False, True], ids=["customer", "contact"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(data=st.data())
def test_any_change_of_every_field_is_in_the_log_as_it_was_and_undone_from_it(
    url_of: Callable[[str], str], card: bool, data: st.DataObject
) -> None:
    any_change(url_of("sqlite"), card, data)


@pytest.mark.parametrize("card", [False, True], ids=["customer", "contact"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=4)
@given(data=st.data())
def test_some_changes_of_every_field_are_so_on_postgresql_too(
    url_of: Callable[[str], str], card: bool, data: st.DataObject
) -> None:
    any_change(url_of("postgresql"), card, data)


def any_change(url: str, card: bool, data: st.DataObject) -> None:
    """Make some values, change them and undo it."""
    record: type = Contact if card else Customer
    aside = {"email", "password_hash"} if card else {"name", "currency"}
    before, after = data.draw(drawn(record, aside)), data.draw(drawn(record, aside))

    async def check() -> None:
        async with opened(url) as database:
            session = Session(database, ANA)
            number = (await noted(database))[1]
            made = await add(session, f"Acme {number}", **({} if card else before))
            records = session.records_of["contact"] if card else session.records
            one: Any = made
            if card:
                one = await add_contact(session, made.id, **before)
            saved = await records.save(one, after)
            differing = {name for name in after if after[name] != getattr(one, name)}
            if not differing:
                assert saved.operation_id is None
                return
            stored = await records.get(one.id)
            assert moved(stored) == moved(saved.record) == {**moved(one), **after}
            assert saved.operation_id
            (change,) = await session.log.changes(saved.operation_id, 9)
            assert values(record, change.before) == {name: getattr(one, name) for name in differing}
            assert values(record, change.after) == {name: after[name] for name in differing}
            undone = await session.log.undo(saved.operation_id)
            assert undone.why == ()
            assert moved(await records.get(one.id)) == moved(one)

    run(check())


async def test_a_save_that_fails_is_not_in_the_log(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await add(session)
    joe = await add_contact(session, made.id)
    before = await noted(session.database)

    async def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    noting = ((history, "note"), (history, "note_many"), (log_blocks, "note"))
    for failing in (noting, ((history, "begin"),)):
        with monkeypatch.context() as patch:
            for where, name in failing:
                patch.setattr(where, name, fail)
            for act in (
                session.records.save(made, {"name": "Globex"}),
                session.records.delete(made.id),
                session.records.create({"name": "New", "currency": "EUR"}),
                session.records_of["contact"].save(joe, {"name": "Jim"}),
                session.bulk.edit([made.id], {"channels": 7}),
                session.bulk.delete([made.id]),
                session.log.undo(1),
            ):
                with pytest.raises(ZeroDivisionError):
                    await act
    assert await noted(session.database) == before
    assert await session.records.get(made.id) == made
    assert await scalar(session.database, "SELECT count(*) FROM customer") == 1


async def test_a_change_and_its_note_are_one_transaction(session: Session) -> None:
    made = await add(session)
    ends: list[str] = []
    engine = session.database.engine.sync_engine
    event.listen(engine, "commit", lambda _: ends.append("commit"))
    event.listen(engine, "rollback", lambda _: ends.append("rollback"))
    await session.records.save(made, {"name": "Globex", "channels": 5})
    await session.bulk.edit([made.id], {"channels": 6})
    assert [end for end in ends if end == "commit"] == ["commit"] * 2


async def test_no_secret_is_anywhere_but_in_its_own_column(session: Session) -> None:
    made = await add(session)
    contacts = session.records_of["contact"]
    joe = await add_contact(session, made.id, password_hash=f"scrypt${CANARY}1")
    saved = await contacts.save(joe, {"password_hash": f"scrypt${CANARY}2", "type": "NOC"})
    _, (change,) = await last(session)
    assert change.after == {"password_hash": SECRET, "type": "NOC"}
    assert change.before == {"password_hash": SECRET, "type": ""}
    await contacts.save(saved.record, {"password_hash": ""})
    _, (change,) = await last(session)
    assert (change.before, change.after) == ({"password_hash": SECRET}, {"password_hash": ""})
    await contacts.save(await contacts.get(joe.id), {"password_hash": f"scrypt${CANARY}3"})
    gone = await contacts.delete(joe.id)
    assert gone.operation_id
    undone = await session.log.undo(gone.operation_id)
    await session.log.undo(undone.operation_id)
    places = {place async for place in places_with(session.database, CANARY)}
    assert places == {("contact", "password_hash")}


async def places_with(database: Database, word: str) -> AsyncIterator[tuple[str, str]]:
    """Every table and column in which a word stands, those of indexes too."""
    async with database.reading() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        assert {"operation", "change", "delayed", "editing"} <= set(names)
        assert set(metadata.tables) <= set(names)
        for name in names:
            for row in await connection.execute(text(f"SELECT * FROM {name}")):
                for column, kept in row._mapping.items():
                    value = zlib.decompress(kept) if name == "block" and isinstance(kept, bytes) else kept
                    if word in (json.dumps(value) if isinstance(value, dict | list) else str(value)):
                        yield name, column


async def test_who_did_it_and_from_where_is_kept_short_enough_for_its_column(database: Database) -> None:
    session = Session(database, Who("ä" * 300, "ssh " * 100))
    made = await add(session, "x" * 120)
    done, _ = await last(session)
    assert (done.who, done.origin) == ("ä" * 120, ("ssh " * 100)[:200])
    await session.bulk.edit([made.id], {"tags": tuple(f"{n:040}" for n in range(40))})
    done, _ = await last(session)
    assert len(done.title) == 300
    await session.presence.at(made.id)
    await session.delayed.order(made, {"channels": 1}, made.created_at)
    assert await session.delayed.run_due() == 1


async def test_the_log_is_asked_by_customer_person_act_text_and_time(session: Session) -> None:
    ben = Session(session.database, BEN)
    acme = await add(session, "100%_Acme")
    globex = await add(ben, "Globex")
    await ben.records.save(acme, {"channels": 5})
    await session.bulk.edit([acme.id, globex.id], {"flow_speed": 5})
    await add_contact(ben, globex.id, "Joe")
    await session.records.delete(globex.id)
    start = datetime(2026, 6, 1, tzinfo=UTC)
    async with session.database.writing() as connection:
        for number in range(1, 7):
            at = start + timedelta(hours=number)
            await connection.execute(update(operation).where(operation.c.id == number).values(at=at))

    async def asked(**query: Any) -> list[int]:
        return [one.id for one in await session.log.operations(LogQuery(**query), 100)]

    assert await asked() == [6, 5, 4, 3, 2, 1]
    assert await asked(customer_id=acme.id) == [4, 3, 1]
    assert await asked(customer_id=globex.id) == [6, 5, 4, 2]
    assert await asked(who="BEN") == [5, 3, 2]
    assert await asked(who="10.0.0.1") == [6, 4, 1]
    assert await asked(who="%") == []
    assert await asked(act=Act.BULK_EDIT) == [4]
    assert await asked(act=Act.CREATE, who="ana") == [1]
    assert await asked(text="100%_a") == [3, 1]
    assert await asked(text="flow SPEED") == [4]
    assert await asked(text="_") == [3, 1]
    assert await asked(since=start + timedelta(hours=3), until=start + timedelta(hours=5)) == [4, 3]
    assert await asked(customer_id=globex.id, who="ben", text="contact") == [5]


async def test_the_log_is_read_page_by_page(session: Session) -> None:
    ids = [(await add(session, f"Customer {number}")).id for number in range(25)]
    done = await session.bulk.edit(ids, {"channels": 3})
    pages, before = [], None
    while page := await session.log.operations(LogQuery(), 10, before):
        pages.append([one.id for one in page])
        before = page[-1].id
    assert [len(page) for page in pages] == [10, 10, 6]
    assert [number for page in pages for number in page] == list(range(26, 0, -1))
    found, after = [], 0
    while changes := await session.log.changes(done.operation_id, 10, after):
        found += [one.customer_id for one in changes]
        after = changes[-1].id
    assert found == ids
    assert [one.customer_id for one in await session.log.changes(done.operation_id, 9, 0, ids[7])] == [ids[7]]


HOSTILE = (
    "[bold]x[/]", "'; DROP TABLE customer; --", "\\u0000", "null", "%s %(a)s {0}", "\"\\'`", "🙂\u0301ß東",
    ":name :1 $1 ?", "</script>", "a" * 120,
)  # fmt: skip


async def test_hostile_texts_are_kept_and_given_back_as_they_are(session: Session) -> None:
    for name in HOSTILE:
        made = await add(session, name, toml=f"# {name}", public_notes=f"{name}\n\t{name}", city=name[:100])
        saved = await session.records.save(made, {"city": f"to {name}", "private_notes": name})
        await session.delayed.order(saved.record, {"city": name, "public_notes": name}, made.created_at)
        await session.delayed.run_due()
        done, (change,) = await last(session)
        assert change.after == {"city": name, "public_notes": name}
        assert (await session.records.get(made.id)).public_notes == name
        await session.log.undo(done.id)
        assert (await session.records.get(made.id)).city == f"to {name}"
    await everything_follows(session.database)


def test_secrets_are_all_known() -> None:
    found = {
        (record.__name__, name)
        for record in (Customer, Contact)
        for name, one in fields_of(record).items()
        if isinstance(one.kind, Secret)
    }
    assert found == {("Contact", "password_hash")}
    assert texts(Contact, {"password_hash": CANARY}) == {"password_hash": SECRET}
