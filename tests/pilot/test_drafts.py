"""What was typed and not saved: kept while one types, offered at the next start, gone when not needed."""

import json
import shutil
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select

from cx_tui.db.tables import customer
from cx_tui.screens.form import CustomerForm, RecordForm
from cx_tui.screens.form.conflict import ConflictScreen
from cx_tui.services.records.drafts import Draft, Drafts
from tests.pilot.conftest import Elsewhere
from tests.pilot.driver import Driver, opened
from tests.pilot.history import save, session_of

SOON = 0.6
"""Seconds after the last key until a draft is on the disk."""


def files(home: Path) -> list[Path]:
    """The drafts on the disk."""
    return sorted(home.glob("state_home/cx-tui/*/draft-*.json"))


def kept(home: Path) -> list[dict[str, Any]]:
    """What is in the drafts on the disk."""
    return [json.loads(path.read_text()) for path in files(home)]


def end(home: Path) -> None:
    """Make the drafts those of a program that has ended."""
    for path in files(home):
        of_program = Drafts(path.parent)
        read = json.loads(path.read_text())
        draft = Draft(**{**read, "at": datetime.fromisoformat(read["at"])})
        of_program.drop(draft)
        ended = replace(draft, session="4711-ended")
        path.with_name(f"draft-{ended.key}.json").write_text(
            json.dumps({**asdict(ended), "at": ended.at.isoformat()})
        )


async def typed(url: str, home: Path, **texts: str) -> int:
    """Type into the form of the first customer, and end the program without saving: its number."""
    async with opened(url) as cx:
        key = cx.cursor()
        assert key
        await cx.open_form()
        for name, text in texts.items():
            await cx.type_into(name, text)
        cx.app.exit()
    end(home)
    return key


async def offered(cx: Driver) -> None:
    """Wait for the question."""
    await cx.shows("You had typed this and not saved it when the program ended")


async def take_up(cx: Driver) -> None:
    """Take up the first draft that is offered."""
    await offered(cx)
    await cx.do("list.down", "list.choose")
    await cx.in_form()


async def test_what_was_typed_is_on_the_disk_soon_after_the_last_key(own_url: str, home: Path) -> None:
    async with opened(own_url) as cx:
        await cx.open_form()
        await cx.type_into("channels", "1234")
        since = monotonic()
        await cx.until(lambda: files(home), "a draft")
        assert monotonic() - since < SOON
        assert [draft["typed"] for draft in kept(home)] == [{"channels": "1234"}]
        assert [path.stat().st_mode & 0o777 for path in files(home)] == [0o600]
        await cx.type_into("city", "Porto")
        await cx.until(lambda: len(kept(home)[0]["typed"]) == 2, "both fields")
        cx.app.exit()


async def test_a_draft_is_gone_after_the_save(own_url: str, home: Path) -> None:
    async with opened(own_url) as cx:
        await cx.open_form()
        await cx.type_into("channels", "1234")
        await cx.until(lambda: files(home), "a draft")
        await cx.save()
        await cx.saved()
        assert not files(home)


async def test_a_draft_is_gone_when_it_is_thrown_away_or_typed_back(own_url: str, home: Path) -> None:
    async with opened(own_url) as cx:
        await cx.open_form()
        before = cx.form.values["channels"]
        await cx.type_into("channels", "1234")
        await cx.until(lambda: files(home), "a draft")
        await cx.type_into("channels", before)
        await cx.until(lambda: not files(home), "no draft")
        await cx.type_into("channels", "1234")
        await cx.until(lambda: files(home), "a draft")
        await leave(cx, 3)
        assert not files(home)


async def leave(cx: Driver, answer: int) -> None:
    """Leave the form with this answer of the question."""
    await cx.do("record_form.leave")
    await cx.shows("changed and not saved")
    await cx.do(*["list.down"] * answer, "list.choose")
    await cx.until(lambda: not isinstance(cx.screen, RecordForm) and cx.screen is cx.customers)


async def test_a_draft_kept_on_purpose_is_there_when_the_form_is_opened_again(
    own_url: str, home: Path
) -> None:
    async with opened(own_url) as cx:
        await cx.open_form()
        await cx.type_into("channels", "1234")
        await leave(cx, 2)
        assert len(files(home)) == 1
        await cx.do("grid.down")
        await cx.open_form()
        assert not cx.form.changed
        await cx.do("customer_form.before")
        await cx.until(lambda: cx.form.changed == {"channels": "1234"})
        await cx.says("What you typed before is here again.")
        await leave(cx, 2)
        await cx.open_form()
        assert cx.form.changed == {"channels": "1234"}
        await cx.save()
        await cx.saved()
        assert not files(home)
        await cx.open_form()
        assert not cx.form.changed
        cx.app.exit()


async def test_a_draft_of_the_last_run_is_offered_and_goes_on_where_it_was(own_url: str, home: Path) -> None:
    key = await typed(own_url, home, channels="1234", private_notes="one\ntwo")
    async with opened(own_url) as cx:
        await take_up(cx)
        await cx.says("It is not saved yet.")
        assert cx.form.changed == {"channels": "1234", "private_notes": "one\ntwo"}
        await cx.save()
        await cx.saved()
        assert not files(home)
    row = (await Elsewhere(own_url).ask(select(customer).where(customer.c.id == key)))[0]
    assert (row.channels, row.private_notes) == (1234, "one\ntwo")


