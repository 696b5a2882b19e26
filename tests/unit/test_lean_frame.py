"""What Textual writes, taken apart."""

import pytest

from cx_tui.terminal.cells import Cell
from cx_tui.terminal.frame import Reader, is_frame, is_harmless


def texts(chunk: str) -> list[str]:
    """The graphemes of a chunk; the right half of a wide one is empty."""
    ((_, _, cells),) = Reader().read(f"\x1b[1;1H{chunk}")
    return [cell.text for cell in cells]


def cell(chunk: str) -> Cell:
    ((_, _, cells),) = Reader().read(f"\x1b[1;1H{chunk}")
    return cells[0]


def test_a_frame_is_chunks_at_places_and_at_the_end_the_place_of_the_cursor() -> None:
    chunks = Reader().read("\x1b[1;1Hab\x1b[0m\n\x1b[2;5Hc\x1b[1;3H")
    assert [(y, x, "".join(cell.text for cell in cells)) for y, x, cells in chunks] == [
        (0, 0, "ab"), (1, 4, "c"), (0, 2, ""),
    ]  # fmt: skip


def test_equal_cells_are_one_object() -> None:
    one, other = Reader(), Reader()
    frame = "\x1b[1;1H\x1b[1;31ma\x1b[0m"
    assert one.read(frame)[0][2][0] is other.read(frame)[0][2][0]
    assert cell("a") is not cell("\x1b[31ma")


@pytest.mark.parametrize(
    ("text", "graphemes"),
    [
        ("añ─", ["a", "ñ", "─"]),
        ("日本", ["日", "", "本", ""]),
        ("e\u0301x", ["e\u0301", "x"]),
        ("👩\u200d👧!", ["👩\u200d👧", "", "!"]),
        ("\u0301x", ["x"]),
    ],
)
def test_text_is_cut_into_what_takes_a_cell(text: str, graphemes: list[str]) -> None:
    assert texts(text) == graphemes


@pytest.mark.parametrize(
    "evil",
    [
        "\x1b[2J", "\x1b[3A", "\x1b[?1049l", "\x1b]0;title\x07", "\x1b]52;c;aGk=\x07", "\x1b]52;c;aGk=\x1b\\",
        "\x1bPq\x1b\\", "\x1b_Ga=d\x1b\\", "\x1bc", "\x1b(0", "\x1b7", "\x1b", "\x07", "\x08", "\r", "\n",
        "\t", "\x7f", "\x9b", "\x85", "\x1b[6n", "\x1b]8;;a\x01b\x07", "\x1b[>c", "\x1b[4",
    ],
)  # fmt: skip
def test_commands_that_came_with_data_are_left_out(evil: str) -> None:
    assert "".join(texts(f"a{evil}\x1b[1mb"))[:1] == "a"
    assert not {"\x1b", *map(chr, range(32)), *map(chr, range(0x7F, 0xA0))} & set("".join(texts(f"a{evil}")))


def test_a_link_is_part_of_the_look() -> None:
    linked = cell("\x1b]8;id=1;https://example.org/a;b\x1b\\\x1b[1mx\x1b[0m\x1b]8;;\x1b\\")
    assert linked.style.link == "id=1;https://example.org/a;b"
    assert linked.style.attributes == {"1"}


def test_a_look_does_not_leak_into_the_next_chunk() -> None:
    (_, _, _), (_, _, (after,)) = Reader().read("\x1b[1;1H\x1b[31ma\x1b[1;2Hb")
    assert after.style.fg == ""


@pytest.mark.parametrize(
    "data",
    [
        "\x07", "\x1b[?25l", "\x1b[?1003h", "\x1b[?2026$p", "\x1b[>1u", "\x1b[<u", "\x1b]52;c;aGk=\x07",
        "\x1b]22;pointer\x07", "\x1b[6n", "\x1b[?2004h\x1b[?7l",
        "\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\", "\x1bP\x1b]52;c;aG\x1b\\\x1bPk=\x07\x1b\\",
    ],
)  # fmt: skip
def test_what_leaves_the_screen_alone_is_known(data: str) -> None:
    assert is_harmless(data)
    assert not is_frame(data)


@pytest.mark.parametrize(
    "data",
    ["\x1b[?1049h", "\x1b[2J", "text", "\x1b_Gi=1;AAAA\x1b\\", "\x1bPq#0\x1b\\", "\x07text", "\x1b[?47l"],
)
def test_what_may_change_the_screen_is_not_taken_for_harmless(data: str) -> None:
    assert not is_harmless(data)
    assert not is_frame(data)
