"""Every gate once, by a real call through a real switch; what was refused says which gate it was."""

from datetime import date
from decimal import Decimal

from sqlalchemy import update

from cx_tui.db.tables import counters
from cx_tui.domain.records.customer import Status
from cx_tui.domain.records.rewrite import Parameter
from cx_tui.domain.sip_passwords import digests
from cx_tui.domain.week import Week
from tests.switch.conftest import Network
from tests.switch.parts import until

FINE = {
    "status": Status.ACTIVE,
    "verify_email": False,
    "allowed_times": None,
    "debit_limit": Decimal(100),
    "channels": 10,
}
PASSWORD = "correct horse battery"


async def test_a_call_is_answered_by_the_first_carrier(network: Network) -> None:
    outcome = await network.call()
    assert outcome.code == 200, (outcome, network.switch.said(), network.decide.said())
    (invite,) = network.carriers[0].invites
    assert invite.first.startswith("INVITE sip:442079460000@127.0.0.11:")
    await until(lambda: not network.carriers[0].up, "the BYE arrives")


async def test_gates_of_the_account(network: Network) -> None:
    for gate, code, values in (
        ("status", 403, {"status": Status.INACTIVE}),
        ("times", 403, {"allowed_times": Week(0)}),
        ("verification", 403, {"verify_email": True}),
        ("credit", 402, {"debit_limit": Decimal(0)}),
        ("channels", 503, {"channels": 0}),
    ):
        await network.save("customer", 1, **FINE | values)
        outcome = await network.call()
        assert (outcome.code, outcome.reason.partition(":")[0]) == (code, f'X.CX;text="{gate}'), outcome
    await network.save("customer", 1, **FINE)
    assert (await network.call()).code == 200
    assert len(network.carriers[0].invites) == 1, "no carrier heard of those that were refused"


async def test_a_contract_and_the_daily_limit_stop_calls(network: Network) -> None:
    contract = await network.add("contract", name="Terms", text="All of it.")
    own = await network.add(
        "customer-contract", customer_id=1, contract=contract, required=True, grace_date=date(2020, 1, 1)
    )
    assert "contract" in (await network.call()).reason
    await network.session.records_of["customer-contract"].delete(own)
    await network.save("customer", 1, daily_limit=Decimal(0))
    outcome = await network.call()
    assert (outcome.code, outcome.reason.partition(":")[0]) == (402, 'X.CX;text="daily limit')


async def test_gates_of_the_number(network: Network) -> None:
    for number, gate, code in (("4930123456", "rate", 404), ("", "", 484)):
        outcome = await network.call(number)
        assert (outcome.code, gate in outcome.reason) == (code, True), outcome
    await network.save("ip", 1, tech_prefix="8881#")
    outcome = await network.call()
    assert (outcome.code, "authentication" in outcome.reason) == (403, True), outcome
    assert (await network.call("8881#442079460000")).code == 200
    await network.save("ip", 1, tech_prefix="8881")
    assert (await network.call("8881442079460000")).code == 200
    assert network.carriers[0].invites[-1].first.startswith("INVITE sip:442079460000@")


async def test_what_the_rules_make_of_number_and_caller_is_sent_on(network: Network) -> None:
    await network.add("rewrite", customer_id=1, ip=1, parameter=Parameter.DESTINATION, current="0", new="44")
    await network.add(
        "cli-rule", customer_id=1, cli="441632960000", rewrite_cli="442000000001", rewrite_paid="442000000002"
    )
    assert (await network.call("02079460000")).code == 200
    (invite,) = network.carriers[0].invites
    assert invite.first.startswith("INVITE sip:442079460000@")
    assert "sip:442000000001@" in invite.one("From")
    assert "sip:442000000002@" in invite.one("P-Asserted-Identity")
    refused = await network.call("02079460000", "441632960999")
    assert (refused.code, "cli" in refused.reason) == (403, True), refused


async def test_an_unknown_address_is_refused_and_a_sip_user_proves_itself(network: Network) -> None:
    stranger = await network.phone_at("127.0.0.77")
    assert (await stranger.call("442079460000")).code == 403
    kept = digests("alice", "sip.acme.example", PASSWORD)
    await network.add("sip-user", customer_id=1, username="alice", password=kept)
    challenged = await stranger.call("442079460000", "alice")
    assert challenged.code == 407
    right = await stranger.call("442079460000", "alice", user="alice", password=PASSWORD)
    assert right.code == 200, (right, network.switch.said())
    wrong = await stranger.call("442079460000", "alice", user="alice", password="another one")
    assert wrong.code == 403, wrong
    other = await stranger.call("442079460000", "alice", user="bob", password=PASSWORD)
    assert other.code == 403, other
    stranger.close()


async def test_hostile_headers_are_a_refusal_or_a_call_and_never_more(network: Network) -> None:
    for number, cli in (
        ("44';drop--", "441632960000"),
        ("442079460000", "44'||pg_sleep(3)||'"),
        ("442079460000", '44","source":"127.0.0.1'),
        ("442079460000", "$var(answer)"),
        ("4420\u00e9\u4e16", "441632960000"),
        ("442079460000", "x" * 900),
        ("4" * 2000, "441632960000"),
    ):
        outcome = await network.call(number, cli)
        assert outcome.code in (200, 400, 403, 404, 484), (number, outcome)
    asserted = [("P-Asserted-Identity", '"><sip:"@x>'), ("Proxy-Authorization", 'Digest username="a\\"b')]
    assert (await network.call(headers=asserted)).code in (200, 400, 403)
    assert (await network.call()).code == 200


async def test_a_balance_that_calls_have_used_up_stops_the_next(network: Network) -> None:
    assert (await network.call()).code == 200
    async with network.session.database.writing() as connection:
        await connection.execute(update(counters).values(balance=Decimal(-100)))
    outcomes = []

    async def refused() -> bool:
        outcomes.append((await network.call()).code)
        return outcomes[-1] == 402

    for _ in range(20):
        if await refused():
            break
    assert outcomes[-1] == 402, outcomes
