"""Acts that need a second person, on both databases; what the database itself refuses, on PostgreSQL."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text, update

from cx_tui.commands.main import run as command
from cx_tui.db.approval_tables import approval
from cx_tui.db.engine import Database
from cx_tui.db.history_tables import delayed
from cx_tui.domain.approvals import RequestState, Rule
from cx_tui.domain.history import DelayedState, LogQuery
from cx_tui.domain.query import Query
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.selection import Selection
from cx_tui.domain.who import Who
from cx_tui.errors import NeedsApproval, Refused
from cx_tui.services.session import Session, open_session
from tests.conftest import Server, opened
from tests.db.sessions import add, two_offices
from tests.db.test_roles import LOGINS, Office, office
from tests.db.uploads import file_of, uploaded


@asynccontextmanager
async def two_people(url: str, kind: str, server: Server | None) -> AsyncIterator[tuple[Session, Session]]:
    """Ana and Ben, on PostgreSQL with logins of their own."""
    if kind == "sqlite" or server is None:
        async with two_offices(url) as both:
            yield both
        return
    make = "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cxt_{0}') THEN"
    await server.execute(
        *(
            f"{make.format(one)} CREATE ROLE cxt_{one} LOGIN SUPERUSER; END IF; END $$"
            for one in ("ana", "ben")
        )
    )
    urls = [url.replace("postgresql://postgres@", f"postgresql://cxt_{one}@") for one in ("ana", "ben")]
    ana = await open_session(urls[0], who=Who("ana", "10.0.0.1"))
    ben = await open_session(urls[1], who=Who("ben", "10.0.0.2"))
    try:
        yield ana, ben
    finally:
        await ana.close()
        await ben.close()


@pytest.fixture
async def people(
    kind: str, database_url: str, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Session, Session]]:
    server = request.getfixturevalue("postgres") if kind == "postgresql" else None
    async with two_people(database_url, kind, server) as both:
        await both[0].approvals.set_rule(Rule.CREDIT, Decimal(100))
        await both[0].approvals.set_rule(Rule.PENALTY, Decimal(0))
        await both[0].approvals.set_rule(Rule.DELETE, Decimal(2))
        yield both


async def asked(session: Session, base: Customer, **wanted: object) -> int:
    """The number of a request for what one may not do alone."""
    with pytest.raises(NeedsApproval) as caught:
        await session.records.save(base, wanted)
    return await session.approvals.ask(caught.value.wish, "new contract")


async def test_a_large_credit_is_asked_for_and_given_by_another_person(
    people: tuple[Session, Session],
) -> None:
    ana, ben = people
    acme = await add(ana, "Acme", debit_limit=Decimal(50))
    number = await asked(ana, acme, debit_limit=Decimal(500), channels=5)
    (request,) = await ben.approvals.list()
    assert (request.who, request.title, request.reason) == ("ana", "Acme", "new contract")
    assert Decimal(request.wanted["debit_limit"]) == Decimal(500)
    with pytest.raises(Refused, match="another person"):
        await ana.approvals.approve(number)
    operation_id = await ben.approvals.approve(number)
    now = await ana.records.get(acme.id)
    assert (now.debit_limit, now.channels) == (Decimal(500), 5)
    (newest,) = await ana.log.operations(LogQuery(), 1)
    assert (newest.id, newest.who) == (operation_id, "ana, approved by ben")
    with pytest.raises(Refused, match="done already"):
        await ben.approvals.approve(number)
    # What is less than allowed, or lowers it, needs nobody.
    await ana.records.save(now, {"debit_limit": Decimal(400)})
    with pytest.raises(NeedsApproval, match="create the customer with a lower one"):
        await add(ana, "New", debit_limit=Decimal(101))


async def test_a_request_is_void_when_its_base_was_changed(people: tuple[Session, Session]) -> None:
    ana, ben = people
    acme = await add(ana, "Acme", status=Status.PENALTY)
    number = await asked(ana, acme, status=Status.ACTIVE)
    await ben.records.save(await ben.records.get(acme.id), {"channels": 7})
    with pytest.raises(Refused, match="void"):
        await ben.approvals.approve(number)
    assert (await ben.records.get(acme.id)).status is Status.PENALTY
    assert (await ben.approvals.get(number)).state is RequestState.VOID
    assert not await ben.approvals.list()
    assert [one.state for one in await ben.approvals.list(decided=True)] == [RequestState.VOID]


async def test_time_that_runs_out_never_means_yes(people: tuple[Session, Session]) -> None:
    ana, ben = people
    acme = await add(ana, "Acme", status=Status.PENALTY)
    number = await asked(ana, acme, status=Status.ACTIVE)
    async with ana.database.writing() as connection:
        if not ana.database.on_sqlite:  # which else keeps a request as it is
            await connection.execute(text("SET LOCAL session_replication_role = replica"))
        over = datetime.now(UTC) - timedelta(seconds=1)
        await connection.execute(update(approval).where(approval.c.id == number).values(expires_at=over))
    with pytest.raises(Refused, match="expired"):
        await ben.approvals.approve(number)
    assert not await ben.approvals.list()
    assert (await ben.approvals.get(number)).state is RequestState.EXPIRED


async def test_who_asked_takes_it_back_and_another_refuses(people: tuple[Session, Session]) -> None:
    ana, ben = people
    acme = await add(ana, "Acme", status=Status.PENALTY)
    mine, other = [await asked(ana, acme, status=Status.ACTIVE) for _ in range(2)]
    await ana.approvals.refuse(mine)
    await ben.approvals.refuse(other, "not paid yet")
    said = {one.id: (one.state, one.said, one.decided_who) for one in await ana.approvals.list(decided=True)}
    assert said[mine] == (RequestState.REFUSED, "taken back", "ana")
    assert said[other] == (RequestState.REFUSED, "not paid yet", "ben")
    with pytest.raises(Refused, match="refused already"):
        await ben.approvals.approve(other)


async def test_many_are_edited_and_deleted_by_two(people: tuple[Session, Session]) -> None:
    ana, ben = people
    some = [await add(ana, f"C{place}", status=Status.PENALTY) for place in range(3)]
    ids = [one.id for one in some]
    with pytest.raises(NeedsApproval) as edit:
        await ana.bulk.edit(ids, {"status": Status.ACTIVE, "channels": 3})
    await ben.approvals.approve(await ana.approvals.ask(edit.value.wish, ""))
    assert {(await ana.records.get(one)).status for one in ids} == {Status.ACTIVE}
    await ana.bulk.edit(ids, {"status": Status.INACTIVE})
    with pytest.raises(NeedsApproval, match="deleting more than 2") as gone:
        await ana.bulk.delete(ids)
    number = await ana.approvals.ask(gone.value.wish, "")
    assert await ben.approvals.approve(number)
    assert not await ana.bulk.chosen(Selection(frozenset(ids)))


async def test_a_file_is_no_way_around(people: tuple[Session, Session], tmp_path: Path) -> None:
    ana, _ = people
    await add(ana, "Acme", debit_limit=Decimal(50))
    await add(ana, "Bell", status=Status.PENALTY)
    await ana.approvals.set_rule(Rule.CREDIT, None)
    await add(ana, "Coral", debit_limit=Decimal(300))
    await ana.approvals.set_rule(Rule.CREDIT, Decimal(100))
    path = file_of(
        tmp_path / "limits.csv",
        """
        name,debit_limit,status,currency
        Acme,100.01,,
        Bell,,active,
        Coral,299.5,inactive,
        New,101,,EUR
        Small,100,penalty,EUR
        """,
    )
    done = await uploaded(ana, path)
    assert done.verdicts == ["error", "error", "update", "error", "create"]
    assert "a debit limit above 100.00 needs a second person" in done.rows[0][2]
    assert "leaving Penalty needs a second person" in done.rows[1][2]
    rows = await (await ana.customers.list(Query())).rows(0, 9, ("name", "debit_limit"))
    assert {row["name"]: row["debit_limit"] for row in rows} == {
        "Acme": 50, "Bell": 0, "Coral": Decimal("299.5"), "Small": 100,
    }  # fmt: skip


async def test_an_undo_is_no_way_around_and_a_later_change_neither(people: tuple[Session, Session]) -> None:
    ana, _ = people
    acme = await add(ana, "Acme", status=Status.ACTIVE)
    saved = await ana.records.save(acme, {"status": Status.PENALTY})
    assert saved.operation_id
    with pytest.raises(Refused, match="second person"):
        await ana.log.undo(saved.operation_id)
    now, later = await ana.records.get(acme.id), datetime.now(UTC) + timedelta(hours=1)
    with pytest.raises(NeedsApproval):
        await ana.delayed.order(now, {"status": Status.ACTIVE}, later)


async def test_two_who_approve_at_once_do_it_once(people: tuple[Session, Session]) -> None:
    ana, ben = people
    acme = await add(ana, "Acme", status=Status.PENALTY)
    number = await asked(ana, acme, status=Status.ACTIVE)
    done = await asyncio.gather(*(ben.approvals.approve(number) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(one, int) for one in done) == 1
    assert all(isinstance(one, int | Refused) for one in done)


async def test_the_commands_show_rules_and_requests(
    people: tuple[Session, Session], capsys: pytest.CaptureFixture[str]
) -> None:
    ana, _ = people
    acme = await add(ana, "Acme", status=Status.PENALTY)
    number = await asked(ana, acme, status=Status.ACTIVE)
    url = ana.database.url.render_as_string(hide_password=False)
    url = url.replace("+aiosqlite", "").replace("+asyncpg", "").replace("cxt_ana", "cxt_ben")

    async def said(*arguments: str) -> str:
        assert await asyncio.to_thread(command, ["approvals", *arguments, "--db", url]) == 0
        return capsys.readouterr().out

    (one,) = (await said("list", "--json")).splitlines()
    assert json.loads(one)["change"] == "Status Penalty -> Active"
    assert "Leaving Penalty" in await said("rules")
    shown = await said("rules", "--on", "delete", "--above", "50")
    assert "more records than a number      above 50\n" in shown
    assert "above 1,000.00\n" in await said("rules", "--on", "credit", "--above", "1000")
    await said("rules", "--off", "delete")
    assert "refused" in await said("refuse", str(number), "--reason", "no")
    assert not await said("list")


@pytest.fixture
async def with_roles(postgres: Server, postgres_template: str) -> AsyncIterator[Office]:
    async with office(postgres, postgres_template) as made:
        yield made


async def test_the_database_refuses_whatever_goes_around_the_program(with_roles: Office) -> None:
    owner = with_roles.owner
    acme = await add(owner, "Acme", status=Status.PENALTY)
    await owner.approvals.set_rule(Rule.PENALTY, Decimal(0))
    await owner.approvals.set_rule(Rule.CREDIT, Decimal(100))
    admin = await with_roles.session(LOGINS["admin"])
    operator = await with_roles.session(LOGINS["operator"])
    number = await asked(operator, await operator.records.get(acme.id), status=Status.ACTIVE)

    async def tried(session: Session, *statements: str) -> str:
        try:
            async with session.database.writing() as connection:
                for statement in statements:
                    await connection.execute(text(statement))
        except Refused as refused:
            return str(refused)
        return "nothing"

    decided = f"UPDATE approval SET state = 'applying', decided_who = 'eve' WHERE id = {number}"
    assert "needs a second person" in await tried(admin, "UPDATE customer SET status = 'active'")
    assert "needs a second person" in await tried(admin, "UPDATE customer SET debit_limit = 101")
    assert "another login" in await tried(operator, decided)
    assert "another person" in await tried(admin, decided.replace("'eve'", f"'{operator.who.name.upper()}'"))
    forged = "UPDATE approval SET state = 'done'"
    assert "waiting already" in await tried(admin, forged)
    assert "permission denied" in await tried(admin, "UPDATE approval SET wanted = '{}'")
    # Approved for another value than the one that is written.
    assert "needs a second person" in await tried(admin, decided, "UPDATE customer SET debit_limit = 101")
    assert await admin.approvals.approve(number)
    assert (await admin.records.get(acme.id)).status is Status.ACTIVE


async def test_a_change_is_turned_back_once_unless_it_is_confirmed(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        acme = await add(ana, "Acme", channels=10)
        bell = await add(ana, "Bell", channels=10)
        written, number = await ana.delayed.save_to_confirm(acme, {"channels": 20, "city": "Bonn"}, 5)
        assert written.operation_id
        assert number
        with pytest.raises(Refused, match="waits to be confirmed"):
            await ben.delayed.save_to_confirm(await ben.records.get(acme.id), {"channels": 30}, 5)
        _, other = await ana.delayed.save_to_confirm(bell, {"channels": 20}, 5)
        assert [name for _, name in await ben.delayed.unconfirmed()] == ["Acme", "Bell"]
        assert other is not None
        await ben.delayed.confirm(other)
        assert await ana.delayed.run_due() == 0
        # Ben changes one of the fields meanwhile: that one stays.
        await ben.records.save(await ben.records.get(acme.id), {"city": "Köln"})
        await _be_late(ana.database)
        settled = await asyncio.gather(*(one.delayed.run_due() for one in (ana, ben, ana, ben)))
        assert sum(settled) == 1
        now = await ana.records.get(acme.id)
        assert (now.channels, now.city) == (10, "Köln")
        assert (await ana.records.get(bell.id)).channels == 20
        ((held, _),) = await ana.delayed.board([DelayedState.HELD])
        assert (held.id, held.wanted) == (number, {"city": ""})
        assert "City was changed since by others and stays" in held.said


async def _be_late(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(update(delayed).values(due_at=datetime.now(UTC) - timedelta(seconds=1)))


async def test_a_request_is_never_changed_nor_deleted_by_others(
    postgres: Server, postgres_template: str
) -> None:
    async with office(postgres, postgres_template) as made:
        await made.owner.approvals.set_rule(Rule.PENALTY, Decimal(0))
        acme = await add(made.owner, "Acme", status=Status.PENALTY)
        operator = await made.session(LOGINS["operator"])
        number = await asked(operator, await operator.records.get(acme.id), status=Status.ACTIVE)
        async with opened(made.url) as database, database.writing() as connection:
            # Even who owns the table can't approve what was changed.
            with pytest.raises(Exception, match="never changed"):
                await connection.execute(update(approval).where(approval.c.id == number).values(title="x"))
