"""Several servers side by side: the money of each customer is kept by one of them, whom the others ask.

So calls that different servers decide at the same time never get the same money.  Everything else each server
decides by itself.  While one of them is away, each of the others gives out at most its own part.
"""

import asyncio
import json
import ssl
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple, cast

from cx_tui.domain.admission.engine import Decision
from cx_tui.domain.rating.price import Rules, Tariff

PATIENCE = 0.5
"""Seconds for an answer; a switch itself waits for a second and a half."""
AGAIN_AFTER = 0.2
MOST_WAITING = 2_000
"""So many questions may wait for one server; for more it counts as away."""


class Wish(NamedTuple):
    """What is asked of the server that keeps a customer's money."""

    call: str
    customer: int
    tariff: Tariff
    rules: Rules
    seconds: int
    number: str = ""
    """What is called, in one form: for free minutes."""

    @classmethod
    def of(cls, key: str, decision: Decision) -> "Wish | None":
        """What an admitted call needs; None when it takes no money."""
        price, customer = decision.tariff, decision.customer
        if not key or price is None or customer is None or not decision.takes_money:
            return None
        return cls(key, customer.id, *price, decision.seconds, decision.priced_number)

    def words(self) -> dict[str, Any]:
        """As JSON."""
        said = self._asdict()
        return {**said, "tariff": asdict(self.tariff), "rules": asdict(self.rules)}

    @classmethod
    def read(cls, words: Any) -> "Wish":
        """A wish from its words; anything else is a ValueError."""
        from cx_tui.domain.rating.price import Rounding

        try:
            rules = dict(words["rules"])
            for name in ("duration_rounding", "cost_rounding"):
                rules[name] = Rounding.of_value(rules[name])
            return cls(
                str(words["call"]), int(words["customer"]), Tariff(**words["tariff"]), Rules(**rules),
                int(words["seconds"]), str(words.get("number", "")),
            )  # fmt: skip
        except (KeyError, TypeError, StopIteration):
            raise ValueError("this is not a request of another server") from None


class Peer(asyncio.Protocol):
    """Another server, as seen from here: questions go out without waiting, answers come in their order."""

    def __init__(self, host: str, port: int, token: str = "", context: ssl.SSLContext | None = None) -> None:
        self.host, self.port = host, port
        self._head = f"Host: {host}:{port}\r\n" + (f"Authorization: Bearer {token}\r\n" if token else "")
        self._context = context
        self._transport: asyncio.Transport | None = None
        self._waiting: deque[tuple[asyncio.Future[Any], str]] = deque()
        self._rest = b""
        self._lost = asyncio.Event()

    @property
    def here(self) -> bool:
        """Whether it can be asked."""
        return self._transport is not None and len(self._waiting) < MOST_WAITING

    async def reserve(self, wish: Wish) -> int | None:
        """The seconds that a call may last by what its customer has; None when the server does not say."""
        if not self.here:
            return None
        answer = self._send("/reserve", wish.words(), wish.call)
        try:
            said = await asyncio.wait_for(asyncio.shield(answer), PATIENCE)
        except TimeoutError:
            answer.cancel()
            return None
        seconds = said.get("seconds") if isinstance(said, dict) else None
        return seconds if isinstance(seconds, int) else None

    def end(self, key: str, *, answered: bool) -> None:
        """A call is over, for which it keeps the money."""
        if self._transport:
            self._send("/end", {"call": key, "answered": answered}, "")

    def _send(self, path: str, words: dict[str, Any], key: str) -> "asyncio.Future[Any]":
        body = json.dumps(words).encode()
        head = f"POST {path} HTTP/1.1\r\n{self._head}Content-Length: {len(body)}\r\n\r\n".encode()
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((answer, key))
        if self._transport:
            self._transport.write(head + body)
        return answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there."""
        self._transport, self._rest = cast(asyncio.Transport, transport), b""

    def data_received(self, data: bytes) -> None:
        """Answers."""
        rest = self._rest + data
        while (end := rest.find(b"\r\n\r\n")) >= 0:
            length = int(rest[:end].lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if len(rest) < end + 4 + length:
                break
            self._take(rest[end + 4 : end + 4 + length])
            rest = rest[end + 4 + length :]
        self._rest = rest

    def _take(self, body: bytes) -> None:
        answer, key = self._waiting.popleft()
        if not answer.cancelled():
            answer.set_result(json.loads(body))
        elif key:
            # It came too late, and the call was decided without it.
            self.end(key, answered=False)

    def connection_lost(self, error: Exception | None) -> None:
        """It has gone; who waits for it goes on without."""
        self._transport = None
        while self._waiting:
            answer, _ = self._waiting.popleft()
            if not answer.done():
                answer.set_result(None)
        self._lost.set()

    async def keep_linked(self, ending: asyncio.Event) -> None:
        """Stay connected until the end; when it has gone, come back as soon as it is there."""
        loop = asyncio.get_running_loop()
        while not ending.is_set():
            self._lost.clear()
            try:
                await loop.create_connection(lambda: self, self.host, self.port, ssl=self._context)
                await _first(self._lost, ending)
            except OSError:
                pass  # not there yet
            try:
                await asyncio.wait_for(ending.wait(), AGAIN_AFTER)
            except TimeoutError:
                continue
        if self._transport:
            self._transport.close()


async def _first(*events: asyncio.Event) -> None:
    """Wait until one of some things happens."""
    waits = [asyncio.ensure_future(one.wait()) for one in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()


class Sharing:
    """All servers that decide the calls of the same customers; each knows them in the same order."""

    def __init__(self, servers: Sequence[Peer | None] = (None,)) -> None:
        self._servers = servers
        """None is this one."""

    @property
    def peers(self) -> list[Peer]:
        """The others."""
        return [one for one in self._servers if one]

    @property
    def alone(self) -> bool:
        """Whether there are no others."""
        return len(self._servers) == 1

    @property
    def parts(self) -> int:
        """Into how many parts money is divided: one while all are here."""
        return 1 if all(one.here for one in self.peers) else len(self._servers)

    def keeper(self, customer_id: int) -> Peer | None:
        """Who keeps the money of a customer; None is this server."""
        return self._servers[customer_id % len(self._servers)]
