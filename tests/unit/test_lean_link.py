"""How the link fares, for those who want to see it."""

import time

import pytest

from cx_tui.terminal.link import QUESTION, Link


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_a_link_that_nobody_watches_is_asked_nothing() -> None:
    link = Link()
    link.key()
    assert link.handed("frame") == "frame"
    assert not link.answered()


def test_the_bytes_of_a_key_and_its_round_trip_are_measured(clock: list[float]) -> None:
    link = Link()
    link.watched = True
    link.key()
    assert link.handed("frame ▸") == f"frame ▸{QUESTION}"
    assert link.handed("more") == "more"
    clock[0] = 0.038
    assert link.answered()
    link.handed("the figures themselves")
    assert str(link) == "13 B 38 ms"


def test_how_long_a_frame_is_taken_for_is_known(clock: list[float]) -> None:
    link = Link()
    link.handed("frame")
    clock[0] = 2.0
    link.taken()
    assert link.taking == 2.0
