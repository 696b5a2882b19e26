"""The server over HTTP, for any switch: questions and answers in JSON.

HTTP/1.1 is read here, as little of it as switches speak: a question is answered before the next is read, so a
connection may send several without waiting.  What a library would add costs more than the decision.
"""

import asyncio
import ssl
from collections.abc import Awaitable
from typing import cast

from cx_tui.decide.doors import Doors, Reply, refusal

LONGEST_HEAD = 16_384
LARGEST = 65_536
"""Bytes of a question."""
MOST = 1_000
"""So many connections at a time; more are told to come again."""
PATIENCE = 75.0
"""Seconds until a connection that says nothing, or never ends its question, is closed."""
PHRASES = {
    200: b"OK", 400: b"Bad Request", 401: b"Unauthorized", 404: b"Not Found", 405: b"Method Not Allowed",
    411: b"Length Required", 413: b"Content Too Large", 431: b"Request Header Fields Too Large",
    500: b"Internal Server Error", 503: b"Service Unavailable",
}  # fmt: skip
HEAD = b"HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
MORE = {401: b"WWW-Authenticate: Bearer\r\n", 503: b"Retry-After: 1\r\n"}
CLOSE = b"Connection: close\r\n"


class Unreadable(Exception):
    """What came is no request that is read here: the code and the sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Connection(asyncio.Protocol):
    """One connection of a switch."""

    def __init__(self, doors: Doors, others: "set[Connection]") -> None:
        self._doors = doors
        self._others = others
        self._rest = b""
        self._needs = 0
        """Bytes without which it is of no use to look again."""
        self._last = False
        """Whether no more questions come."""
        self._told = False
        """Whether the other side was told to go on with a long question."""
        self._busy: asyncio.Future[None] | None = None
        """An answer that is on its way from another server."""
        self._transport: asyncio.Transport | None = None
        self._heard = asyncio.get_running_loop().time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there."""
        self._transport = cast(asyncio.Transport, transport)
        if len(self._others) >= MOST:
            self._transport.write(written(refusal(503, "there are too many connections"), CLOSE))
            self._transport.close()
            return
        self._others.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        """It has gone."""
        self._others.discard(self)
        self._transport = None

    def pause_writing(self) -> None:
        """Its answers are not read: no more questions are."""
        if self._transport:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """They are read again."""
        if self._transport:
            self._transport.resume_reading()

    def eof_received(self) -> bool:
        """No more questions come; an answer that is on its way is still said."""
        self._last = True
        return self._busy is not None

    def close(self) -> None:
        """Hang up, when what was said has gone."""
        if self._transport:
            self._transport.close()

    def silent_for(self, now: float) -> float:
        """Seconds since the last question was whole, or since it is there."""
        return now - self._heard

    def data_received(self, data: bytes) -> None:
        """Questions: all that came together are answered together."""
        rest = self._rest + data if self._rest else data
        if self._busy:
            self._rest = rest
            if len(rest) > LARGEST + LONGEST_HEAD:
                self.pause_writing()
            return
        answers: list[bytes] = []
        last = False
        try:
            while len(rest) > self._needs and not (last or self._busy):
                found = self._next(rest)
                if found is None:
                    break
                answer, rest, last = found
                answers.append(answer)
        except Unreadable as why:
            # What follows can't be told apart from it.
            answers.append(written(refusal(why.code, str(why)), CLOSE))
            last = True
        self._rest = rest
        if answers and self._transport:
            self._heard = asyncio.get_running_loop().time()
            self._transport.write(b"".join(answers))
        if last:
            self.close()

    def _next(self, rest: bytes) -> tuple[bytes, bytes, bool] | None:
        """The answer to the first request, what is behind that, and whether it was the last."""
        end = rest.find(b"\r\n\r\n")
        if end < 0:
            if len(rest) > LONGEST_HEAD:
                raise Unreadable(431, f"the head of a request has at most {LONGEST_HEAD:,} bytes")
            return None
        first, *lines = rest[:end].split(b"\r\n")
        method, target, version = _first(first)
        headers = _headers(lines)
        body_begins, length = end + 4, _length(headers)
        if len(rest) < body_begins + length:
            self._needs = body_begins + length - 1
            if headers.get(b"expect", b"").lower() == b"100-continue" and not self._told and self._transport:
                self._told = True
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            return None
        self._needs, self._told = 0, False
        reply = self._doors.answer(
            method, target.partition(b"?")[0], headers.get(b"authorization", b""),
            rest[body_begins : body_begins + length],
        )  # fmt: skip
        kept = headers.get(b"connection", b"").lower()
        last = kept == b"close" or (version == b"HTTP/1.0" and kept != b"keep-alive")
        rest = rest[body_begins + length :]
        if not isinstance(reply, tuple):
            self._busy = asyncio.ensure_future(self._later(reply, last))
            return b"", rest, False
        return written(reply, CLOSE if last else b"", empty=method == b"HEAD"), rest, last

    async def _later(self, coming: Awaitable[Reply], last: bool) -> None:
        """An answer for which another server was asked; what came meanwhile is read behind it."""
        reply = await coming
        self._busy = None
        if self._transport is None:
            return
        self._transport.write(written(reply, CLOSE if last else b""))
        self._transport.resume_reading()
        if self._rest and not last:
            self.data_received(b"")
        if last or (self._last and not self._busy):
            self.close()


