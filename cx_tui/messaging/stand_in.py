"""A server of our own on this machine that answers like Twilio and passes nothing on: for the demo."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

API = "/2010-04-01/Accounts/{account}"


class StandIn:
    """Takes SMS on this machine alone and delivers them; `told` hears of one before its sender does."""

    def __init__(self, told: Callable[[str, str], None] = lambda to, text: None) -> None:
        self._told = told
        self.messages: dict[str, dict[str, Any]] = {}
        self.url = ""
        app = web.Application()
        app.router.add_post(API + "/Messages.json", self._take)
        app.router.add_get(API + "/Messages.json", self._list)
        app.router.add_get(API + "/Messages/{sid}.json", self._show)
        app.router.add_get(API + ".json", self._account)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)

    async def start(self) -> None:
        """Begin to listen, on a port of its own."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def close(self) -> None:
        """Listen no more."""
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        form = await request.post()
        sid = f"SM{secrets.token_hex(16)}"
        self.messages[sid] = {
            "sid": sid,
            "to": str(form.get("To", "")),
            "body": str(form.get("Body", "")),
            "status": "delivered",
            "error_code": None,
            "date_created": format_datetime(datetime.now(UTC)),
        }
        self._told(self.messages[sid]["to"], self.messages[sid]["body"])
        return web.json_response({**self.messages[sid], "status": "queued"}, status=201)

    async def _list(self, request: web.Request) -> web.Response:
        to = request.query.get("To", "")
        return web.json_response({"messages": [one for one in self.messages.values() if one["to"] == to]})

    async def _show(self, request: web.Request) -> web.Response:
        found = self.messages.get(request.match_info["sid"])
        return web.json_response(
            found or {"code": 20404, "message": "not found"}, status=200 if found else 404
        )

    async def _account(self, request: web.Request) -> web.Response:
        return web.json_response({"friendly_name": "Demo", "status": "active"})
