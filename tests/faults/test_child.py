"""Children that do not say what they should."""

import os
from pathlib import Path

import pytest

from cx_tui.errors import CxError, Refused
from cx_tui.services import child_process


async def ran(folder: Path, code: str) -> child_process.Event:
    """The last word of a child that does this."""
    (folder / "odd_child.py").write_text(code)
    return await child_process.run([], {**os.environ, "PYTHONPATH": str(folder)}, module="odd_child")


async def test_a_line_without_an_end_is_refused_and_the_child_ended(tmp_path: Path) -> None:
    endless = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
    with pytest.raises(Refused, match="a line of this file is too long to be shown"):
        await ran(tmp_path, endless)


async def test_a_child_that_says_nothing_is_told_by_its_code(tmp_path: Path) -> None:
    with pytest.raises(CxError, match="it ended with the code 7"):
        await ran(tmp_path, "raise SystemExit(7)")


async def test_what_is_no_event_is_not_heard(tmp_path: Path) -> None:
    code = """print("hello"); print("[1]"); print('{"event": "done", "of": 3}')"""
    assert await ran(tmp_path, code) == {"event": "done", "of": 3}
