"""Settings files: their text, and each value in them with its line."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from cx_tui.config.settings import OF_ANY_NAME, TABLES
from cx_tui.config.text import visible
from cx_tui.errors import Misconfigured

LARGEST_FILE = 256 * 1024
DEEPEST_KEY = 8  # parts between dots

KeyPath = tuple[str, ...]

# Strings and comments are taken whole, so that brackets and ends of lines inside them don't count.
_TOKENS = r"""(?sx) \"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\])*" | '[^']*'
    | \#[^\n]* | [][{}\n]"""


def read_settings_file(path: Path) -> bytes:
    """The file's content, or the beginning of one that is too large."""
    with path.open("rb") as file:
        # Something endless, like /dev/zero, must not fill the memory.
        return file.read(LARGEST_FILE + 1)


def text_of(path: Path, read: Callable[[Path], bytes]) -> str | None:
    """The file's text, or None when it is not there."""
    name = visible(path)
    try:
        data = read(path)
        if len(data) > LARGEST_FILE:
            raise Misconfigured(f"{name} is larger than {LARGEST_FILE // 1024} KiB; is it a settings file?")
        return data.decode("utf-8-sig")  # editors on Windows put a mark before it
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Misconfigured(f"{name} can't be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Misconfigured(f"{name} line {line}: this is not UTF-8 text; save the file as UTF-8") from None


def entries(name: str, text: str) -> Iterator[tuple[KeyPath, object, int]]:
    """The path, value and line of each key of a TOML file; a table that holds no settings is a value."""
    import tomli  # imported here: most starts have no settings file

    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        hint = '; text needs quotes, like theme = "cx-dark"' if error.msg == "Invalid value" else ""
        # "Cannot declare ('look',) twice" would be Python's words.
        what = visible(re.sub(r"\('(.+?)',?\)", r"[\1]", error.msg).replace("', '", "."))
        # No cause in both: the exception carries the text, with its secrets.
        raise Misconfigured(f"{name} line {error.lineno}, column {error.colno}: {what}{hint}") from None
    except (RecursionError, ValueError):
        raise Misconfigured(f"{name}: something in it is nested too deeply or a number too long") from None
    header = ""
    for line, statement in _statements(text):
        if statement.lstrip().startswith("["):
            header, statement = statement, ""
        for path, value in _leaves(tomli.loads(header + statement)):
            yield path, value, line


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """The headers and assignments of valid TOML, each with its line."""
    line, start, depth = 1, 0, 0
    for token in re.finditer(_TOKENS, text + "\n"):
        mark = token.group()
        depth += (mark in "[{") - (mark in "]}")
        if mark == "\n" and not depth:
            statement = text[start : token.end()]
            yield line, statement
            line, start = line + statement.count("\n"), token.end()


def _leaves(table: Mapping[str, Any], above: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    for name, value in table.items():
        path = (*above, name)
        opens = path[0] in OF_ANY_NAME if len(path) > 1 else name in (*TABLES, *OF_ANY_NAME)
        if opens and isinstance(value, dict) and len(path) < DEEPEST_KEY:
            yield from _leaves(value, path)
        else:
            yield path, value
