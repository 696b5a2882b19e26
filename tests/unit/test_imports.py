"""What is loaded by what: layers that stay apart, and a first picture that waits for nothing heavy."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"sqlalchemy", "polars", "twilio", "aiosmtplib", "alembic", "aiosqlite", "asyncpg"}

EVERY_MODULE = """
import importlib, pkgutil, {package}
for found in pkgutil.walk_packages({package}.__path__, "{package}."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
"""

FIRST_PICTURE = """
import os
from cx_tui.bootstrap import build_app
from cx_tui.config import load
build_app(load(os.environ, {}), "sqlite:///nowhere.db", os.environ).get_default_screen
import cx_tui.screens.customers
"""


def loaded_by(program: str) -> set[str]:
    """The packages that a program has loaded at its end."""
    program += "\nimport sys\nprint(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("package", "unwanted"),
    [
        ("cx_tui.services", {"textual", "widgets", "polars", "twilio", "aiosmtplib"}),
        ("cx_tui.domain", {"textual", "widgets", "sqlalchemy", "polars"}),
        ("widgets", {"cx_tui", *HEAVY}),
    ],
)
def test_a_layer_loads_nothing_of_those_above_it(package: str, unwanted: set[str]) -> None:
    assert loaded_by(EVERY_MODULE.format(package=package)) & unwanted == set()


def test_widgets_load_only_textual_rich_and_the_standard_library() -> None:
    ours = loaded_by(EVERY_MODULE.format(package="widgets"))
    textuals = loaded_by("import textual.app, textual.widgets, rich.markdown, textual.widgets.input")
    textuals |= loaded_by("from textual.widgets import Input, DataTable, OptionList, Static")
    assert ours - textuals - set(sys.stdlib_module_names) <= {"widgets", "textual", "rich"}


def test_the_first_picture_loads_no_database_and_nothing_that_sends() -> None:
    assert loaded_by(FIRST_PICTURE) & HEAVY == set()
