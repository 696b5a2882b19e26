"""What is sent to a terminal's clipboard, and what is left out."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.clipboard import LIMIT, SCREEN_CHUNK, osc52

TMUX = {"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "screen-256color"}
SCREEN = {"STY": "12.pts-0.host", "TERM": "xterm"}


def copied_text(sequence: str) -> str:
    """The text a terminal takes from a plain sequence."""
    found = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", sequence)
    assert found, sequence
    return b64decode(found[1]).decode()


def unwrapped_by_screen(sequence: str) -> str:
    """What GNU screen passes on."""
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", sequence, re.DOTALL)
    assert sum(len(piece) + 4 for piece in pieces) == len(sequence)
    return "".join(pieces)


def test_a_short_text_is_copied_whole() -> None:
    copied = osc52("Globex\tÀ 日本 [b] \x1b[31m\n")
    assert copied_text(copied.sequence) == "Globex\tÀ 日本 [b] \x1b[31m\n"
    assert copied.sent == len("Globex\tÀ 日本 [b] \x1b[31m\n")
    assert not copied.cut


def test_no_text_is_copied_as_no_text() -> None:
    assert copied_text(osc52("").sequence) == ""


def test_a_long_text_is_cut_after_a_whole_line() -> None:
    copied = osc52("12345\n67890\n", limit=12)
    assert (copied_text(copied.sequence), copied.sent, copied.cut) == ("12345\n", 6, True)


def test_lines_that_just_fit_are_kept_without_their_end() -> None:
    copied = osc52("123\n56789\nrest", limit=12)
    assert (copied_text(copied.sequence), copied.cut) == ("123\n56789", True)


def test_one_long_line_is_cut_after_a_whole_character() -> None:
    copied = osc52("日本電話", limit=12)
    assert (copied_text(copied.sequence), copied.sent, copied.cut) == ("日本電", 3, True)
    assert copied_text(osc52("日本電話", limit=8).sequence) == "日本"


@pytest.mark.parametrize("limit", [0, 3, -5])
def test_no_room_sends_nothing_and_says_so(limit: int) -> None:
    copied = osc52("text", limit=limit)
    assert (copied_text(copied.sequence), copied.sent, copied.cut) == ("", 0, True)


def test_half_a_surrogate_pair_does_not_break_the_copy() -> None:
    copied = osc52("a\ud800b")
    assert (copied_text(copied.sequence), copied.sent, copied.cut) == ("a?b", 3, False)


def test_tmux_gets_one_passthrough_with_doubled_escapes() -> None:
    plain = osc52("Globex").sequence
    assert osc52("Globex", env=TMUX).sequence == "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"


@pytest.mark.parametrize("env", [SCREEN, {"TERM": "screen.xterm-256color"}])
def test_gnu_screen_gets_pieces_that_it_passes_on(env: dict[str, str]) -> None:
    text = "a line of text\n" * 500
    copied = osc52(text, env=env)
    assert unwrapped_by_screen(copied.sequence) == osc52(text).sequence
    assert max(len(piece) for piece in re.findall(r"\x1bP.*?\x1b\\", copied.sequence)) <= SCREEN_CHUNK


def test_another_terminal_gets_the_plain_sequence() -> None:
    env = {"TERM": "xterm-256color", "TMUX": "", "STY": ""}
    assert osc52("Globex", env=env) == osc52("Globex")


def test_the_usual_limit_is_what_terminals_take() -> None:
    copied = osc52("x" * 1_000_000)
    code = copied.sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")
    assert LIMIT - 4 < len(code) <= LIMIT
    assert copied.cut


@given(st.text(), st.integers(0, 200))
def test_what_is_sent_is_the_beginning_of_the_text_and_fits(text: str, limit: int) -> None:
    copied = osc52(text, limit)
    sent = copied_text(copied.sequence)
    assert text[: copied.sent].encode("utf-8", "replace").decode() == sent
    assert len(copied.sequence) - len("\x1b]52;c;\x07") <= limit
    assert copied.cut == (copied.sent < len(text))
