"""What is said to a mail server and answered by it, once one is connected and logged in.

aiosmtplib says one command and waits for its answer.  A server with PIPELINING (RFC 2920) takes several at
once, and who waits for them together waits for one trip to it instead of three.
"""

import asyncio
import re
from collections import deque

from aiosmtplib import SMTPException, SMTPReadTimeoutError, SMTPResponse, SMTPResponseException
from aiosmtplib import SMTPServerDisconnected as HungUp

LONGEST = 32_768
"""Bytes of one answer."""

NO_CODE = -1
HARMFUL = re.compile(r"[\x00-\x1f\x7f]")


class Talk(asyncio.Protocol):
    """Takes a connection over; its errors are those of aiosmtplib."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._unread = b""
        self._lines: list[bytes] = []
        self._answers: deque[SMTPResponse] = deque()
        self._owed = 0
        self._waiting: asyncio.Future[None] | None = None
        self._error: SMTPException | None = None
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        """Whether the server can be talked to, as far as is known."""
        return self._error is None and not self._transport.is_closing()

    def command(self, *commands: str) -> None:
        """Say some commands at once; each will be answered."""
        if any(map(HARMFUL.search, commands)):
            raise ValueError("a command has one line")
        self.say("".join(f"{command}\r\n" for command in commands).encode(), answers=len(commands))

    def say(self, content: bytes, *, answers: int = 1) -> None:
        """Say something that is answered so many times."""
        if not self.is_open:
            raise self._error or HungUp("it hung up")
        self._owed += answers
        self._transport.write(content)

    async def answer(self, within: float) -> SMTPResponse:
        """The next answer, if it comes within so many seconds."""
        if not self._answers and self._error is None:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            late = loop.call_later(within, self._fail, SMTPReadTimeoutError("no answer in time"))
            try:
                await self._waiting
            finally:
                late.cancel()
        if not self._answers:
            raise self._error or HungUp("it hung up")
        self._owed -= 1
        return self._answers.popleft()

    def data_received(self, data: bytes) -> None:
        """Understand what came as far as it is whole."""
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            self._read(line)
        if len(self._unread) + sum(map(len, self._lines)) > LONGEST:
            self._fail(SMTPResponseException(NO_CODE, "Response too long"))
        if len(self._answers) > self._owed:
            # Nobody asked: it says that it leaves, and what comes next would be taken for another answer.
            self._transport.close()
        elif self._answers:
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits for an answer that none will come."""
        self._fail(HungUp("it hung up"))

    def _read(self, line: bytes) -> None:
        code, more = line[:3], line[3:4] == b"-"
        if self._error:
            return
        if not code.isdigit():
            said = line.decode("utf-8", "ignore")
            self._fail(SMTPResponseException(NO_CODE, f"Malformed SMTP response line: {said}"))
            return
        self._lines.append(line[4:].strip())
        if not more:
            text = b"\n".join(self._lines).decode("utf-8", "surrogateescape")
            self._answers.append(SMTPResponse(int(code), text))
            self._lines.clear()

    def _fail(self, error: SMTPException) -> None:
        self._error = self._error or error
        self._wake()

    def _wake(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)
