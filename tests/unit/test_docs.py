"""What README and docs say is there: their links lead to files, their commands are those of the parser."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from cx_tui.commands.main import make_parser

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

LINK = re.compile(r"\[[^\]]*\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)")
COMMAND = re.compile(
    r"\bcx-tui((?: +--?[a-z][\w-]*(?:[= ](?:[A-Z]+|\S+://\S+|\"[^\"]*\"))?)*)((?: +[a-z][a-z|-]*)*)"
)
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def anchors_of(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    return {
        re.sub(r"[^\w -]", "", said.lower()).replace(" ", "-")
        for said in HEADING.findall(page.read_text("utf-8"))
    }


def actions_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """What can follow: the commands beneath a parser, each with its own parser."""
    found: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            found |= action.choices
    return found


def choices_of(parser: argparse.ArgumentParser) -> set[str]:
    """The words that a command takes at its first place, where only some are taken."""
    first = next((one for one in parser._actions if not one.option_strings), None)
    return set(first.choices or ()) if first else set()


def code_of(text: str) -> Iterator[str]:
    """What is written as code, where commands are: lines that are set in, and words between backticks."""
    yield from re.findall(r"^    .*$", text, re.MULTILINE)
    yield from re.findall(r"`([^`]+)`", text)


def commands_in(page: Path) -> Iterator[list[str]]:
    """The words of each command behind its general options."""
    for code in code_of(page.read_text("utf-8")):
        for _, words in COMMAND.findall(code):
            yield words.split()


@pages
def test_each_link_leads_to_a_file_that_is_there(page: Path) -> None:
    for path, anchor in LINK.findall(page.read_text("utf-8")):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} leads to {path}"
        assert target.is_relative_to(ROOT), f"{page.name} leads outside, to {path}"
        if anchor:
            assert anchor in anchors_of(target), f"{page.name} leads to #{anchor} of {target.name}"


@pages
def test_each_command_is_known_to_the_parser(page: Path) -> None:
    known = actions_of(make_parser())
    for words in commands_in(page):
        if not words:
            continue
        for command in words[0].split("|"):
            assert command in known, f"{page.name} names cx-tui {command}"
            beneath = set(actions_of(known[command])) or choices_of(known[command])
            for action in words[1].split("|") if beneath and len(words) > 1 else ():
                assert action in beneath, f"{page.name} names cx-tui {command} {action}"


def lines_to_type(page: Path) -> Iterator[list[str]]:
    """The lines of a page that can be typed as they stand, without choices or gaps."""
    for line in re.findall(r"^    cx-tui (.*)$", page.read_text("utf-8"), re.MULTILINE):
        typed = re.split(r"   +", line)[0]
        if not re.search(r"[\[|…]|\.\.\.|'$", typed) or typed.count("'") == 2:
            yield shlex.split(typed)


@pages
def test_each_line_is_understood_with_all_its_options(page: Path) -> None:
    for words in lines_to_type(page):
        try:
            make_parser().parse_args(words)
        except SystemExit as end:
            assert end.code == 0, f"{page.name}: cx-tui {shlex.join(words)}"  # noqa: PT017  # argparse ends so


def test_the_reference_names_every_command() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    said = set(re.findall(r"^## cx-tui ([a-z-]+)", page, re.MULTILINE))
    # Another spelling of a command shares its parser.
    assert said >= {parser.prog.split()[-1] for parser in actions_of(make_parser()).values()}
