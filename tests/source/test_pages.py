"""The pages of docs/ that are made from the program are up to date, and words are spelled right."""

import json
import subprocess
import sys

import pyte
import pytest

from cx_tui.app.guide import pages, readable, title_of
from cx_tui.domain.who import in_words
from tests.readme import PICTURES, ROOT
from tests.reference import PAGES


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_program_says_what_the_program_does(name: str) -> None:
    made = PAGES[name]()
    assert (ROOT / "docs" / name).read_text("utf-8") == made, "run: python -m tests.readme"


def test_words_are_spelled_as_in_any_dictionary() -> None:
    pytest.importorskip("codespell_lib", reason="needs codespell: pip install codespell")
    files = ["README.md", *(str(page) for page in sorted((ROOT / "docs").glob("*.md")))]
    done = subprocess.run(
        [sys.executable, "-m", "codespell_lib", *files], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


def test_every_page_is_in_the_menu_of_the_site() -> None:
    menu = (ROOT / ".packaging" / "mkdocs.yml").read_text("utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name in menu, f"{page.name} is in no menu"


def test_the_moving_picture_keeps_nobody_waiting() -> None:
    assert (ROOT / "docs" / "pictures" / "demo.gif").stat().st_size < 1_000_000


def test_the_guide_of_the_program_has_every_page_but_the_start_of_the_site() -> None:
    found = pages()
    assert {f"{name}.md" for name in found} == {page.name for page in (ROOT / "docs").glob("*.md")} - {
        "index.md"
    }
    assert title_of(found["keys"]) == "Keys"
    assert "![" not in readable("a ![picture](b.gif) c <!-- hidden --> d")


def test_the_recording_shows_the_program_as_it_is_now() -> None:
    head, *events = map(json.loads, (PICTURES / "demo.cast").read_text("utf-8").splitlines())
    screen = pyte.Screen(head["width"], head["height"])
    stream, seen = pyte.Stream(screen), set[str]()
    for _, _, written in events:
        stream.feed(written)
        seen.update(line.strip() for line in screen.display)
    shown = "\n".join(seen)
    for way in ("Customers › Log ", "Customers › Delayed changes ", "Customers › Edit 3 customers together"):
        assert way in shown, "run: python -m tests.moving_picture"
    assert in_words("by ben", "ssh from 10.4.0.12") in shown
    assert "from ssh from" not in shown
