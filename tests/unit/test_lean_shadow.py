"""What is sent when the screen changes."""

import pytest

from cx_tui.terminal.abilities import erases_in_color, is_remote
from cx_tui.terminal.shadow import Shadow

CURSOR, TO_CURSOR = "\x1b[12;1H", "\x1b[12H"
BLUE = "\x1b[44m"


def shown(*lines: str, erases: bool = True, width: int = 30, height: int = 12) -> Shadow:
    """A terminal that shows these lines."""
    shadow = Shadow(erases_in_color=erases)
    shadow.resize(width, height)
    draw(shadow, *lines)
    shadow.changes()
    return shadow


def draw(shadow: Shadow, *lines: str) -> None:
    shadow.draw("\n".join(f"\x1b[{y};1H{line}\x1b[0m" for y, line in enumerate(lines, 1)) + CURSOR)


def sent(shadow: Shadow, frame: str) -> str:
    shadow.draw(frame + CURSOR)
    return shadow.changes()


def test_the_same_frame_again_costs_nothing() -> None:
    shadow = shown("one", "two")
    draw(shadow, "one", "two")
    assert shadow.changes() == ""


def test_only_what_differs_is_sent() -> None:
    assert sent(shown("12:00:00"), "\x1b[1;1H12:00:01") == f"\x1b[1;8H1{TO_CURSOR}"


def test_a_short_gap_is_written_again_and_a_long_one_jumped_over() -> None:
    assert sent(shown("a bc d"), "\x1b[1;1HA bc D") == f"\x1b[HA bc D{TO_CURSOR}"
    assert sent(shown("a 1 3 5 7 9 d"), "\x1b[1;1HA 1 3 5 7 9 D") == f"\x1b[HA\x1b[11CD{TO_CURSOR}"


@pytest.mark.parametrize(("x", "way"), [(8, "\t"), (10, "\tij"), (15, "\t\t\b"), (13, "\x1b[12C")])
def test_a_tab_stop_on_the_way_shortens_it(x: int, way: str) -> None:
    line = "abcdefghijklmnopqrst"
    assert sent(shown(line), f"\x1b[1;1HA{line[1:x]}X{line[x + 1 :]}") == f"\x1b[HA{way}X{TO_CURSOR}"


def test_a_line_below_in_the_same_column_is_one_line_feed_away() -> None:
    assert sent(shown("a", "b"), "\x1b[1;1HA\x1b[2;2HB") == f"\x1b[HA\nB{TO_CURSOR}"


def test_what_was_erased_with_the_rest_of_a_line_is_not_erased_again() -> None:
    assert sent(shown("a" * 10 + " " * 10 + "b"), "\x1b[1;1H" + " " * 30) == f"\x1b[H\x1b[K{TO_CURSOR}"


def test_only_a_changed_cursor_is_moved() -> None:
    shadow = shown("text")
    shadow.draw("\x1b[1;1Htext\x1b[3;5H")
    assert shadow.changes() == "\x1b[3;5H"


def test_the_rest_of_a_line_is_erased_in_its_colour_where_terminals_do_that() -> None:
    line = f"{BLUE}x{' ' * 29}"
    assert sent(shown("y"), f"\x1b[1;1H{line}") == f"\x1b[H{BLUE}x\x1b[K{TO_CURSOR}"
    assert sent(shown("y", erases=False), f"\x1b[1;1H{line}") == f"\x1b[H{line}{TO_CURSOR}"


def test_the_middle_of_a_line_is_erased_too() -> None:
    old, new = "a" * 30, "b" + " " * 20 + "a" * 9
    assert sent(shown(old), f"\x1b[1;1H{new}") == f"\x1b[Hb\x1b[20X{TO_CURSOR}"


def test_without_a_colour_every_terminal_may_erase() -> None:
    assert sent(shown("a" * 30, erases=False), "\x1b[1;1H" + " " * 30) == f"\x1b[H\x1b[K{TO_CURSOR}"


def test_half_a_wide_cell_is_never_erased() -> None:
    new = " " * 21 + "x"
    assert sent(shown("a" * 20 + "日"), f"\x1b[1;1H{new}") == f"\x1b[H{new}{TO_CURSOR}"


def test_what_is_left_of_a_wide_cell_is_blank() -> None:
    assert sent(shown("日本"), "\x1b[1;2Hx") == f"\x1b[H x{TO_CURSOR}"
    assert sent(shown("日本"), "\x1b[1;1Hx") == f"\x1b[Hx {TO_CURSOR}"


