"""The main screen as an operator uses it, on a database of 3,000 customers."""

import asyncio
import re
from base64 import b64decode
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from textual.binding import Binding

from cx_tui.db.tables import contact, customer
from cx_tui.domain.columns import USUAL, list_columns
from cx_tui.domain.query import Query
from cx_tui.domain.warnings import sentences
from cx_tui.screens.customers import CustomersScreen
from cx_tui.services.lists.customers import Customers
from cx_tui.services.lists.listing import Listing
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, lines_of, opened
from widgets.grid.keys import KEYS
from widgets.palette import Palette

ALL, STATUSES = 3_000, ("All", "Active", "Dialing", "Inactive", "Pending", "Pending Approval", "Penalty")
HOSTILE = {
    "\x1b[31mred\x1b]0;title\x07": "␛[31mred␛]0;title␇",
    "\x1b]52;c;YmFk\x07clip": "␛]52;c;YmFk␇clip",
    "[bold red]markup[/] [/nothing]": "[bold red]markup[/] [/nothing]",
    "\u202eevil\u2066 bidi": "<U+202E>evil<U+2066> bidi",
    "zero\u200bwidth\ufeff": "zero<U+200B>width<U+FEFF>",
    "\x9b2J\x85c1": "<U+009B>2J<U+0085>c1",
}


@pytest.fixture
def clipboard(outside: pytest.MonkeyPatch) -> Callable[[Driver], str]:
    """The text that was sent to the terminal's clipboard last."""

    def last(cx: Driver) -> str:
        found = re.fullmatch("\x1b\\]52;c;([A-Za-z0-9+/=]*)\x07", cx.written[-1])
        assert found, cx.written
        return b64decode(found[1]).decode()

    return last


# The first look


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_it_begins_with_the_first_customers_by_name_and_their_counts(
    kind: str, world_of: Callable[[str], str]
) -> None:
    url = world_of(kind)
    first = await Elsewhere(url).ask(select(customer.c.name).order_by(customer.c.name_key).limit(20))
    async with opened(url) as cx:
        assert cx.names()[:20] == [row.name for row in first]
        assert cx.header().split()[:2] == ["Customers", "3,000"]
        assert re.search(r"Active 2,\d\d\d   dialing \d+ .* test .* live \d\d:\d\d", cx.header())
        assert cx.cursor() == cx.grid.rows.visible[0].key
        assert first[0].name in cx.detail()


async def test_an_empty_database_says_how_to_go_on(empty_url: str) -> None:
    async with opened(empty_url) as cx:
        await cx.shows("There are no customers yet.")
        await cx.shows("cx-tui seed")


# Searching


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("what", ["name", "external id", "tag", "contact", "phone", "e-mail"])
async def test_a_customer_is_found_while_one_types_by(
    what: str, kind: str, world_of: Callable[[str], str]
) -> None:
    url = world_of(kind)
    both = customer.join(contact, contact.c.customer_id == customer.c.id)
    complete = (customer.c.external_id != "", contact.c.phone != "", contact.c.email.is_not(None))
    question = select(
        customer.c.name, customer.c.external_id, customer.c.tags, contact.c.name.label("contact"),
        contact.c.phone, contact.c.email.label("e-mail"),
    )  # fmt: skip
    question = question.select_from(both).where(*complete).order_by(customer.c.id)
    known = next(row._mapping for row in await Elsewhere(url).ask(question) if row.tags)
    words = {**known, "external id": known["external_id"], "tag": known["tags"][0]}
    async with opened(url) as cx:
        await cx.find(words[what].upper())
        await cx.until(lambda: "found" in cx.header() and cx.customers.listing.query.search)  # type: ignore[union-attr]
        names = cx.names()
        assert known["name"] in names or len(names) > 30
        assert 0 < cx.grid.rows.total < ALL


