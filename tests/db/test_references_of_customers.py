"""Customers refer to records of the setup: by name in files, lists and filters, kept by number, protected."""

from pathlib import Path

import pytest
from sqlalchemy import update

from cx_tui.db.engine import Database
from cx_tui.db.history_tables import change
from cx_tui.domain.history import LogQuery
from cx_tui.domain.query import Query, Sort
from cx_tui.domain.records.route import Target
from cx_tui.domain.selection import Selection
from cx_tui.errors import Refused
from cx_tui.services.export.exporting import Export
from cx_tui.services.session import Session
from tests.db.companies import made
from tests.db.sessions import ANA, add
from tests.db.uploads import file_of, uploaded


@pytest.fixture
def session(database: Database) -> Session:
    """What Ana can do."""
    return Session(database, ANA)


async def test_a_file_names_them_and_gets_them_back(session: Session, tmp_path: Path) -> None:
    north = await made(session, "reseller", name="North")
    lower = await made(session, "reseller", name="north")
    ana = await made(session, "user", name="Ana Ruiz")
    file = file_of(
        tmp_path / "in.csv",
        """Name,Currency,Reseller group,Account manager
        Acme,EUR,North,ana ruiz
        Globex,EUR,north,
        Initech,EUR,,Nobody""",
    )
    done = await uploaded(session, file)
    assert done.verdicts == ["create", "create", "error"]
    assert done.rows[2][2] == 'Account manager: there is no user "Nobody"'
    acme, globex = await session.records.get(1), await session.records.get(2)
    assert (acme.reseller, acme.account_manager) == (north, ana)
    assert (globex.reseller, globex.account_manager) == (lower, None)
    back = tmp_path / "out.csv"
    assert await Export(session).of_query(back, Query()) == 2
    assert "North" in back.read_text("utf-8")
    assert (await uploaded(session, back)).verdicts == ["unchanged", "unchanged"]
    changed = file_of(tmp_path / "more.csv", "Name,Reseller group\nAcme,north")
    assert (await uploaded(session, changed)).verdicts == ["update"]
    assert (await session.records.get(1)).reseller == lower
    (operation,) = await session.log.operations(LogQuery(), 1)
    (noted,) = await session.log.changes(operation.id, 9)
    assert (noted.before, noted.after) == ({"reseller": f"#{north}"}, {"reseller": f"#{lower}"})


async def test_lists_show_sort_and_filter_by_their_names(session: Session) -> None:
    south = await made(session, "reseller", name="South")
    north = await made(session, "reseller", name="North")
    await add(session, "Acme", reseller=south)
    await add(session, "Globex", reseller=north)
    await add(session, "Initech")
    listing = await session.customers.list(Query(sort=(Sort("reseller"),)))
    rows = await listing.rows(0, 9, ("name", "reseller"))
    assert [(row["name"], row["reseller"]) for row in rows] == [
        ("Initech", None), ("Globex", "North"), ("Acme", "South"),
    ]  # fmt: skip
    found = await session.customers.list(Query(where="reseller:north"))
    assert await found.ids(0, 9) == [2]


async def test_what_is_used_is_not_deleted(session: Session) -> None:
    north = await made(session, "reseller", name="North")
    unused = await made(session, "reseller", name="South")
    customer = await add(session, reseller=north)
    resellers = session.records_of["reseller"]
    with pytest.raises(Refused, match="it is used by 1 customer; give those something else first"):
        await resellers.delete(north)
    together = session.bulk_of(resellers.record)
    ids = await together.chosen(Selection(frozenset({north, unused}), query=Query(record="reseller")))
    with pytest.raises(Refused, match="used by 1 customer"):
        await together.delete(ids)
    await session.records.save(customer, {"reseller": None})
    await resellers.delete(north)
    await resellers.delete(unused)


async def test_a_change_from_the_time_of_texts_is_not_given_back_by_guess(session: Session) -> None:
    north = await made(session, "reseller", name="North")
    customer = await add(session)
    await session.records.save(customer, {"reseller": north})
    operation = (await session.log.operations(LogQuery(), 1))[0]
    async with session.database.writing() as connection:
        texts = {"before": {"reseller": "Old North"}, "after": {"reseller": "North"}}
        await connection.execute(update(change).where(change.c.operation_id == operation.id).values(texts))
    with pytest.raises(Refused, match="Reseller group was only a text then; choose the record by hand"):
        await session.log.undo(operation.id)
    assert (await session.records.get(customer.id)).reseller == north


async def test_what_is_in_a_list_of_references_is_not_deleted(session: Session) -> None:
    north, south, west = [await made(session, "carrier", name=name) for name in ("North", "South", "West")]
    customer = await add(session)
    terms = {"customer_id": customer.id, "target": Target.INTERNAL}
    first = await made(session, "route", lock_carriers=(north, south), **terms)
    await made(session, "route", exclude_carriers=(south,), **terms)
    carriers, routes = session.records_of["carrier"], session.records_of["route"]
    with pytest.raises(Refused, match="it is used by 1 ingress route; give those something else first"):
        await carriers.delete(north)
    together = session.bulk_of(carriers.record)
    every = await together.chosen(Selection(frozenset({north, south, west}), query=Query(record="carrier")))
    with pytest.raises(Refused, match="2 of them are used by 2 ingress routes"):
        await together.delete(every)
    await routes.save(await routes.get(first), {"lock_carriers": (west,)})
    await carriers.delete(north)
    with pytest.raises(Refused, match="used by 1 ingress route"):
        await carriers.delete(south)
