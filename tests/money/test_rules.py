"""Forms, files and bulk edits keep to the same rules: none is a way round them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from cx_tui.db.engine import Database
from cx_tui.db.tables import table_named
from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.facts import Direction
from cx_tui.domain.money.periods import days_of
from cx_tui.domain.records.customer import Status
from cx_tui.domain.records.did import Did, DidDestination
from cx_tui.domain.records.package import CustomerPackage, Frequency
from cx_tui.domain.records.payment import Payment
from cx_tui.errors import Invalid, Refused
from cx_tui.services.session import Session
from tests.db.record_uploads import sent
from tests.db.sessions import ANA, add

TODAY = datetime.now(UTC).date()
NUMBER = "+442071234567"


async def package_of(session: Session, of: int, days: int = 30) -> Any:
    """A customer's package that has to be kept for some days from today on."""
    values = {"name": f"Line {of}", "retail": Decimal(1), "minimum_days": days}
    sold = (await session.records_of["package"].create(values)).record
    own = {"customer_id": of, "package": sold.id, "starts": TODAY}
    return (await session.records_of["customer-package"].create(own)).record


async def test_a_file_of_payments_keeps_to_the_least_payment_row_by_row(database: Database) -> None:
    session = Session(database, ANA)
    acme = await add(session, "Acme", minimum_payment=Decimal(20))
    await add(session, "Globex")
    text = "Customer,Description,Total,Status\nAcme,one,19.99,Completed\nAcme,two,20,Completed\n"
    done = await sent(session, "payment", text + "Globex,three,1,Completed\nAcme,four,-3,Completed\n")
    assert done.verdicts == ["error", "create", "create", "create"]
    assert "least payment of this customer is 20 EUR" in done.why(2)
    assert (await session.money.ledger.balance(acme.id)).balance == 17


async def test_neither_a_file_nor_a_bulk_edit_ends_a_package_too_early(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session, "Acme")).id
    own = await package_of(session, of)
    early, late = TODAY + timedelta(days=28), TODAY + timedelta(days=29)
    done = await sent(session, "customer-package", f"Customer,Package,End\nAcme,Line {of},{early}\n")
    assert done.verdicts == ["error"]
    assert f"kept to {late}" in done.why(2)
    bulk = session.bulk_of(CustomerPackage)
    with pytest.raises(Refused, match=f"kept to {late}"):
        await bulk.edit([own.id], {"ends": early})
    with pytest.raises(Refused, match="has to be kept"):
        await bulk.delete([own.id])
    await bulk.edit([own.id], {"ends": late})
    assert (await session.records_of["customer-package"].get(own.id)).ends == late


