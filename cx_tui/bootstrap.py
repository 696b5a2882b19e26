"""The only place that builds the engine, the services and the program."""

import asyncio
import contextlib
import getpass
import os
import re
import signal
import socket
import sys
import time
import zlib
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from cx_tui.config import Loaded, Settings, folders, label_of
from cx_tui.domain.who import NOBODY, Who
from cx_tui.errors import Refused
from cx_tui.terminal import last_screen

if TYPE_CHECKING:
    from datetime import datetime

    from cx_tui.app.program import CxApp
    from cx_tui.app.terminal_state import KeepPicture
    from cx_tui.config.sources import CallSource
    from cx_tui.domain.admission.world import World
    from cx_tui.domain.outbox import Way
    from cx_tui.domain.query import Query
    from cx_tui.domain.view import View
    from cx_tui.services.calls.calls import Calls
    from cx_tui.services.demo_callers import DemoCaller
    from cx_tui.services.lists.grouping import Grouping
    from cx_tui.services.rates.pricing import NumberPrice
    from cx_tui.services.sending.command import Announcement, Reporter
    from cx_tui.services.sending.opt_outs import OptedOut
    from cx_tui.services.session import Session
    from cx_tui.services.upload.asking import Asked
    from cx_tui.services.upload.telling import Teller
    from cx_tui.services.views import Views

Progress = Callable[[int, int], None]

STAYS = 30.0
"""Seconds for which it is shown what went wrong with work that is done by itself."""

LISTED_AT_ONCE = 4_096
"""So many rows are read at a time."""

NO_SERVERS = Settings()
NO_SECRETS: Mapping[str, str] = MappingProxyType({})
"""For who sends nothing."""


def database_url(loaded: Loaded, env: Mapping[str, str]) -> str:
    """The database that the settings name, or the embedded one in the data folder, which is then made."""
    return loaded.settings.database.url or f"sqlite:///{folders.private_dir(folders.data_dir(env)) / 'cx.db'}"


def who_is_here(env: Mapping[str, str]) -> Who:
    """The operator, and where the terminal is."""
    if browser := env.get("CX_SERVED_TO", ""):
        return Who(getpass.getuser(), f"browser at {browser}")
    far = env.get("SSH_CONNECTION", env.get("SSH_CLIENT", "")).split(" ")[0]
    return Who(getpass.getuser(), f"ssh from {far}" if far else "this machine", socket.gethostname()[:120])


async def open_services(
    url: str,
    *,
    read_only: bool,
    who: Who,
    makes: bool = False,
    settings: Settings = NO_SERVERS,
    env: Mapping[str, str] = NO_SECRETS,
) -> "Session":
    """The services.  Their libraries are loaded beside the first picture, which needs none of them."""
    await asyncio.to_thread(import_module, "cx_tui.services.session")
    from cx_tui.services.session import open_session

    return await open_session(url, read_only=read_only, makes=makes, who=who, settings=settings, env=env)


async def open_catching(
    url: str, *, read_only: bool, who: Who, loaded: Loaded, env: Mapping[str, str], say: Callable[[str], None]
) -> "Session":
    """The services of a demo: whatever the settings say, nothing that is sent leaves this machine."""
    await asyncio.to_thread(import_module, "cx_tui.messaging.demo")
    from cx_tui.messaging.demo import NOTICE, DemoServers

    servers = DemoServers(say)
    await servers.start()
    await asyncio.to_thread(import_module, "cx_tui.services.seeding.sounds")
    from cx_tui.services.seeding.sounds import DemoSounds

    sounds = DemoSounds(loaded.settings)
    settings = servers.settings(sounds.settings)
    session = await open_services(url, read_only=read_only, who=who, settings=settings, env=servers.env(env))
    session.until_closed.push_async_callback(servers.close)
    session.until_closed.push_async_callback(sounds.close)
    session.start_sounds(sounds.fill)
    say(NOTICE)
    return session


def as_file_allows(settings: Settings, url: str) -> Settings:
    """The settings; read-only where the mode of an embedded database's file does not let us write it."""
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:") or not path.exists() or os.access(path, os.W_OK):
        return settings
    return replace(settings, database=replace(settings.database, read_only=True))


