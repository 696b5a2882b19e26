"""Kamailio's module evapi: one connection to it, over which it asks and gets its answers, as netstrings."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from cx_tui.decide.answering import Answer, Answering
from cx_tui.decide.asked import checked
from cx_tui.decide.for_kamailio import flat, register_said
from cx_tui.decide.pressure import Pressure
from cx_tui.errors import CxError

LONGEST = 100_000
"""Bytes of a question: more is no netstring of Kamailio's."""
AGAIN_AFTER = 0.2
FIRST_WORD = {"hello": "cx-tui decide"}
"""Said once: from now on the switch asks here."""


OVERLOADED = {
    "code": 503, "phrase": "Service Unavailable", "gate": "overload",
    "sentence": "More calls come than can be decided in time.",
}  # fmt: skip


def netstring(said: dict[str, Any]) -> bytes:
    """What is said, with its length before it: two answers in one packet stay two."""
    body = json.dumps(said).encode()
    return b"%d:%s," % (len(body), body)


class NetStrings:
    """Takes netstrings out of bytes as they come."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The whole strings that there are now; ValueError when it is something else."""
        rest, found, place = self._rest + data, [], 0
        while (colon := rest.find(b":", place, place + 8)) >= 0:
            digits = rest[place:colon]
            if not digits.isdigit() or int(digits) > LONGEST:
                raise ValueError("not a netstring")
            end = colon + 1 + int(digits)
            if len(rest) <= end:
                break
            if rest[end : end + 1] != b",":
                raise ValueError("not a netstring")
            found.append(rest[colon + 1 : end])
            place = end + 1
        self._rest = rest[place:]
        if len(self._rest) > 8 and b":" not in self._rest[:8]:
            raise ValueError("not a netstring")
        return found


class Link(asyncio.Protocol):
    """A connection to one Kamailio."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._strings = NetStrings()
        self._pressure = Pressure()
        self._asked: set[asyncio.Future[bytes]] = set()
        self._transport: asyncio.Transport | None = None
        self.lost = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there: say so, as the switch asks only who has said something."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(netstring(FIRST_WORD))

    def data_received(self, data: bytes) -> None:
        """Questions: all that came together are answered together."""
        if self._transport is None:
            return
        try:
            strings = self._strings.feed(data)
        except ValueError:
            self._transport.abort()
            return
        answers = []
        for string in strings:
            answer = answered(self._answering, string, self._pressure)
            if isinstance(answer, bytes):
                answers.append(answer)
            else:
                task = asyncio.ensure_future(answer)
                self._asked.add(task)
                task.add_done_callback(self._said)
        self._transport.write(b"".join(answers))

    def _said(self, task: "asyncio.Future[bytes]") -> None:
        """Another server has answered."""
        self._asked.discard(task)
        if self._transport and not task.cancelled():
            self._transport.write(task.result())

    def connection_lost(self, error: Exception | None) -> None:
        """It has gone."""
        self._transport = None
        if not self.lost.done():
            self.lost.set_result(None)

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()


def answered(
    answering: Answering, string: bytes, pressure: Pressure | None = None
) -> bytes | Awaitable[bytes]:
    """The answer to one question of Kamailio's, or what will be it; nothing to what needs none."""
    number = asked_at = ""
    over = False
    try:
        words = json.loads(string.decode())
        if isinstance(words, dict):
            number, asked_at = str(words.pop("i", "")), words.pop("t", "")
            over = words.pop("over", False)
        if pressure and asked_at and pressure.too_old(asked_at):
            answering.shed += 1
            return netstring({**OVERLOADED, "i": number})
        words = checked(words)
        if over:
            answering.end(words)
            return b""
        if words.get("method") == "REGISTER":
            return netstring({**register_said(answering.register(words)), "i": number})
        found, call = answering.ask(words), str(words.get("call", ""))
        if isinstance(found, Answer):
            return _said(found, number, call)
        return _later(found, number, call)
    except (ValueError, CxError) as error:
        # A question that can't be read is a call that can't be decided.
        said = {"code": 400, "phrase": "Bad Request", "gate": "", "sentence": str(error)[:200]}
        return netstring({**said, "i": number}) if number else b""


async def _later(coming: Awaitable[Answer], number: str, call: str) -> bytes:
    return _said(await coming, number, call)


def _said(found: Answer, number: str, call: str) -> bytes:
    """The answer, with the call: whoever asked may have gone, and only then it is needed."""
    return netstring({**flat(found), "i": number, "call": call})


async def keep_linked(
    host: str, port: int, answering: Answering, ending: asyncio.Event, say: Callable[[str], None]
) -> None:
    """Stay connected to a Kamailio; when it has gone, come back as soon as it is there."""
    loop, silent_since = asyncio.get_running_loop(), 0.0
    while not ending.is_set():
        try:
            _, link = await loop.create_connection(lambda: Link(answering), host, port)
        except OSError as error:
            if time.monotonic() - silent_since > 60:
                why = error.strerror or error
                say(f"Kamailio's evapi at {host}:{port} can't be reached: {why}; trying on")
                silent_since = time.monotonic()
        else:
            say(f"linked with Kamailio's evapi at {host}:{port}")
            silent_since = 0.0
            over = asyncio.ensure_future(ending.wait())
            await asyncio.wait([link.lost, over], return_when=asyncio.FIRST_COMPLETED)
            over.cancel()
            link.close()
            if not ending.is_set():
                say(f"Kamailio's evapi at {host}:{port} has gone; trying again")
        try:
            await asyncio.wait_for(ending.wait(), AGAIN_AFTER)
        except TimeoutError:
            continue
