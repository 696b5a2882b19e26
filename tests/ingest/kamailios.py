"""A stand-in that answers as Kamailio's jsonrpcs does, over HTTP and over its UNIX datagram socket."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

UNCONFIRMED, EARLY, ANSWERED, CONFIRMED, DELETED = range(1, 6)


def dialog(number: int, state: int, **variables: str) -> dict[str, Any]:
    """A dialog as `dlg.profile_list` shows it, with the variables that the switch's configuration sets."""
    said = {"callid": f"{number}-1@192.0.2.21", "customer": "101", "invited": f"{1796009940 + number}.750535"}
    said |= {"src_ip": "192.0.2.21", "cli_in": "0442079460000", "cli": "442079460000", "gate": ""}
    said |= {"dialled": "9441632960999", "number": "441632960999", "carrier": "sip:198.51.100.11:5060"}
    return {
        "h_entry": 600 + number,
        "h_id": 11000 + number,
        "ref": 1,
        "call-id": f"{number}-1@192.0.2.21",
        "from_uri": "sip:0442079460000@192.0.2.21:5070",
        "to_uri": "sip:9441632960999@198.51.100.1:5160",
        "state": state,
        "start_ts": 0 if state < ANSWERED else 1796009943,
        "init_ts": 1796009942,
        "end_ts": 0,
        "caller": {"tag": f"t{number}", "contact": "sip:x", "cseq": "1", "route_set": "", "socket": "udp:x"},
        "callee": {"tag": None, "contact": None, "cseq": None, "route_set": None, "socket": None},
        "profiles": [{"route": "12"}, {"auth": "i1"}, {"customer": "101"}],
        "variables": [{name: text} for name, text in (said | variables).items()],
    }


class Switch:
    """Its dialogs, what it was asked, and what happens when a dialog is ended."""

    def __init__(self) -> None:
        self.dialogs: list[dict[str, Any]] = []
        self.asked: list[list[Any]] = []
        self.cancels = True
        """Whether its configuration knows of calls that are to end before they are answered."""

    def answer(self, body: bytes) -> dict[str, Any]:
        """The answer to one question."""
        question = json.loads(body)
        method, params = question["method"], question["params"]
        self.asked.append([method, *params])
        found: Any = None
        if method == "dlg.briefing":
            found = [self._brief(one) for one in self.dialogs]
        elif method == "dlg.profile_list":
            found = self.dialogs
        elif method == "dlg.dlg_list":
            found = next((one for one in self.dialogs if one["call-id"] == params[0]), None)
        elif method == "dlg.end_dlg":
            found = next((one for one in self.dialogs if [one["h_entry"], one["h_id"]] == params), None)
            if found:
                self.hang_up(found)
                return {"jsonrpc": "2.0", "result": [], "id": 1}
        elif method == "htable.sets" and self.cancels:
            self.cancel(params[1])
            found = "Ok. Key set to new value."
        else:
            return {"jsonrpc": "2.0", "error": {"code": 500, "message": "Method Not Found"}, "id": 1}
        if found is None:
            return {"jsonrpc": "2.0", "error": {"code": 404, "message": "Dialog not found"}, "id": 1}
        return {"jsonrpc": "2.0", "result": found, "id": 1}

    def hang_up(self, one: dict[str, Any]) -> None:
        """An ended dialog stays for some seconds."""
        one["state"] = DELETED

    def cancel(self, transaction: str) -> None:
        """A call that nobody has answered is to end."""

    def _brief(self, one: dict[str, Any]) -> dict[str, Any]:
        keys = ("h_entry", "h_id", "call-id", "state")
        return {key: one[key] for key in keys} | {"from_tag": one["caller"]["tag"]}

    @asynccontextmanager
    async def over_http(self) -> AsyncIterator[str]:
        """Its address."""

        async def rpc(request: web.Request) -> web.Response:
            said = self.answer(await request.read())
            return web.json_response(said, status=said.get("error", {}).get("code", 200))

        app = web.Application()
        app.router.add_post("/RPC", rpc)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/RPC"
        finally:
            await runner.cleanup()

    @asynccontextmanager
    async def over_socket(self, path: Path) -> AsyncIterator[str]:
        """Its address."""
        loop = asyncio.get_running_loop()
        link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        link.bind(str(path))
        link.setblocking(False)

        def heard() -> None:
            body, sender = link.recvfrom(65536)
            link.sendto(json.dumps(self.answer(body)).encode(), sender)

        loop.add_reader(link, heard)
        try:
            yield f"unix:{path}"
        finally:
            loop.remove_reader(link)
            link.close()