def build_app(
    loaded: Loaded,
    url: str,
    env: Mapping[str, str],
    *,
    traffic: bool = False,
    label: str = "",
    catching: bool = False,
) -> "CxApp":
    """The program, not yet running; when `catching`, all that it sends is caught on this machine."""
    from cx_tui.app.themes import prepare, wants_ascii, wants_color

    settings = as_file_allows(loaded.settings, url)
    prepare(settings.look.color)
    from cx_tui.app.program import CxApp
    from cx_tui.services.workspace import Workspace

    who = who_is_here(env)
    label = label or label_of(settings)
    if settings.database.read_only:
        label += " (read-only)"

    def say(sentence: str) -> None:
        app.notify(sentence)

    def tell(sentence: str) -> None:
        app.notify(f"{sentence[:1].upper()}{sentence[1:]}.", severity="warning", timeout=STAYS)

    async def connect() -> "Session":
        read_only = settings.database.read_only
        if catching:
            session = await open_catching(url, read_only=read_only, who=who, loaded=loaded, env=env, say=say)
        else:
            session = await open_services(url, read_only=read_only, who=who, settings=settings, env=env)
        if not settings.database.read_only:
            session.tell = tell
            session.start_working()
            if traffic:
                session.start_traffic()
                session.start_story()
                say("New here?  Type :tour and enter: ten things, with their keys.")
            elif catching:
                await session.without_traffic()
        return session

    app = CxApp(
        settings,
        Workspace.of(folders.state_dir(env), url),
        connect,
        place=(label, who.name),
        ascii=wants_ascii(settings.look.ascii, env),
        colored=wants_color(settings.look.color, env),
    )
    if not settings.look.plain_terminal:
        from cx_tui.terminal.driver import LeanDriver

        app.driver_class = LeanDriver
    return app


async def seed_database(url: str, customers: int, seed: int, progress: Progress) -> None:
    """Fill an empty database with believable customers."""
    from cx_tui.services.seeding import seed as fill
    from cx_tui.services.session import open_session

    session = await open_session(url)
    try:
        await fill(session.database, customers, seed, progress)
    finally:
        await session.close()


async def seed_for_demo(url: str, customers: int, seed: int, progress: Progress) -> None:
    """The same, but a database that has customers already is used as it is."""
    with contextlib.suppress(Refused):
        await seed_database(url, customers, seed, progress)
        await _calls_at_the_start(url)


async def _calls_at_the_start(url: str) -> None:
    """As many calls are up as the demo will have: the first picture shows what the next ones do."""
    from datetime import UTC, datetime

    from cx_tui.services.calls.traffic import DEMO_RATE, Traffic

    session = await open_services(url, read_only=False, who=NOBODY)
    try:
        await Traffic(session.database, rate=DEMO_RATE).begin(datetime.now(UTC))
    finally:
        await session.close()


@contextlib.contextmanager
def real_switch(url: str, folder: Path, env: Mapping[str, str]) -> "Iterator[Mapping[str, CallSource]]":
    """A Kamailio on this machine whose calls are decided by a demo's database, as a source of its calls."""
    from cx_tui.config.sources import CallSource
    from cx_tui.decide.kamailio.playing import CARRIER, Caller, played

    with played(folder) as switch:
        found = asyncio.run(_demo_callers(url, CARRIER, switch.carrier_port))
        if not found:
            raise Refused(
                "no customer of this database can call now; leave --switch out, or give --customers more"
            )
        source = CallSource(kind="kamailio", rpc=switch.rpc, database=switch.wanted.records_url)
        settings = folder / "cx-tui.toml"
        lines = (
            "[sources.switch]",
            'kind = "kamailio"',
            f'rpc = "{source.rpc}"',
            f'database = "{source.database}"',
        )
        settings.write_text("\n".join([*lines, ""]), "utf-8")
        own = {**env, "CX_TUI_DB": url, "CX_TUI_CONFIG": str(settings), "XDG_STATE_HOME": str(folder)}
        switch.start_switch()
        program = (sys.executable, "-m", "cx_tui")
        switch.run("decide", *program, "decide", "--listen", "none", "--evapi", switch.wanted.evapi, env=own)
        switch.wait_for("decide", "linked")
        switch.run("collect", *program, "collect", env=own)
        switch.call([Caller(one.address, one.calls) for one in found])
        yield {"switch": source}


async def _demo_callers(url: str, host: str, port: int) -> "list[DemoCaller]":
    from cx_tui.services import demo_callers

    session = await open_services(url, read_only=False, who=NOBODY)
    try:
        await session.without_traffic()
        await demo_callers.bring_home(session, host, port)
        return await demo_callers.callers(session)
    finally:
        await session.close()


@contextlib.asynccontextmanager
async def open_calls(loaded: Loaded, env: Mapping[str, str]) -> AsyncIterator["Calls"]:
    """The calls of the database that the settings name."""
    settings = loaded.settings
    session = await open_services(
        database_url(loaded, env),
        read_only=settings.database.read_only,
        who=who_is_here(env),
        settings=settings,
        env=env,
    )
    try:
        yield session.calls
    finally:
        await session.close()


@contextlib.asynccontextmanager
async def open_money(loaded: Loaded, env: Mapping[str, str], *, read_only: bool) -> AsyncIterator["Session"]:
    """The database that the settings name, for what is done with money."""
    settings = loaded.settings
    session = await open_services(
        database_url(loaded, env),
        read_only=read_only,
        makes=True,
        who=who_is_here(env),
        settings=settings,
        env=env,
    )
    try:
        yield session
    finally:
        await session.close()


