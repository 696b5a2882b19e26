"""The engine over the records of a database: what an operator edits decides."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from cx_tui.db.engine import Database
from cx_tui.domain.admission.call import Call, Where
from cx_tui.domain.records.cli_rule import CliRule
from cx_tui.domain.records.customer import InvoiceSchedule, Status
from cx_tui.domain.records.ip import Ip
from cx_tui.domain.records.rewrite import Parameter
from cx_tui.services.session import Session
from tests.db.companies import company, made
from tests.db.sessions import ANA, add

NOON = datetime(2026, 6, 16, 12, 0, tzinfo=UTC)


@pytest.fixture
def session(database: Database) -> Session:
    """What Ana can do."""
    return Session(database, ANA)


def call(dialled: str = "442079460000", source: str = "192.0.2.7", cli: str = "441632960000") -> Call:
    return Call(dialled=dialled, moment=NOON, source=source, cli=cli)


async def test_a_call_passes_by_the_records_as_they_are(session: Session) -> None:
    customer = await company(session)
    decision = await session.admission.simulate(call())
    assert decision.admitted, decision.trace
    assert decision.customer is not None
    assert decision.customer.id == customer.id
    assert [offer.carrier.name for offer in decision.carriers] == ["Northline"]
    (standing,) = await session.admission.why([customer.id], NOON)
    assert standing.can_call, standing.stopped_by


@pytest.mark.parametrize(
    ("values", "gate"),
    [
        ({"status": Status.INACTIVE}, "status"),
        ({"verify_email": True}, "verification"),
        ({"debit_limit": Decimal(0)}, "credit"),
        ({"channels": 0}, "channels"),
    ],
)
async def test_what_an_operator_edits_decides_the_next_call(
    session: Session, values: dict[str, object], gate: str
) -> None:
    customer = await company(session)
    await session.records.save(customer, values)
    decision = await session.admission.simulate(call())
    assert (decision.admitted, decision.gate) == (False, gate), decision.trace
    (standing,) = await session.admission.why([customer.id], NOON)
    assert [step.gate for step in standing.stopped_by] == [gate]


async def test_an_address_that_nobody_has_is_refused(session: Session) -> None:
    await company(session)
    decision = await session.admission.simulate(call(source="198.51.100.1"))
    assert (decision.code, decision.gate) == (403, "authentication")


async def test_a_rewritten_number_finds_its_rate(session: Session) -> None:
    customer = await company(session)
    (ip,) = await session.records_of["ip"].of_owner(customer.id)
    rule = {"customer_id": customer.id, "ip": ip.id, "parameter": Parameter.DESTINATION}
    await made(session, "rewrite", **rule, current="0", new="44")
    decision = await session.admission.simulate(call("02079460000"))
    assert (decision.admitted, decision.number) == (True, "442079460000"), decision.trace


async def test_the_first_cli_rule_blocks_all_others(session: Session) -> None:
    customer = await company(session)
    await made(session, "cli-rule", customer_id=customer.id, cli="441632960001")
    (rule,) = await session.records_of["cli-rule"].of_owner(customer.id)
    assert isinstance(rule, CliRule)
    assert (await session.admission.simulate(call())).gate == "cli"
    assert (await session.admission.simulate(call(cli="441632960001"))).admitted


async def test_an_address_says_whose_calls_it_shares_or_takes_before_it_is_saved(session: Session) -> None:
    acme = await company(session)  # it has 192.0.2.0/28
    bolt = await add(session, "Bolt", status=Status.ACTIVE)
    (theirs,) = await session.records_of["ip"].of_owner(acme.id)

    def wished(address: str, of: int = bolt.id, **more: Any) -> Ip:
        return Ip(id=0, created_at=NOON, changed_at=NOON, customer_id=of, address=address, **more)

    foreseen = session.addresses_foreseen
    assert await foreseen([wished("198.51.100.1"), wished("192.0.2.16"), wished("pbx.example")]) == []
    takes = ["The address 192.0.2.7 takes calls from 192.0.2.0/28 of Acme, as the narrower network wins."]
    assert await foreseen([wished("192.0.2.7")]) == takes
    assert await foreseen([wished("192.0.2.7", enabled=False)]) == []
    shared = await foreseen([wished("192.0.2.0/28")])
    assert len(shared) == 2
    assert shared[0].startswith("The address 192.0.2.0/28 is also Bolt's, and nothing tells them apart")
    assert len(await foreseen([wished("192.0.0.0/16")])) == 1
    made = (await session.records_of["ip"].create({"customer_id": bolt.id, "address": "192.0.2.7"})).record
    # What is so already is not said again, but what a change makes of it is.
    assert await foreseen([replace(made, channels=5)]) == []
    assert len(await foreseen([replace(theirs, address="192.0.2.0/24")])) == 1


async def test_lint_names_customers_without_authentication_and_route(session: Session) -> None:
    await add(session, "Bare", status=Status.ACTIVE)
    await company(session)
    found = {
        (problem.rule, problem.customer.name)
        async for problem in session.admission.lint()
        if problem.customer
    }
    assert {("no_authentication", "Bare"), ("no_route", "Bare")} <= found
    assert not {rule for rule, name in found if name == "Acme"} & {"no_authentication", "no_route"}


async def test_lint_names_what_nothing_refers_to(session: Session) -> None:
    await company(session)
    (route,) = await session.records_of["route"].of_owner(1)
    # Nobody's card is Locked's, but a route names it.
    locked, other = (
        await made(session, "carrier", name="Locked"),
        await made(session, "carrier", name="Other"),
    )
    await session.records_of["route"].save(route, {"lock_carriers": (locked,)})
    await made(session, "rate-card", name="Old", currency="EUR")
    await made(session, "prefix-set", name="UK", prefixes=("44",))
    await made(session, "user", name="Ana", login="ana")
    found = [problem async for problem in session.admission.lint(only="unused")]
    assert [problem.sentence for problem in found] == [
        "The carrier Other is not used.",
        "The rate card Old is not used.",
        "The prefix set UK is not used.",
    ]
    assert found[0].where == Where("carrier", other, "name")


async def test_lint_finds_broken_values_and_schedules_without_a_template(session: Session) -> None:
    customer = await company(session)
    await session.records.save(customer, {"invoice_schedule": InvoiceSchedule.MONTHLY, "toml": "a ="})
    rules = {problem.rule async for problem in session.admission.lint() if problem.customer}
    assert {"no_template", "broken_value"} <= rules
    template = await made(session, "invoice-template", name="Usual")
    now = await session.records.get(customer.id)
    await session.records.save(now, {"invoice_template": template, "toml": "a = 1"})
    rules = {problem.rule async for problem in session.admission.lint() if problem.customer}
    assert not rules & {"no_template", "broken_value"}
