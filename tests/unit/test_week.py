"""The hours of a week: windows, digits, sentences, and what a wall clock does when the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.kinds import BadValue
from cx_tui.domain.week import EVERY_STEP, STEPS, Week, WeekKind, clock, in_words, step_of

KIND = WeekKind()
LONDON, NEW_YORK = "Europe/London", "America/New_York"
weeks = st.integers(0, 2**STEPS - 1).map(Week)
steps = st.integers(0, 96)
windows = st.lists(
    st.tuples(st.integers(0, 6), steps, steps)
    .filter(lambda one: one[1] < one[2])
    .map(lambda one: (one[0], one[1] * 15, one[2] * 15))
)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def week(text: str) -> Week:
    """A week that is neither always nor empty."""
    parsed = KIND.parse(text)
    assert isinstance(parsed, Week)
    return parsed


@given(weeks)
def test_the_windows_of_a_week_make_the_same_week(some: Week) -> None:
    assert Week.of(some.windows()) == some


@given(windows)
def test_a_quarter_is_allowed_when_a_window_has_it(some: list[tuple[int, int, int]]) -> None:
    made = Week.of(some)
    monday = at("2026-06-15 00:00")
    for step in range(0, STEPS, 13):
        day, minute = divmod(step * 15, 1440)
        inside = any(where == day and start <= minute < end for where, start, end in some)
        assert made.allows(monday + timedelta(minutes=step * 15), "UTC") is inside


@given(weeks)
def test_a_week_is_168_digits_that_make_it_again(some: Week) -> None:
    assert len(some.hex) == 168
    assert Week.from_hex(some.hex) == some


@given(weeks)
def test_a_week_in_words_is_read_as_the_same_week(some: Week) -> None:
    assert KIND.parse(KIND.write(some)) == some


def test_one_digit_is_one_hour_and_monday_is_first() -> None:
    assert Week.of([(0, 0, 60)]).hex == "f" + "0" * 167
    assert Week.of([(0, 60, 75)]).hex == "08" + "0" * 166
    assert Week.of([(6, 1425, 1440)]).hex == "0" * 167 + "1"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("mon-fri 9:00-17:30; sat 10:00-14:00", "Mon-Fri 09:00-17:30; Sat 10:00-14:00"),
        ("Mon 09:00-12:00, 13:00-17:00", "Mon 09:00-12:00 13:00-17:00"),
        ("Mon 09:00-12:00 12:00-17:00", "Mon 09:00-17:00"),
        ("Mon 09:00-12:00 11:00-17:00", "Mon 09:00-17:00"),
        ("Mon-Sun 00:00-24:00", "Mon-Sun 00:00-24:00"),
        ("Sat-Mon 10:00-11:00", "Mon 10:00-11:00; Sat-Sun 10:00-11:00"),
        ("Mon 10:00-11:00\nTue 10:00-11:00", "Mon-Tue 10:00-11:00"),
        ("never", "never"),
    ],
)
def test_hours_are_written_as_short_as_they_can_be(typed: str, written: str) -> None:
    assert KIND.write(KIND.parse(typed)) == written


def test_nothing_set_is_always() -> None:
    assert KIND.parse("Always") is None
    assert KIND.write(None) == ""


def test_the_end_of_a_day_is_24_00_and_its_last_quarter_is_allowed() -> None:
    late = week("Sun 23:45-24:00")
    assert late.windows() == [(6, 1425, 1440)]
    assert late.allows(at("2026-06-21 23:59:59"), "UTC")
    assert not late.allows(at("2026-06-22 00:00"), "UTC")
    assert clock(1440) == "24:00"


def test_a_night_is_two_windows_that_meet_at_midnight() -> None:
    night = week("Mon 22:00-24:00; Tue 00:00-06:00")
    assert night.windows() == [(0, 1320, 1440), (1, 0, 360)]
    allowed = [
        at(f"2026-06-{day} {time}") for day, time in (("15", "23:59"), ("16", "00:00"), ("16", "05:59"))
    ]
    assert all(night.allows(moment, "UTC") for moment in allowed)
    assert not night.allows(at("2026-06-15 21:59"), "UTC")
    assert not night.allows(at("2026-06-16 06:00"), "UTC")


def test_one_window_over_midnight_is_refused() -> None:
    with pytest.raises(BadValue, match="must end after it begins"):
        KIND.parse("Mon 22:00-06:00")


def test_the_same_moment_is_another_hour_elsewhere() -> None:
    session = week("Tue 09:00-17:00")
    noon = at("2026-06-16 12:00")
    assert session.allows(noon, LONDON)
    assert not session.allows(noon, NEW_YORK)
    assert session.allows(at("2026-06-16 20:59"), NEW_YORK)


@pytest.mark.parametrize(
    ("moment", "zone", "hour"),
    [
        # London: forward on 29 March at 01:00, back on 25 October at 02:00.
        ("2026-03-29 00:59", LONDON, "00:45"),
        ("2026-03-29 01:00", LONDON, "02:00"),
        ("2026-10-25 00:59", LONDON, "01:45"),
        ("2026-10-25 01:00", LONDON, "01:00"),
        ("2026-10-25 02:00", LONDON, "02:00"),
        # New York: forward on 8 March at 02:00, back on 1 November at 02:00.
        ("2026-03-08 06:59", NEW_YORK, "01:45"),
        ("2026-03-08 07:00", NEW_YORK, "03:00"),
        ("2026-11-01 05:59", NEW_YORK, "01:45"),
        ("2026-11-01 06:00", NEW_YORK, "01:00"),
        ("2026-11-01 07:00", NEW_YORK, "02:00"),
    ],
)
def test_a_step_is_what_the_wall_clock_shows_when_the_clocks_change(
    moment: str, zone: str, hour: str
) -> None:
    step = step_of(at(moment), zone)
    assert step is not None
    assert step // 96 == 6
    assert clock(step % 96 * 15) == hour


@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        (LONDON, ("2026-03-27", 0), ("2026-03-30", 1)),
        (LONDON, ("2026-10-26", 0), ("2026-10-23", 1)),
        (NEW_YORK, ("2026-03-06", -5), ("2026-03-09", -4)),
        (NEW_YORK, ("2026-11-02", -5), ("2026-10-30", -4)),
    ],
)
def test_windows_keep_their_hours_before_and_after_a_change(
    zone: str, winter: tuple[str, int], summer: tuple[str, int]
) -> None:
    session = week("Mon-Fri 09:00-17:00")
    for day, offset in (winter, summer):
        opens = at(f"{day} 09:00") - timedelta(hours=offset)
        closes = at(f"{day} 17:00") - timedelta(hours=offset)
        assert session.allows(opens, zone)
        assert not session.allows(opens - timedelta(minutes=1), zone)
        assert session.allows(closes - timedelta(minutes=1), zone)
        assert not session.allows(closes, zone)


def test_an_hour_that_the_clocks_skip_is_never_allowed_and_one_that_they_repeat_is_twice() -> None:
    skipped, repeated = week("Sun 01:00-02:00"), week("Sun 01:00-02:00")
    spring, autumn = at("2026-03-29 00:00"), at("2026-10-25 00:00")
    quarters = [timedelta(minutes=15 * count) for count in range(16)]
    assert sum(skipped.allows(spring + quarter, LONDON) for quarter in quarters) == 0
    assert sum(repeated.allows(autumn + quarter, LONDON) for quarter in quarters) == 8


@pytest.mark.parametrize(
    ("hours", "zone", "sentence"),
    [
        (
            "Mon-Fri 09:00-17:30; Sat 10:00-14:00",
            LONDON,
            "Calls may be started Monday to Friday 09:00-17:30 and Saturday 10:00-14:00, London time.",
        ),
        ("Mon-Sun 08:00-20:00", "UTC", "Calls may be started every day 08:00-20:00, UTC."),
        ("Sun 00:00-24:00", NEW_YORK, "Calls may be started Sunday all day, New York time."),
        (
            "Mon 09:00-17:00; Wed 09:00-17:00; Fri 09:00-12:00",
            "America/Argentina/Buenos_Aires",
            "Calls may be started Monday 09:00-17:00, Wednesday 09:00-17:00 and Friday 09:00-12:00, "
            "Buenos Aires time.",
        ),
        (
            "Mon-Fri 09:00-12:00 13:00-17:00; Sat 10:00-14:00",
            "Etc/GMT+5",
            "Calls may be started Monday to Friday 09:00-12:00 and 13:00-17:00; Saturday 10:00-14:00, GMT+5.",
        ),
        ("never", LONDON, "Calls may never be started."),
        ("always", LONDON, "Calls may be started at any time."),
        ("Mon-Sun 00:00-24:00", LONDON, "Calls may be started at any time."),
    ],
)
def test_hours_are_said_as_a_sentence(hours: str, zone: str, sentence: str) -> None:
    assert in_words(KIND.parse(hours), zone) == sentence


@given(weeks)
def test_any_week_is_one_sentence(some: Week) -> None:
    said = in_words(some, LONDON)
    assert said.startswith("Calls may ")
    assert said.endswith(".")
    assert said.count("; ") <= 6


def test_a_week_without_a_gap_is_any_time_however_it_was_made() -> None:
    assert in_words(Week(EVERY_STEP), LONDON) == in_words(None, LONDON)


@pytest.mark.parametrize("monday", ["2026-03-23", "2026-03-30", "2026-10-19", "2026-10-26"])
def test_what_the_sentence_says_holds_on_the_wall_clock_in_summer_and_winter(monday: str) -> None:
    session = week("Mon 09:00-17:30")
    assert "Monday 09:00-17:30, London time" in in_words(session, LONDON)
    there = ZoneInfo(LONDON)
    opens = datetime.fromisoformat(f"{monday} 09:00").replace(tzinfo=there)
    closes = datetime.fromisoformat(f"{monday} 17:30").replace(tzinfo=there)
    second = timedelta(seconds=1)
    for allowed, moment in ((False, opens - second), (True, opens), (True, closes - second), (False, closes)):
        assert session.allows(moment.astimezone(UTC), LONDON) is allowed


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "Europe", "../etc/passwd", "/etc/localtime", "a\0b"])
def test_hours_on_the_clock_of_an_unknown_zone_allow_nothing_and_break_nothing(zone: str) -> None:
    assert step_of(at("2026-06-16 11:00"), zone) is None
    assert not Week((1 << 672) - 1).allows(at("2026-06-16 11:00"), zone)