async def test_a_draft_is_compared_with_what_it_began_with(own_url: str, home: Path) -> None:
    key = await typed(own_url, home, channels="1234")
    async with session_of(own_url) as ana:
        await save(ana, key, channels=77)
    async with opened(own_url) as cx:
        await take_up(cx)
        await cx.save()
        await cx.until(lambda: isinstance(cx.screen, ConflictScreen), "the conflict")
        await cx.shows("77")
        await cx.do("conflict.mine", "conflict.save")
        await cx.saved()
        await cx.until(lambda: cx.cells("in_use")[0].endswith("of 1,234"))


async def test_a_draft_of_a_new_customer_is_offered(own_url: str, home: Path) -> None:
    async with opened(own_url) as cx:
        await cx.new_form()
        await cx.type_into("name", "0 New")
        cx.app.exit()
    end(home)
    async with opened(own_url) as cx:
        await offered(cx)
        assert "New customer" in cx.text()
        await take_up(cx)
        assert cx.form.values["name"] == "0 New"
        assert isinstance(cx.screen, CustomerForm)
        assert cx.screen.base is None
        await leave(cx, 3)
        assert not files(home)


async def test_a_draft_of_a_contact_is_offered_without_its_password(own_url: str, home: Path) -> None:
    async with opened(own_url) as cx:
        await cx.do("customers.contacts")
        await cx.shows("Contacts  ")
        await cx.do("list.new")
        await cx.in_form()
        await cx.type_into("name", "Joe")
        await cx.type_into("password_hash", "secret horse 9")
        await cx.until(lambda: files(home), "a draft")
        cx.app.exit()
    end(home)
    assert "secret horse" not in files(home)[0].read_text()
    async with opened(own_url) as cx:
        await take_up(cx)
        assert cx.form.changed == {"name": "Joe"}
        await cx.save()
        await cx.until(lambda: cx.screen is cx.customers)
        assert not files(home)


async def test_drafts_may_wait_or_be_thrown_away_when_that_is_said_twice(own_url: str, home: Path) -> None:
    await typed(own_url, home, channels="1234")
    async with opened(own_url) as cx:
        await offered(cx)
        await cx.do("list.choose")
        await cx.until(lambda: cx.screen is cx.customers)
        assert len(files(home)) == 1
    async with opened(own_url) as cx:
        await offered(cx)
        await cx.do("list.down", "list.down", "list.choose")
        await cx.shows("Discard everything that you typed?")
        await cx.do("confirm.take")
        await cx.until(lambda: cx.screen is cx.customers)
        assert len(files(home)) == 1
    async with opened(own_url) as cx:
        await offered(cx)
        await cx.do("list.down", "list.down", "list.choose")
        await cx.shows("Discard everything that you typed?")
        await cx.do("confirm.yes")
        await cx.until(lambda: not files(home))


async def test_a_draft_of_a_customer_that_is_gone_says_so_and_stays(own_url: str, home: Path) -> None:
    key = await typed(own_url, home, channels="1234")
    async with session_of(own_url) as ana:
        await ana.records.delete(key)
    async with opened(own_url) as cx:
        await offered(cx)
        await cx.do("list.down", "list.choose")
        await cx.says("It can't be opened: it has been deleted")
        assert len(files(home)) == 1


@pytest.mark.parametrize(
    "damage",
    [
        {"typed": {"no such field": "x"}, "base": {"no such field": ""}},
        {"typed": {"channels": "9"}, "base": {"channels": "\x1b[31m"}},
        {"record": "nothing known"},
        {"title": "[bold]\x1b[31m\u202e"},
    ],
)
async def test_a_draft_with_something_strange_in_it_breaks_nothing(
    damage: dict[str, Any], own_url: str, home: Path
) -> None:
    await typed(own_url, home, channels="1234")
    (path,) = files(home)
    draft = {**json.loads(path.read_text()), **damage}
    path.unlink()
    named = Draft(**{**draft, "at": None}).key
    path.with_name(f"draft-{named}.json").write_text(json.dumps(draft))
    async with opened(own_url) as cx:
        if "record" in damage:
            await cx.do("grid.down")
            assert cx.screen is cx.customers
            return
        await take_up(cx)
        assert set(cx.form.changed) <= {"channels"}
        await cx.do("record_form.save")
        cx.app.exit()


async def test_a_program_that_still_runs_keeps_its_drafts_for_itself(own_url: str, home: Path) -> None:
    async with opened(own_url) as cx:
        await cx.open_form()
        await cx.type_into("channels", "1234")
        cx.app.exit()
    assert len(files(home)) == 1
    async with opened(own_url) as cx:
        await cx.do("grid.down")
        await cx.pilot.pause()
        assert cx.screen is cx.customers
        assert len(files(home)) == 1


def make_unwritable(home: Path) -> None:
    """A file stands where the folder of the drafts should be."""
    folder = home / "state_home" / "cx-tui"
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("no folder")


async def test_a_draft_that_can_not_be_kept_is_said_while_one_types_and_the_form_stays(
    own_url: str, home: Path
) -> None:
    async with opened(own_url) as cx:
        await cx.open_form()
        make_unwritable(home)
        await cx.type_into("city", "Rome")
        await cx.says("can't be kept as a draft")
        await cx.do("record_form.leave")
        await cx.shows("Close, and keep what was typed as a draft")
        await cx.press("down", "down", "enter")
        await cx.says("Not closed")
        assert isinstance(cx.screen, CustomerForm)
        assert cx.form.changed == {"city": "Rome"}
        await cx.press("ctrl+q")
        await cx.shows("Leave; what was typed is lost, as")
        await cx.press("enter")
        await cx.until(lambda: isinstance(cx.screen, CustomerForm), "the form")
        cx.app.exit()