async def work(
    loaded: Loaded, url: str, env: Mapping[str, str], *, once: bool, say: Callable[[str], None]
) -> None:
    """Do what is due, once or until the system ends it; work that has begun is finished first."""
    from cx_tui.services.money.packages import BY_COMMAND

    session = await open_services(
        url, read_only=False, who=who_is_here(env), settings=loaded.settings, env=env
    )
    try:
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
    finally:
        await session.close()


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


async def upload(url: str, env: Mapping[str, str], asked: "Asked", teller: "Teller") -> int:
    """Upload a file; says how many rows were rejected.  When the system ends it, all is turned back."""
    from cx_tui.services.upload.asking import carry_out
    from cx_tui.services.upload.mappings import Mappings

    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    session = await open_services(url, read_only=asked.dry_run, makes=True, who=who_is_here(env))
    try:
        return await carry_out(session, Mappings(folders.state_dir(env), asked.record), asked, teller)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        await session.close()


async def upload_rates(
    url: str, env: Mapping[str, str], asked: "Asked", teller: "Teller", card: str, moment: "datetime"
) -> tuple[int, dict[str, Any]]:
    """Upload a price list of a card; says how many rows were rejected, and how it differs from the prices
    that hold before."""
    from cx_tui.services.upload.asking import carry_out
    from cx_tui.services.upload.mappings import Mappings
    from cx_tui.services.upload.price_difference import before

    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    session = await open_services(url, read_only=asked.dry_run, makes=True, who=who_is_here(env))
    try:
        difference = await before(session.database, card, moment)
        mappings = Mappings(folders.state_dir(env), asked.record)
        rejected = await carry_out(session, mappings, asked, teller, difference.add)
        return rejected, difference.facts()
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        await session.close()


async def number_price(
    url: str, card: str, number: str, seconds: int, moment: "datetime"
) -> "NumberPrice | None":
    """What a call to a number costs by a card; None without a rate."""
    from cx_tui.services.rates.pricing import price_of

    session = await open_services(url, read_only=True, makes=True, who=NOBODY)
    try:
        return await price_of(session.database, card, number, seconds, moment)
    finally:
        await session.close()


@contextlib.asynccontextmanager
async def open_views(url: str, env: Mapping[str, str], *, read_only: bool) -> AsyncIterator["Views"]:
    """The saved views of who is here."""
    session = await open_services(url, read_only=read_only, makes=True, who=who_is_here(env))
    try:
        yield session.views
    finally:
        await session.close()


async def view_named(url: str, env: Mapping[str, str], name: str, record: str) -> "View":
    """A saved view of who is here, by its name."""
    async with open_views(url, env, read_only=True) as views:
        return await views.named(name, record)


async def list_records(
    url: str, query: "Query", columns: "Sequence[str]", limit: int | None, show: "Callable[[Any], None]"
) -> None:
    """Show the records that a query asks for, row by row, as long as somebody wants them."""
    session = await open_services(url, read_only=True, makes=True, who=NOBODY)
    try:
        listing = await session.listing(query)
        total = await listing.exact_count()
        end = total if limit is None else min(limit, total)
        for start in range(0, end, LISTED_AT_ONCE):
            for row in await listing.rows(start, min(LISTED_AT_ONCE, end - start), columns):
                show(row)
    finally:
        await session.close()


class SqlAnswer(Protocol):
    """Takes the answer to a question in SQL."""

    def names(self, names: Sequence[str]) -> None:
        """The columns."""

    def row(self, row: Sequence[Any]) -> None:
        """A row."""


async def sql(
    loaded: Loaded, url: str, env: Mapping[str, str], query: str, seconds: float, show: SqlAnswer
) -> None:
    """Ask in SQL, which only reads; names of columns and rows are handed on as they come."""
    from cx_tui.services.read_only_sql import ask

    session = await open_services(
        url, read_only=True, makes=True, who=NOBODY, settings=loaded.settings, env=env
    )
    try:
        if asks_of_calls(query):
            from cx_tui.services.calls.sql import ask_of_calls

            await ask_of_calls(session.database, session.calls, query, show.names, show.row)
        else:
            await ask(session.database, query, seconds, show.names, show.row)
    finally:
        await session.close()


def asks_of_calls(query: str) -> bool:
    """Whether a question in SQL names the view of calls, which are not only in the database."""
    return re.search(r"\bv_call\b", query, re.IGNORECASE) is not None


async def grouped(url: str, query: "Query", grouping: "Grouping") -> list[dict[str, Any]]:
    """The groups of the records that a query asks for, with their totals."""
    from cx_tui.services.lists.grouping import groups

    session = await open_services(url, read_only=True, makes=True, who=NOBODY)
    try:
        return await groups(session.database, query, grouping)
    finally:
        await session.close()


