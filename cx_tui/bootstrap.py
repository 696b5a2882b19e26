"""The only place that builds the engine, the services and the program."""

import asyncio
import contextlib
import getpass
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from cx_tui import places
from cx_tui.config import Loaded, label_of
from cx_tui.errors import Refused

if TYPE_CHECKING:
    from cx_tui.app import CxApp
    from cx_tui.services.office import Office

Progress = Callable[[int, int], None]


def database_url(loaded: Loaded, env: Mapping[str, str]) -> str:
    """The database that the settings name, or the embedded one in the data folder."""
    return loaded.settings.database.url or f"sqlite:///{places.data_dir(env) / 'cx.db'}"


async def open_services(url: str, *, read_only: bool) -> "Office":
    """The services.  Their libraries are loaded beside the first picture, which needs none of them."""
    await asyncio.to_thread(import_module, "cx_tui.services.office")
    from cx_tui.services.office import open_office

    return await open_office(url, read_only=read_only)


def build_app(
    loaded: Loaded, url: str, env: Mapping[str, str], *, traffic: bool = False, label: str = ""
) -> "CxApp":
    """The program, not yet running."""
    from cx_tui.look import prepare, wants_ascii, wants_color

    settings = loaded.settings
    prepare(settings.look.color)
    from cx_tui.app import CxApp
    from cx_tui.services.desk import Desk

    label = label or label_of(settings)
    if settings.database.read_only:
        label += " (read-only)"

    async def connect() -> "Office":
        office = await open_services(url, read_only=settings.database.read_only)
        if traffic and not settings.database.read_only:
            office.start_traffic()
        return office

    return CxApp(
        settings,
        Desk.of(places.state_dir(env), url),
        connect,
        place=(label, getpass.getuser()),
        ascii=wants_ascii(settings.look.ascii, env),
        colored=wants_color(settings.look.color, env),
    )


async def seed_database(url: str, customers: int, seed: int, progress: Progress) -> None:
    """Fill an empty database with believable customers."""
    from cx_tui.services.office import open_office
    from cx_tui.services.seeding import seed as fill

    office = await open_office(url)
    try:
        await fill(office.database, customers, seed, progress)
    finally:
        await office.close()


async def seed_for_demo(url: str, customers: int, seed: int, progress: Progress) -> None:
    """The same, but a database that has customers already is used as it is."""
    with contextlib.suppress(Refused):
        await seed_database(url, customers, seed, progress)


def run_app(loaded: Loaded, url: str, *, traffic: bool = False, label: str = "") -> int:
    """Open the program and stay until it is left."""
    app = build_app(loaded, url, os.environ, traffic=traffic, label=label)
    app.run(mouse=loaded.settings.look.mouse)
    return app.return_code or 0
