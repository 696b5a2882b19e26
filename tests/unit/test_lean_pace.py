"""How fast frames follow each other on a link of which nobody knows how much it has taken."""

import time
from threading import Timer

import pytest
from textual.messages import TerminalSupportsSynchronizedOutput

from cx_tui.terminal.link import QUESTION
from cx_tui.terminal.pace import ENOUGH, STRETCH, Pace

FRAME = "x" * 3_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def pace() -> Pace:
    """That of a terminal that answers."""
    made = Pace()
    made.answers = True
    return made


def test_a_held_key_sends_no_frames_that_nobody_would_see(pace: Pace, clock: list[float]) -> None:
    sent = 0
    for _ in range(100):
        if not pace.holds:
            sent += len(pace.handed(FRAME))
    assert sent < 3 * ENOUGH + len(FRAME)
    assert pace.answered()
    assert not pace.holds
    assert pace.handed(FRAME) == FRAME


def test_keys_one_by_one_ask_nothing(pace: Pace, clock: list[float]) -> None:
    for _ in range(10):
        assert pace.handed(FRAME) == FRAME
        clock[0] += STRETCH + 0.01
    assert not pace.holds


def test_one_question_is_asked_at_a_time(pace: Pace, clock: list[float]) -> None:
    assert pace.handed(FRAME + FRAME).endswith(QUESTION)
    assert pace.handed(FRAME + FRAME) == FRAME + FRAME
    assert pace.holds


def test_the_end_waits_for_an_answer_that_is_on_its_way(pace: Pace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cx_tui.terminal.pace.LAST_ANSWER", 5.0)
    pace.leave()  # nothing was asked
    pace.handed(FRAME + FRAME)
    terminal = Timer(0.05, lambda: pace.hear([TerminalSupportsSynchronizedOutput()]))
    began = time.perf_counter()
    terminal.start()
    pace.leave()
    assert 0.03 < time.perf_counter() - began < 4


def test_a_terminal_that_does_not_answer_is_never_waited_for(clock: list[float]) -> None:
    pace = Pace()
    for _ in range(10):
        assert pace.handed(FRAME) == FRAME
    assert not pace.holds
    assert not pace.answered()
