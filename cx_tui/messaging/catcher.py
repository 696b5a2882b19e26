"""A mail server of our own on this machine, which keeps what it gets and passes nothing on: for the demo."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy

LARGEST = 64 * 2**20
KEPT = 100
CAPABILITIES = f"250-catcher\r\n250-SIZE {LARGEST}\r\n250-8BITMIME\r\n250 SMTPUTF8"
SIMPLE = {
    "EHLO": CAPABILITIES,
    "HELO": "250 catcher",
    "NOOP": "250 still here",
    "RSET": "250 forgotten",
    "QUIT": "221 bye",
}


@dataclass(frozen=True)
class Caught:
    """A letter that was caught."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def subject(self) -> str:
        """Its subject."""
        return self.header("Subject")

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return self.header("Message-ID")

    def header(self, name: str) -> str:
        """A header of it, readable."""
        return str(message_from_bytes(self.content, policy=policy.default).get(name, ""))


class Catcher:
    """Listens on this machine alone, on its own port; `told` hears of a letter before its sender does."""

    def __init__(self, told: Callable[[Caught], None] = lambda letter: None) -> None:
        self.count = 0
        self.last: deque[Caught] = deque(maxlen=KEPT)
        self.port = 0
        self._told = told
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._met, "127.0.0.1", limit=LARGEST)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Hang up, and listen no more."""
        if self._server:
            self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def caught(self, letter: Caught) -> None:
        """A letter has come."""
        self.count += 1
        self.last.append(letter)
        self._told(letter)

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.ensure_future(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            try:
                await _Talk(self, reader, writer).run()
            finally:
                writer.close()


class _Talk:
    """A conversation with one client."""

    def __init__(self, catcher: Catcher, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._catcher = catcher
        self._reader = reader
        self._writer = writer
        self._forget()

    def _forget(self) -> None:
        self._sender: str | None = None
        self._recipients: list[str] = []

    async def run(self) -> None:
        """Talk until the client leaves."""
        await self._say("220 catcher: nothing leaves this machine")
        verb = ""
        while verb != "QUIT" and (line := await self._reader.readline()):
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            verb = verb.upper()
            await self._say(await self._data() if verb == "DATA" else self._answer(verb, rest))

    def _answer(self, verb: str, rest: str) -> str:
        if verb not in ("NOOP", "RCPT"):
            self._forget()
        if verb in SIMPLE:
            return SIMPLE[verb]
        if verb == "MAIL":
            self._sender = _address(rest)
            return "250 ok"
        if verb == "RCPT" and self._sender is not None:
            self._recipients.append(_address(rest))
            return "250 ok"
        return "503 MAIL comes first" if verb == "RCPT" else "500 what?"

    async def _data(self) -> str:
        if self._sender is None or not self._recipients:
            return "503 MAIL and RCPT come first"
        await self._say("354 go on")
        content = await self._content()
        self._catcher.caught(Caught(self._sender, tuple(self._recipients), content))
        self._forget()
        return f"250 caught as number {self._catcher.count}"

    async def _content(self) -> bytes:
        """All up to the line with only a dot; a dot more at the beginning of a line is taken away."""
        lines = []
        while (line := await self._reader.readline()) != b".\r\n":
            if not line:
                raise asyncio.IncompleteReadError(b"", None)
            lines.append(line.removeprefix(b"."))
        return b"".join(lines)

    async def _say(self, answer: str) -> None:
        self._writer.write(answer.encode() + b"\r\n")
        await self._writer.drain()


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
