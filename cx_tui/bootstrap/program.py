"""Building the program, and the conversation that stands for it where there is no screen."""

import asyncio
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from cx_tui.bootstrap.opening import as_file_allows, open_services, services, who_is_here
from cx_tui.config import Loaded, folders, label_of
from cx_tui.domain.who import Who
from cx_tui.terminal import last_screen

if TYPE_CHECKING:
    from cx_tui.app.program import CxApp
    from cx_tui.app.terminal_link import KeepPicture
    from cx_tui.services.session import Session


STAYS = 30.0
"""Seconds for which it is shown what went wrong with work that is done by itself."""


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
    if settings.look.plain_terminal:
        from cx_tui.terminal.plain import PlainDriver

        app.driver_class = PlainDriver
    else:
        from cx_tui.terminal.driver import LeanDriver

        app.driver_class = LeanDriver
    return app


async def run_linear(loaded: Loaded, url: str, env: Mapping[str, str], hear: TextIO, tell: TextIO) -> None:
    """Talk with an operator line by line until one of the two has enough."""
    from cx_tui.linear.conversation import Conversation
    from cx_tui.linear.talk import Talk

    settings = loaded.settings
    read_only = settings.database.read_only
    async with services(
        url, read_only=read_only, who=who_is_here(env), settings=settings, env=env
    ) as session:
        place = label_of(settings)
        await Conversation(session, Talk(hear, tell), place=place, read_only=read_only).run()


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
    app.link.keep_picture = keep_picture
    app.run(mouse=loaded.settings.look.mouse)
    return app.return_code or 0
