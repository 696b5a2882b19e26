"""A server on this machine whose program is a shell line, and a browser's end of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from cx_tui.serve.doors import Address
from cx_tui.serve.pages import Pages
from cx_tui.serve.server import free_port
from cx_tui.serve.sessions import Sessions
from tests.patience import patient

TOKEN = "token-of-this-test"
ECHO = 'printf "\\033[?1049h\\033[?2004hready\\r\\n"; while read -r line; do echo "heard $line"; done'


@dataclass
class Clock:
    """A clock that a test moves."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Served:
    """The server, and a browser that may have its cookie."""

    base: str
    sessions: Sessions
    clock: Clock
    browser: aiohttp.ClientSession
    pages: list["PageInBrowser"] = field(default_factory=list)

    async def get(self, path: str = "/", **headers: str) -> tuple[int, str, Mapping[str, str]]:
        """What a request is answered: status, text, headers."""
        async with self.browser.get(self.base + path, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text(), answer.headers

    async def enter(self) -> None:
        """Have the cookie."""
        status, _, _ = await self.get(f"/?token={TOKEN}")
        assert status == 303

    async def until(self, holds: Callable[[], object]) -> None:
        """Let the server work until this holds."""
        async with asyncio.timeout(patient(10)):
            while not holds():  # noqa: ASYNC110  # the server has no event for it, and needs none
                await asyncio.sleep(0)

    async def nobody_looks(self) -> None:
        """Wait until no page shows a program."""
        await self.until(lambda: not any(session.viewer for session in self.sessions))

    async def page(self, session: str = "", columns: int = 80, lines: int = 24) -> "PageInBrowser":
        """Open the terminal, as our own page does."""
        socket = await self.browser.ws_connect(f"{self.base}/terminal", headers={"Origin": self.base})
        await socket.send_str(json.dumps({"session": session, "columns": columns, "lines": lines}))
        self.pages.append(PageInBrowser(socket))
        return self.pages[-1]


class PageInBrowser:
    """What a page has been told."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.shown = b""
        self.session = ""
        self.over = ""

    async def until(self, what: bytes) -> None:
        """Hear until the terminal has been sent this."""
        async with asyncio.timeout(patient(10)):
            while what not in self.shown:
                assert await self._hear(), f"closed: {self.over or self.shown!r}"

    async def end(self) -> str:
        """Hear until the server closes: what it said of it."""
        async with asyncio.timeout(patient(10)):
            while await self._hear():
                pass
        return self.over

    async def known(self) -> str:
        """The id of the session."""
        async with asyncio.timeout(patient(10)):
            while not self.session:
                assert await self._hear(), self.over
        return self.session

    async def _hear(self) -> bool:
        message = await self.socket.receive()
        if message.type is aiohttp.WSMsgType.BINARY:
            self.shown += message.data
        elif message.type is aiohttp.WSMsgType.TEXT:
            said = json.loads(message.data)
            self.session = said.get("session", self.session)
            self.over = said.get("over", self.over)
        else:
            return False
        return True


@asynccontextmanager
async def serving(
    program: str = ECHO, most: int = 3, env: Mapping[str, str] | None = None
) -> AsyncIterator[Served]:
    """A server of our own."""
    clock = Clock()
    variables = {"PATH": "/usr/bin:/bin"}
    sessions = Sessions(("/bin/sh", "-c", program), variables, most=most, kept=60, clock=clock)
    port = free_port("127.0.0.1")
    base = f"http://127.0.0.1:{port}"
    runner = web.AppRunner(Pages(Address(frozenset({base}), TOKEN), sessions).app())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        yield Served(base, sessions, clock, browser)
    await sessions.close()
    await runner.cleanup()