def written(reply: Reply, more: bytes = b"", *, empty: bool = False) -> bytes:
    """A reply as bytes."""
    code, kind, body = reply
    head = HEAD % (code, PHRASES[code], kind, len(body), MORE.get(code, b"") + more)
    return head if empty else head + body


def _first(line: bytes) -> tuple[bytes, bytes, bytes]:
    words = line.split(b" ")
    if len(words) != 3 or not words[2].startswith(b"HTTP/1."):
        raise Unreadable(400, "this is no HTTP/1.1")
    return words[0], words[1], words[2]


def _headers(lines: list[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        name = name.lower()
        if not colon or not name or name != name.strip():
            raise Unreadable(400, "a header can't be read")
        if name in found and name in (b"content-length", b"authorization"):
            raise Unreadable(400, f"{name.decode()} is there twice")
        found[name] = value.strip()
    return found


def _length(headers: dict[bytes, bytes]) -> int:
    """The length of what is asked; whoever does not say it could hide one request in another."""
    if b"transfer-encoding" in headers:
        raise Unreadable(411, "send the question with Content-Length, not in chunks")
    said = headers.get(b"content-length", b"0")
    if not said.isdigit() or len(said) > 10:
        raise Unreadable(400, "Content-Length is not a number")
    if int(said) > LARGEST:
        raise Unreadable(413, f"a question has at most {LARGEST:,} bytes")
    return int(said)


class Listener:
    """Takes connections at one place, until it is closed."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._watch: asyncio.TimerHandle | None = None

    async def open(self, host: str, port: int, context: ssl.SSLContext | None) -> list[tuple[str, int]]:
        """Take connections; says where."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Connection(self._doors, self._connections), host, port, ssl=context, backlog=1024
        )
        self._look()
        return [one.getsockname()[:2] for one in self._server.sockets]

    def _look(self) -> None:
        """Close connections that have said nothing for long."""
        loop = asyncio.get_running_loop()
        for one in [each for each in self._connections if each.silent_for(loop.time()) > PATIENCE]:
            one.close()
        self._watch = loop.call_later(PATIENCE / 10, self._look)

    async def close(self) -> None:
        """Take none any more, and hang up."""
        if self._watch:
            self._watch.cancel()
        for one in list(self._connections):
            one.close()
        if self._server:
            self._server.close()
            await self._server.wait_closed()


def trusting(certificate: str) -> ssl.SSLContext:
    """What encrypts questions to other servers: those with this certificate, or one that it has signed."""
    context = ssl.create_default_context(cafile=certificate)
    context.load_default_certs()
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
