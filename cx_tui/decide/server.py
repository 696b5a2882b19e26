"""All of the server together, until it is told to end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from cx_tui.config.listening import Place, tls
from cx_tui.decide.answering import Answering
from cx_tui.decide.evapi import keep_linked
from cx_tui.decide.http import Doors
from cx_tui.errors import Misconfigured


@dataclass(frozen=True)
class Listening:
    """Where the server is asked."""

    http: Place | None
    evapi: tuple[Place, ...] = ()
    token: str = ""
    certificate: str = ""
    key: str = ""

    def check(self) -> None:
        """Refuse what would let anybody ask, or read what is asked."""
        if self.http is None and not self.evapi:
            raise Misconfigured("nobody could ask: give --listen ADDRESS, --evapi ADDRESS, or both")
        if self.http and not self.http.local and not (self.token and self.certificate):
            raise Misconfigured(
                f"--listen {self.http.host}: beyond this machine a token and a certificate are needed; "
                "set decide.token and decide.certificate, or listen on 127.0.0.1"
            )


async def serve(
    answering: Answering, at: Listening, ending: asyncio.Event, say: Callable[[str], None]
) -> None:
    """Answer until the end; says `ready` when all doors are open."""
    links = [asyncio.create_task(keep_linked(one.host, one.port, answering, ending, say)) for one in at.evapi]
    runner = web.AppRunner(Doors(answering, at.token).app(), access_log=None)
    await runner.setup()
    try:
        if at.http:
            context = tls(at.certificate, at.key) if at.certificate else None
            site = web.TCPSite(runner, at.http.host, at.http.port, ssl_context=context, backlog=1024)
            try:
                await site.start()
            except OSError as error:
                raise Misconfigured(f"--listen {at.http.host}:{at.http.port}: {error.strerror}") from None
            for address in runner.addresses:
                say(f"listening on {'https' if context else 'http'}://{address[0]}:{address[1]}")
        say(f"ready: {len(answering.state.world.customers):,} customers")
        await ending.wait()
    finally:
        await runner.cleanup()
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)
