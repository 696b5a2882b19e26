"""The latency page, over an endpoint on this machine."""

import shutil
from pathlib import Path

from cx_tui.screens.latency.latency_screen import LatencyScreen
from tests.db.companies import made
from tests.db.sessions import add
from tests.latency.test_latency import endpoint, reply
from tests.pilot.driver import opened
from tests.pilot.history import session_of


async def test_an_address_is_measured_while_one_looks(sqlite_template: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'own.db')}"
    async with endpoint(lambda data: [reply(data)]) as (target, heard):
        async with session_of(url) as session:
            await add(session, "Acme")
            await made(session, "ip", customer_id=1, address="127.0.0.1", port=target.port)
            await made(session, "sip-user", customer_id=1, username="acme01")
        async with opened(url) as cx:
            await cx.do("grid.choose")
            await cx.press("2")
            await cx.shows("127.0.0.1")
            await cx.do("endpoints.latency")
            await cx.shows("1 of 1 answered")
            await cx.shows("The last answer: 200 OK")
            await cx.shows(f"127.0.0.1:{target.port} UDP")
            await cx.do("latency.back")
            await cx.until(lambda: not isinstance(cx.screen, LatencyScreen), "the card")
            asked = len(heard.heard)
            await cx.press("tab")
            await cx.do("endpoints.latency")
            await cx.shows("turn it on to measure")
            await cx.do("latency.back")
            await cx.until(lambda: not isinstance(cx.screen, LatencyScreen), "the card")
            assert len(heard.heard) == asked
            cx.app.exit()
