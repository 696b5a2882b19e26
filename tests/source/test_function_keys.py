"""A function key means the same on every screen."""

import re
from collections.abc import Iterator
from pathlib import Path

from textual.binding import Binding

from tests.readme import ROOT
from tests.reference import explained, owners_of_keys
from widgets.function_keys import MEANINGS

FUNCTION_KEY = re.compile(r"f\d+")
WRITTEN = re.compile(r"""[Bb]inding\(\s*f?["'](?:[\w+]+,)*f\d+[,"']|\bkey\(\s*f?["'](?:[\w+]+,)*f\d+[,"']""")


def bound() -> Iterator[tuple[str, str, Binding]]:
    """Every function key that a class binds, the class, and what it does there."""
    for owner in owners_of_keys():
        for one in explained(owner):
            keys = map(str.strip, one.key.split(","))
            yield from ((key, owner.__name__, one) for key in keys if FUNCTION_KEY.fullmatch(key))


def test_a_function_key_has_one_meaning() -> None:
    wrong = [
        f"{key} is bound to {one.action} in {owner}: "
        + (f"it means {MEANINGS[key].does}" if key in MEANINGS else "it has no meaning")
        for key, owner, one in bound()
        if key not in MEANINGS or one.action not in MEANINGS[key].actions
    ]
    assert not wrong


def test_an_action_belongs_to_one_meaning_and_each_meaning_is_used() -> None:
    actions = [action for meaning in MEANINGS.values() for action in meaning.actions]
    assert sorted(actions) == sorted(set(actions))
    assert {key for key, _, _ in bound()} == set(MEANINGS)
    assert {one.action for _, _, one in bound()} == set(actions)


def test_screens_take_their_function_keys_from_the_table() -> None:
    files = [path for part in ("cx_tui", "widgets") for path in (ROOT / part).rglob("*.py")]
    wrong = [_place(path, found) for path in files for found in WRITTEN.finditer(path.read_text("utf-8"))]
    assert not [place for place in wrong if not place.startswith("widgets/key_line.py")]


def _place(path: Path, found: re.Match[str]) -> str:
    return f"{path.relative_to(ROOT)}: {found[0]}"
