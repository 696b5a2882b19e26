"""What is asked of the engine beside one decision: the way of a number, then and now, lint, what is kept."""

from datetime import UTC, datetime

import pytest

from cx_tui.db.engine import Database
from cx_tui.domain.admission.call import Call
from cx_tui.domain.calls.call import Call as Finished
from cx_tui.domain.query import Query
from cx_tui.domain.records.customer import Status
from cx_tui.domain.records.rewrite import Parameter
from cx_tui.services.admission import linting
from cx_tui.services.session import Session
from tests.db.companies import company, made
from tests.db.sessions import ANA, add


@pytest.fixture
def session(database: Database) -> Session:
    """What Ana can do."""
    return Session(database, ANA)


def call(source: str = "192.0.2.7") -> Call:
    return Call(dialled="442079460000", moment=datetime.now(UTC), source=source, cli="441632960000")


async def test_a_simulated_call_stands_in_the_list_and_counts_nowhere(session: Session) -> None:
    customer = await company(session)
    decision = await session.admission.simulate(call())
    assert await session.keep_simulated(call(), decision)
    (kept,) = await session.calls.latest(customer.id)
    assert (kept.simulated, kept.dialled, kept.carrier) == (True, "442079460000", "Northline")
    names = ("attempts", "asr", "last_call_at", "spend_today", "balance")
    (row,) = await (await session.customers.list(Query())).rows(0, 1, names)
    assert (row["attempts"], row["asr"], row["last_call_at"], row["spend_today"]) == (0, None, None, 0)
    nobody = await session.admission.simulate(call("198.51.100.1"))
    assert not await session.keep_simulated(call("198.51.100.1"), nobody)


async def test_a_number_is_followed_through_every_step(session: Session) -> None:
    customer = await company(session)
    (ip,) = await session.records_of["ip"].of_owner(customer.id)
    rule = {"customer_id": customer.id, "ip": ip.id, "parameter": Parameter.DESTINATION}
    await made(session, "rewrite", **rule, current="0", new="44")
    found = await session.admission.follow_number(customer.id, "02079460000")
    assert [(one.step, one.number, one.did) for one in found.steps] == [
        ("dialled", "02079460000", True),
        ("rewrite rule", "442079460000", True),
        ("behind the rules", "442079460000", False),
        ("route #1", "442079460000", True),
        ("rate", "442079460000", True),
        ("carrier", "442079460000", True),
    ]
    assert (found.entry, found.entries) == ("192.0.2.0/28", 1)
    lost = await session.admission.follow_number(customer.id, "99")
    assert lost.steps[-1].sentence == "There is no rate for the number on Retail."


async def test_a_call_is_simulated_as_its_customer_was_and_as_it_is(session: Session) -> None:
    customer = await company(session)
    at = datetime.now(UTC)
    (route,) = await session.records_of["route"].of_owner(customer.id)
    await session.records.save(customer, {"channels": 0})
    await session.records_of["route"].delete(route.id)
    await made(session, "cli-rule", customer_id=customer.id, cli="441632960001")
    before = Finished(
        source="x", source_key="1", customer_id=customer.id, invited_at=at, ended_at=at, src_ip="192.0.2.7",
        dialled="442079460000", cli_in="441632960000",
    )  # fmt: skip
    found = await session.admission.then_and_now(before)
    assert found.then.admitted, found.then.trace
    assert (found.now.admitted, found.now.gate) == (False, "channels")
    # What was there is turned back for the question only.
    assert (await session.records.get(customer.id)).channels == 0


async def test_a_past_moment_is_decided_by_the_records_of_then(session: Session) -> None:
    acme = await company(session)
    bolt = await add(session, "Bolt", status=Status.ACTIVE)
    before, ips = call(), session.records_of["ip"]
    (ip,) = await ips.of_owner(acme.id)
    (route,) = await session.records_of["route"].of_owner(acme.id)
    await ips.delete(ip.id)
    await session.records_of["route"].save(route, {"dial_string": "^49"})
    await made(session, "ip", customer_id=bolt.id, address="192.0.2.0/28")
    now = await session.admission.simulate(before)
    assert now.customer is not None
    assert (now.customer.id, now.gate) == (bolt.id, "credit")
    then = await session.admission.simulate(before, as_it_was=True)
    assert then.admitted, then.trace
    assert then.customer is not None
    assert then.customer.id == acme.id
    # What is deleted is there for the question only.
    assert (await session.admission.simulate(call())).gate == "credit"


async def test_lint_in_slices_finds_what_it_finds_at_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    await company(session)
    other = await add(session, "Globex", status=Status.ACTIVE)
    await made(session, "ip", customer_id=other.id, address="192.0.2.7")
    await add(session, "Initech")
    done: list[int] = []
    at_once = [one.sentence async for one in session.admission.lint()]
    monkeypatch.setattr(linting, "SLICE", 1)
    in_slices = [one.sentence async for one in session.admission.lint("", done.append)]
    assert in_slices == at_once
    assert any("as the narrower network wins" in sentence for sentence in at_once)
    assert done == [1, 2, 3]
    assert await session.admission.number_of_customers() == 3
