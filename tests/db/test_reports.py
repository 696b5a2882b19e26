"""As-of, hand-over and evidence, on both databases."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from cx_tui.commands.main import run as command
from cx_tui.db.engine import Database
from cx_tui.db.tables import customer as customers
from cx_tui.domain.delay import earlier
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.records.customer import Status
from cx_tui.errors import NotFound, Refused
from cx_tui.services.reports.as_of import as_of, between, customer_ever_named
from cx_tui.services.reports.evidence import evidence
from cx_tui.services.reports.hand_over import hand_over
from cx_tui.services.reports.masking import masked
from cx_tui.services.session import Session
from tests.db.companies import company
from tests.db.sessions import ANA, add, add_contact


def now() -> datetime:
    return datetime.now(UTC)


async def test_a_customer_is_rebuilt_as_it_was_with_what_belonged_to_it(database: Database) -> None:
    session = Session(database, ANA)
    acme = await add(session, channels=10)
    joe = await add_contact(session, acme.id, "Joe")
    first = now()
    await session.records.save(acme, {"channels": 20, "city": "Bonn"})
    await session.bulk.edit([acme.id], {"channels": 30})
    await session.records_of["contact"].delete(joe.id)
    eva = await add_contact(session, acme.id, "Eva")
    second = now()
    await session.records.delete(acme.id)

    then, later = await as_of(database, acme.id, first, second)
    assert (then.customer.texts["channels"], then.customer.texts["city"]) == ("10", "")
    assert [key for key in then.records if key[0] == "contact"] == [("contact", joe.id)]
    assert (later.customer.texts["channels"], later.customer.texts["city"]) == ("30", "Bonn")
    assert [key for key in later.records if key[0] == "contact"] == [("contact", eva.id)]
    assert not then.doubts

    found = {one.one.name: one for one in between(then, later)}
    assert {name: one.what for name, one in found.items()} == {
        "Acme": "changed", "contact Joe": "deleted", "contact Eva": "created",
    }  # fmt: skip
    assert [(one.label, one.before, one.after) for one in found["Acme"].differences()] == [
        ("Channels", "10", "30"),
        ("City", "", "Bonn"),
    ]
    assert await customer_ever_named(database, "acme") == acme.id
    with pytest.raises(NotFound, match="it was created at"):
        await as_of(database, acme.id, first - timedelta(hours=1))
    with pytest.raises(NotFound, match="it was deleted"):
        await as_of(database, acme.id, now())
    with pytest.raises(Refused, match="still to come"):
        await as_of(database, acme.id, now() + timedelta(hours=1))


async def test_an_undone_change_is_as_if_it_had_not_been_afterwards(database: Database) -> None:
    session = Session(database, ANA)
    acme = await add(session, channels=10)
    saved = await session.records.save(acme, {"channels": 20})
    between_them = now()
    assert saved.operation_id
    await session.log.undo(saved.operation_id)
    then, at_last = await as_of(database, acme.id, between_them, now())
    assert (then.customer.texts["channels"], at_last.customer.texts["channels"]) == ("20", "10")


async def test_what_was_changed_outside_the_program_is_doubted(database: Database) -> None:
    session = Session(database, ANA)
    acme = await add(session, channels=10)
    before = now()
    await session.records.save(acme, {"channels": 20})
    async with database.writing() as connection:
        await connection.execute(update(customers).values(channels=99))
    (then,) = await as_of(database, acme.id, before)
    assert then.customer.texts["channels"] == "10"
    assert len(then.doubts) == 1
    assert "Channels was 20" in then.doubts[0]
    assert "99 later" in then.doubts[0]


async def test_a_hand_over_tells_changes_pending_ones_and_notes(database: Database) -> None:
    session = Session(database, ANA)
    await add(session, "Before")
    since = now()
    acme = await add(session, "Acme")
    await session.records.save(acme, {"private_notes": "calls back\ntomorrow"})
    wanted = {"status": Status.ACTIVE}
    await session.delayed.order(await session.records.get(acme.id), wanted, now() + timedelta(hours=2))

    found = await hand_over(database, since)
    assert [one.facts["what"] for one in found.changes] == ["create", "update"]
    assert [one.facts["note"] for one in found.notes] == ["calls back\ntomorrow"]
    assert [one.facts["state"] for one in found.pending] == ["waiting"]
    text = found.as_text()
    assert "Acme (ana): calls back / tomorrow" in text
    assert "Status Pending Approval → Active" in text
    assert "Before" not in text
    assert {one["section"] for one in found.as_objects()} == {"pending", "notes", "changes"}


async def test_a_hand_over_has_the_alerts_that_still_fire(database: Database) -> None:
    session = Session(database, ANA)
    since = now()
    acme, bell = await add(session, "Acme"), await add(session, "Bell")
    for one in (acme, bell):
        values = {"customer_id": one.id, "title": f"{one.name} low", "threshold": Decimal(10)}
        await session.records_of["alert"].create({**values, "recipients": ("noc@example.com",)})
    await session.money.alerts.run_due()
    await session.money.ledger.correct(bell.id, Decimal(50), "a gift")
    await session.money.alerts.run_due()
    found = await hand_over(database, since)
    assert [one.text for one in found.alerts] == ["Acme: Acme low (Balance), still firing at 0.00"]
    assert "Bell low: Bell is over" in found.as_text()


async def test_evidence_has_identity_limits_gates_and_changes_and_can_be_masked(database: Database) -> None:
    session = Session(database, ANA)
    acme = await company(session)
    await add_contact(session, acme.id, "Joe", email="joe@acme.example", phone="+442079460123")
    north = (await session.records_of["reseller"].create({"name": "North"})).record
    await session.records.save(await session.records.get(acme.id), {"debit_limit": Decimal(250)})
    await session.records.save(await session.records.get(acme.id), {"reseller": north.id})
    found = await evidence(session, acme.id)
    text = found.as_text()
    assert "Debit limit          250.00" in text
    assert "ok  status" in text
    assert "Reseller group       North" in text
    assert "joe@acme.example" in text
    assert "+442079460123" in text
    assert "Change: Debit limit 100.00 -> 250.00" in text
    hidden = found.as_text(mask=True) + json.dumps(found.as_object(mask=True))
    assert "joe@" not in hidden
    assert "2079460123" not in hidden
    assert "j***@acme.example" in hidden
    assert "+4420******23" in hidden
    assert "250.00" in hidden


def test_money_days_and_prefixes_are_not_masked() -> None:
    text = "1,000,000.50 EUR on 2026-11-30 12:00:01 to 4420 by #12; 1234567.25"
    assert masked(text) == text
    assert masked("from 442079460123 to +14155550100") == "from 4420******23 to +1415*****00"


def test_an_earlier_moment_is_written_as_a_delay_a_clock_or_a_date() -> None:
    at = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
    assert earlier("8h", at) == at - timedelta(hours=8)
    assert earlier("11:30", at) == at - timedelta(minutes=10)
    assert earlier("12:00", at) == datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
    assert earlier("2026-06-01", at) == datetime(2026, 6, 1, tzinfo=UTC)
    with pytest.raises(BadValue, match="still to come"):
        earlier("2026-06-17", at)


async def test_the_commands_write_text_and_objects(
    database: Database, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    session = Session(database, ANA)
    acme = await add(session, channels=10)
    first = now().isoformat()
    await session.records.save(acme, {"channels": 20})
    url = database.url.render_as_string(hide_password=False).replace("+aiosqlite", "").replace("+asyncpg", "")

    async def said(*arguments: str) -> str:
        assert await asyncio.to_thread(command, [*arguments, "--db", url]) == 0
        return capsys.readouterr().out

    assert "Channels             10 -> 20" in await said("as-of", "Acme", first, "--and", now().isoformat())
    (one,) = (await said("as-of", "Acme", first, "--json")).splitlines()
    assert json.loads(one)["values"]["channels"] == "10"
    assert "Change Acme: Channels" in await said("handover", "--since", "1h")
    file = tmp_path_factory.mktemp("evidence") / "acme.txt"
    await said("evidence", "Acme", "-o", str(file))
    assert file.read_text().startswith("Acme: evidence of")
    assert file.stat().st_mode & 0o777 == 0o600
    assert await asyncio.to_thread(command, ["evidence", "Acme", "-o", str(file), "--db", url]) == 2
