"""The hours of a week in a form, with the zone that stands beside them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.week import step_of
from cx_tui.screens.form_fields import form_field
from cx_tui.screens.week_field import WeekField
from tests.pilot.driver import lines_of
from widgets.form import Form

NAMES = ("time_zone", "allowed_times")


class Hours(App[None]):
    """A form of the two fields."""

    ascii = False

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__()
        self._values = values

    def compose(self) -> ComposeResult:
        form = Form([form_field(fields_of(Customer)[name]) for name in NAMES])
        form.show(self._values)
        yield form


class Seen:
    """What an operator sees and does."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.form = pilot.app.query_one(Form)
        self.field = pilot.app.query_one(WeekField)

    @property
    def hours(self) -> str:
        return self.form.values["allowed_times"]

    def says(self, sentence: str) -> bool:
        return sentence in " ".join(" ".join(lines_of(self.field)).split())


@asynccontextmanager
async def hours(allowed: str = "", zone: str = "Europe/London") -> AsyncIterator[Seen]:
    """The form with the focus on the week."""
    async with Hours({"time_zone": zone, "allowed_times": allowed}).run_test(size=(100, 30)) as pilot:
        seen = Seen(pilot)
        seen.form.go("allowed_times")
        await pilot.pause()
        yield seen


async def test_hours_are_said_in_words_by_the_zone() -> None:
    async with hours("Mon-Fri 09:00-17:30") as seen:
        assert seen.says("Calls may be started Monday to Friday 09:00-17:30, London time.")


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Asia/Kathmandu"])
async def test_now_is_marked_in_the_zone(zone: str) -> None:
    async with hours(zone=zone) as seen:
        before, now = step_of(datetime.now(UTC), zone), seen.field.now
        assert now in (before, step_of(datetime.now(UTC), zone))


async def test_another_zone_is_another_clock_and_another_name() -> None:
    async with hours("Mon 09:00-17:00", "UTC") as seen:
        seen.form.set("time_zone", "Asia/Tokyo")
        seen.field.look_at_clock()
        await seen.pilot.pause()
        assert seen.says("Monday 09:00-17:00, Tokyo time.")
        assert seen.field.now == step_of(datetime.now(UTC), "Asia/Tokyo")


async def test_a_zone_that_is_not_right_yet_counts_as_utc() -> None:
    async with hours("Mon 09:00-17:00", "Mars/Base") as seen:
        assert seen.says("Monday 09:00-17:00, UTC.")


async def test_what_is_changed_is_told_as_a_text_of_the_field() -> None:
    async with hours() as seen:
        await seen.pilot.press("s")
        await seen.pilot.pause()
        assert seen.hours == "Mon-Fri 09:00-17:00"
        await seen.pilot.press("e")
        await seen.pilot.pause()
        assert seen.hours == "never"
        await seen.pilot.press("w")
        await seen.pilot.pause()
        assert seen.hours == ""


async def test_hours_that_are_typed_and_can_not_be_read_are_kept_and_complained_of() -> None:
    async with hours("Mon 09:00-17:00") as seen:
        await seen.pilot.press("t", "end", "x")
        await seen.pilot.pause()
        assert seen.hours == "Mon 09:00-17:00x"
        assert "allowed_times" in seen.form.check_all()
        await seen.pilot.press("backspace", "enter")
        await seen.pilot.pause()
        assert seen.hours == "Mon 09:00-17:00"
        assert not seen.form.check_all()


async def test_typing_that_is_left_by_esc_is_forgotten() -> None:
    async with hours("Mon 09:00-17:00") as seen:
        await seen.pilot.press("t", "x", "escape")
        await seen.pilot.pause()
        assert seen.hours == "Mon 09:00-17:00"


async def test_another_record_has_other_hours() -> None:
    async with hours("Mon 09:00-17:00") as seen:
        seen.form.show({"time_zone": "UTC", "allowed_times": "never"})
        await seen.pilot.pause()
        assert seen.field.hours.value == 0
        assert seen.form.changed == {}


async def test_a_draft_of_hours_that_can_not_be_read_can_be_typed_on() -> None:
    async with hours("Mon 09:00-1") as seen:
        assert seen.hours == "Mon 09:00-1"
        await seen.pilot.press("t", *"7:00", "enter")
        await seen.pilot.pause()
        assert seen.hours == "Mon 09:00-17:00"
