"""An upload as an operator does it, over real files and the real child process."""

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from textual.events import Paste

from cx_tui.config import folders
from cx_tui.db.tables import customer
from cx_tui.screens.log import LogScreen
from cx_tui.screens.upload import UploadScreen
from cx_tui.services import child_process
from tests.conftest import Server
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, lines_of, opened
from widgets.line import Line

GOOD = "Name,Currency,Channels\nUpload One,EUR,30\nUpload Two,USD,60\n"
MIXED = (
    "Account name;Ccy;Capacity;Old id\n"
    "Upload One;EUR;30;7\n"
    "Upload Two;USD;1.2E+05;8\n"
    "Upload One;EUR;30;9\n"
    ";EUR;3;10\n"
)


class Uploading:
    """An upload that is open."""

    def __init__(self, cx: Driver) -> None:
        self.cx = cx

    @property
    def screen(self) -> UploadScreen:
        """Its screen."""
        return next(one for one in self.cx.app.screen_stack if isinstance(one, UploadScreen))

    async def pick(self, path: Path) -> None:
        """Paste the path of a file, and take it."""
        self.cx.app.post_message(Paste(str(path)))
        await self.cx.until(lambda: self.screen.picker.text == str(path), "the path")
        await self.cx.do("path.take")
        await self.cx.until(lambda: self.screen.view == "file" or self.said(), "the file, or what is wrong")

    async def read(self) -> None:
        """Wait for the first rows."""
        await self.cx.until(lambda: self.screen.plan and self.screen.plan.header, "the first rows")
        await self.cx.until(lambda: self.screen.grid.rows.visible, "rows")
        await self.cx.pilot.pause()

    async def check(self) -> None:
        """Check every row."""
        await self.cx.do("upload.check")
        await self.cx.until(lambda: self.screen.view == "verdicts", "the verdicts")
        await self.cx.until(lambda: self.screen.is_current, "the screen")

    async def ask(self) -> None:
        """Ask for the upload, and wait for the question."""
        await self.cx.do("upload.upload")
        await self.cx.shows(f"Upload {self.screen.plan.path.name if self.screen.plan else ''}?")

    async def agree(self) -> None:
        """Say yes to it, and wait for the result."""
        await self.cx.do("confirm.yes")
        await self.cx.until(lambda: self.screen.is_done, "the result")
        await self.cx.until(lambda: self.screen.is_current, "the screen")

    async def map(self, column: int, *typed: str) -> None:
        """Choose the field of a column, counted from 1, by typing."""
        self.screen.grid.moves.to_column(str(column - 1))
        await self.cx.do("grid.choose")
        await self.cx.shows("type to search")
        await self.cx.press(*typed)
        await self.cx.press("enter")
        await self.cx.until(lambda: self.screen.is_current, "the file")

    def steps(self) -> str:
        """What was chosen."""
        return "\n".join(lines_of(self.screen.query_one("#steps", Line)))

    def fields(self) -> str:
        """The fields over the columns."""
        return lines_of(self.screen.query_one("#fields", Line))[0]

    def said(self) -> str:
        """What the picker says."""
        return self.screen.picker.said

    def listed(self, column: str) -> list[str]:
        """A column of the verdicts."""
        return [row.cell(column).text for row in self.screen.verdicts.rows.visible]


@asynccontextmanager
async def uploading(
    url: str, path: Path | None = None, size: tuple[int, int] = (120, 40), **settings: Any
) -> AsyncIterator[Uploading]:
    """The upload, with the first rows of a file."""
    async with opened(url, size, **settings) as cx:
        await cx.do("customers.upload")
        await cx.until(lambda: isinstance(cx.screen, UploadScreen), "the upload")
        upload = Uploading(cx)
        if path is not None:
            await upload.pick(path)
            await upload.read()
        yield upload
        while not isinstance(cx.app.screen, UploadScreen) and cx.app.screen is not cx.customers:
            cx.app.pop_screen()
        if isinstance(cx.app.screen, UploadScreen):
            cx.app.screen.dismiss(False)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STATE", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("LANG", "C.UTF-8")


