"""What the server answers: the page, its few files, and the socket behind the terminal in it."""

import json
from contextlib import suppress
from importlib.resources import files
from typing import Any

from aiohttp import WSMsgType, web

from cx_tui.errors import CxError
from cx_tui.serve.doors import Address, Doors
from cx_tui.serve.sessions import Sessions

STATIC = {
    "page.js": "text/javascript",
    "page.css": "text/css",
    "xterm.mjs": "text/javascript",
    "addon-fit.mjs": "text/javascript",
    "xterm.css": "text/css",
}
LARGEST = 1_000_000
"""Bytes of a message: a paste."""
BEATS = 20.0
"""Seconds after which a page that says nothing is asked whether it is still there."""


class Page:
    """A browser's page, as what shows a program."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket

    async def show(self, data: bytes) -> None:
        """Send what the program wrote."""
        await self._socket.send_bytes(data)

    async def tell(self, **what: Any) -> None:
        """Say something that is not for the terminal."""
        await self._socket.send_str(json.dumps(what))

    async def leave(self, why: str) -> None:
        """Say why, and close."""
        with suppress(ConnectionError):
            await self.tell(over=why)
            await self._socket.close()


class Pages:
    """The routes."""

    def __init__(self, address: Address, sessions: Sessions) -> None:
        self._doors = Doors(address)
        self._sessions = sessions
        self._static = {name: files(__package__).joinpath("static", name).read_bytes() for name in STATIC}
        self._index = files(__package__).joinpath("static", "index.html").read_bytes()

    def app(self) -> web.Application:
        """The application, behind its guard."""
        app = web.Application(middlewares=[self._doors.guard])
        app.router.add_get("/", self._page)
        app.router.add_get("/terminal", self._terminal)
        for name in STATIC:
            app.router.add_get(f"/{name}", self._file)
        return app

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(body=self._index, content_type="text/html", charset="utf-8")

    async def _file(self, request: web.Request) -> web.Response:
        name = request.path.removeprefix("/")
        return web.Response(body=self._static[name], content_type=STATIC[name], charset="utf-8")

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        """The first message says size and session; then bytes are keys, and texts are sizes."""
        socket = web.WebSocketResponse(heartbeat=BEATS, max_msg_size=LARGEST)
        await socket.prepare(request)
        page = Page(socket)
        try:
            known, size = _begin(await socket.receive_str())
            session = await self._sessions.open(known, page, size, request.remote or "")
        except (TypeError, ValueError):
            await page.leave("what this page said can't be read; reload it")
            return socket
        except CxError as error:
            await page.leave(str(error))
            return socket
        try:
            await page.tell(session=session.id)
            async for message in socket:
                if message.type is WSMsgType.BINARY:
                    session.type(message.data)
                elif message.type is WSMsgType.TEXT:
                    with suppress(TypeError, ValueError):
                        session.resize(_begin(message.data)[1])
        finally:
            self._sessions.detach(session, page)
        return socket


def _begin(text: str) -> tuple[str, tuple[int, int]]:
    """The session and the size that a page says."""
    said = json.loads(text)
    if not isinstance(said, dict):
        raise TypeError("no object")
    return str(said.get("session", "")), (int(said.get("columns", 80)), int(said.get("lines", 24)))
