"""A path is typed, completed, pasted, or chosen from the folder under it."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.pilot import Pilot

from tests.pilot.driver import lines_of
from widgets.file_picker import FilePicker
from widgets.file_picker.folder import begun_anew, cleaned, completed, entries_of, matching, size_in_words


class One(App[None]):
    """One picker."""

    def __init__(self, text: str, *, new: bool = False) -> None:
        super().__init__()
        self._text, self._new = text, new
        self.picked: list[Path] = []

    def compose(self) -> ComposeResult:
        yield FilePicker(self._text, (".csv", ".xlsx"), new=self._new)

    @on(FilePicker.Picked)
    def took(self, event: FilePicker.Picked) -> None:
        self.picked.append(event.path)

    @property
    def picker(self) -> FilePicker:
        return self.query_one(FilePicker)


class Picking:
    """A picker that is open."""

    def __init__(self, app: One, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def names(self) -> list[str]:
        """The names in the list."""
        lines = lines_of(self.app.picker.listing)
        return [line.split("  ")[0].strip(" ▸") for line in lines if line.strip()]

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for a condition."""
        end = monotonic() + 10
        while not holds():
            assert monotonic() < end, (self.names, self.app.picker.text, self.app.picker.said)
            await self.pilot.pause(0.005)


@asynccontextmanager
async def picking(text: str | Path, *, new: bool = False) -> AsyncIterator[Picking]:
    """A picker with a text."""
    app = One(str(text), new=new)
    async with app.run_test(size=(80, 20)) as pilot:
        pick = Picking(app, pilot)
        app.picker.box.focus()
        await pick.until(lambda: pick.names)
        yield pick


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with something of everything."""
    home = tmp_path / "files"
    (home / "older" / "deep").mkdir(parents=True)
    for place, name in enumerate(("b.csv", "a.xlsx", "photo.jpg", ".hidden.csv", "customers one.csv")):
        (home / name).write_text("x" * 2_000)
        os.utime(home / name, (1_000_000 + place, 1_000_000 + place))
    (home / "older" / "old.csv").write_text("x")
    return home


async def test_the_wanted_files_come_first_the_newest_before_the_others(folder: Path) -> None:
    async with picking(f"{folder}/") as pick:
        assert pick.names == ["customers one.csv", "a.xlsx", "b.csv", "older/", "photo.jpg", "../"]
        assert "2.0 kB" in lines_of(pick.app.picker.listing)[0]


async def test_typing_narrows_the_list_and_enter_takes_the_line(folder: Path) -> None:
    async with picking(f"{folder}/") as pick:
        await pick.pilot.press(*"b.c")
        await pick.until(lambda: pick.names == ["b.csv"])
        await pick.pilot.press("enter")
        await pick.until(lambda: pick.app.picked == [folder / "b.csv"])


async def test_a_name_is_found_by_its_middle(folder: Path) -> None:
    async with picking(f"{folder}/") as pick:
        await pick.pilot.press(*"ONE")
        await pick.until(lambda: pick.names == ["customers one.csv"])


async def test_tab_completes_as_far_as_there_is_no_choice(folder: Path) -> None:
    (folder / "customers two.csv").write_text("")
    async with picking(f"{folder}/") as pick:
        await pick.pilot.press("c", "tab")
        await pick.until(lambda: pick.app.picker.text == f"{folder}/customers ")
        await pick.pilot.press("t", "tab")
        await pick.until(lambda: pick.app.picker.text == f"{folder}/customers two.csv")


async def test_enter_opens_folders_and_goes_up_again(folder: Path) -> None:
    async with picking(f"{folder}/") as pick:
        await pick.pilot.press(*"ol", "tab")
        await pick.until(lambda: pick.names == ["old.csv", "deep/", "../"])
        await pick.pilot.press("down", "enter")
        await pick.until(lambda: pick.app.picker.text == f"{folder}/older/deep/")
        await pick.until(lambda: pick.names == ["../"])
        await pick.pilot.press("enter")
        await pick.until(lambda: pick.app.picker.text == f"{folder}/older/")
        assert pick.app.picked == []


async def test_hidden_files_are_listed_when_one_begins_with_a_dot(folder: Path) -> None:
    async with picking(f"{folder}/") as pick:
        await pick.pilot.press(".", "h")
        await pick.until(lambda: pick.names == [".hidden.csv"])


async def test_a_line_is_taken_by_a_click(folder: Path) -> None:
    async with picking(f"{folder}/") as pick:
        await pick.pilot.click(pick.app.picker.listing, offset=(4, 2))
        await pick.until(lambda: pick.app.picked == [folder / "b.csv"])


async def test_the_home_is_written_as_a_tilde(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    async with picking("~/") as pick:
        await pick.until(lambda: "b.csv" in pick.names)
        await pick.pilot.press(*"b", "enter")
        await pick.until(lambda: pick.app.picked == [folder / "b.csv"])


@pytest.mark.parametrize("form", ["{}", "'{}'", '"{}"', "file://{}", "{}\n", "  {} "])
async def test_a_pasted_path_takes_the_place_of_what_is_there(form: str, folder: Path) -> None:
    async with picking("/nowhere/x/") as pick:
        pick.app.post_message(Paste(form.format(folder / "customers one.csv")))
        await pick.until(lambda: pick.app.picker.text == str(folder / "customers one.csv"))
        await pick.pilot.press("enter")
        await pick.until(lambda: pick.app.picked == [folder / "customers one.csv"])


async def test_a_path_that_is_not_there_is_said_and_stays(folder: Path) -> None:
    async with picking(f"{folder}/") as pick:
        await pick.pilot.press(*"zzz", "enter")
        await pick.until(lambda: "there is no file" in pick.app.picker.said)
        assert pick.app.picker.text == f"{folder}/zzz"


async def test_a_folder_that_can_not_be_opened_is_said(tmp_path: Path) -> None:
    async with picking(f"{tmp_path}/") as pick:
        await pick.pilot.press(*"none/")
        await pick.until(lambda: "can't be opened: No such file or directory" in pick.app.picker.said)


async def test_a_new_file_can_be_named_and_its_name_is_selected(folder: Path) -> None:
    async with picking(f"{folder}/export.csv", new=True) as pick:
        await pick.pilot.press(*"mine", "enter")
        await pick.until(lambda: pick.app.picked == [folder / "mine.csv"])


async def test_for_a_new_file_one_that_is_there_only_gives_its_name(folder: Path) -> None:
    async with picking(f"{folder}/b", new=True) as pick:
        await pick.pilot.press("down", "up", "enter")
        await pick.until(lambda: pick.app.picker.text == f"{folder}/b.csv")
        assert pick.app.picked == []


async def test_names_that_no_terminal_should_get_are_shown_but_written_out(folder: Path) -> None:
    (folder / "bad\x1b[31m.csv").write_text("")
    (folder / os.fsdecode(b"latin\xe9.csv")).write_text("")
    async with picking(f"{folder}/") as pick:
        assert "bad␛[31m.csv" in pick.names
        assert "latin<U+DCE9>.csv" in pick.names
        await pick.pilot.press(*"latin", "enter")
        await pick.until(lambda: pick.app.picked == [folder / os.fsdecode(b"latin\xe9.csv")])


def test_sizes_are_those_that_people_read() -> None:
    assert [size_in_words(n) for n in (0, 999, 1_500, 25_000, 3_400_000, 2_000_000_000)] == [
        "0 B", "999 B", "1.5 kB", "25 kB", "3.4 MB", "2.0 GB",
    ]  # fmt: skip


def test_a_pasted_text_loses_what_a_shell_puts_round_it() -> None:
    assert cleaned("'/a b/c.csv'") == "/a b/c.csv"
    assert cleaned("/a\\ b.csv") == "/a b.csv"
    assert cleaned("file:///a%20b.csv") == "/a b.csv"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("/work/in//tmp", "/tmp"), ("/work/~/x", "~/x"), ("/work/~x", "/work/~x"),
        ("//server/x", "//server/x"), ("file:///tmp", "file:///tmp"),
    ],
)  # fmt: skip
def test_a_path_that_is_typed_behind_another_begins_anew(typed: str, text: str) -> None:
    assert begun_anew(typed) == text


async def test_typing_two_slashes_begins_at_the_root(folder: Path) -> None:
    async with picking(f"{folder}/") as pick:
        await pick.pilot.press("slash", "t")
        await pick.until(lambda: pick.app.picker.text == "/t")


def test_completion_keeps_to_case_but_finds_a_single_name_in_any(folder: Path) -> None:
    entries = entries_of(str(folder), (".csv",))
    assert completed(entries, "PH") == "photo.jpg"
    assert completed(entries, "q") == "q"
    assert [one.name for one in matching(entries, "csv")] == ["customers one.csv", "b.csv"]
