"""Round trips are measured to real sockets, and what is lost is never taken for 0."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from cx_tui.config.sources import CallSource
from cx_tui.domain.records.ip import Ip
from cx_tui.domain.records.signalling import Protocol
from cx_tui.domain.records.sip_user import Ping, SipUser
from cx_tui.errors import NotFound, Refused, Unavailable
from cx_tui.ingest.kamailio.contacts import registered
from cx_tui.services.latency.latency import Figures, OfUser, Trip, measured, target_of
from cx_tui.services.latency.options import Target, options

DELAY = 0.05
NOW = datetime(2026, 6, 16, tzinfo=UTC)
KEPT: dict[str, Any] = {"id": 1, "customer_id": 1, "created_at": NOW, "changed_at": NOW}
RPC = CallSource(kind="kamailio", rpc="http://127.0.0.1:1/RPC")


def reply(request: bytes, first: str = "SIP/2.0 200 OK", **changed: str) -> bytes:
    """An answer to a request, with what must be copied from it."""
    head = request.decode().split("\r\n\r\n")[0].split("\r\n")[1:]
    copied = [one for one in head if one.split(":")[0] in ("Via", "From", "To", "Call-ID", "CSeq")]
    said = [f"Call-ID: {changed['call_id']}" if "call_id" in changed and one.startswith("Call-ID") else one
            for one in copied]  # fmt: skip
    return "\r\n".join([first, *said, "Content-Length: 0", "", ""]).encode()


class Endpoint(asyncio.DatagramProtocol):
    """An endpoint that answers as a test says, after a while."""

    def __init__(self, answers: Callable[[bytes], list[bytes]]) -> None:
        self._answers = answers
        self.heard: list[bytes] = []

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self.heard.append(data)
        for one in self._answers(data):
            asyncio.get_running_loop().call_later(DELAY, self._transport.sendto, one, addr)


@asynccontextmanager
async def endpoint(answers: Callable[[bytes], list[bytes]]) -> AsyncIterator[tuple[Target, Endpoint]]:
    """A UDP endpoint on this machine."""
    made = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Endpoint(answers), local_addr=("127.0.0.1", 0)
    )
    try:
        yield Target("127.0.0.1", made[0].get_extra_info("sockname")[1]), made[1]
    finally:
        made[0].close()


async def test_an_answer_is_timed_whatever_it_says() -> None:
    async with endpoint(lambda data: [reply(data, "SIP/2.0 405 Method Not Allowed")]) as (target, heard):
        answer = await options(target)
    assert answer is not None
    assert (answer.code, answer.reason) == (405, "Method Not Allowed")
    assert DELAY <= answer.seconds < DELAY + 0.2
    request = heard.heard[0].decode()
    assert request.startswith(f"OPTIONS sip:127.0.0.1:{target.port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:")
    assert "branch=z9hG4bK" in request


async def test_only_the_last_answer_to_this_request_counts() -> None:
    def others(data: bytes) -> list[bytes]:
        return [b"\0junk", reply(data, "SIP/2.0 100 Trying"), reply(data, call_id="another")]

    async with endpoint(others) as (target, _):
        assert await options(target, patience=0.3) is None


async def test_no_answer_is_none_and_a_closed_port_is_said() -> None:
    async with endpoint(lambda _: []) as (target, _):
        assert await options(target, patience=0.2) is None
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:\d+ UDP can't be asked"):
        await options(target, patience=0.5)


async def test_a_stream_is_timed_without_its_connection() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        data = await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(DELAY)
        writer.write(reply(data, "SIP/2.0 100 Trying") + reply(data))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        answer = await options(Target("127.0.0.1", server.sockets[0].getsockname()[1], "tcp"))
    assert answer is not None
    assert answer.code == 200
    assert DELAY <= answer.seconds < DELAY + 0.2


def test_an_address_is_asked_by_its_protocol_and_port() -> None:
    def of(**values: Any) -> Target:
        return target_of(Ip(**KEPT, **values))

    assert of(address="192.0.2.7") == Target("192.0.2.7", 5060, "udp")
    assert of(address="2001:db8::1", protocol=Protocol.TLS) == Target("2001:db8::1", 5061, "tls")
    assert (
        of(address="sip.acme.example", protocol=Protocol.TCP, port=5070).in_words
        == "sip.acme.example:5070 TCP"
    )
    assert of(address="192.0.2.7/32").host == "192.0.2.7"
    with pytest.raises(Refused, match="is a network"):
        of(address="192.0.2.0/24")


def user(**values: Any) -> SipUser:
    """A SIP user whose ping is on."""
    return SipUser(**KEPT, username="acme01", **{"ping": Ping.ENABLED, **values})


def test_a_user_is_measured_once_its_ping_is_on() -> None:
    with pytest.raises(Refused, match="turn it on"):
        measured(user(ping=Ping.DISABLED), {"sw1": RPC})
    with pytest.raises(NotFound, match="no switch says where it is"):
        measured(user(), {"files": CallSource(folder="/tmp")})


class Said:
    """A Kamailio that gives one answer."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    async def call(self, method: str, *params: str | int) -> Any:
        assert (method, params) == ("ul.lookup", ("location", "acme01"))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def close(self) -> None:
        pass


