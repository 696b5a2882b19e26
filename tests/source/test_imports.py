"""What is loaded by what: layers that stay apart, and a first picture that waits for nothing heavy."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import made, run

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
from cx_tui.bootstrap.program import build_app
from cx_tui.config import load
build_app(load(os.environ, {}), "sqlite:///nowhere.db", os.environ).get_default_screen
import cx_tui.screens.customers
"""


FIRST_ROWS = """
import asyncio
from cx_tui.domain.query import Query
from cx_tui.services.session import open_session

async def use():
    session = await open_session("sqlite:///{path}")
    listing = await session.customers.list(Query())
    await listing.rows(0, 10, ["name", "warnings"])
    await session.customers.sweep()
    await session.close()

asyncio.run(use())
"""

SESSIONS_AS_WELL = """
import cx_tui.db
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
import sqlalchemy.ext.asyncio as whole
assert whole.AsyncSession is AsyncSession is whole.session.AsyncSession
assert whole.AsyncConnection is AsyncConnection is whole.engine.AsyncConnection
assert not hasattr(whole, "nonsense")
"""

BUILT_OTHERWISE = """
from cx_tui.db import engine_only
for name in [name for name in __import__("sys").modules if name.startswith(engine_only.PACKAGE)]:
    del __import__("sys").modules[name]
engine_only.NAMES = ("NothingLikeIt",)
engine_only.load_engine_alone()
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
"""


def loaded_by(program: str) -> set[str]:
    """The packages that a program has loaded at its end."""
    return {name.partition(".")[0] for name in modules_of(program)}


def modules_of(program: str) -> set[str]:
    """The modules that a program has loaded at its end."""
    program += "\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("package", "unwanted"),
    [
        ("cx_tui.services", {"textual", "widgets", "twilio", "aiosmtplib"}),
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


def test_the_first_rows_on_sqlite_load_neither_an_orm_nor_another_database(tmp_path: Path) -> None:
    path = tmp_path / "cx.db"
    run(made(f"sqlite:///{path}"))
    loaded = modules_of(FIRST_ROWS.format(path=path))
    assert "sqlalchemy.dialects.sqlite.aiosqlite" in loaded
    unwanted = ("sqlalchemy.orm", "sqlalchemy.dialects.postgresql", "alembic", "cx_tui.db.indexes", "polars")
    assert [name for name in loaded if name.startswith(unwanted)] == []


@pytest.mark.parametrize("program", [SESSIONS_AS_WELL, BUILT_OTHERWISE], ids=["later", "built otherwise"])
def test_who_wants_the_sessions_of_sqlalchemy_gets_them(program: str) -> None:
    assert "sqlalchemy.orm.session" in modules_of(program)