async def opt_outs(
    url: str, env: Mapping[str, str], ways: "Sequence[Way]", names: "Sequence[str]"
) -> "tuple[list[OptedOut], list[str]]":
    """Those who have opted out; or those who do now, by their names, and why that can't be said of others."""
    from cx_tui.services.sending.opt_outs import OptOuts

    session = await open_services(url, read_only=not names, who=who_is_here(env))
    try:
        opted = OptOuts(session.database, session.who)
        return (await opted.added(ways, names)) if names else (await opted.listed(), [])
    finally:
        await session.close()


async def rehearse_sending(
    loaded: Loaded, url: str, env: Mapping[str, str], what: "Announcement", reporter: "Reporter"
) -> int:
    """Say what sending would do, and what is wrong; says the exit code."""
    from cx_tui.services.sending.command import rehearse

    session = await open_services(
        url, read_only=True, makes=True, who=NOBODY, settings=loaded.settings, env=env
    )
    try:
        return await rehearse(session, what, reporter)
    finally:
        await session.close()


async def send(
    loaded: Loaded, url: str, env: Mapping[str, str], what: "Announcement", reporter: "Reporter"
) -> int:
    """Send to many; says the exit code.  When the system ends it while the messages are stored, none is;
    later, those that have begun are finished, and the others stay queued."""
    from cx_tui.services.sending import command

    ending, loop, task = asyncio.Event(), asyncio.get_running_loop(), asyncio.current_task()
    session = await open_services(
        url, read_only=False, who=who_is_here(env), settings=loaded.settings, env=env
    )
    try:
        if task:
            loop.add_signal_handler(signal.SIGTERM, task.cancel)
        job = await command.order(session, what, reporter)
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, ending.set)
        code = await command.send(session, job, ending, reporter)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        await session.close()
    if ending.is_set():
        raise KeyboardInterrupt
    return code


async def export(url: str, path: Path, query: "Query", progress: Progress) -> int:
    """Write records into a file; says how many."""
    from cx_tui.services.export.exporting import Export

    session = await open_services(url, read_only=True, makes=True, who=NOBODY)
    try:
        return await Export(session).of_query(path, query, progress)
    finally:
        await session.close()


async def asking(
    loaded: Loaded,
    url: str,
    env: Mapping[str, str],
    ask: "Callable[[Session], Awaitable[int]]",
    *,
    writes: bool = False,
) -> int:
    """Ask the engine something, and write only what shall be kept of it; says the exit code."""
    who = who_is_here(env) if writes else NOBODY
    session = await open_services(
        url, read_only=not writes, makes=not writes, who=who, settings=loaded.settings, env=env
    )
    try:
        return await ask(session)
    finally:
        await session.close()


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
    session = await open_services(url, read_only=True, who=NOBODY)
    try:
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
    finally:
        await session.close()


async def keep_snapshot(url: str, env: Mapping[str, str]) -> Path:
    """Bring the snapshot that decision servers start with up to date; says where it is."""
    from cx_tui.services.admission.following import Following

    path = _snapshot_of(url, env)
    session = await open_services(url, read_only=True, who=NOBODY)
    try:
        state = Following(session.database, kept=path)
        await state.load()
        await state.save()
    finally:
        await session.close()
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


async def run_linear(loaded: Loaded, url: str, env: Mapping[str, str], hear: TextIO, tell: TextIO) -> None:
    """Talk with an operator line by line until one of the two has enough."""
    from cx_tui.linear.conversation import Conversation
    from cx_tui.linear.talk import Talk

    settings = loaded.settings
    read_only = settings.database.read_only
    session = await open_services(url, read_only=read_only, who=who_is_here(env), settings=settings, env=env)
    try:
        place = label_of(settings)
        await Conversation(session, Talk(hear, tell), place=place, read_only=read_only).run()
    finally:
        await session.close()


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


async def whole_world(url: str) -> "World":
    """Everything that decisions look at, as it is now."""
    from cx_tui.services.admission.worlds import world_of

    session = await open_services(url, read_only=True, who=NOBODY)
    try:
        async with session.database.reading() as connection:
            return await world_of(connection, None)
    finally:
        await session.close()


def run_app(
    loaded: Loaded,
    url: str,
    *,
    traffic: bool = False,
    label: str = "",
    catching: bool = False,
    keep_picture: "KeepPicture | None" = None,
) -> int:
    """Open the program and stay until it is left."""
    if loaded.settings.look.plain_terminal:
        last_screen.take_back()
    app = build_app(loaded, url, os.environ, traffic=traffic, label=label, catching=catching)
    app.keep_picture = keep_picture
    app.run(mouse=loaded.settings.look.mouse)
    return app.return_code or 0
