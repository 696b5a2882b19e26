"""What the lean driver sends leads to the same screen as what Textual made, cell by cell.

LEAN_STEPS makes each run longer than the 150 steps of the default: thousands prove more.
"""

import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.lean_terminal import Comparison

STEPS = int(os.environ.get("LEAN_STEPS", "150"))
RESIZES = 0.05

PASTE = b"\x1b[200~p\xc3\xa4ste\x1b[201~"
ARROWS = (b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[5~", b"\x1b[6~")
MODAL, TOAST, LOG_LINE, THEME, IMAGE, REPAINT = (bytes([ord(key) & 31]) for key in "ntgrol")
TORTURE_KEYS = (
    *ARROWS, MODAL, TOAST, LOG_LINE, THEME, IMAGE, PASTE, b"\t", b"\x1b[Z", b"\r", b" ",
    "日".encode(), b"x", b"\x7f", b"\xff",
)  # fmt: skip
ESCAPE = b"\x1b[27u"
# Those that move through the list, change how it looks and open other pages; none ends the program.
PROGRAM_KEYS = (
    *ARROWS, b"j", b"j", b"j", b"k", b"g", b"G", b" ", b"a", b"A", b"v", b"o", b"O", b"<", b">", b"H", b"L",
    b"!", b"/44", b"/", b"t", b"c", b"w", b"?", b"y", b"\r", b"e", b"+", b"i", b"z", b"b", REPAINT, PASTE,
    *[ESCAPE] * 8,
)  # fmt: skip

Begin = Callable[..., Comparison]


@pytest.fixture
def begin(home: Path, tmp_path: Path) -> Iterator[Begin]:
    """Begins a comparison, with a program on a terminal of some name."""
    left_out = ("CX_", "PYTEST", "TEXTUAL", "LEAN", "NO_COLOR", "LINES", "COLUMNS", "TMUX", "STY", "SSH")
    env = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    begun: list[Comparison] = []

    def with_program(*arguments: str, term: str = "xterm-256color", **more: str) -> Comparison:
        folder = tmp_path / str(len(begun))
        folder.mkdir()
        ours = {"TERM": term, "COLORTERM": "truecolor", "LANG": "C.UTF-8", **more}
        begun.append(Comparison(*arguments, folder=folder, env={**env, **ours}))
        return begun[-1]

    yield with_program
    for comparison in begun:
        comparison.close()


def go_on_at_random(comparison: Comparison, keys: tuple[bytes, ...], seed: int) -> None:
    """Press keys and change the size, and compare after each."""
    lot = random.Random(seed)
    did: object = "the start"
    for _ in range(STEPS):
        comparison.must_agree(did)
        if lot.random() < RESIZES:
            did = lot.randint(20, 140), lot.randint(8, 45)
            comparison.resize(*did)
        else:
            did = lot.choice(keys)
            comparison.press(did)
    comparison.must_agree(did)
    if IMAGE not in keys:
        assert not comparison.not_understood, "Textual writes in a new way: see cx_tui/terminal/frame.py"
    assert comparison.bytes_sent < comparison.bytes_made / 2


RANDOM_WALKS = pytest.mark.parametrize(
    ("seed", "term"),
    [(1, "xterm-256color"), pytest.param(2, "screen-256color", marks=pytest.mark.slow)],
)


@RANDOM_WALKS
def test_all_that_is_hard_for_a_terminal_looks_the_same(seed: int, term: str, begin: Begin) -> None:
    go_on_at_random(begin("torture", term=term), TORTURE_KEYS, seed)


@RANDOM_WALKS
def test_this_program_looks_the_same(
    seed: int, term: str, begin: Begin, world_of: Callable[[str], str], tmp_path: Path
) -> None:
    world = shutil.copy(world_of("sqlite").removeprefix("sqlite:///"), tmp_path / "world.db")
    go_on_at_random(begin("program", f"sqlite:///{world}", term=term), PROGRAM_KEYS, seed)


@pytest.mark.parametrize("stop", [signal.SIGTSTP, signal.SIGSTOP])
def test_after_being_stopped_the_whole_screen_is_there_again(stop: signal.Signals, begin: Begin) -> None:
    comparison = begin("torture")
    comparison.must_agree("the start")
    comparison.stop_and_go_on(stop)
    comparison.must_agree("going on")


def test_after_the_same_size_again_the_whole_screen_is_there_again(begin: Begin) -> None:
    comparison = begin("torture")
    comparison.must_agree("the start")
    comparison.sent.erase_in_display(2)
    comparison.signal(signal.SIGWINCH)
    comparison.must_agree("a change of size")
