"""What a screen shows, as a command that prints the same."""

import shlex
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

if TYPE_CHECKING:
    from cx_tui.domain.calls.call import Call


def command_of(screen: Screen[Any]) -> str | None:
    """The command of a screen: its own, or that of the list that it holds and that has the focus."""
    node: Any = screen.focused
    while node is not None:
        if callable(said := getattr(node, "command", None)):
            break
        node = node.parent
    else:
        said = getattr(screen, "command", None)
    found: str | None = said() if callable(said) else None
    return found


def words_of(command: str, customer_id: int | None = None, *more: object) -> str:
    """A command with what is written behind it: of one customer if there is one, and what is not empty."""
    of = [f"#{customer_id}"] if customer_id is not None else []
    said = [str(word) for word in more if word not in ("", None)]
    return shlex.join(["cx-tui", *command.split(), *of, *said])


def option(name: str, value: object) -> tuple[str, ...]:
    """An option with its value; none where there is no value."""
    if value in ("", None):
        return ()
    said = str(value)
    return (f"--{name}={said}",) if said.startswith("-") else (f"--{name}", said)


def call_command(command: str, call: "Call", *more: object) -> str:
    """A command about one finished call: of its customer, in the moment in which it began, with its key."""
    began = call.invited_at.astimezone(UTC)
    times = ["--from", began.isoformat(), "--to", (began + timedelta(microseconds=1)).isoformat()]
    quote = "'" if '"' in call.source_key else '"'
    where = f"source_key = {quote}{call.source_key}{quote}"
    return words_of(command, call.customer_id, *times, "--where", where, *more)