def test_after_a_cell_of_disputed_width_the_next_is_addressed() -> None:
    assert sent(shown(""), "\x1b[1;1H❤\ufe0fx") == f"\x1b[H❤\ufe0f\x1b[3Gx{TO_CURSOR}"
    assert sent(shown(""), "\x1b[1;1H日x") == f"\x1b[H日x{TO_CURSOR}"


def test_a_wide_cell_does_not_cross_the_edge() -> None:
    assert "日" not in sent(shown("", width=5), "\x1b[1;5H日")


def test_a_link_is_opened_and_closed() -> None:
    link = "\x1b]8;id=1;https://example.org\x1b\\"
    closed = "\x1b]8;;\x1b\\"
    shadow = shown("")
    assert sent(shadow, f"\x1b[1;1H{link}ab{closed}") == f"\x1b[H{link}ab{TO_CURSOR}"
    assert sent(shadow, "\x1b[2;1Hcd") == f"\x1b[2H{closed}cd{TO_CURSOR}"


def test_a_colour_is_said_once_for_all_its_cells() -> None:
    said = sent(shown("", ""), "\x1b[1;1Ha\x1b[31mb\x1b[0mc\x1b[2;1Hd\x1b[31me\x1b[0mf")
    assert said == f"\x1b[Ha\x1b[Cc\r\nd\x1b[Cf\x1b[1;2H\x1b[31mb\n\be{TO_CURSOR}"


LINES = [chr(ord("a") + number) * 28 for number in range(20)]


@pytest.mark.parametrize(("lines", "what"), [(1, "1M"), (3, "3M"), (-1, "1L"), (-2, "2L")])
def test_a_list_that_moves_is_moved_by_the_terminal(lines: int, what: str) -> None:
    shadow = shown("head", *LINES[5:15], "foot")
    draw(shadow, "head", *LINES[5 + lines : 15 + lines], "foot")
    said = shadow.changes()
    assert f"\x1b[2;11r\x1b[2H\x1b[{what}\x1b[r" in said
    new = LINES[15 : 15 + lines] if lines > 0 else LINES[5 + lines : 5]
    assert all(line in said for line in new)
    assert len(said) < abs(lines) * 28 + 60
    assert "head" not in said
    assert "foot" not in said


def test_lines_that_only_change_a_little_are_not_moved() -> None:
    shadow = shown(*(f"{number} same" for number in range(10)))
    draw(shadow, *(f"{number + 1} same" for number in range(10)))
    assert "r" not in shadow.changes()


def test_a_terminal_of_another_size_gets_everything_again() -> None:
    shadow = shown("text")
    shadow.resize(31, 12)
    draw(shadow, "text")
    assert "text" in shadow.changes()


def test_what_is_outside_of_the_terminal_is_left_out() -> None:
    shadow = shown("", width=5, height=2)
    shadow.draw("\x1b[1;3Habcdef\x1b[3;1Hx\x1b[1;9Hy\x1b[1;1H")
    assert shadow.changes() == "\x1b[1;3Habc\r"


def test_what_is_forgotten_is_sent_again_in_a_known_look() -> None:
    shadow = shown("text")
    shadow.forget()
    assert shadow.changes().startswith("\x1b]8;;\x1b\\\x1b[m\x1b[Htext")
    assert shadow.changes() == ""


@pytest.mark.parametrize(
    ("env", "erases"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "tmux-256color"}, True),
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "screen-256color", "TMUX": "x"}, True),
        ({"TERM": "screen-256color", "TMUX": "x", "STY": "y"}, False),
        ({"TERM": "xterm-256color", "STY": "y"}, False),
        ({"TERM": "vt220"}, False),
        ({}, False),
        ({"TERM": "vt220", "LEAN_TERMINAL_BCE": "1"}, True),
        ({"TERM": "xterm", "LEAN_TERMINAL_BCE": "0"}, False),
    ],
)
def test_whether_a_terminal_erases_in_colour_follows_from_its_name(env: dict[str, str], erases: bool) -> None:
    assert erases_in_color(env) is erases


def test_over_ssh_the_terminal_is_remote() -> None:
    assert is_remote({"SSH_TTY": "/dev/pts/1"})
    assert not is_remote({})


def test_what_stands_before_an_erased_rest_is_blanked_all_the_same() -> None:
    shadow = shown(f"aaaaaaaaaa{BLUE}b\x1b[0maaaaaaaaaa")
    said = sent(shadow, f"\x1b[1;1H{' ' * 10}\x1b[31m \x1b[0m{' ' * 19}")
    assert said == f"\x1b[H\x1b[K{TO_CURSOR}"
