"""When a delayed change is made: delays, times of day, dates."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.delay import LONGEST, later
from cx_tui.domain.kinds import BadValue
from cx_tui.screens.moments import LocalClock

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 6, 16, 12, 0, tzinfo=LONDON)
"""11:00 UTC."""


def moment(text: str, now: datetime = NOON) -> str:
    """The moment of a text, in UTC."""
    found = later(text, now)
    assert found.tzinfo is UTC
    return f"{found:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("15m", "2026-06-16 11:15"),
        ("2h", "2026-06-16 13:00"),
        ("3d", "2026-06-19 11:00"),
        ("1w", "2026-06-23 11:00"),
        (" 2 H ", "2026-06-16 13:00"),
        ("1h30m", "2026-06-16 12:30"),
        ("1d 2h", "2026-06-17 13:00"),
        ("14:30", "2026-06-16 13:30"),
        ("9:05", "2026-06-17 08:05"),
        ("12:00", "2026-06-17 11:00"),
        ("2026-11-21 14:30", "2026-11-21 14:30"),
        ("2026-07-01 14:30", "2026-07-01 13:30"),
        ("2026-07-01T14:30", "2026-07-01 13:30"),
        ("2026-07-01 14:30 UTC", "2026-07-01 14:30"),
        ("2026-07-01 14:30+02:00", "2026-07-01 12:30"),
        ("2026-07-01", "2026-06-30 23:00"),
    ],
)
def test_a_later_moment_is_read_by_the_clock_of_the_operator(text: str, means: str) -> None:
    assert moment(text) == means


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is neither a delay nor a moment"),
        ("soon", '"soon" is neither a delay nor a moment; write 15m, 2h'),
        ("15", "is neither a delay"),
        ("-2h", "is neither a delay"),
        ("1.5h", "is neither a delay"),
        ("2y", "is neither a delay"),
        ("24:00", "is neither a delay"),
        ("12:60", "is neither a delay"),
        ("٣d", "is neither a delay"),
        ("١٢:٣٠", "is neither a delay"),
        ("2026-13-01", "is neither a delay"),
        ("2026-02-30 12:00", "is neither a delay"),
        ("[bold]2h[/]", "is neither a delay"),
        ("9" * 100_000 + "h", "is neither a delay"),
        ("2h\x1b[31m", "can't be printed"),
        ("2h\x00", "can't be printed"),
        ("2h\u202e", "can't be printed"),
        ("\ud800", "can't be printed"),
        ("2026-11-21\n14:30", "is a line break"),
        ("0m", "is over already"),
        ("2026-06-16 12:00", "is over already"),
        ("2001-01-01 10:00", "is over already"),
        ("0001-01-01", "is over already"),
        ("99999w", "is more than two years away"),
        ("99999w 99999w 99999w 99999w 99999w 99999w", "is more than two years away"),
        ("9999-12-31 23:59", "is more than two years away"),
        ("9999-12-31 23:59-23:59", "is more than two years away"),
        ("0001-01-01 00:00+23:59", "is over already"),
    ],
)
def test_what_is_no_later_moment_gets_its_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadValue, match=sentence) as caught:
        later(text, NOON)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


def test_a_delay_counts_hours_that_pass_also_when_the_clock_is_put_back() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=LONDON)
    assert moment("3h", before) == "2026-10-25 02:30"
    assert later("3h", before) - before == timedelta(hours=3)


def test_a_time_of_day_is_the_next_one_on_that_clock() -> None:
    before = datetime(2026, 3, 28, 23, 0, tzinfo=LONDON)
    assert moment("3:00", before) == "2026-03-29 02:00"


@pytest.fixture
def in_london(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose clock is set to London."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/London")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_london")
@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("14:30", "2026-06-16 13:30"),
        ("2026-07-01 14:30", "2026-07-01 13:30"),
        ("2026-11-21 14:30", "2026-11-21 14:30"),
        ("2h", "2026-06-16 13:00"),
    ],
)
def test_a_date_in_winter_is_meant_by_the_clock_of_winter(text: str, means: str) -> None:
    now = datetime(2026, 6, 16, 11, 0, tzinfo=UTC).astimezone(LocalClock())
    assert f"{now:%H:%M %Z}" == "12:00 BST"
    assert moment(text, now) == means


@pytest.mark.parametrize("days", [1, 730])
def test_two_years_are_the_most(days: int) -> None:
    assert later(f"{days}d", NOON) == NOON + timedelta(days=days)
    assert timedelta(days=730) < LONGEST


@given(st.text(max_size=30) | st.from_regex(r"[0-9 mhdwT:+-]{1,25}", fullmatch=True))
def test_any_text_is_a_later_moment_or_refused(text: str) -> None:
    said = ""
    try:
        found = later(text, NOON)
    except BadValue as error:
        said, found = str(error), NOON + LONGEST
    assert said.isprintable()
    assert NOON < found <= NOON + LONGEST
