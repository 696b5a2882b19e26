"""Saving a sound: the operator names the file, and reads what became of it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from textual.screen import Screen

from cx_tui.errors import CxError
from cx_tui.screens.ask_path import AskPath
from cx_tui.screens.page import sentence

T = TypeVar("T")


async def save_as(
    screen: Screen[Any], name: str, sound: T, save: Callable[[T, Path], Awaitable[None]]
) -> None:
    """Ask for a new file, and save a sound in it; to be awaited in a worker."""
    path = await screen.app.push_screen_wait(
        AskPath("Save it in which file?", str(Path.cwd() / plain(name)), ())
    )
    if path is None:
        return
    try:
        await save(sound, path)
    except CxError as error:
        screen.notify(sentence(error), severity="error", timeout=10)
    else:
        screen.notify(f"Saved in {path}; only you can read it.")


def plain(name: str) -> str:
    """A name that is easily typed, whatever the customer is called."""
    return "".join(sign if sign.isalnum() or sign in "-._" else "_" for sign in name)
