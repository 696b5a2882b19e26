"""The pages of docs/ that are made from the program: the keys of every screen, the settings, the commands."""

import argparse
import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from textual.binding import Binding

import cx_tui.app
import cx_tui.screens
import widgets
from cx_tui.commands.main import make_parser
from cx_tui.config import settings_table
from widgets.function_keys import MEANINGS
from widgets.key_line import key_name

SHARED = ("--db", "--theme", "--set", "--read-only", "--no-mouse", "--plain-terminal", "--ascii")
"""What every command takes: said once."""

Row = tuple[str, ...]


def table(head: Row, rows: list[Row]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    cells = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows)
    return "\n".join([*lines, *(f"| {row} |" for row in cells)])


def owners_of_keys() -> Iterator[type]:
    """Every class that binds keys itself, those of the program first, then screen after screen."""
    for package in (cx_tui.app, cx_tui.screens, widgets):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith("__main__"):
                continue
            module = importlib.import_module(found.name)
            for _, owner in inspect.getmembers(module, inspect.isclass):
                if owner.__module__ == found.name and explained(owner):
                    yield owner


def explained(owner: type) -> list[Binding]:
    """The keys that a class binds itself, with what they do."""
    own = vars(owner).get("BINDINGS", [])
    return [
        one
        for one in own
        if isinstance(one, Binding) and one.tooltip and not (one.id or "").startswith("demo.")
    ]


def groups_of_keys() -> dict[str, dict[str, Row]]:
    """The keys by the part of the program that their ids begin with, in the order of the screens."""
    groups: dict[str, dict[str, Row]] = {}
    for owner in owners_of_keys():
        for one in explained(owner):
            keys = " ".join(f"`{key_name(key.strip())}`" for key in one.key.split(","))
            name = one.id or f"{owner.__name__}.{one.action}"
            groups.setdefault(name.partition(".")[0], {}).setdefault(name, (keys, one.id or "", one.tooltip))
    return groups


def title_of(group: str) -> str:
    """How a part of the program is called."""
    return "Everywhere" if group == "app" else group.replace("_", " ").capitalize()


def keys_page() -> str:
    """The keys of every screen."""
    intro = (
        "# Keys\n\nOn every screen `?` shows those that work there.  Any of them can be moved: "
        '`[keys]` in the settings\nmaps the id of a key to other keys, as in `"customers.refresh" = "r,f5"`.'
    )
    head = ("key", "id", "what it does")
    parts = (
        f"## {title_of(name)}\n\n{table(head, [*rows.values()])}" for name, rows in groups_of_keys().items()
    )
    same = "The function keys mean the same on every screen that has a use for them."
    meanings = table(("key", "what it means"), [(f"`{key}`", one.does) for key, one in MEANINGS.items()])
    return "\n\n".join([intro, same, meanings, *parts]) + "\n"


def settings_page() -> str:
    """The settings."""
    intro = (
        "# Settings\n\nTOML, from the weakest to the strongest: `/etc/cx-tui/config.toml` (or "
        "`$XDG_CONFIG_DIRS`),\n`~/.config/cx-tui/config.toml` (or `$XDG_CONFIG_HOME`, or the file that "
        "`CX_TUI_CONFIG` names), the environment,\nthe command line.  `cx-tui info` shows which of them won "
        "for each value."
    )
    rows = [tuple(row) for row in settings_table()]
    return f"{intro}\n\n{table(('setting', 'takes', 'usual', 'environment', 'flag', ''), rows)}\n"


def beneath(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands of a parser, each with its own; other spellings of a command left out."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= {name: one for name, one in action.choices.items() if one.prog.split()[-1] == name}
    return found


def help_of(parser: argparse.ArgumentParser, name: str) -> str:
    """What a parser says of one of its commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return next((each.help or "" for each in action._choices_actions if each.dest == name), "")
    return ""


def arguments_of(parser: argparse.ArgumentParser) -> list[Row]:
    """What can be given to a command, and what it means."""
    rows: list[Row] = []
    for action in parser._actions:
        flags = [flag for flag in action.option_strings if flag not in ("-h", "--help")]
        if action.help == argparse.SUPPRESS:
            continue  # for the program itself
        if isinstance(action, argparse._SubParsersAction) or (action.option_strings and not flags):
            continue
        choices = "|".join(map(str, action.choices or ()))
        metavar = action.metavar if isinstance(action.metavar, str) else choices or action.dest.upper()
        value = "" if action.nargs == 0 else f" {metavar}"
        said = ", ".join(flags) + value if flags else metavar
        rows.append((f"`{said.strip()}`", (action.help or "").replace("%(default)s", str(action.default))))
    return rows


def commands_page() -> str:
    """Every command with its arguments."""
    parser = make_parser()
    shared = [row for row in arguments_of(parser) if row[0].strip("`").split(" ")[0] in SHARED]
    own = [row for row in arguments_of(parser) if row not in shared]
    parts = [
        "# Commands\n\nData goes to stdout, talk to stderr.  Exit codes: 0 ok, 1 failed, "
        "2 wrong usage or configuration,\n3 database away, 130 interrupted.",
        f"Every command takes these:\n\n{table(('', ''), shared)}",
        f"## cx-tui\n\nOpens the program.\n\n{table(('', ''), own)}",
    ]
    parts += _sections(parser, "cx-tui", {row[0] for row in shared})
    return "\n\n".join(parts) + "\n"


def _sections(parser: argparse.ArgumentParser, before: str, shared: set[str]) -> Iterator[str]:
    for name, command in beneath(parser).items():
        said = help_of(parser, name)
        rows = [row for row in arguments_of(command) if row[0] not in shared]
        text = f"## {before} {name}\n\n{said[:1].upper()}{said[1:]}."
        yield f"{text}\n\n{table(('', ''), rows)}" if rows else text
        yield from _sections(command, f"{before} {name}", shared)


PAGES = {"keys.md": keys_page, "settings.md": settings_page, "commands.md": commands_page}
