"""What runs until the system ends it: work that is due, sources of calls, decisions, browsers."""

import asyncio
import signal
import sys
import time
import zlib
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cx_tui.bootstrap.opening import open_calls, services, who_is_here
from cx_tui.config import Loaded, folders
from cx_tui.domain.who import NOBODY
from cx_tui.errors import Refused


async def work(
    loaded: Loaded, url: str, env: Mapping[str, str], *, once: bool, say: Callable[[str], None]
) -> None:
    """Do what is due, once or until the system ends it; work that has begun is finished first."""
    from cx_tui.services.money.packages import BY_COMMAND

    async with services(
        url, read_only=False, who=who_is_here(env), settings=loaded.settings, env=env
    ) as session:
        if not session.rights.works:
            raise Refused(
                session.rights.why_not("to do what is due for everybody") + ": start it as the owner"
            )
        session.money.packages.by_hand = BY_COMMAND
        if once:
            say(f"{await session.delayed.run_due():,} due changes were made or held")
            for way, tally in (await session.delivery.run_due()).items():
                say(f"{way.label}: {tally}")
            for sentence in await session.money.run_due():
                say(sentence)
            return
        ending = asyncio.Event()
        for signal_number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(signal_number, ending.set)
        say("working; ctrl+c ends it")
        session.tell = say
        await session.keep_working(ending)


async def collect(loaded: Loaded, env: Mapping[str, str], *, once: bool, say: Callable[[str], None]) -> int:
    """Read the sources of calls that the settings name, once or until the system ends it; says how many
    things that came could not be read."""
    from cx_tui.services.calls.collecting import Collector

    ending, loop = asyncio.Event(), asyncio.get_running_loop()
    async with open_calls(loaded, env) as calls:
        collector = Collector(calls, loaded.settings.sources, say)
        collector.check()
        if once:
            found = await collector.once()
            for name, one in found.items():
                say(f"{name}: {one}")
            return sum(one.unread for one in found.values())
        for signal_number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(signal_number, ending.set)
        await collector.run(ending)
    return 0


async def decide_calls(
    loaded: Loaded,
    url: str,
    env: Mapping[str, str],
    listen: str | None,
    evapi: Sequence[str] | None,
    say: Callable[[str], None],
    *,
    fresh: bool = False,
) -> None:
    """Answer switches until the system ends it; `fresh` leaves the snapshot aside."""
    from cx_tui.config.listening import Place
    from cx_tui.config.secrets import read_secret
    from cx_tui.decide.answering import Answering
    from cx_tui.decide.journal import Journal
    from cx_tui.decide.reserving import Reservations
    from cx_tui.decide.server import Listening, serve, sharing
    from cx_tui.services.admission.following import Following

    own = loaded.settings.decide
    http = own.listen if listen is None else listen
    links = own.evapi.replace(",", " ").split() if evapi is None else evapi
    at = Listening(
        http=None if http == "none" else Place.of(http, "--listen"),
        evapi=tuple(Place.of(one, "--evapi") for one in links),
        token=read_secret("decide.token", own.token, env) if own.token else "",
        certificate=own.certificate,
        key=own.certificate_key,
    )
    at.check()
    others = sharing(own.servers, own.number, at)
    ending, loop = asyncio.Event(), asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, ending.set)
    async with services(url, read_only=True, who=NOBODY) as session:
        state = Following(session.database, kept=_snapshot_of(url, env))
        began = time.perf_counter()
        await state.load(fresh=fresh)
        source = (
            f"the database (snapshot: {state.refused})"
            if state.refused
            else "the snapshot and the log behind it"
        )
        say(f"loaded within {time.perf_counter() - began:.1f} s from {source}")
        following = asyncio.create_task(state.follow(ending, own.seconds))
        keeping = asyncio.create_task(_keep_snapshots(url, env, own.snapshot, ending, say))
        reservations = Reservations(own.longest)
        answering = Answering(state, reservations, loaded.settings.switch.realm, sharing=others)
        # Several servers may run on one machine, each asked at another place.
        asked_at = zlib.crc32(" ".join([http, *links]).encode())
        calls = folders.private_dir(_snapshot_of(url, env).parent) / f"decide-{asked_at:08x}.calls"
        await serve(answering, at, ending, say, Journal(calls, reservations))
        await following
        await keeping
        await state.save()


async def keep_snapshot(url: str, env: Mapping[str, str]) -> Path:
    """Bring the snapshot that decision servers start with up to date; says where it is."""
    from cx_tui.services.admission.following import Following

    path = _snapshot_of(url, env)
    async with services(url, read_only=True, who=NOBODY) as session:
        state = Following(session.database, kept=path)
        await state.load()
        await state.save()
    return path


async def _keep_snapshots(
    url: str, env: Mapping[str, str], every: int, ending: asyncio.Event, say: Callable[[str], None]
) -> None:
    """Bring the snapshot up to date now and then: in a process of its own, so that no call waits for it."""
    while every:
        try:
            await asyncio.wait_for(ending.wait(), every)
        except TimeoutError:
            keeper = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "cx_tui", "decide", "--snapshot",
                env={**env, "CX_TUI_DB": url}, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE,
            )  # fmt: skip
            _, wrong = await keeper.communicate()
            if keeper.returncode:
                say(f"the snapshot was not written: {wrong.decode(errors='replace').strip()[-300:]}")
        else:
            return


def _snapshot_of(url: str, env: Mapping[str, str]) -> Path:
    """Where the snapshot of a database is."""
    return folders.state_dir(env) / f"{zlib.crc32(url.encode()):08x}" / "decide.snapshot"


async def serve_browsers(
    loaded: Loaded,
    env: Mapping[str, str],
    listen: str | None,
    arguments: Sequence[str],
    say: Callable[[str], None],
) -> None:
    """Show the program in browsers until the system ends it."""
    from cx_tui.config.listening import Place
    from cx_tui.config.secrets import read_secret, variables_of
    from cx_tui.serve.server import environment, serve

    own = loaded.settings.serve
    token = read_secret("serve.token", own.token, env) if own.token else ""
    ending, loop = asyncio.Event(), asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(signal_number, ending.set)
    place = Place.of(own.listen if listen is None else listen, "--listen")
    theirs = environment(env, variables_of(loaded.settings))
    await serve(place, own, token, arguments, theirs, ending, say)
