"""The server until it is told to end: where it listens, what it starts, and what it says to who began it."""

import asyncio
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from aiohttp import web

from cx_tui.config.listening import Place, tls
from cx_tui.config.settings import Serve
from cx_tui.errors import Misconfigured
from cx_tui.serve.doors import Address
from cx_tui.serve.pages import Pages
from cx_tui.serve.sessions import Sessions

PROGRAM = (sys.executable, "-m", "cx_tui")
PASSED_ON = ("CX_TUI_", "PG", "LC_", "XDG_", "PYTHON")
KEPT = {
    "HOME",
    "PATH",
    "LANG",
    "USER",
    "LOGNAME",
    "TZ",
    "TMPDIR",
    "VIRTUAL_ENV",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
}
LOOKS = 10.0
"""Seconds between looks for programs that no page shows any more."""
SHORTEST = 16


def environment(env: Mapping[str, str], named: Sequence[str] = ()) -> dict[str, str]:
    """What the programs get of our environment: what they read, and nothing of the terminal we run in."""
    kept = {name: env[name] for name in env if name in KEPT or name in named or name.startswith(PASSED_ON)}
    return {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor"}


def origins_of(place: Place, port: int, own: Serve) -> frozenset[str]:
    """Where browsers find us: the addresses of this machine, and the one of a proxy before us."""
    way = "https" if own.certificate else "http"
    names = {f"[{place.host}]" if ":" in place.host else place.host}
    if place.local:
        names |= {"127.0.0.1", "localhost", "[::1]"}
    usual = {"http": 80, "https": 443}[way]
    ends = (f":{port}", "") if port == usual else (f":{port}",)
    found = {f"{way}://{name}{end}" for name in names for end in ends}
    return frozenset(found | ({own.address.rstrip("/").lower()} if own.address else set()))


def check(place: Place, own: Serve, token: str) -> None:
    """Refuse what would let others read along, or guess."""
    if not place.local and not own.certificate:
        raise Misconfigured(
            f"--listen {place.host}: beyond this machine a certificate is needed, or everybody on the way "
            "reads along; set serve.certificate, or listen on 127.0.0.1 behind a proxy or ssh -L"
        )
    if token and len(token) < SHORTEST:
        raise Misconfigured(f"serve.token: a token needs at least {SHORTEST} characters")


async def serve(
    place: Place, own: Serve, token: str, arguments: Sequence[str], env: Mapping[str, str],
    ending: asyncio.Event, say: Callable[[str], None],
) -> None:  # fmt: skip
    """Serve the program, opened with these arguments, until the end."""
    check(place, own, token)
    shown = token or secrets.token_urlsafe(24)
    sessions = Sessions(
        (*PROGRAM, *arguments), env, most=own.sessions, kept=own.keep * 60, clock=time.monotonic
    )
    port = place.port or free_port(place.host)
    origins = origins_of(place, port, own)
    runner = web.AppRunner(Pages(Address(origins, shown), sessions).app(), access_log=None)
    await runner.setup()
    try:
        context = tls(own.certificate, own.certificate_key) if own.certificate else None
        try:
            await web.TCPSite(runner, place.host, port, ssl_context=context).start()
        except OSError as error:
            raise Misconfigured(f"--listen {place.host}:{port}: {os.strerror(error.errno or 0)}") from None
        name = f"[{place.host}]" if ":" in place.host else place.host
        begin = own.address.rstrip("/") or f"{'https' if context else 'http'}://{name}:{port}"
        # A token of the settings is known to who set it; it is not for the log of a service.
        say(f"open {begin}/?token={'TOKEN, with the token of serve.token' if token else shown}")
        await _until(ending, sessions)
    finally:
        await sessions.close()
        await runner.cleanup()


async def _until(ending: asyncio.Event, sessions: Sessions) -> None:
    while not ending.is_set():
        sessions.expire()
        try:
            await asyncio.wait_for(ending.wait(), LOOKS)
        except TimeoutError:
            continue


def free_port(host: str) -> int:
    """A port of this host that nobody has."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as free:
        free.bind((host, 0))
        return int(free.getsockname()[1])
