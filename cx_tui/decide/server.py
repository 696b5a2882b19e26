"""All of the server together, until it is told to end."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from cx_tui.config.listening import Place, tls
from cx_tui.decide.answering import Answering
from cx_tui.decide.doors import Doors
from cx_tui.decide.evapi import keep_linked
from cx_tui.decide.http import Listener, trusting
from cx_tui.decide.journal import Journal
from cx_tui.decide.sharing import Peer, Sharing
from cx_tui.errors import Misconfigured

KEEPS = 0.3
"""Seconds until what is reserved is in the file."""


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


def sharing(text: str, number: int, at: Listening) -> Sharing:
    """This server and the others, by the settings; one that is alone has none."""
    places = [Place.of(one, "decide.servers") for one in text.replace(",", " ").split()]
    if not places:
        return Sharing()
    if number > len(places):
        raise Misconfigured(f"decide.number is {number}, but decide.servers names {len(places)}")
    if at.http is None:
        raise Misconfigured("several servers ask each other over HTTP: give --listen ADDRESS")
    context = trusting(at.certificate) if at.certificate else None
    return Sharing(
        [
            None if place == number else Peer(one.host, one.port, at.token, context)
            for place, one in enumerate(places, 1)
        ]
    )


async def _keep(journal: Journal, ending: asyncio.Event) -> None:
    """Write down what is reserved, a few times a second."""
    while not ending.is_set():
        journal.keep()
        try:
            await asyncio.wait_for(ending.wait(), KEEPS)
        except TimeoutError:
            continue


async def serve(
    answering: Answering,
    at: Listening,
    ending: asyncio.Event,
    say: Callable[[str], None],
    journal: Journal | None = None,
) -> None:
    """Answer until the end; says `ready` when all doors are open."""
    if journal:
        say(f"{journal.open(answering.state.world.customers):,} calls were up before")
    links = [asyncio.create_task(keep_linked(one.host, one.port, answering, ending, say)) for one in at.evapi]
    links += [asyncio.create_task(one.keep_linked(ending)) for one in answering.sharing.peers]
    if journal:
        links.append(asyncio.create_task(_keep(journal, ending)))
    listener = Listener(Doors(answering, at.token))
    try:
        if at.http:
            context = tls(at.certificate, at.key) if at.certificate else None
            try:
                places = await listener.open(at.http.host, at.http.port, context)
            except OSError as error:
                raise Misconfigured(f"--listen {at.http.host}:{at.http.port}: {error.strerror}") from None
            for host, port in places:
                say(f"listening on {'https' if context else 'http'}://{host}:{port}")
        say(f"ready: {answering.state.world.size:,} customers")
        await ending.wait()
    finally:
        await listener.close()
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)
        if journal:
            journal.close()
