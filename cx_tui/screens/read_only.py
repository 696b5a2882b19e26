"""A session that may only read says so in the same words everywhere."""

from typing import Any, cast

from textual.screen import Screen

from cx_tui.screens.program import Program


def may_write(screen: Screen[Any], without: str = "nothing can be changed") -> bool:
    """Whether this session may write; if not, say why it does not."""
    program = cast(Program, screen.app)
    if program.away:
        screen.notify(f"{program.away}: {without} until it is back.", severity="warning")
        return False
    if not program.settings.database.read_only:
        return True
    advice = "Start without --read-only to do that."
    screen.notify(f"The database is open to read only, so {without}. {advice}", severity="warning")
    return False