async def test_payments_are_deleted_by_nothing(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    paid = (await session.records_of["payment"].create({"customer_id": of, "total": Decimal(5)})).record
    with pytest.raises(Refused, match="never deleted"):
        await session.bulk_of(Payment).delete([paid.id])
    with pytest.raises(Refused, match="never deleted"):
        await session.records_of["payment"].delete(paid.id)


async def test_a_released_number_rests_before_another_customer_gets_it(database: Database) -> None:
    session = Session(database, ANA)
    acme, globex = (await add(session, "Acme")).id, (await add(session, "Globex")).id
    dids = session.records_of["did"]
    carrier = {"name": "Alpha", "did_quarantine": 10}
    alpha = (await session.records_of["carrier"].create(carrier)).record
    one = (await dids.create({"customer_id": acme, "number": NUMBER, "carrier": alpha.id})).record
    await dids.delete(one.id)
    until = TODAY + timedelta(days=10)
    with pytest.raises(Invalid, match=f"rests until {until}"):
        await dids.create({"customer_id": globex, "number": NUMBER})
    done = await sent(session, "did", f"Customer,Number\nGlobex,00442071234567\nAcme,{NUMBER[1:]}\n")
    assert done.verdicts == ["error", "duplicate"]
    assert f"rests until {until}" in done.why(2)
    # Who had it gets it back at once.
    mine = (await dids.create({"customer_id": acme, "number": NUMBER})).record
    await dids.delete(mine.id)
    table = table_named("did")
    async with database.writing() as connection:
        rested = update(table).values(deleted_at=datetime.now(UTC) - timedelta(days=31))
        await connection.execute(rested.where(table.c.deleted_at.is_not(None)))
    await dids.create({"customer_id": globex, "number": NUMBER})


async def test_what_stops_with_a_released_number_is_said_before(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    dids, bulk = session.records_of["did"], session.bulk_of(Did)
    priced = (await dids.create({"customer_id": of, "number": NUMBER, "retail": Decimal("1.5")})).record
    sold = (await session.records_of["package"].create({"name": "Line", "retail": Decimal(9)})).record
    values = {"customer_id": of, "number": f"{NUMBER}8", "package": sold.id}
    packed = (await dids.create(values)).record
    # The day before it would be due again; a month that has no such day ends with its last one.
    (due, *_) = [
        one.day
        for one in days_of(Frequency.MONTHLY, (), TODAY, TODAY + timedelta(days=31))
        if one.day > TODAY
    ]
    rests = f"before {TODAY + timedelta(days=30)}."
    assert (await bulk.stake([priced.id])).says == [
        "Calls to it find nobody from then on.",
        f"Its price is not charged again; what was charged pays to {due - timedelta(days=1)} and is not given"
        " back.",
        f"Nobody else can get it {rests}",
    ]
    assert (await bulk.stake([packed.id])).says == [
        "Calls to it find nobody from then on.",
        "The package Line ends today; what was charged for this period stays charged.",
        f"Nobody else can get it {rests}",
    ]
    assert len((await bulk.stake([priced.id, packed.id])).says) == 4


async def test_a_released_number_neither_rings_nor_costs_from_the_same_moment_on(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session, status=Status.ACTIVE, debit_limit=Decimal(10), channels=2)).id
    dids = session.records_of["did"]
    values = {
        "number": NUMBER, "retail": Decimal("1.5"), "destination_type": DidDestination.URI,
        "destination": "sip:pbx@acme.example",
    }  # fmt: skip
    one = (await dids.create({"customer_id": of, **values})).record

    async def rings() -> list[bool]:
        """Whether it does, however it is written."""
        found = []
        for dialled in (NUMBER, NUMBER[1:], "00" + NUMBER[1:]):
            call = Call(
                dialled=dialled, moment=datetime.now(UTC), cli="441632960000", direction=Direction.ORIGINATION
            )
            found.append((await session.admission.simulate(call)).gate != "authentication")
        return found

    assert await rings() == [True] * 3
    await dids.delete(one.id)
    assert await rings() == [False] * 3
    ran = await session.money.packages.simulate(TODAY + timedelta(days=40), catch_up=True)
    assert ran.charged == []


async def test_calls_to_dids_do_not_go_in_a_circle(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    dids = session.records_of["did"]

    def did(number: str, to: str) -> dict[str, Any]:
        kind = DidDestination.EXTERNAL
        return {"customer_id": of, "number": number, "destination_type": kind, "destination": to}

    with pytest.raises(Invalid, match="come back"):
        await dids.create(did(NUMBER, NUMBER[1:]))
    await dids.create(did("+441", "+442"))
    await dids.create(did("+442", "443"))
    with pytest.raises(Invalid, match="come back"):
        await dids.create(did("+443", "00441"))
    await dids.create(did("+443", "+444"))


async def test_a_number_that_changes_hands_in_a_month_is_paid_by_each_from_their_own_day(
    database: Database,
) -> None:
    session = Session(database, ANA)
    acme, globex = (await add(session, "Acme")).id, (await add(session, "Globex")).id
    dids, packages = session.records_of["did"], session.money.packages
    await session.records_of["carrier"].create({"name": "Alpha", "did_quarantine": 0})
    values = {"number": NUMBER, "retail": Decimal("1.5"), "carrier": 1}
    first = (await dids.create({"customer_id": acme, **values})).record
    await packages.run(TODAY)
    await dids.delete(first.id)
    await dids.create({"customer_id": globex, **values})
    await packages.run(TODAY + timedelta(days=40), catch_up=True)
    charged = {of: await session.money.ledger.entries(of) for of in (acme, globex)}
    assert [len(charged[of]) for of in (acme, globex)] == [1, 2]
    assert {one.reason for of in charged for one in charged[of]} == {f"DID {NUMBER}"}