async def test_the_newest_search_wins(world_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = asyncio.Event()
    answered: list[str] = []
    really = Customers.list

    async def held_back(self: Customers, query: Query, expected: int | None = None) -> Listing:
        listing = await really(self, query, expected)
        if query.search == "voice":
            await asyncio.shield(slow.wait())
        answered.append(query.search)
        return listing

    monkeypatch.setattr(Customers, "list", held_back)
    async with opened(world_url, search_wait=0.0) as cx:
        await cx.find("voice")
        await cx.find("telecom")
        await cx.until(lambda: "telecom" in answered)
        slow.set()
        await cx.until(lambda: cx.customers.listing and cx.customers.listing.query.search == "telecom")
        assert answered[-1] == "telecom"
        assert all("telecom" in name.casefold() for name in cx.names()[:3])


async def test_nothing_found_says_how_to_go_on(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.find("nobody is called this")
        await cx.shows('No customer has "nobody is called this".')
        await cx.shows("esc clears the search")
        assert "0 found" in cx.header()


async def test_esc_steps_back_from_the_box_the_search_the_status_and_the_marks_in_this_order(
    world_url: str,
) -> None:
    async with opened(world_url) as cx:
        await cx.do("grid.mark")
        await cx.choose_status("Active")
        await cx.find("tele")
        steps: list[Callable[[], object]] = [
            lambda: cx.grid.has_focus and cx.search.value == "tele",
            lambda: cx.search.value == "" and "status Active" in cx.chips(),
            lambda: "status All" in cx.chips() and cx.marked() == 1,
            lambda: cx.marked() == 1,
            lambda: cx.marked() == 0 and "marked" not in cx.header(),
        ]
        for step in steps:
            await cx.do("customers.back")
            await cx.until(step)
        await cx.until(lambda: cx.grid.rows.total == ALL)


# Status


@pytest.mark.parametrize("status", STATUSES)
async def test_each_status_shows_as_many_as_the_menu_says(status: str, world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.do("customers.status")
        await cx.shows("Show customers with the status")
        line = next(
            line for line in cx.text().split("\n") if re.match(rf"\W*{status}\s+[\d,]+$", line.rstrip())
        )
        number = int(line.split()[-1].replace(",", ""))
        await cx.do("menu.back")
        await cx.choose_status(status)
        await cx.until(lambda: cx.grid.rows.total == number, f"{number} rows")
        assert f"status {status}" in cx.chips()
        if status in ("Active", "Inactive", "Penalty", "Pending Approval"):
            assert set(cx.cells("status")) == {status}
        if status == "Dialing":
            assert not any(cell.startswith("0 of") for cell in cx.cells("in_use"))


# Order


async def test_rows_are_ordered_by_a_column_and_turned_round(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.to_column("warnings")
        for signs in ("▴", "▾"):
            await cx.do("grid.sort")
            await cx.until(lambda signs=signs: signs in cx.titles())  # type: ignore[misc]
        await cx.until(lambda: cx.cells("warnings")[0] not in ("", "1"))
        numbers = [int(cell or 0) for cell in cx.cells("warnings")]
        assert numbers == sorted(numbers, reverse=True)
        assert "by ! descending" in cx.chips()


async def test_an_order_by_two_columns_is_kept_over_a_restart(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.to_column("status")
        await cx.do("grid.sort")
        await cx.to_column("credit")
        await cx.do("grid.add_sort")
        await cx.until(lambda: cx.customers.listing and len(cx.customers.listing.query.sort) == 2)
        before = cx.names()
        await cx.leave()
    async with opened(world_url) as cx:
        assert "by Status, Credit" in cx.chips()
        assert cx.names() == before
        statuses = cx.cells("status")
        assert statuses == sorted(statuses)


# Columns


async def test_columns_that_are_hidden_moved_widened_and_frozen_are_kept_over_a_restart(
    world_url: str,
) -> None:
    async with opened(world_url) as cx:
        await cx.to_column("warnings")
        await cx.do("grid.hide")
        await cx.to_column("status")
        await cx.do("grid.move_left", "grid.wider", "grid.wider")
        await cx.to_column("credit")
        await cx.do("grid.freeze")
        before = cx.grid.columns.shown
        await cx.leave()
    async with opened(world_url) as cx:
        assert "warnings" not in cx.columns()
        assert cx.columns().index("status") == cx.columns().index("in_use") - 1
        assert [column.key for column in cx.grid.columns.shown if column.frozen] == ["name", "credit"]
        assert cx.grid.columns.shown == before


async def test_the_panel_shows_a_further_column_at_once_and_resets_them_all(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.do("customers.columns")
        await cx.shows("Columns")
        await cx.do("columns.find")
        await cx.press(*"Tax")
        await cx.press("enter")
        await cx.do("columns.show")
        await cx.until(lambda: "tax" in cx.columns())
        await cx.until(lambda: cx.grid.cursor.row is not None and "tax" in cx.grid.cursor.row.cells)
        await cx.do("columns.back", "columns.reset", "columns.close")
        await cx.until(lambda: cx.customers.columns.chooser is None and cx.grid.has_focus)
        assert tuple(cx.columns()) == USUAL


# Marks


async def test_one_a_range_and_all_but_some_are_marked_and_counted_in_the_header(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.do("grid.mark")
        assert "1 marked" in cx.header()
        await cx.do("grid.down", "grid.down", "grid.mark_range")
        await cx.until(lambda: "4 marked" in cx.header(), "4 marked")
        await cx.do("grid.mark_all", "grid.mark")
        await cx.until(lambda: "2,999 marked" in cx.header(), "2,999 marked")
        await cx.do("grid.invert_marks")
        await cx.until(lambda: " 1 marked" in cx.header(), "1 marked")
        await cx.do("grid.clear_marks")
        await cx.until(lambda: "marked" not in cx.header(), "no marks")


async def test_all_is_given_up_when_the_list_becomes_another(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.do("grid.mark_all")
        await cx.find("voice")
        await cx.says("so the marks are gone")
        assert cx.marked() == 0


async def test_marked_customers_stay_marked_while_one_searches(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.do("grid.mark", "grid.mark")
        await cx.find("voice")
        await cx.until(lambda: "found" in cx.header())
        assert "2 marked" in cx.header()


# One customer


@pytest.mark.parametrize(
    ("limit", "balance", "words"),
    [
        (Decimal(100), Decimal("-12.4"), "post-pay, may go to -100.00, 87.60"),
        (Decimal(0), Decimal(20), "pre-pay, 20.00"),
        (Decimal(-5), Decimal(20), "pre-pay, must keep 5.00, 15.00"),
        (Decimal(0), Decimal(-1), "pre-pay, nothing left"),
    ],
)
async def test_the_detail_says_in_words_how_far_the_credit_goes(
    limit: Decimal, balance: Decimal, words: str, elsewhere: Elsewhere
) -> None:
    customer_id = await elsewhere.add("AAA first of all", debit_limit=limit)
    await elsewhere.count(customer_id, balance=balance)
    async with opened(elsewhere.url) as cx:
        assert "AAA first of all" in cx.detail()
        assert words in cx.detail()
        assert ("credit below the limit" in cx.detail()) == (limit + balance <= 0)


async def test_the_detail_shows_the_whole_value_of_the_column_under_the_cursor(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.to_column("in_use")
        await cx.until(lambda: f"Channels: {cx.cells('in_use')[0]}" in cx.detail())


async def test_the_record_shows_every_field_and_is_left_with_esc(world_url: str) -> None:
    async with opened(world_url, size=(120, 110)) as cx:
        name = cx.names()[0]
        await cx.do("customers.sheet")
        await cx.shows("P-Asserted-ID")
        text = cx.text()
        assert [one.label for one in list_columns().values() if one.label not in text] == []
        assert f"{name}   #{cx.cursor()}" in text
        await cx.do("record.close")
        await cx.until(lambda: cx.screen is cx.customers)


async def test_the_warnings_of_a_customer_are_said_in_words(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.to_column("warnings")
        await cx.do("grid.sort", "grid.sort")
        await cx.until(lambda: cx.cells("warnings")[0] not in ("", "1"))
        await cx.until(lambda: cx.detail().count("; ") >= 1)
        await cx.do("customers.warnings")
        await cx.shows(f"Warnings of {cx.names()[0]}")
        said = [sentence for sentence in sentences(-1) if sentence in cx.detail()]
        assert said
        for sentence in said:
            await cx.shows(sentence)


# Finding the way


async def test_the_help_lists_every_key_that_has_a_sentence(world_url: str) -> None:
    async with opened(world_url, size=(160, 110)) as cx:
        await cx.do("app.help")
        await cx.shows("Keys of Customers")
        bindings = [one for one in (*CustomersScreen.BINDINGS, *KEYS) if isinstance(one, Binding)]
        missing = [one.id for one in bindings if one.tooltip and one.tooltip not in cx.text()]
        assert missing == []
        await cx.do("help.close")
        await cx.until(lambda: cx.screen is cx.customers)


async def test_the_palette_finds_an_act_by_another_word_for_it_and_remembers_it(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.do("app.palette")
        await cx.press(*"halt")
        await cx.shows("Stop automatic refreshing")
        await cx.press("enter")
        await cx.until(lambda: "paused" in cx.header(), "paused")
        await cx.do("app.palette")
        await cx.until(lambda: isinstance(cx.screen, Palette))
        await cx.press("enter")  # what was done last comes first
        await cx.until(lambda: "paused" not in cx.header(), "no longer paused")


@pytest.mark.parametrize("target", ["search", "acd"])
async def test_jump_mode_goes_by_the_letter_over_a_place(target: str, world_url: str) -> None:
    async with opened(world_url) as cx:
        places = {
            key: (cx.grid.region.x + x, cx.grid.region.y) for key, x in cx.grid.columns.starts().items()
        }
        places["search"] = (cx.search.region.x, cx.search.region.y)
        await cx.do("customers.jump")
        await cx.until(lambda: cx.screen is not cx.customers)
        x, y = places[target]
        await cx.press(lines_of(cx.screen)[y][x])
        await cx.until(lambda: cx.search.has_focus if target == "search" else cx.column() == target)


async def test_an_operators_own_key_replaces_the_usual_one(world_url: str) -> None:
    async with opened(world_url, keys={"customers.pause": "f9"}) as cx:
        await cx.press("p")
        assert "paused" not in cx.header()
        await cx.press("f9")
        await cx.until(lambda: "paused" in cx.header())


# Copying


async def test_a_cell_is_sent_to_the_clipboard_whole(
    world_url: str, clipboard: Callable[[Driver], str]
) -> None:
    async with opened(world_url) as cx:
        await cx.do("customers.copy_cell")
        assert clipboard(cx) == cx.names()[0]
        await cx.says("to the clipboard of your terminal.")


async def test_marked_rows_are_sent_with_their_titles_in_their_order(
    world_url: str, clipboard: Callable[[Driver], str]
) -> None:
    async with opened(world_url) as cx:
        names = cx.names()
        await cx.do("grid.down", "grid.mark", "grid.first", "grid.mark", "customers.copy_rows")
        await cx.says("Sent 2 rows with titles")
        titles, *rows = clipboard(cx).splitlines()
        assert titles.split("\t")[:3] == ["Name", "!", "Credit"]
        assert [row.split("\t")[0] for row in rows] == names[:2]


async def test_without_marks_the_row_under_the_cursor_is_sent(
    world_url: str, clipboard: Callable[[Driver], str]
) -> None:
    async with opened(world_url) as cx:
        await cx.do("grid.down", "customers.copy_rows")
        await cx.says("Sent 1 row with titles")
        assert clipboard(cx).splitlines()[1].startswith(cx.names()[1] + "\t")


async def test_more_than_the_clipboard_takes_is_cut_at_a_row_and_said(
    world_url: str, clipboard: Callable[[Driver], str]
) -> None:
    async with opened(world_url, clipboard_limit=1000) as cx:
        await cx.do("grid.mark_all", "customers.copy_rows")
        await cx.says("clipboard.limit")
        assert len(cx.written[-1]) <= 1000 + len("\x1b]52;c;\x07")
        assert clipboard(cx).endswith("\n")


@pytest.mark.parametrize(
    ("name", "value", "begins"),
    [("TMUX", "/tmp/tmux", "\x1bPtmux;\x1b\x1b]52;c;"), ("STY", "1.pts", "\x1bP\x1b]52;c;")],
)
async def test_inside_tmux_and_screen_the_sequence_is_wrapped(
    name: str, value: str, begins: str, world_url: str, outside: pytest.MonkeyPatch
) -> None:
    outside.setenv(name, value)
    async with opened(world_url) as cx:
        await cx.do("customers.copy_cell")
        assert cx.written[-1].startswith(begins)
        assert cx.written[-1].endswith("\x1b\\")


# Changes made elsewhere


async def test_a_counter_changed_elsewhere_appears_where_it_is(elsewhere: Elsewhere) -> None:
    async with opened(elsewhere.url, refresh_seconds=0.2) as cx:
        await cx.do("grid.down", "grid.mark", "grid.down")
        customer_id, names, changed = cx.cursor(), cx.names(), cx.grid.rows.visible[5].key
        await elsewhere.count(changed, live=4321)
        await cx.until(lambda: cx.cells("in_use")[5].startswith("4,321 of"), "the new counter")
        assert (cx.cursor(), cx.marked(), cx.names()) == (customer_id, 1, names)


async def test_nothing_changes_by_itself_while_it_is_paused(elsewhere: Elsewhere) -> None:
    async with opened(elsewhere.url) as cx:
        await cx.do("customers.pause")
        assert "paused" in cx.header()
        await elsewhere.count(cx.grid.rows.visible[0].key, live=4321)
        await cx.refreshed()
        assert not cx.cells("in_use")[0].startswith("4,321")
        await cx.do("customers.pause")
        await cx.refreshed()
        assert cx.cells("in_use")[0].startswith("4,321")
        assert "live" in cx.header()


async def test_a_customer_renamed_elsewhere_moves_and_the_cursor_stays(elsewhere: Elsewhere) -> None:
    async with opened(elsewhere.url) as cx:
        await cx.do("grid.down", "grid.down")
        first, customer_id = cx.grid.rows.visible[0].key, cx.cursor()
        await elsewhere.rename(first, "Zzz moved to the end")
        await cx.do("customers.refresh")
        await cx.until(lambda: cx.grid.rows.visible[0].key != first, "another first row")
        assert cx.cursor() == customer_id
        await cx.do("grid.last")
        await cx.shows("Zzz moved to the end")


async def test_a_customer_added_elsewhere_appears_and_the_cursor_stays(elsewhere: Elsewhere) -> None:
    async with opened(elsewhere.url) as cx:
        await cx.do("grid.down", "grid.mark")
        customer_id = cx.cursor()
        await elsewhere.add("AAA new one")
        await cx.do("customers.refresh")
        await cx.until(lambda: "3,001" in cx.header(), "3,001 customers")
        assert (cx.cursor(), cx.marked()) == (customer_id, 1)
        await cx.do("grid.first")
        await cx.shows("AAA new one")


# A database that is away


def take_away(file: Path) -> None:
    """A folder stands in the place of the database."""
    file.rename(file.with_suffix(".away"))
    file.mkdir()


def bring_back(file: Path) -> None:
    """The database is there again."""
    file.rmdir()
    file.with_suffix(".away").rename(file)


async def test_the_last_rows_are_shown_while_the_database_is_away_and_r_tries_again(
    elsewhere: Elsewhere, own_url: str
) -> None:
    file = Path(own_url.removeprefix("sqlite:///"))
    async with opened(own_url) as cx:
        names = cx.names()
        await cx.leave()
    take_away(file)
    async with opened(own_url, live=False) as cx:
        await cx.until(lambda: "away" in cx.header(), "away")
        assert cx.names() == names
        assert cx.grid.stale
        await cx.until(lambda: any("the file can't be opened" in toast for toast in cx.toasts()))
        bring_back(file)
        await cx.do("customers.refresh")
        await cx.live()
        assert not cx.grid.stale


async def test_without_last_rows_the_error_stands_in_their_place(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path}", live=False) as cx:
        await cx.shows("does the folder")
        await cx.shows("press r to try again")


async def test_the_last_rows_are_not_kept_when_that_is_not_wanted(own_url: str) -> None:
    async with opened(own_url, start_last_rows=False) as cx:
        await cx.leave()
        assert cx.app.workspace.last_rows() is None


# Terminals of all kinds


@pytest.mark.parametrize("size", [(80, 24), (60, 20)])
async def test_a_small_terminal_shows_names_header_and_keys(size: tuple[int, int], world_url: str) -> None:
    async with opened(world_url, size=size) as cx:
        name = cx.names()[0]
        assert cx.rows()[0].startswith(f"▸  {name[:20]}")
        assert "Name" in cx.titles()
        assert cx.header().startswith("Customers   3,000")
        assert "/ search" in cx.footer()
        assert cx.footer().rstrip().endswith("? help")
        await cx.to_column("cps")
        assert name[:20] in cx.rows()[0]


async def test_only_ascii_is_drawn_outside_of_the_data_when_that_is_wanted(empty_url: str) -> None:
    async with opened(empty_url, look_ascii="on") as cx:
        for act, back in [
            ("customers.status", "menu.back"),
            ("customers.columns", "columns.close"),
            ("customers.warnings", "customers.back"),
            ("app.help", "help.close"),
        ]:
            await cx.do(act)
            assert [line for line in cx.text().split("\n") if not line.isascii()] == []
            await cx.do(back)


async def test_ascii_signs_stand_for_cursor_marks_and_cut_names(elsewhere: Elsewhere) -> None:
    await elsewhere.add("AAA plain, but longer than any column of names")
    async with opened(elsewhere.url, look_ascii="on") as cx:
        await cx.do("grid.mark", "grid.up")
        row = cx.rows()[0]
        assert row.isascii()
        assert row.startswith(">* AAA plain")
        assert "~" in row


# Hostile data


@pytest.mark.parametrize("name", HOSTILE, ids=list("abcdef"))
async def test_a_hostile_name_is_shown_as_text_everywhere(
    name: str, elsewhere: Elsewhere, clipboard: Callable[[Driver], str]
) -> None:
    customer_id = await elsewhere.add(name)
    await elsewhere.count(customer_id, authentications=0)
    shown = HOSTILE[name]
    async with opened(elsewhere.url) as cx:
        await cx.grid.moves.to_key(customer_id)
        await cx.until(lambda: shown in cx.detail(), f"{shown} in the detail")
        assert any(shown[:20] in row for row in cx.rows())
        assert_harmless(cx)
        await cx.do("customers.copy_cell")
        assert clipboard(cx) == name.strip()
        await cx.until(lambda: any(shown in toast for toast in cx.toasts()), f"{shown} in a message")
        assert_harmless(cx)
        await cx.do("customers.warnings")
        await cx.shows("no authentication set")
        await cx.shows(f"Warnings of {shown[:10]}")
        assert_harmless(cx)
        await cx.do("menu.back", "customers.sheet")
        await cx.shows(f"{shown}   #{customer_id}")
        assert_harmless(cx)


async def test_a_hostile_word_that_is_searched_for_is_shown_as_text(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.find("[red]\u202e[/nobody]")
        await cx.shows('No customer has "[red]<U+202E>[/nobody]".')


def assert_harmless(cx: Driver) -> None:
    """Nothing that a terminal obeys or hides is drawn."""
    harmful = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
    assert harmful.search(cx.text()) is None


async def test_esc_keeps_the_marks_until_it_is_asked_again_and_a_key_brings_them_back(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.do("grid.mark", "grid.mark")
        await cx.do("customers.back")
        await cx.says("2 stay marked; esc once more takes the marks away")
        assert cx.marked() == 2
        await cx.do("grid.mark")
        await cx.do("customers.back")
        assert cx.marked() == 3
        await cx.do("customers.back")
        assert cx.marked() == 0
        await cx.do("grid.marks_back")
        assert cx.marked() == 3
        assert "3 marked" in cx.header()


async def test_a_hidden_column_is_said_and_the_last_one_that_names_a_customer_stays(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.to_column("credit")
        await cx.do("grid.hide")
        await cx.says("Credit is hidden; c brings it back")
        assert "credit" not in cx.columns()
        await cx.to_column("name")
        await cx.do("grid.hide")
        await cx.says("Name stays")
        assert "name" in cx.columns()
