"""What the terminal says, however broken."""

import random
import time

import pytest
from textual.events import Key, Paste

from cx_tui.terminal.hearing import PATIENCE, SILENCE, Hearing

FRAGMENTS = (
    b"\x1b", b"\x1b[", b"\x1b[<", b"\x1b[200~", b"\x1b[201~", b"\x1bP", b"\x1b]52;c;", b"\xc3", b"\xf0\x9f",
    b"\x1b[48;1;1;1;1t", b"\x1b[?2026;", b"\x1b[<999999999999;1;1M", b"\x1b[1;1R", b"\x00", b"\x9b", b"q",
)  # fmt: skip


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def keys(heard: Hearing, data: bytes) -> list[str]:
    return [message.key for message in heard.feed(data) if isinstance(message, Key)]


def test_a_character_may_come_byte_by_byte() -> None:
    heard = Hearing(debug=False)
    assert [keys(heard, bytes([byte])) for byte in "日x".encode()] == [[], [], ["日"], ["x"]]


@pytest.mark.parametrize("seed", range(5))
def test_after_ten_thousand_broken_bytes_a_key_is_heard(seed: int, clock: list[float]) -> None:
    heard, lot = Hearing(debug=False), random.Random(seed)
    for _ in range(1500):
        list(heard.feed(lot.choice((lot.randbytes(lot.randint(1, 12)), lot.choice(FRAGMENTS)))))
    clock[0] += PATIENCE + 1
    list(heard.tick())
    list(heard.feed(b"\x1b" + b"x" * 40))  # whatever sequence had begun is too long now
    assert keys(heard, b"\x11") == ["ctrl+q"]


def test_a_paste_without_an_end_is_over_when_nothing_more_comes(clock: list[float]) -> None:
    heard = Hearing(debug=False)
    assert not list(heard.feed(b"\x1b[20"))
    assert not list(heard.feed(b"0~pasted"))
    assert not list(heard.tick())
    clock[0] += PATIENCE + 1
    (paste,) = heard.tick()
    assert isinstance(paste, Paste)
    assert paste.text == "pasted"
    assert keys(heard, b"q") == ["q"]


def test_after_a_long_silence_nobody_has_to_look_again(clock: list[float]) -> None:
    heard = Hearing(debug=False)
    clock[0] = 100.0
    assert not heard.is_expecting
    list(heard.feed(b"\x1b"))
    assert heard.is_expecting
    clock[0] += SILENCE
    assert not heard.is_expecting
    list(heard.feed(b"\x1b[200~half"))
    clock[0] += SILENCE
    assert heard.is_expecting
