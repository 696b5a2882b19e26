"""The next kind of record of a customer's card takes a dataclass and a line in a list: here a made-up one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import polars as pl
import pytest
from sqlalchemy.schema import CreateIndex, CreateTable

from cx_tui.db import tables
from cx_tui.db.engine import Database
from cx_tui.db.tables import record_table
from cx_tui.domain import fields as field
from cx_tui.domain import records
from cx_tui.domain.declared import Declared
from cx_tui.domain.history import SECRET, Act, LogQuery, values
from cx_tui.domain.kinds import Integer, Labelled
from cx_tui.domain.query import Query, Sort
from cx_tui.domain.record import Record
from cx_tui.domain.selection import Selection
from cx_tui.domain.week import Week
from cx_tui.errors import Conflict, Invalid, NotFound
from cx_tui.services.export.exporting import Export, write_template
from cx_tui.services.records.records import Records
from cx_tui.services.session import Session
from tests.db.record_uploads import sent
from tests.db.sessions import ANA, BEN, add, everything_follows, last


class Metal(Labelled):
    """What a badge is made of."""

    TIN = "tin", "Tin"
    GOLD = "gold", "Pure gold"


@dataclass(kw_only=True)
class Badge(Record):
    """A badge that a customer was given."""

    declared: ClassVar = Declared("badge", "badge", "Badges", ("name", "metal"))

    customer_id: int = field.of_kind("Customer", Integer(), upload=False)
    name: str = field.text("Title", required=True, max_length=60, example="Visitor")
    metal: Metal = field.choice("Metal", Metal, default=Metal.TIN)
    worth: Decimal | None = field.money("Worth", optional=True)
    share: Decimal = field.percent("Share", default=Decimal(0))
    points: int = field.integer("Points", default=0, fixed=True)
    shown: bool = field.flag("Shown", default=True, bulk=True)
    given_on: date | None = field.day("Given on")
    given_at: datetime | None = field.moment("Given at")
    words: tuple[str, ...] = field.tags("Words")
    doors: tuple[str, ...] = field.networks("Doors")
    hours: Week | None = field.week("Hours")
    settings: str = field.toml("Settings")
    pin: str = field.secret("PIN")
    notes: str = field.lines("Notes")


ALL: dict[str, Any] = {
    "name": "[b]First[/] Ö", "metal": Metal.GOLD, "worth": Decimal("12.000001"), "share": Decimal("19.25"),
    "points": 7, "shown": False, "given_on": date(2026, 2, 28), "words": ("a", "b"), "hours": Week(9),
    "given_at": datetime(2026, 2, 28, 12, 30, 1, 5, tzinfo=UTC), "doors": ("192.0.2.7", "2001:db8::/32"),
    "settings": "a = 1", "pin": "scrypt$7", "notes": "one\ntwo",
}  # fmt: skip


@pytest.fixture
async def session(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Session]:
    """A session of a program that has one more card."""
    table = record_table(Badge)
    async with database.writing() as connection:
        await connection.execute(CreateTable(table))
        for index in table.indexes:
            await connection.execute(CreateIndex(index))
    monkeypatch.setitem(records.PLACES, "badge", "here.Badge")
    monkeypatch.setitem(records._known, "badge", Badge)
    yield Session(database, ANA)
    tables.metadata.remove(table)


@pytest.fixture
def badges(session: Session) -> Records[Any]:
    """The badges of all customers."""
    assert session.records_of["badge"].record is Badge
    return session.records_of["badge"]


async def test_a_made_up_record_is_created_listed_and_read(session: Session, badges: Records[Any]) -> None:
    acme, globex = await add(session, "Acme"), await add(session, "Globex")
    made = (await badges.create({"customer_id": acme.id, **ALL})).record
    await badges.create({"customer_id": globex.id, "name": "Other"})
    second = (await badges.create({"customer_id": acme.id, "name": "Second"})).record
    assert await badges.of_owner(acme.id) == [made, second]
    again = await badges.get(made.id)
    assert isinstance(again, Badge)
    assert {name: getattr(again, name) for name in ALL} == ALL
    assert (second.metal, second.worth, second.shown, second.hours) == (Metal.TIN, None, True, None)
    with pytest.raises(NotFound, match="the customer has been deleted"):
        await badges.create({"customer_id": 99, "name": "X"})
    await everything_follows(session.database)


async def test_a_made_up_record_is_saved_merged_and_conflicts_like_any_other(
    session: Session, badges: Records[Any]
) -> None:
    made = (await badges.create({"customer_id": (await add(session)).id, "name": "First"})).record
    bens = Session(session.database, BEN).records_of["badge"]
    await badges.save(made, {"metal": Metal.GOLD, "pin": "scrypt$9"})
    merged = (await bens.save(made, {"worth": Decimal(5)})).record
    assert (merged.metal, merged.worth, merged.version) == (Metal.GOLD, 5, 3)
    with pytest.raises(Conflict, match=r"^ben .* changed Worth meanwhile$"):
        await badges.save(made, {"worth": Decimal(6)})
    with pytest.raises(Invalid, match="Points can't be changed after creation"):
        await badges.save(merged, {"points": 8})


async def test_the_log_has_what_was_done_to_a_made_up_record_and_undoes_it(
    session: Session, badges: Records[Any]
) -> None:
    acme = await add(session)
    made = (await badges.create({"customer_id": acme.id, "name": "First", "pin": "scrypt$8"})).record
    wanted = {name: value for name, value in ALL.items() if name not in ("points", "pin")}
    saved = await badges.save(made, wanted)
    operation, (change,) = await last(session)
    assert (operation.act, operation.records) == (Act.UPDATE, 1)
    assert operation.title.startswith("badge [b]First[/] Ö: Title, Metal, ")
    assert (change.record, change.record_id, change.customer_id) == ("badge", made.id, acme.id)
    assert values(Badge, change.after) == wanted
    assert saved.operation_id
    undone = await session.log.undo(saved.operation_id)
    assert undone.why == ()
    back = await badges.get(made.id)
    assert {name: getattr(back, name) for name in ALL} == {name: getattr(made, name) for name in ALL}

    await badges.save(back, {"pin": "scrypt$9"})
    _, (change,) = await last(session)
    assert (change.before, change.after) == ({"pin": SECRET}, {"pin": SECRET})

    gone = await badges.delete(made.id)
    assert await badges.of_owner(acme.id) == []
    assert gone.operation_id
    redone = await session.log.undo(gone.operation_id)
    assert [one.name for one in await badges.of_owner(acme.id)] == ["First"]
    await session.log.undo(redone.operation_id)
    assert await badges.of_owner(acme.id) == []
    acts = [one.act for one in await session.log.operations(LogQuery(customer_id=acme.id), 99)]
    assert acts == [Act.UNDO, Act.UNDO, Act.DELETE, Act.UPDATE, Act.UNDO, Act.UPDATE, Act.CREATE, Act.CREATE]


async def test_a_made_up_record_is_sorted_searched_and_edited_in_bulk_like_any_other(
    session: Session, badges: Records[Any]
) -> None:
    acme = await add(session, "Acme")
    for name, points in (("Bronze door", 3), ("Silver door", 1), ("Gold gate", 2)):
        await badges.create({"customer_id": acme.id, "name": name, "points": points, "pin": "scrypt$7"})
    query = Query(record="badge", owner_id=acme.id, sort=(Sort("points", descending=True),))
    listing = session.list_of(query)
    rows = await listing.rows(0, 9, ["name", "owner"])
    assert [(row["name"], row["owner"]) for row in rows] == [
        ("Bronze door", "Acme"), ("Gold gate", "Acme"), ("Silver door", "Acme")
    ]  # fmt: skip
    doors = Selection(frozenset(), all_but=True, query=replace(query, search="DOOR"))
    assert await session.list_of(doors.query).exact_count() == 2
    bulk = session.bulk_of(Badge)
    with pytest.raises(Invalid, match="Points can't be edited in bulk"):
        await bulk.edit([1], {"points": 1})
    done = await bulk.edit(await bulk.chosen(doors), {"shown": False})
    assert done.changed == 2
    assert [one.shown for one in await badges.of_owner(acme.id)] == [False, False, True]
    await session.log.undo(done.operation_id)
    assert all(one.shown for one in await badges.of_owner(acme.id))


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "parquet"])
async def test_a_made_up_record_is_exported_and_uploaded_again(
    session: Session, badges: Records[Any], tmp_path: Path, ending: str
) -> None:
    acme = await add(session, "Acme")
    await badges.create({"customer_id": acme.id, **ALL})
    await badges.create({"customer_id": acme.id, "name": "Second"})
    path = tmp_path / f"badges.{ending}"
    assert await Export(session).of_query(path, Query(record="badge", sort=())) == 2
    assert (await sent(session, "badge", path)).verdicts == ["unchanged", "unchanged"]
    for one in await badges.of_owner(acme.id):
        await badges.delete(one.id)
    done = await sent(session, "badge", path)
    assert done.verdicts == ["create", "create"]
    first, second = await badges.of_owner(acme.id)
    # A secret is in no file.
    assert {name: getattr(first, name) for name in ALL} == {**ALL, "pin": ""}
    assert (second.name, second.metal, second.hours) == ("Second", Metal.TIN, None)
    assert done.summary.put.operation_id
    await session.log.undo(done.summary.put.operation_id)
    assert await badges.of_owner(acme.id) == []


async def test_the_template_of_a_made_up_record_needs_only_its_owner(
    session: Session, badges: Records[Any], tmp_path: Path
) -> None:
    write_template(tmp_path / "badges.csv", "badge")
    (row,) = pl.read_csv(tmp_path / "badges.csv", infer_schema=False).to_dicts()
    assert list(row)[:4] == ["Customer", "Title", "Metal", "Worth"]
    assert "PIN" not in row
    assert (row["Customer"], row["Title"], row["Metal"]) == ("Acme Telecom", "Visitor", "Tin")
    (why,) = (await sent(session, "badge", tmp_path / "badges.csv")).rows
    assert why["why"] == 'Customer: there is no customer "Acme Telecom"'
    await add(session, "Acme Telecom")
    assert (await sent(session, "badge", tmp_path / "badges.csv")).verdicts == ["create"]