def looked_up(**values: Any) -> dict[str, Any]:
    """What `ul.lookup` says of one telephone."""
    contact = {"Address": "sip:acme01@192.0.2.9:5070;transport=tcp", "Received": "[not set]",
               "User-Agent": "Phone 1", "Last-Keepalive": 100, "KA-Roundtrip": 0}  # fmt: skip
    return {"AoR": "acme01", "HashID": 1, "Contacts": [{"Contact": contact | values}]}


async def test_kamailio_says_where_a_user_is_and_what_it_has_measured() -> None:
    async def one(**values: Any) -> Any:
        (found,) = await registered(Said(looked_up(**values)), "acme01")  # type: ignore[arg-type]
        return found

    found = await one()
    assert (found.host, found.port, found.transport, found.agent) == ("192.0.2.9", 5070, "tcp", "Phone 1")
    assert found.round_trip is None
    behind = await one(Received="sip:198.51.100.7:40000", **{"KA-Roundtrip": 23_400})
    assert (behind.host, behind.port, behind.round_trip) == ("198.51.100.7", 40_000, 0.0234)
    assert (await one(Address="sip:acme01@[2001:db8::9]")).host == "2001:db8::9"
    nowhere = Refused("Kamailio refuses ul.lookup: AOR not found in location table (500)")
    assert await registered(Said(nowhere), "acme01") == []  # type: ignore[arg-type]
    with pytest.raises(Refused, match="no module"):
        await registered(Said(Refused("no module usrloc")), "acme01")  # type: ignore[arg-type]


async def test_what_the_switch_has_measured_counts_once_and_then_it_is_asked_from_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with endpoint(lambda data: [reply(data)]) as (target, heard):
        address = f"sip:acme01@127.0.0.1:{target.port}"
        said = Said(looked_up(Address=address, **{"KA-Roundtrip": 23_400}))
        monkeypatch.setattr("cx_tui.services.latency.latency.Rpc", lambda *_: said)
        of_user = OfUser(user(), {"sw1": RPC})
        first, second = await of_user.measure(), await of_user.measure()
    assert (first.seconds, first.said) == (0.0234, "measured by sw1")
    assert (second.said, len(heard.heard)) == ("200 OK", 1)
    assert second.seconds is not None
    assert second.seconds >= DELAY


def trips(*seconds: float | None) -> list[Trip]:
    """Trips that took so long."""
    return [Trip(NOW, one, "") for one in seconds]


def test_figures_leave_out_what_was_lost_and_say_how_much() -> None:
    figures = Figures.of(trips(0.01, None, 0.03, 0.02))
    assert (figures.sent, figures.answered, figures.lost) == (4, 3, 25)
    assert (figures.least, figures.median, figures.most) == (0.01, 0.02, 0.03)
    assert figures.mean == pytest.approx(0.02)
    assert figures.jitter == pytest.approx(0.015)
    assert Figures.of(trips(None)).median is None
    assert Figures.of([]).lost is None
