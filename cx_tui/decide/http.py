"""The server over HTTP, for any switch: questions and answers in JSON."""

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from cx_tui.decide import metrics
from cx_tui.decide.answering import Answering
from cx_tui.decide.asked import checked
from cx_tui.decide.description import DESCRIPTION
from cx_tui.errors import CxError, Invalid

LARGEST = 65_536
"""Bytes of a question."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Doors:
    """What can be asked, and of whom."""

    def __init__(self, answering: Answering, token: str = "") -> None:
        self._answering = answering
        self._token = f"Bearer {token}".encode() if token else b""

    def app(self) -> web.Application:
        """The routes."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/admit", self._behind_token(self._admit))
        app.router.add_post("/end", self._behind_token(self._end))
        app.router.add_get("/metrics", self._behind_token(self._metrics))
        app.router.add_get("/health", self._health)
        app.router.add_get("/openapi.json", self._description)
        return app

    def _behind_token(self, handler: Handler) -> Handler:
        """Only for those who have the token, if there is one."""
        if not self._token:
            return handler

        async def checking(request: web.Request) -> web.StreamResponse:
            given = request.headers.get("Authorization", "").encode(errors="replace")
            if not hmac.compare_digest(given, self._token):
                sentence = "send the token of decide.token as Authorization: Bearer TOKEN"
                return _json({"error": sentence}, 401)
            return await handler(request)

        return checking

    async def _admit(self, request: web.Request) -> web.Response:
        try:
            return _json(self._answering.said(checked(await _words(request))))
        except CxError as error:
            return _json({"error": str(error)}, 400)

    async def _end(self, request: web.Request) -> web.Response:
        try:
            return _json({"known": self._answering.end(checked(await _words(request)))})
        except CxError as error:
            return _json({"error": str(error)}, 400)

    async def _health(self, request: web.Request) -> web.Response:
        said = self._answering.health()
        return _json(said, 200 if said["well"] else 503)

    async def _metrics(self, request: web.Request) -> web.Response:
        return web.Response(text=metrics.text(self._answering), content_type="text/plain")

    async def _description(self, request: web.Request) -> web.Response:
        return _json(DESCRIPTION)


async def _words(request: web.Request) -> Any:
    try:
        return json.loads(await request.read())
    except ValueError:
        raise Invalid({"": "the question is not JSON"}) from None


def _json(said: Any, status: int = 200) -> web.Response:
    body = json.dumps(said, ensure_ascii=False).encode(errors="replace")
    return web.Response(body=body, status=status, content_type="application/json")
