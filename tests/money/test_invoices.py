"""Invoices: each call and charge on one of them, numbers without gaps, and issued ones that never change."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from cx_tui.db import invoices as kept
from cx_tui.db import soundness
from cx_tui.db.calls.standing import lock
from cx_tui.db.calls.storing import add_to_days, follow, store
from cx_tui.db.engine import Database
from cx_tui.db.tables import table_named
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.figures import Figures
from cx_tui.domain.money.entry import Kind
from cx_tui.domain.money.invoicing import Period, period_of
from cx_tui.domain.records.company import LinesBy
from cx_tui.domain.records.customer import InvoiceSchedule
from cx_tui.domain.records.invoice import InvoiceStatus
from cx_tui.domain.records.payment import PaymentStatus
from cx_tui.errors import CxError, Invalid, Refused
from cx_tui.services.money.by_destination import write_calls_of
from cx_tui.services.money.invoices import Made
from cx_tui.services.session import Session
from tests.calls.made import NOON, a_call, priced
from tests.db.sessions import ANA, add, two_offices

JUNE, JULY = period_of("2026-06"), period_of("2026-07")
IN_JULY, IN_AUGUST = date(2026, 7, 2), date(2026, 8, 2)


async def ring(session: Session, of: int, key: str, at: datetime = NOON, talk: int = 6000) -> None:
    """A call of 100 minutes, which costs 5.00."""
    async with session.database.writing() as connection:
        call = a_call(f"{of}-{key}", customer=of, at=at, talk=talk, dialled="44")
        await store(connection, [call], priced)


async def make(session: Session, of: int, period: Period = JUNE, today: date = IN_JULY, **more: Any) -> Made:
    return await session.money.invoices.make(of, period, today, **more)


async def texts(session: Session, number: str) -> list[tuple[str, str]]:
    found = await session.money.invoices.document(number)
    return [(line.text, f"{line.amount:.2f}") for line in found.lines]


async def test_an_invoice_of_a_period_has_its_calls_tax_and_due_date(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session, tax=Decimal(25), invoice_due_days=10)).id
    await ring(session, of, "1")
    await ring(session, of, "2", NOON + timedelta(days=1))
    await ring(session, of, "3", NOON + timedelta(days=40))
    planned = await make(session, of, simulate=True)
    assert (planned.number, planned.total) == ("", Decimal("12.50"))
    assert await session.money.invoices.list(of) == []
    made = await make(session, of)
    assert (made.number, made.net, made.tax, made.total, made.status) == (
        "INV-000001", Decimal("10.00"), Decimal("2.50"), Decimal("12.50"), "issued",
    )  # fmt: skip
    assert made.due_on == IN_JULY + timedelta(days=10)
    assert await texts(session, made.number) == [
        ("Calls of 2026-06-16", "5.00"),
        ("Calls of 2026-06-17", "5.00"),
    ]
    again = await make(session, of)
    assert "INV-000001" in again.why_not


async def test_what_comes_late_goes_to_the_next_invoice_by_name_and_once(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await ring(session, of, "1")
    await make(session, of)
    await ring(session, of, "late")
    await ring(session, of, "2", NOON + timedelta(days=30))
    made = await make(session, of, JULY, IN_AUGUST)
    assert await texts(session, made.number) == [
        ("Late calls of June 2026", "5.00"),
        ("Calls of 2026-07-16", "5.00"),
    ]
    later = await make(session, of, period_of("2026-08"), date(2026, 9, 1))
    assert "nothing to pay" in later.why_not


async def test_other_prices_after_the_issue_go_to_the_next_invoice_by_name(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await ring(session, of, "1")
    await make(session, of)
    cheaper = {(of, NOON.date()): Figures(charge=Decimal(-2))}
    async with database.writing() as connection:
        standing = await lock(connection, [of])
        await add_to_days(connection, cheaper)
        await follow(connection, cheaper, standing, {})
    await ring(session, of, "2", NOON + timedelta(days=30))
    made = await make(session, of, JULY, IN_AUGUST)
    assert await texts(session, made.number) == [
        ("Late calls of June 2026", "-2.00"),
        ("Calls of 2026-07-16", "5.00"),
    ]


async def test_a_package_stands_on_one_invoice(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    package = (await session.records_of["package"].create({"name": "Line", "retail": Decimal(9)})).record
    values = {"customer_id": of, "package": package.id, "starts": date(2026, 6, 1)}
    await session.records_of["customer-package"].create(values)
    await session.money.packages.run(IN_JULY)
    made = await make(session, of)
    assert await texts(session, made.number) == [("Line, 2026-06-01", "9.00")]
    made = await make(session, of, JULY, IN_AUGUST)
    assert await texts(session, made.number) == [("Line, 2026-07-01", "9.00")]


async def test_a_void_invoice_keeps_its_number_and_gives_back_what_stood_on_it(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await ring(session, of, "1")
    first = await make(session, of)
    with pytest.raises(Invalid, match="say why"):
        await session.money.invoices.void(first.number, "")
    await session.money.invoices.void(first.number, "wrong address")
    second = await make(session, of)
    assert (second.number, second.total) == ("INV-000002", first.total)
    listed = await session.money.invoices.list(of)
    assert [(one.number, one.status) for one in listed] == [("INV-000002", "issued"), ("INV-000001", "void")]
    with pytest.raises(Refused, match="void already"):
        await session.money.invoices.void(first.number, "again")


async def test_credit_notes_take_back_no_more_than_was_on_the_invoice(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session, tax=Decimal(25))).id
    await ring(session, of, "1")
    made = await make(session, of)
    bills = session.money.invoices
    part = await bills.credit(made.number, "a bad line", Decimal("1.99"))
    assert part == "CN-000001"
    found = await bills.document(part)
    assert (found.invoice.total, found.credits) == (Decimal("-2.49"), made.number)
    with pytest.raises(Invalid, match=r"3\.01"):
        await bills.credit(made.number, "too much", Decimal("3.02"))
    rest = await bills.document(await bills.credit(made.number, "all the rest"))
    assert rest.invoice.total + found.invoice.total == -made.total
    with pytest.raises(Refused, match="in whole"):
        await bills.credit(made.number, "once more")


async def test_a_credit_note_gives_its_net_to_the_balance_and_voiding_it_takes_that_back(
    database: Database,
) -> None:
    session = Session(database, ANA)
    of = (await add(session, tax=Decimal(25))).id
    await ring(session, of, "1")
    made = await make(session, of)
    bills = session.money.invoices

    async def balance() -> Decimal:
        assert await soundness.ledger_differences(database) == []
        return (await session.money.ledger.balance(of)).balance

    assert await balance() == -5
    note = await bills.credit(made.number, "a bad line", Decimal("1.99"))
    assert await balance() == Decimal("-3.01")
    (entry, *_) = await session.money.ledger.entries(of)
    assert (entry.kind, entry.reason) == (Kind.CORRECTION, f"{note}: a bad line")
    await bills.void(note, "the line was good")
    assert await balance() == -5
    await bills.credit(made.number, "new prices gave it back already", to_balance=False)
    assert await balance() == -5
    assert {one.number: one.status for one in await bills.list(of)}[made.number] == "paid"
    assert await bills.list(of, overdue_on=date(2030, 1, 1)) == []


async def test_calls_by_destination_are_the_same_sum_and_the_file_of_calls_has_each(
    database: Database, tmp_path: Path
) -> None:
    session = Session(database, ANA, env={"XDG_DATA_HOME": str(tmp_path)})
    by = {"name": "By destination", "lines_by": LinesBy.DESTINATION}
    await session.records_of["invoice-template"].create(by)
    of = (await add(session, tax=Decimal(25))).id
    async with database.writing() as connection:
        some = [
            a_call("1", customer=of, talk=6000, dialled="44"),
            a_call("2", customer=of, talk=61, dialled="44"),
            a_call("3", customer=of, at=NOON + timedelta(days=2), talk=60, dialled="49"),
            a_call("4", customer=of, talk=0, dialled="49"),
        ]  # fmt: skip
        await store(connection, some, to_countries)
    made = await make(session, of)
    assert await texts(session, made.number) == [("Calls to UK", "5.05"), ("Calls to Germany", "0.05")]
    invoice = (await session.money.invoices.document(made.number)).invoice
    file = tmp_path / "calls.csv"
    assert await write_calls_of(session.calls, invoice, file) == 3
    lines = file.read_text().splitlines()
    assert lines[0].split(",")[:4] == ["invited_at", "cli", "dialled", "destination"]
    assert sum(Decimal(line.split(",")[7]) for line in lines[1:]) == Decimal("5.100833")
    assert "cost" not in lines[0]


def to_countries(call: Call) -> Call:
    """A price and a country."""
    return replace(priced(call), destination={"44": "UK", "49": "Germany"}[call.dialled])


async def test_an_issued_invoice_and_its_lines_never_change(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await ring(session, of, "1")
    made = await make(session, of)
    assert made.invoice_id is not None
    record = await session.records_of["invoice"].get(made.invoice_id)
    with pytest.raises(Invalid, match="never changes"):
        await session.records_of["invoice"].save(record, {"due_on": IN_AUGUST})
    await session.records_of["invoice"].save(record, {"private_notes": "called them"})
    line = {"invoice_id": made.invoice_id, "text": "more"}
    with pytest.raises(Refused, match="never changes"):
        await session.records_of["invoice-line"].create(line)
    bill, lines = table_named("invoice"), table_named("invoice-line")
    for statement in (
        update(bill).values(total=1), update(bill).values(number="X"),
        update(bill).values(status=InvoiceStatus.DRAFT),
        delete(bill), update(lines).values(amount=1), delete(lines),
    ):  # fmt: skip
        with pytest.raises((DBAPIError, CxError)):
            async with database.writing() as connection:
                await connection.execute(statement)
    assert (await session.money.invoices.document(made.number)).invoice.total == made.total


async def test_many_makers_at_once_leave_no_gap_and_make_no_double(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        ids = [(await add(ana, f"Customer {number}")).id for number in range(25)]
        for of in ids:
            await ring(ana, of, "1")
        makers = [make(who, of) for of in ids for who in (ana, ben)]
        made = [one for one in await asyncio.gather(*makers) if one.number]
    assert sorted(one.number for one in made) == [f"INV-{number:06}" for number in range(1, 26)]
    assert sorted(one.customer_id for one in made) == ids


@pytest.mark.parametrize("changes", [date(2026, 3, 29), date(2026, 10, 25)])
async def test_on_days_of_23_and_25_hours_each_call_is_on_one_invoice(
    database: Database, changes: date
) -> None:
    session = Session(database, ANA)
    of = (await add(session, time_zone="Europe/Berlin")).id
    first = datetime.combine(changes - timedelta(days=1), time(), UTC)
    for hour in range(72):
        await ring(session, of, f"{hour}", first + timedelta(hours=hour, minutes=59, seconds=59))
    nets = []
    for number in range(3):
        day = first.date() + timedelta(days=number)
        nets.append((await make(session, of, period_of(f"{day}"), day + timedelta(days=1))).net)
    assert nets == [24 * 5] * 3
    later = first.date() + timedelta(days=4)
    rest = await make(session, of, Period(first.date(), first.date() + timedelta(days=2)), later)
    assert "already" in rest.why_not


async def test_a_period_without_calls_has_no_invoice_and_takes_no_number(database: Database) -> None:
    session = Session(database, ANA)
    idle, busy = (await add(session)).id, (await add(session, "Globex")).id
    await ring(session, busy, "1")
    assert (await make(session, idle)).why_not == "there is nothing to pay in 2026-06-01 to 2026-06-30"
    assert (await make(session, busy)).number == "INV-000001"


async def test_a_number_of_a_transaction_that_fails_is_given_again(database: Database) -> None:
    async def fail() -> None:
        async with database.writing() as connection:
            assert list(await kept.next_numbers(connection, "A-")) == [1]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with database.writing() as connection:
        given = [list(await kept.next_numbers(connection, *which)) for which in (("A-",), ("A-", 3), ("B-",))]
        assert given == [[1], [2, 3, 4], [1]]


async def test_a_draft_is_issued_later_and_only_once(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await ring(session, of, "1")
    draft = await make(session, of, draft=True)
    assert (draft.number, draft.status) == ("", "draft")
    assert draft.invoice_id is not None
    assert await session.money.invoices.issue(draft.invoice_id) == "INV-000001"
    with pytest.raises(Refused, match="INV-000001"):
        await session.money.invoices.issue(draft.invoice_id)


async def test_a_period_that_is_not_over_has_no_invoice(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    with pytest.raises(Refused, match="not over yet"):
        await make(session, of, JUNE, date(2026, 6, 30))


async def test_payments_are_allocated_by_amount_and_no_more_than_there_is(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session)).id
    await ring(session, of, "1")
    await ring(session, of, "2", NOON + timedelta(days=30))
    first, second = await make(session, of), await make(session, of, JULY, IN_AUGUST)
    values = {"customer_id": of, "total": Decimal(8), "status": PaymentStatus.COMPLETED}
    paid = (await session.records_of["payment"].create(values)).record
    allocations = session.records_of["allocation"]

    def part(made: Made, amount: str) -> dict[str, Any]:
        return {"payment_id": paid.id, "invoice": made.invoice_id, "amount": Decimal(amount)}

    with pytest.raises(Invalid, match="5 is still to be paid"):
        await allocations.create(part(first, "6"))
    await allocations.create(part(first, "5"))
    with pytest.raises(Invalid, match="3 is left of the payment"):
        await allocations.create(part(second, "4"))
    written = (await allocations.create(part(second, "3"))).record
    listed = {one.number: one.status for one in await session.money.invoices.list(of)}
    assert listed == {first.number: "paid", second.number: "issued"}
    with pytest.raises(Invalid, match="pays invoices"):
        await session.records_of["payment"].save(paid, {"status": PaymentStatus.CANCELLED})
    await allocations.delete(written.id)
    bill = table_named("invoice").c
    async with database.reading() as connection:
        rows = await connection.execute(select(bill.number, bill.paid, bill.status).order_by(bill.id))
        assert [tuple(row) for row in rows] == [
            (first.number, 5, InvoiceStatus.PAID), (second.number, 0, InvoiceStatus.ISSUED),
        ]  # fmt: skip


async def test_a_payment_below_the_least_one_is_refused(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session, minimum_payment=Decimal(20))).id
    for total, good in (("19.99", False), ("20", True), ("-5", True)):
        values = {"customer_id": of, "total": Decimal(total)}
        if good:
            await session.records_of["payment"].create(values)
        else:
            with pytest.raises(Invalid, match="20 EUR"):
                await session.records_of["payment"].create(values)


async def test_invoices_of_a_schedule_are_made_by_themselves_and_once(database: Database) -> None:
    session = Session(database, ANA)
    monthly = (await add(session, invoice_schedule=InvoiceSchedule.MONTHLY)).id
    never = (await add(session, "Globex", invoice_schedule=InvoiceSchedule.NONE)).id
    for of in (monthly, never):
        await ring(session, of, "1")
    early = datetime(2026, 7, 1, 2, 59, tzinfo=UTC)
    runs = [await session.money.invoices.run_due(early + timedelta(minutes=minutes)) for minutes in (0, 1, 2)]
    assert runs == [0, 1, 0]
    (made,) = await session.money.invoices.list()
    assert (made.customer_id, made.issued_on) == (monthly, date(2026, 7, 1))


async def test_lines_that_operators_write_on_a_draft_count_as_they_are_printed(database: Database) -> None:
    session = Session(database, ANA)
    of = (await add(session, tax=Decimal(20))).id
    draft = (await session.records_of["invoice"].create({"customer_id": of})).record
    with pytest.raises(Refused, match="nothing on it"):
        await session.money.invoices.issue(draft.id)
    lines = session.records_of["invoice-line"]
    values = {"invoice_id": draft.id, "text": "Set-up", "quantity": Decimal(3), "price": Decimal("3.335")}
    line = (await lines.create(values)).record
    assert (await session.records_of["invoice"].get(draft.id)).total == Decimal("12.01")
    await lines.save(await lines.get(line.id), {"quantity": Decimal(1)})
    await lines.create({**values, "text": "Discount", "quantity": Decimal(1), "price": Decimal(-1)})
    number = await session.money.invoices.issue(draft.id)
    found = (await session.money.invoices.document(number)).invoice
    assert (found.net, found.tax, found.total, found.currency) == (
        Decimal("2.34"), Decimal("0.47"), Decimal("2.81"), "EUR",
    )  # fmt: skip
    assert found.issued_on is not None
    assert found.due_on is not None
