"""Mail servers on loopback: a real one, and one that does what a script says."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope

PEM = Path(__file__).parent / "localhost.pem"
"""A key and its certificate for "localhost", made for these tests alone; good until 2120."""

DROP, SILENT = "drop", "silent"

USUAL = {
    "greeting": "220 scripted",
    "EHLO": "250-scripted\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN",
    "EHLO at once": "250-scripted\r\n250-SIZE 1000000\r\n250-PIPELINING\r\n250 AUTH PLAIN LOGIN",
    "AUTH": "235 welcome",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "dot": "250 queued as 42",
    "out of turn": "503 5.5.1 not now",
    "RSET": "250 ok",
    "NOOP": "250 ok",
    "QUIT": "221 bye",
}


class Scripted:
    """A mail server whose answers are those of a script, each used once, and the usual ones after them.

    It may take several commands at once.  What follows a command that it refused, it refuses, too.
    """

    at_once = False

    def __init__(self, script: Mapping[str, list[str]]) -> None:
        self.script = {stage: list(answers) for stage, answers in script.items()}
        self.port = 0
        self.connections = 0
        self.heard: list[str] = []
        self.letters: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one client until it leaves or the script says so."""
        self.connections += 1
        refuses = False
        try:
            going = await self._answer("greeting", writer)
            while going and (line := await reader.readline()):
                verb = line.split()[0].decode().upper()
                self.heard.append(verb)
                stage = "out of turn" if refuses and verb in ("RCPT", "DATA") else verb
                going = await self._answer(stage, writer) and verb != "QUIT"
                refuses = verb in ("MAIL", "RCPT") and (refuses or not self._said.startswith("2"))
                if going and verb == "DATA" and self._said.startswith("354"):
                    self.letters.append(await reader.readuntil(b"\r\n.\r\n"))
                    going = await self._answer("dot", writer)
        except (ConnectionError, asyncio.IncompleteReadError, IndexError):
            pass
        finally:
            writer.close()

    async def _answer(self, stage: str, writer: asyncio.StreamWriter) -> bool:
        planned = self.script.get(stage)
        usual = f"{stage} at once" if self.at_once and stage == "EHLO" else stage
        self._said = planned.pop(0) if planned else USUAL.get(usual, "500 what?")
        if self._said == DROP:
            return False
        if self._said == SILENT:
            await asyncio.Event().wait()
        writer.write(self._said.encode("latin-1") + b"\r\n")
        await writer.drain()
        return True


@asynccontextmanager
async def scripted(**script: list[str]) -> AsyncIterator[Scripted]:
    """A scripted server that is up."""
    ours = Scripted(script)
    tasks: set[asyncio.Task[None]] = set()

    def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(ours.serve(reader, writer)))

    server = await asyncio.start_server(met, "127.0.0.1")
    ours.port = server.sockets[0].getsockname()[1]
    try:
        yield ours
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Inbox:
    """What a real mail server got, and whom it turned away."""

    def __init__(self, refuses: Mapping[str, str] | None = None) -> None:
        self.refuses = dict(refuses or {})
        self.envelopes: list[Envelope] = []
        self.names: list[str] = []
        """What those who came called themselves."""

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802  # the same
        """Keep a letter."""
        self.envelopes.append(envelope)
        self.names.append(session.host_name)
        return f"250 2.0.0 Ok: queued as {len(self.envelopes):X}"


def _let_in(server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
    known = (login.login, login.password) == (b"noc", "s3crét".encode())
    return AuthResult(success=known, handled=False)


@asynccontextmanager
async def real(inbox: Inbox, *, tls: str = "none", login: bool = False) -> AsyncIterator[int]:
    """A real mail server, at this port."""
    loop = asyncio.get_running_loop()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(PEM)
    more: dict[str, Any] = {"tls_context": context} if tls == "starttls" else {}
    if login:
        more |= {"authenticator": _let_in, "auth_required": True, "auth_require_tls": tls == "starttls"}

    def protocol() -> SMTP:
        return SMTP(inbox, loop=loop, enable_SMTPUTF8=True, hostname="localhost", **more)

    server = await loop.create_server(protocol, "localhost", ssl=context if tls == "implicit" else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
