"""Calls that come in to a customer's numbers, and SIP users who prove who they are, in every way."""

from collections.abc import AsyncIterator

import pytest

from cx_tui.domain.records.customer import Status
from cx_tui.domain.records.did import DidDestination
from cx_tui.domain.sip_passwords import digests
from cx_tui.ingest.kamailio.contacts import registered
from cx_tui.ingest.kamailio.rpc import Rpc
from tests.switch.conftest import Network
from tests.switch.sip import Carrier, Phone

PASSWORD = "correct horse battery"
NUMBER = "442079460999"


@pytest.fixture
async def office() -> AsyncIterator[Carrier]:
    """A telephone of the customer, which answers."""
    one = Carrier("127.0.0.31")
    await one.open()
    yield one
    one.close()


async def alice(network: Network) -> int:
    return await user(network, "alice", PASSWORD)


async def user(network: Network, name: str, password: str) -> int:
    kept = digests(name, "sip.acme.example", password)
    return await network.add("sip-user", customer_id=1, username=name, password=kept)


async def beside(network: Network, office: Carrier) -> Phone:
    """Where the office's telephone registers from."""
    return await network.phone_at(office.host)


async def test_a_carriers_call_to_an_inbound_number_goes_to_its_sip_address(
    network: Network, office: Carrier
) -> None:
    place = f"sip:desk@{office.host}:{office.port}"
    did = await network.add(
        "did", customer_id=1, number=NUMBER, destination_type=DidDestination.URI, destination=place
    )
    carrier, stranger = await network.phone_at("127.0.0.11"), await network.phone_at("127.0.0.99")
    outcome = await carrier.call(NUMBER, "33199005000")
    assert outcome.code == 200, (outcome, network.switch.said())
    (invite,) = office.invites
    assert invite.first.startswith(f"INVITE {place}")
    assert (await stranger.call(NUMBER)).code == 403, "no carrier calls from there"
    assert (await carrier.call("442079460998")).code == 403, "nobody has that number"
    await network.save("did", did, enabled=False)
    assert (await carrier.call(NUMBER)).code == 403
    await network.save("did", did, enabled=True)
    await network.save("did", did, destination_type=DidDestination.EXTERNAL, destination="+33199005001")
    outside = await carrier.call(NUMBER)
    assert (outside.code, "numbers outside" in outside.reason) == (404, True), outside
    await network.save("did", did, destination_type=DidDestination.URI, destination=place)
    await network.save("customer", 1, status=Status.INACTIVE)
    assert "status" in (await carrier.call(NUMBER)).reason
    records = await network.records(3)
    assert {(one.customer_id, one.dialled) for one in records} == {(1, NUMBER)}
    carrier.close()
    stranger.close()


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_a_user_registers_and_is_called_at_the_customers_number(
    network: Network, office: Carrier
) -> None:
    await alice(network)
    await network.add(
        "did", customer_id=1, number=NUMBER, destination_type=DidDestination.INTERNAL, destination="alice"
    )
    carrier, own = await network.phone_at("127.0.0.11"), await beside(network, office)
    assert (await carrier.call(NUMBER)).code == 480, "she is nowhere yet"
    contact = f"sip:alice@{office.host}:{office.port}"
    answer = await own.register("alice", PASSWORD, contact)
    assert answer.code == 200, (answer, network.switch.said())
    outcome = await carrier.call(NUMBER)
    assert outcome.code == 200, (outcome, network.switch.said())
    assert len(office.invites) == 1
    called = await own.call("442079460000", "alice", user="alice", password=PASSWORD)
    assert called.code == 200, called
    carrier.close()
    own.close()


async def test_the_switch_says_where_a_user_is_whose_latency_is_wanted(
    network: Network, office: Carrier
) -> None:
    await alice(network)
    own = await beside(network, office)
    rpc = Rpc(f"http://{network.switch.host}:{network.switch.rpc_port}/RPC")
    assert await registered(rpc, "alice") == []
    contact = f"sip:alice@{office.host}:{office.port}"
    assert (await own.register("alice", PASSWORD, contact)).code == 200
    (found,) = await registered(rpc, "alice")
    assert (found.host, found.port, found.transport) == (office.host, office.port, "udp")
    assert found.round_trip is None, "this switch does not ping"
    await rpc.close()
    own.close()


async def test_who_is_not_the_user_does_not_register(network: Network, office: Carrier) -> None:
    number = await alice(network)
    own = await beside(network, office)
    contact = f"sip:alice@{office.host}:{office.port}"
    assert (await own.register("alice", "", contact)).code == 401
    assert (await own.register("alice", "another one", contact)).code == 403
    assert (await own.register("bob", PASSWORD, contact)).code == 403
    await user(network, "bob", "his own")
    assert (await own.register("alice", PASSWORD, contact, claims="bob")).code == 401, "not for others"
    assert "bob" not in str(network.switch.rpc("ul.dump"))
    await network.save("sip-user", number, enabled=False)
    assert (await own.register("alice", PASSWORD, contact)).code == 403
    assert network.switch.rpc("ul.dump") in (None, {"Domains": []}) or "alice" not in str(
        network.switch.rpc("ul.dump")
    )
    own.close()
