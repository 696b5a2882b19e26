"""Roles on a real PostgreSQL: what each may and may not do, asked by logins that have them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from cx_tui.commands.main import run as command
from cx_tui.db.calls import days
from cx_tui.db.engine import Database
from cx_tui.domain import rights
from cx_tui.domain.approvals import Rule
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import LogQuery
from cx_tui.domain.layout import usual_record_layout
from cx_tui.domain.query import Query, Sort
from cx_tui.domain.records import PLACES, record_named
from cx_tui.domain.records.company import Role
from cx_tui.domain.records.customer import Status
from cx_tui.domain.records.payment import PaymentStatus
from cx_tui.domain.sip_passwords import TypedPassword
from cx_tui.domain.view import View
from cx_tui.domain.who import Who
from cx_tui.errors import Invalid, NeedsApproval, NotFound, Refused
from cx_tui.services import roles
from cx_tui.services.session import Session, open_session
from tests.conftest import Server, opened
from tests.db.companies import company
from tests.db.sessions import ANA, add, add_contact

LOGINS = {role: f"cxt_{role}" for role in rights.ROLES}
NORTH = "cxt_north"


class Office:
    """A database with roles, and a session for each login."""

    def __init__(self, url: str, owner: Session, groups: tuple[int, int], stack: AsyncExitStack) -> None:
        self.url = url
        self.owner = owner
        self.groups = groups
        self._stack = stack

    async def session(self, login: str) -> Session:
        """The session of a login, as a program opens it."""
        url = self.url.replace("postgresql://postgres@", f"postgresql://{login}@")
        session = await open_session(url, who=Who(f"{login}-person", "there", "desk"))
        self._stack.push_async_callback(session.close)
        return session


@asynccontextmanager
async def office(server: Server, template: str) -> AsyncIterator[Office]:
    """A database whose users have logins of every role, and one of a reseller group."""
    every = [*LOGINS.values(), NORTH]
    make = (
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{0}') THEN CREATE ROLE {0} LOGIN;"
    )
    await server.execute(*(f"{make.format(login)} END IF; END $$" for login in every))
    async with server.database(template) as url, AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened(url))
        owner = Session(database, ANA)
        users = owner.records_of["user"]
        resellers = owner.records_of["reseller"]
        north, south = [(await resellers.create({"name": name})).record.id for name in ("North", "South")]
        for role, login in LOGINS.items():
            await users.create({"name": role, "login": login, "role": Role.of_value(role)})
        await users.create({"name": "N", "login": NORTH, "role": Role.OPERATOR, "reseller": north})
        await roles.carry_out(database, await roles.plan(database))
        yield Office(url, owner, (north, south), stack)


@pytest.fixture
async def with_roles(postgres: Server, postgres_template: str) -> AsyncIterator[Office]:
    async with office(postgres, postgres_template) as made:
        yield made


async def refused(database: Database, statement: str) -> str:
    """What the database says when it refuses a statement."""
    with pytest.raises(Refused) as caught:
        async with database.writing() as connection:
            await connection.execute(text(statement))
    return str(caught.value)


def test_each_kind_of_record_stands_in_one_area() -> None:
    listed = [record for records in rights.AREAS.values() for record in records]
    assert sorted(listed) == sorted(PLACES)
    named = {*rights.MONEY_FIELDS, *rights.CARE_FIELDS}
    assert named <= set(fields_of(record_named("customer")))
    assert tuple(role.value for role in Role) == rights.ROLES


async def test_a_viewer_reads_all_but_secrets_and_writes_nothing(with_roles: Office) -> None:
    acme = await company(with_roles.owner)
    await add_contact(with_roles.owner, acme.id)
    given = {"username": "acme01", "password": TypedPassword("correct horse 1")}
    await with_roles.owner.records_of["sip-user"].create({"customer_id": acme.id, **given})
    session = await with_roles.session(LOGINS["viewer"])
    assert (session.who.login, session.who.role) == (LOGINS["viewer"], "viewer")
    listing = await session.customers.list(Query(search="acme"))
    assert await listing.ids(0, 10) == [acme.id]
    (user,) = await session.records_of["sip-user"].of_owner(acme.id)
    assert (user.username, user.password) == ("acme01", "")
    assert (await session.admission.why([acme.id]))[0].steps
    found = session.database.rights
    assert not any(found.may_change(one) or found.may_create(one) or found.may_delete(one) for one in PLACES)
    with pytest.raises(Refused, match="administrator can grant"):
        await session.records.save(await session.records.get(acme.id), {"channels": 5})
    assert "permission denied" in await refused(session.database, "SELECT password FROM sip_user")
    assert "permission denied" in await refused(session.database, "UPDATE customer SET channels = 1")


async def test_a_view_with_a_column_that_a_role_may_not_read_shows_nothing_in_it(with_roles: Office) -> None:
    acme = await company(with_roles.owner)
    given = {"username": "acme01", "password": TypedPassword("correct horse 1")}
    await with_roles.owner.records_of["sip-user"].create({"customer_id": acme.id, **given})
    asked = Query(record="sip-user", sort=(Sort("password"), Sort("username")))
    view = View("phones", asked, ("username:20", "password:40"), shared=True)
    await with_roles.owner.views.keep(view)
    usual = usual_record_layout("sip-user", owned=False)
    found = {}
    for role in ("viewer", "operator"):
        session = await with_roles.session(LOGINS[role])
        opened_view = await session.views.named("phones", "sip-user")
        columns = [column.name for column in opened_view.layout(usual).columns]
        assert columns == ["username", "password"]
        (row,) = await session.list_of(opened_view.asked()).rows(0, 10, columns)
        found[role] = (row["username"], bool(row["password"]))
    assert found == {"viewer": ("acme01", False), "operator": ("acme01", True)}


async def test_a_right_that_is_taken_away_under_an_open_program_is_refused_at_once(
    with_roles: Office,
) -> None:
    owner = with_roles.owner
    acme = await add(owner, "Acme", channels=1, status=Status.PENALTY)
    await owner.approvals.set_rule(Rule.PENALTY, Decimal(0))
    session = await with_roles.session(LOGINS["operator"])
    with pytest.raises(NeedsApproval) as caught:
        await owner.records.save(await owner.records.get(acme.id), {"status": Status.ACTIVE})
    number = await owner.approvals.ask(caught.value.wish, "")
    assert session.rights.may_change("customer", "channels")
    users = owner.records_of["user"]
    listed = await owner.list_of(Query(record="user", sort=())).rows(0, 20, ["login"])
    (row,) = [row for row in listed if row["login"] == LOGINS["operator"]]
    await users.save(await users.get(row["id"]), {"role": Role.VIEWER})
    await roles.carry_out(owner.database, await roles.plan(owner.database))
    base = await session.records.get(acme.id)
    with pytest.raises(Refused, match="administrator can grant"):
        await session.records.save(base, {"channels": 2})
    # Who has lost the role approves nothing either; the request waits for another person.
    with pytest.raises(Refused, match="administrator can grant"):
        await session.approvals.approve(number)
    assert [one.id for one in await owner.approvals.list()] == [number]
    now = await owner.records.get(acme.id)
    assert (now.channels, now.status) == (1, Status.PENALTY)


async def test_a_name_of_another_group_is_taken_and_nothing_more_is_said(with_roles: Office) -> None:
    north, south = with_roles.groups
    await add(with_roles.owner, "Secret Customer", reseller=south)
    session = await with_roles.session(NORTH)
    with pytest.raises((Invalid, Refused)) as caught:
        await add(session, "secret customer", reseller=north)
    assert "South" not in str(caught.value)
    assert not await (await session.customers.list(Query())).exact_count()


async def test_support_changes_contacts_and_notes_but_no_limits(with_roles: Office) -> None:
    acme = await add(with_roles.owner, "Acme")
    session = await with_roles.session(LOGINS["support"])
    base = await session.records.get(acme.id)
    await session.records.save(base, {"private_notes": "calls back"})
    joe = await add_contact(session, acme.id)
    await session.records_of["contact"].save(joe, {"phone": "+442079460123"})
    await session.records_of["contact"].delete(joe.id)
    assert session.database.rights.may_change("customer", "city")
    assert not session.database.rights.may_change("customer", "channels")
    for wanted in ({"channels": 9}, {"debit_limit": Decimal(9)}, {"status": Status.ACTIVE}):
        with pytest.raises(Refused):
            await session.records.save(await session.records.get(acme.id), wanted)
    with pytest.raises(Refused):
        await add(session, "New")
    with pytest.raises(Refused):
        await session.records.delete(acme.id)


async def test_an_operator_makes_and_routes_customers_and_books_no_money(with_roles: Office) -> None:
    session = await with_roles.session(LOGINS["operator"])
    acme = await add(session, "Acme", channels=10)
    await session.records.save(acme, {"channels": 20, "status": Status.ACTIVE})
    await session.records_of["ip"].create({"customer_id": acme.id, "address": "192.0.2.1"})
    done = await session.bulk.edit([acme.id], {"channels": 30})
    await session.log.undo(done.operation_id)
    assert (await session.records.get(acme.id)).channels == 20
    wanted = {"channels": 40}
    await session.delayed.order(
        await session.records.get(acme.id), wanted, datetime.now(UTC) + timedelta(days=1)
    )
    with pytest.raises(Refused):
        await session.records.save(await session.records.get(acme.id), {"debit_limit": Decimal(9)})
    with pytest.raises(Refused):
        await session.records_of["payment"].create({"customer_id": acme.id, "total": Decimal(9)})
    await session.bulk.delete([acme.id])


async def test_an_operators_own_program_turns_back_what_nobody_confirmed(with_roles: Office) -> None:
    owner = with_roles.owner
    acme, bell = [await add(owner, name, channels=1) for name in ("Acme", "Bell")]
    await owner.delayed.order(bell, {"channels": 9}, datetime.now(UTC) + timedelta(hours=1))
    session = await with_roles.session(LOGINS["operator"])
    base = await session.records.get(acme.id)
    await session.delayed.save_to_confirm(base, {"channels": 5}, 5)
    assert not await session.delayed.turn_back_own()
    async with owner.database.writing() as connection:
        await connection.execute(text("UPDATE delayed SET due_at = now() - interval '1 second'"))
    other = await with_roles.session(LOGINS["support"])
    assert not await other.delayed.turn_back_own()
    assert await session.delayed.turn_back_own() == 1
    assert [(await owner.records.get(one.id)).channels for one in (acme, bell)] == [1, 1]
    # What waits for its time is done by who may do everything.
    assert await owner.delayed.run_due() == 1


async def test_finance_books_and_sets_limits_and_changes_nothing_else(with_roles: Office) -> None:
    acme = await company(with_roles.owner)
    session = await with_roles.session(LOGINS["finance"])
    base = await session.records.get(acme.id)
    await session.records.save(base, {"debit_limit": Decimal(900), "status": Status.INACTIVE})
    paid = {"customer_id": acme.id, "total": Decimal(50), "status": PaymentStatus.COMPLETED}
    await session.records_of["payment"].create(paid)
    assert (await session.money.ledger.balance(acme.id)).balance == Decimal(50)
    with pytest.raises(Refused):
        await session.records.save(await session.records.get(acme.id), {"channels": 1})
    with pytest.raises(Refused):
        await session.records_of["ip"].create({"customer_id": acme.id, "address": "192.0.2.1"})


async def test_an_admin_does_all_but_change_the_log(with_roles: Office) -> None:
    session = await with_roles.session(LOGINS["admin"])
    acme = await add(session, "Acme", debit_limit=Decimal(5))
    await session.records_of["carrier"].create({"name": "Northline"})
    await session.records.save(acme, {"channels": 3})
    assert session.database.rights.works
    (newest,) = await session.log.operations(LogQuery(), 1)
    assert (newest.login, newest.role, newest.who, newest.host) == (
        LOGINS["admin"], "admin", f"{LOGINS['admin']}-person", "desk",
    )  # fmt: skip
    for statement in (
        "UPDATE operation SET who = 'nobody'",
        "UPDATE operation SET records = 7",
        "UPDATE operation SET undone_by = 1",
        "DELETE FROM operation",
        "DELETE FROM change",
        "UPDATE change SET record = 'x'",
        "TRUNCATE operation",
        "UPDATE ledger SET amount = 1",
        "INSERT INTO four_eyes VALUES ('credit', 0)",
    ):
        assert await refused(session.database, statement)
    # What it says of itself is not believed.
    async with session.database.writing() as connection:
        await connection.execute(
            text(
                "INSERT INTO operation (at, who, origin, act, title, records, login, role, host)"
                " VALUES (now(), 'ben', '', 'update', 'forged', 1, 'postgres', 'owner', '')"
            )
        )
    (forged,) = await session.log.operations(LogQuery(), 1)
    assert (forged.login, forged.role) == (LOGINS["admin"], "admin")


async def test_a_resellers_operator_sees_and_changes_only_its_customers(with_roles: Office) -> None:
    north, south = with_roles.groups
    mine = await add(with_roles.owner, "Acme North", reseller=north, channels=1)
    other = await add(with_roles.owner, "Acme South", reseller=south)
    none = await add(with_roles.owner, "Acme")
    await add_contact(with_roles.owner, mine.id, "Mine")
    theirs = await add_contact(with_roles.owner, other.id, "Theirs")
    session = await with_roles.session(NORTH)
    assert session.database.rights.reseller
    for query in (Query(), Query(search="acme"), Query(search="mine"), Query(where="channels=1")):
        listing = await session.customers.list(query)
        assert await listing.ids(0, 10) == [mine.id], query
        assert await listing.exact_count() == 1
    assert not await (await session.customers.list(Query(search="theirs"))).ids(0, 10)
    listing = session.list_of(Query(record="contact", sort=()))
    assert [row["name"] for row in await listing.rows(0, 10, ["name"])] == ["Mine"]
    for hidden in (other.id, none.id):
        with pytest.raises(NotFound):
            await session.records.get(hidden)
    with pytest.raises(NotFound):
        await session.records_of["contact"].get(theirs.id)
    seen = await session.log.operations(LogQuery(), 50)
    assert {one.title for one in seen} == {"Acme North", "contact Mine"}
    saved = await session.records.save(await session.records.get(mine.id), {"channels": 7})
    assert saved.operation_id
    assert (await session.bulk.edit([mine.id, other.id], {"channels": 8})).changed == 1
    with pytest.raises(Refused):
        await session.records.save(await session.records.get(mine.id), {"reseller": south})
    with pytest.raises(Refused):
        await add(session, "Foreign", reseller=south)
    await add(session, "Second", reseller=north)
    async with session.database.reading() as connection:
        for table, number in (("users", 1), ("reseller", 1), ("job", 0), ("call_unknown", 0)):
            assert (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar() == number
        counted = (await connection.execute(text("SELECT count(*) FROM found_by"))).scalar()
    assert counted == 2


async def test_days_of_calls_that_come_later_are_secured_too(with_roles: Office) -> None:
    async with with_roles.owner.database.writing() as connection:
        await days.share(connection, [datetime.now(UTC).date()])
    name = days.name_of(datetime.now(UTC).date())
    secured = f"SELECT relrowsecurity FROM pg_class WHERE relname = '{name}'"
    async with with_roles.owner.database.reading() as connection:
        assert (await connection.execute(text(secured))).scalar()
    session = await with_roles.session(LOGINS["viewer"])
    async with session.database.reading() as connection:
        assert (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar() == 0


async def test_roles_are_made_again_and_taken_from_who_left(with_roles: Office) -> None:
    users = with_roles.owner.records_of["user"]
    (admin,) = [
        row for row in await with_roles.owner.list_of(Query(record="user", sort=())).rows(0, 20, ["login"])
        if row["login"] == LOGINS["admin"]
    ]  # fmt: skip
    await users.save(await users.get(admin["id"]), {"enabled": False})
    await users.create({"name": "Eve", "login": "cxt_not_there"})
    plan = await roles.plan(with_roles.owner.database)
    await roles.carry_out(with_roles.owner.database, plan)
    assert [note for note in plan.notes if "cxt_not_there" in note]
    async with with_roles.owner.database.reading() as connection:
        held = f"SELECT pg_has_role('{LOGINS['admin']}', 'cx_admin', 'MEMBER')"
        assert not (await connection.execute(text(held))).scalar()


async def test_only_the_owner_makes_roles(with_roles: Office) -> None:
    session = await with_roles.session(LOGINS["admin"])
    with pytest.raises(Refused, match="log in as postgres"):
        await roles.plan(session.database)


def test_sqlite_has_no_roles(empty_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["db", "roles", "--db", empty_url]) == 1
    assert "the mode of the file" in capsys.readouterr().err


async def test_the_command_prints_the_sql_and_what_each_role_may(
    with_roles: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    async def said(*arguments: str) -> str:
        assert await asyncio.to_thread(command, ["db", "roles", *arguments, "--db", with_roles.url]) == 0
        return capsys.readouterr().out

    assert "GRANT UPDATE (" in await said("--dry-run")
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in (await said("--dry-run", "--json")).splitlines()
    ]
    (support,) = [row for row in rows if (row["role"], row["record"]) == ("cx_support", "customer")]
    assert not support["makes"]
    assert "city" in support["changes"]
    assert "channels" not in support["changes"]
    assert not await said()
