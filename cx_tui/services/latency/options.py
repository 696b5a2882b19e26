"""One SIP OPTIONS to an endpoint, over UDP, TCP or TLS: how long its answer takes.

Any answer counts, refusals too: an endpoint that says 404 or 405 is there.
"""

import asyncio
import re
import secrets
import ssl
import time
from typing import NamedTuple

from cx_tui.errors import Unavailable

PATIENCE = 2.0
"""Seconds after which an answer has not come."""

LARGEST = 65_536

ANSWER = re.compile(rb"SIP/2\.0 ([1-6][0-9]{2})(?: ([^\r\n]*))?\r?\n")
CALL_ID = re.compile(rb"^(?:call-id|i)[ \t]*:[ \t]*([^\r\n]+?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


class Target(NamedTuple):
    """Where an endpoint is."""

    host: str
    port: int
    transport: str = "udp"
    """udp, tcp or tls."""

    @property
    def in_words(self) -> str:
        """For a person."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port} {self.transport.upper()}"


class Answer(NamedTuple):
    """What came back."""

    seconds: float
    code: int
    reason: str


async def options(target: Target, patience: float = PATIENCE) -> Answer | None:
    """Ask an endpoint, and wait for its answer; None when none comes in time.  Unavailable when nothing can
    be sent there at all."""
    try:
        if target.transport == "udp":
            return await _by_udp(target, patience)
        return await asyncio.wait_for(_by_stream(target), patience)
    except TimeoutError:
        return None
    except OSError as error:
        raise Unavailable(f"{target.in_words} can't be asked: {error.strerror or error}") from None


async def _by_udp(target: Target, patience: float) -> Answer | None:
    loop = asyncio.get_running_loop()
    address = target.host, target.port
    transport, waiting = await loop.create_datagram_endpoint(_Waiting, remote_addr=address)
    try:
        call_id = secrets.token_hex(12)
        waiting.expect(call_id)
        began = time.perf_counter()
        transport.sendto(_request(target, transport.get_extra_info("sockname"), call_id))
        data, at = await asyncio.wait_for(waiting.answered, patience)
        return _read(data, at - began)
    finally:
        transport.close()


class _Waiting(asyncio.DatagramProtocol):
    """Waits for the answer to one request; what else comes is not looked at."""

    def __init__(self) -> None:
        self.answered: asyncio.Future[tuple[bytes, float]] = asyncio.get_running_loop().create_future()
        self._call_id = b""

    def expect(self, call_id: str) -> None:
        """The answer has this Call-ID."""
        self._call_id = call_id.encode()

    def datagram_received(self, data: bytes, addr: object) -> None:
        at = time.perf_counter()
        if _answers(data, self._call_id) and not self.answered.done():
            self.answered.set_result((data, at))

    def error_received(self, exc: Exception) -> None:
        if not self.answered.done():
            self.answered.set_exception(exc)


async def _by_stream(target: Target) -> Answer | None:
    """The connection is made first, and not measured."""
    context = None
    if target.transport == "tls":
        # Nothing secret is sent, and a switch inside a network seldom has a certificate that all trust.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    reader, writer = await asyncio.open_connection(target.host, target.port, ssl=context, limit=LARGEST)
    try:
        call_id = secrets.token_hex(12)
        began = time.perf_counter()
        writer.write(_request(target, writer.get_extra_info("sockname"), call_id))
        while True:
            data = await reader.readuntil(b"\r\n\r\n")
            if _answers(data, call_id.encode()):
                return _read(data, time.perf_counter() - began)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    finally:
        writer.close()


def _answers(data: bytes, call_id: bytes) -> bool:
    """Whether this is the last answer to the request: not one of those before it, like 100 Trying."""
    code, told = ANSWER.match(data), CALL_ID.search(data)
    return bool(code and told and told[1] == call_id and not code[1].startswith(b"1"))


def _read(data: bytes, seconds: float) -> Answer | None:
    found = ANSWER.match(data)
    return Answer(seconds, int(found[1]), (found[2] or b"").decode("utf-8", "replace")) if found else None


def _request(target: Target, here: tuple[str, int], call_id: str) -> bytes:
    host = f"[{here[0]}]" if ":" in here[0] else here[0]
    there = f"[{target.host}]" if ":" in target.host else target.host
    uri = f"sip:{there}:{target.port}"
    mine = f"sip:ping@{host}:{here[1]}"
    branch = f"z9hG4bK{secrets.token_hex(8)}"
    lines = [
        f"OPTIONS {uri} SIP/2.0",
        f"Via: SIP/2.0/{target.transport.upper()} {host}:{here[1]};rport;branch={branch}",
        "Max-Forwards: 70",
        f"From: <{mine}>;tag={secrets.token_hex(6)}",
        f"To: <{uri}>",
        f"Call-ID: {call_id}",
        "CSeq: 1 OPTIONS",
        f"Contact: <{mine}>",
        "Accept: application/sdp",
        "Content-Length: 0",
        "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()