Write = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes a file."""

    def write(text: str | bytes, name: str = "new.csv") -> Path:
        folder = tmp_path / "in"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def has(up: Uploading, sentence: str) -> bool:
    """Whether the picker says this."""
    return sentence in up.said()


async def names(elsewhere: Elsewhere) -> list[str]:
    """The customers that came from a file."""
    rows = await elsewhere.ask(
        select(customer.c.name).where(customer.c.name.like("Upload %")).order_by(customer.c.name)
    )
    return [name for (name,) in rows]


# The file


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_first_rows_are_shown_with_the_fields_that_their_columns_are(
    own_url: str, written: Write, size: tuple[int, int]
) -> None:
    async with uploading(own_url, written(MIXED), size) as up:
        await up.cx.shows("Upload Two")
        await up.cx.until(lambda: "→ Channels" in up.fields(), "the fields")
        assert up.fields().split() == ["→", "Name", "→", "Currency", "→", "Channels", "not", "used"]
        assert "UTF-8 ▾" in up.steps()
        assert "semicolon ▾" in up.steps()
        assert "header in row 1" in up.steps()
        assert "3 of 4 columns used" in up.steps()


async def test_titles_above_the_header_are_seen_through(own_url: str, written: Write) -> None:
    async with uploading(own_url, written("Customers of July,,\n,,\n" + GOOD)) as up:
        await up.cx.until(lambda: "header in row 3" in up.steps(), "the header")
        await up.cx.until(lambda: "→ Currency" in up.fields(), "the fields")


async def test_another_row_can_be_the_header(own_url: str, written: Write) -> None:
    text = "Name,Currency,Channels\nAccount,Ccy,Ports\nUpload One,EUR,3\n"
    async with uploading(own_url, written(text)) as up:
        await up.cx.do("grid.down", "upload.start_row")
        await up.cx.until(lambda: "header in row 2" in up.steps(), "the second row")
        await up.cx.until(lambda: up.screen.plan and up.screen.plan.header[0] == "Account", "the header")


async def test_a_click_on_the_number_of_a_row_makes_it_the_header(own_url: str, written: Write) -> None:
    text = "Name,Currency\nAccount,Ccy\nUpload One,EUR\n"
    async with uploading(own_url, written(text)) as up:
        await up.cx.pilot.click(up.screen.grid, offset=(6, 2))
        await up.cx.until(lambda: "header in row 2" in up.steps(), "the second row")


async def test_a_guess_of_the_encoding_says_so_and_another_can_be_chosen(
    own_url: str, written: Write
) -> None:
    text = "Name;Currency\nUpload Größe;EUR\n".encode("cp1252")
    async with uploading(own_url, written(text)) as up:
        await up.cx.shows("Upload Größe")
        assert "Windows-1252 (a guess: look)" in up.steps()
        await up.cx.do("upload.encoding")
        await up.cx.shows("The file is written in")
        await up.cx.press("d")
        await up.cx.press("enter")
        await up.cx.until(lambda: "DOS 437" in up.steps(), "the encoding")
        await up.cx.hides("Upload Größe")


async def test_another_delimiter_can_be_chosen(own_url: str, written: Write) -> None:
    async with uploading(own_url, written("Name,Currency;x\nUpload One,EUR;y\n")) as up:
        await up.cx.do("upload.delimiter")
        await up.cx.shows("Between cells there is a")
        await up.cx.press("s", "enter")
        await up.cx.until(lambda: up.screen.plan and len(up.screen.plan.header) == 2, "two columns")
        await up.cx.until(lambda: "semicolon" in up.steps(), "the delimiter")


async def test_the_sheet_of_a_spreadsheet_can_be_chosen(own_url: str, tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "book.xlsx"
    with Workbook(str(path)) as book:
        for sheet, name in (("July", "Upload One"), ("August", "Upload Two")):
            page = book.add_worksheet(sheet)
            page.write_row(0, 0, ["Name", "Currency"])
            page.write_row(1, 0, [name, "EUR"])
    async with uploading(own_url, path) as up:
        await up.cx.shows("Upload One")
        assert "sheet July of 2" in up.steps()
        await up.cx.do("upload.sheet")
        await up.cx.shows("August")
        await up.cx.press("a", "enter")
        await up.cx.shows("Upload Two")


HOSTILE = {
    "binary": (bytes(range(256)) * 50, "new.csv", ""),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(2_000), "photo.csv", ""),
    "no spreadsheet": (b"not a zip", "book.xlsx", "can't be read as a spreadsheet"),
    "empty": (b"", "empty.csv", "There is nothing in this file."),
    "a huge line": (b"Name," + b"x" * 9_000_000, "huge.csv", ""),
    "markup": (b"[bold red]Name[/],[/nothing]\n[@click=app.quit]x,y\n", "m.csv", "[bold red]Name[/]"),
    "escapes": (b"Name,\x1b[31mCurrency\nx\x07,y\n", "e.csv", "␛[31mCurrency"),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_hostile_file_is_text_or_a_sentence(what: str, own_url: str, written: Write) -> None:
    content, name, sentence = HOSTILE[what]
    async with uploading(own_url) as up:
        await up.pick(written(content, name))
        await up.cx.until(
            lambda: up.screen.reading.wrong or up.screen.reading.head.rows, "the file, or what is wrong"
        )
        await up.cx.shows(sentence)
        await up.cx.do("upload.file")
        await up.cx.shows("choose a file")


async def test_what_can_not_be_read_is_said_and_the_file_before_stays(
    own_url: str, written: Write, tmp_path: Path
) -> None:
    async with uploading(own_url, written(GOOD)) as up:
        await up.cx.do("upload.file")
        for path, sentence in ((tmp_path / "no.csv", "there is no file"), (Path("/dev/null"), "is no file")):
            up.screen.picker.put(str(path))
            await up.cx.do("path.take")
            await up.cx.until(partial(has, up, sentence), sentence)
        await up.cx.do("upload.back")
        await up.cx.shows("Upload Two")
        assert up.screen.plan
        assert up.screen.plan.mapping == {0: "name", 1: "currency", 2: "channels"}


async def test_a_file_that_vanished_meanwhile_is_said_and_nothing_chosen_is_lost(
    own_url: str, written: Write
) -> None:
    path = written(GOOD)
    async with uploading(own_url, path) as up:
        await up.map(3, *"flow")
        path.unlink()
        await up.cx.do("upload.check")
        await up.cx.shows("There is no file")
        await up.cx.do("progress.close")
        await up.cx.until(lambda: up.screen.is_current, "the screen")
        path.write_text(GOOD)
        await up.check()
        assert up.screen.plan
        assert up.screen.plan.mapping[2] == "flow_speed"


async def test_the_folder_of_the_last_file_is_where_the_next_is_looked_for(
    own_url: str, written: Write
) -> None:
    path = written(GOOD)
    async with uploading(own_url, path) as up:
        await up.cx.do("upload.back")
        await up.cx.until(lambda: up.cx.screen is up.cx.customers, "the list")
        await up.cx.do("customers.upload")
        await up.cx.shows("new.csv")
        assert up.screen.picker.text == f"{path.parent}/"


# The columns


async def test_a_field_is_found_by_typing_and_taken_from_the_column_that_had_it(
    own_url: str, written: Write
) -> None:
    async with uploading(own_url, written(MIXED)) as up:
        await up.map(4, *"chan")
        await up.cx.says("Channels was column 3 before; that one is not used now.")
        assert up.screen.plan
        assert up.screen.plan.mapping == {0: "name", 1: "currency", 3: "channels"}
        await up.cx.until(lambda: up.fields().split()[-2:] == ["→", "Channels"], "the fields")


async def test_a_click_on_the_field_over_a_column_opens_the_menu(own_url: str, written: Write) -> None:
    async with uploading(own_url, written(MIXED)) as up:
        await up.cx.until(lambda: "not used" in up.fields(), "the fields")
        await up.cx.pilot.click("#fields", offset=(up.fields().index("not used") + 1, 0))
        await up.cx.shows("type to search")


async def test_a_click_on_the_head_of_a_column_opens_the_menu(own_url: str, written: Write) -> None:
    async with uploading(own_url, written(MIXED)) as up:
        place = up.screen.grid.columns.starts()["1"]
        await up.cx.pilot.click(up.screen.grid, offset=(place + 2, 0))
        await up.cx.shows("type to search")


async def test_what_is_missing_is_said_by_name_and_nothing_begins_without_it(
    own_url: str, written: Write
) -> None:
    async with uploading(own_url, written("A,B\nUpload One,EUR\n")) as up:
        await up.cx.shows("Name and Currency have no column yet")
        await up.cx.do("upload.check")
        await up.cx.says("Map a column to Name first")
        await up.map(1, *"name")
        await up.cx.shows("Currency has no column yet, which new customers need")
        await up.map(2, *"curr")
        await up.cx.shows("2 of 2 columns used")


async def test_columns_chosen_by_hand_are_used_and_remembered_for_the_same_headers(
    own_url: str, written: Write, elsewhere: Elsewhere
) -> None:
    async with uploading(own_url, written("A,B,3\nUpload One,EUR,5\n")) as up:
        await up.map(1, *"name")
        await up.map(2, *"curr")
        await up.map(3, *"chan")
        await up.ask()
        await up.agree()
    rows = await elsewhere.ask(select(customer.c.channels).where(customer.c.name == "Upload One"))
    assert rows[0][0] == 5
    async with uploading(own_url, written("A,B,3\nUpload Two,EUR,5\n")) as up:
        assert up.screen.plan
        assert up.screen.plan.mapping == {0: "name", 1: "currency", 2: "channels"}


# The dry run


async def test_a_dry_run_counts_the_verdicts_and_shows_first_what_is_wrong(
    own_url: str, written: Write, elsewhere: Elsewhere
) -> None:
    async with uploading(own_url, written(MIXED)) as up:
        await up.check()
        assert "Create 1   Update 0   Unchanged 0   Duplicate 1   Error 2" in up.steps()
        assert up.listed("line") == ["3", "5"]
        await up.cx.shows("scientific notation")
    assert await names(elsewhere) == []


async def test_verdicts_can_be_narrowed_to_one_and_a_row_says_its_whole_reason(
    own_url: str, written: Write
) -> None:
    async with uploading(own_url, written(MIXED)) as up:
        await up.check()
        await up.cx.do("upload.filter")
        await up.cx.shows("Show rows with the verdict")
        await up.cx.press("a", "enter")
        await up.cx.until(lambda: up.listed("line") == ["2", "3", "4", "5"], "all rows")
        await up.cx.do("upload.filter")
        await up.cx.shows("Show rows with the verdict")
        await up.cx.press("d", "enter")
        await up.cx.until(lambda: up.listed("line") == ["4"], "the duplicates")
        await up.cx.do("grid.choose")
        await up.cx.shows("the same customer as in line 2")
        await up.cx.do("reason.back")
        await up.cx.do("upload.back")
        await up.cx.until(lambda: up.screen.view == "file", "the file")
        await up.cx.do("upload.view")
        assert up.screen.view == "verdicts"


async def test_a_click_on_a_count_shows_only_those_rows(own_url: str, written: Write) -> None:
    async with uploading(own_url, written(MIXED)) as up:
        await up.check()
        last = up.steps().splitlines()[-1]
        await up.cx.pilot.click("#steps", offset=(last.index("Create") + 2, 3))
        await up.cx.until(lambda: up.listed("verdict") == ["Create"], "one row")


async def test_a_change_makes_the_verdicts_old(own_url: str, written: Write) -> None:
    async with uploading(own_url, written(GOOD)) as up:
        await up.check()
        await up.cx.do("upload.all_or_nothing")
        await up.cx.shows("checked before the last change; d checks again")


async def test_a_stopped_dry_run_leaves_the_file_as_it_was(
    own_url: str, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written("Name,Currency\n" + "".join(f"Upload {n},EUR\n" for n in range(150_000)))
    async with uploading(own_url, path) as up:
        await up.cx.do("upload.check")
        await up.cx.shows("esc stops it")
        await up.cx.do("progress.stop")
        await up.cx.shows("It was stopped.")
        await up.cx.do("progress.close")
        await up.cx.until(lambda: up.screen.is_current, "the file")
        assert up.screen.view == "file"
        assert up.screen.judged is None


# The upload


async def test_an_upload_asks_in_words_does_it_and_says_how_to_undo_it(
    own_url: str, written: Write, elsewhere: Elsewhere
) -> None:
    path = written(MIXED)
    async with uploading(own_url, path) as up:
        await up.ask()
        await up.cx.shows("Create 1 customer; 3 rows are rejected and written to")
        await up.agree()
        await up.cx.shows("1 created, 0 changed   undo: z operation")
        await up.cx.shows("3 rejected: new.rejects.csv")
        await up.cx.do("upload.log")
        await up.cx.until(lambda: isinstance(up.cx.screen, LogScreen), "the log")
        await up.cx.shows("Upload")
        await up.cx.do("log.back")
        await up.cx.do("upload.back")
        await up.cx.until(lambda: up.cx.screen is up.cx.customers, "the list")
        await up.cx.until(lambda: "3,001" in up.cx.header(), "the new customer")
    assert await names(elsewhere) == ["Upload One"]
    assert "scientific notation" in path.with_name("new.rejects.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("answer", ["enter", "n", "escape"])
async def test_the_safe_answer_is_no(answer: str, own_url: str, written: Write, elsewhere: Elsewhere) -> None:
    async with uploading(own_url, written(GOOD)) as up:
        await up.ask()
        await up.cx.press(answer)
        await up.cx.until(lambda: up.screen.is_current, "the screen")
        await up.cx.shows("Create 2")
    assert await names(elsewhere) == []


async def test_on_postgresql_it_is_the_same(postgres: Server, postgres_template: str, written: Write) -> None:
    async with postgres.database(postgres_template) as url:
        async with uploading(url, written(MIXED)) as up:
            await up.check()
            await up.cx.shows("Create 1")
            await up.ask()
            await up.agree()
            await up.cx.shows("1 created, 0 changed   undo: z operation")
        assert await names(Elsewhere(url)) == ["Upload One"]


async def test_the_same_file_again_changes_nothing(
    own_url: str, written: Write, elsewhere: Elsewhere
) -> None:
    async with uploading(own_url, written(GOOD)) as up:
        await up.ask()
        await up.agree()
        await up.cx.do("upload.upload")
        await up.cx.says("Nothing to do: the customers are already as in the file.")
    assert await names(elsewhere) == ["Upload One", "Upload Two"]


async def test_a_row_that_changes_a_customer_says_what_each_field_is_and_will_be(
    own_url: str, written: Write
) -> None:
    async with uploading(own_url, written(GOOD)) as up:
        await up.ask()
        await up.agree()
        written(GOOD.replace("30", "31"))
        await up.check()
        await up.cx.until(lambda: "Update" in up.listed("verdict"), "an update")
        assert "Channels 30 → 31" in up.listed("why")
        await up.ask()
        await up.cx.shows("Change 1 customer.")


async def test_a_file_that_changed_after_its_dry_run_is_checked_again(own_url: str, written: Write) -> None:
    async with uploading(own_url, written(GOOD)) as up:
        await up.check()
        written(GOOD + "Upload Three,GBP,7\n")
        await up.ask()
        await up.cx.shows("Create 3 customers.")


async def test_all_or_nothing_writes_nothing_when_a_row_is_rejected(
    own_url: str, written: Write, elsewhere: Elsewhere
) -> None:
    async with uploading(own_url, written(MIXED)) as up:
        await up.cx.do("upload.all_or_nothing")
        await up.cx.do("upload.upload")
        await up.cx.says("3 rows are rejected, and all or nothing was asked for")
    assert await names(elsewhere) == []


async def test_only_what_the_mode_allows_is_done(own_url: str, written: Write) -> None:
    async with uploading(own_url, written(GOOD)) as up:
        await up.cx.do("upload.mode")
        await up.cx.shows("What may be done with the rows")
        await up.cx.press("u", "enter")
        await up.cx.shows("update only ▾")
        await up.check()
        await up.cx.shows("Error 2")


async def stopped(url: str, path: Path) -> None:
    """An upload of many rows that is stopped while it writes."""
    async with uploading(url, path) as up:
        await up.ask()
        await up.cx.do("confirm.yes")
        await up.cx.shows(f" of {ROWS + 1:,}")
        await up.cx.do("progress.stop")
        await up.cx.shows("It was stopped; nothing was written.")
        await up.cx.do("progress.close")
        await up.cx.until(lambda: up.screen.is_current, "the file")


ROWS = 400_000
"""So many that the upload is seen before it is done, on a fast machine too."""
MANY = "Name,Currency\n" + "".join(f"Upload {n},EUR\n" for n in range(ROWS))


async def test_a_stopped_upload_writes_nothing(own_url: str, written: Write, elsewhere: Elsewhere) -> None:
    await stopped(own_url, written(MANY))
    assert await names(elsewhere) == []


async def test_a_stopped_upload_writes_nothing_on_postgresql(
    postgres: Server, postgres_template: str, written: Write
) -> None:
    async with postgres.database(postgres_template) as url:
        await stopped(url, written(MANY))
        assert await names(Elsewhere(url)) == []


async def test_a_child_that_dies_is_said_and_nothing_is_lost(
    own_url: str, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with uploading(own_url, written(GOOD)) as up:
        monkeypatch.setattr("sys.executable", "/nowhere/python")
        await up.cx.do("upload.check")
        await up.cx.shows("The work can't be begun: No such file or directory.")
        await up.cx.do("progress.close")
        await up.cx.shows("Upload Two")


async def test_a_session_to_read_only_can_check_but_not_upload(own_url: str, written: Write) -> None:
    async with uploading(own_url, written(GOOD), database_read_only=True) as up:
        await up.check()
        await up.cx.shows("Create 2")
        await up.cx.do("upload.upload")
        await up.cx.says("to read only, so nothing can be")


async def test_leaving_asks_when_something_was_chosen(own_url: str, written: Write) -> None:
    async with uploading(own_url, written(MIXED)) as up:
        await up.map(4, *"tax")
        await up.cx.do("upload.back")
        await up.cx.shows("Leave without uploading?")
        await up.cx.do("confirm.no")
        await up.cx.until(lambda: up.screen.is_current, "the file")
        await up.cx.do("upload.leave")
        await up.cx.shows("Leave without uploading?")
        await up.cx.do("confirm.yes")
        await up.cx.until(lambda: up.cx.screen is up.cx.customers, "the list")


async def test_the_verdicts_on_the_disk_go_with_the_screen(own_url: str, written: Write) -> None:
    async with uploading(own_url, written(GOOD)) as up:
        await up.check()
        folder = folders.cache_dir(os.environ) / "uploads"
        assert len(list(folder.iterdir())) == 1
        await up.cx.do("upload.leave")
        await up.cx.until(lambda: up.cx.screen is up.cx.customers, "the list")
        await up.cx.until(lambda: not list(folder.iterdir()), "an empty folder")


async def test_rejected_rows_can_go_elsewhere(own_url: str, written: Write, tmp_path: Path) -> None:
    async with uploading(own_url, written(MIXED)) as up:
        await up.cx.do("upload.rejects")
        await up.cx.shows("Rejected rows are written")
        up.cx.app.post_message(Paste(str(tmp_path / "bad.csv")))
        await up.cx.shows(str(tmp_path / "bad.csv"))
        await up.cx.do("path.take")
        await up.cx.until(lambda: up.screen.is_current, "the file")
        await up.ask()
        await up.agree()
    assert "scientific" in (tmp_path / "bad.csv").read_text("utf-8-sig")


async def test_a_template_can_be_saved_and_picked(own_url: str, tmp_path: Path) -> None:
    async with uploading(own_url) as up:
        await up.cx.press("ctrl+t")
        await up.cx.shows("all columns and one example row to")
        up.cx.app.post_message(Paste(str(tmp_path / "fill.csv")))
        await up.cx.shows(str(tmp_path / "fill.csv"))
        await up.cx.do("path.take")
        await up.cx.says("All columns with one example row are in")
        await up.pick(tmp_path / "fill.csv")
        await up.read()
        await up.cx.shows("Acme Telecom")
        assert up.screen.plan
        assert not up.screen.plan.missing()


# The child


async def test_the_password_of_the_database_is_in_no_command_line(
    own_url: str, written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Sequence[str]] = []
    run = child_process.run

    async def watched(arguments: Sequence[str], env: Any, *more: Any) -> child_process.Event:
        seen.append(arguments)
        assert env.get("CX_TUI_DB") == own_url or "--show" in " ".join(arguments)
        return await run(arguments, env, *more)

    monkeypatch.setattr(child_process, "run", watched)
    async with uploading(own_url, written(GOOD)) as up:
        await up.check()
    assert len(seen) == 2
    assert not any(own_url in argument for arguments in seen for argument in arguments)
