"""Opening the database that was asked for, with the services over it."""

import asyncio
import contextlib
import getpass
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from cx_tui.config import Loaded, Settings, folders
from cx_tui.domain.who import NOBODY, Who

if TYPE_CHECKING:
    from cx_tui.domain.admission.world import World
    from cx_tui.services.calls.calls import Calls
    from cx_tui.services.session import Session
    from cx_tui.services.views import Views


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


@contextlib.asynccontextmanager
async def services(
    url: str,
    *,
    read_only: bool,
    who: Who,
    makes: bool = False,
    settings: Settings = NO_SERVERS,
    env: Mapping[str, str] = NO_SECRETS,
) -> AsyncIterator["Session"]:
    """The services, as long as they are needed."""
    session = await open_services(url, read_only=read_only, who=who, makes=makes, settings=settings, env=env)
    try:
        yield session
    finally:
        await session.close()


def as_file_allows(settings: Settings, url: str) -> Settings:
    """The settings; read-only where the mode of an embedded database's file does not let us write it."""
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:") or not path.exists() or os.access(path, os.W_OK):
        return settings
    return replace(settings, database=replace(settings.database, read_only=True))


@contextlib.asynccontextmanager
async def open_calls(loaded: Loaded, env: Mapping[str, str]) -> AsyncIterator["Calls"]:
    """The calls of the database that the settings name."""
    settings = loaded.settings
    async with services(
        database_url(loaded, env),
        read_only=settings.database.read_only,
        who=who_is_here(env),
        settings=settings,
        env=env,
    ) as session:
        yield session.calls


@contextlib.asynccontextmanager
async def open_money(loaded: Loaded, env: Mapping[str, str], *, read_only: bool) -> AsyncIterator["Session"]:
    """The database that the settings name, for what is done with money."""
    settings = loaded.settings
    async with services(
        database_url(loaded, env),
        read_only=read_only,
        makes=True,
        who=who_is_here(env),
        settings=settings,
        env=env,
    ) as session:
        yield session


@contextlib.asynccontextmanager
async def open_views(url: str, env: Mapping[str, str], *, read_only: bool) -> AsyncIterator["Views"]:
    """The saved views of who is here."""
    async with services(url, read_only=read_only, makes=True, who=who_is_here(env)) as session:
        yield session.views


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
    async with services(
        url, read_only=not writes, makes=not writes, who=who, settings=loaded.settings, env=env
    ) as session:
        return await ask(session)


async def whole_world(url: str) -> "World":
    """Everything that decisions look at, as it is now."""
    from cx_tui.services.admission.worlds import world_of

    async with (
        services(url, read_only=True, who=NOBODY) as session,
        session.database.reading() as connection,
    ):
        return await world_of(connection, None)
