"""How far away a moment is, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from cx_tui.screens.times import away

NOW = datetime(2026, 6, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "now"),
        (4, "now"),
        (59, "in 59 s"),
        (119, "in 1 min"),
        (3600, "in 1 h"),
        (7140, "in 1 h 59 min"),
        (86_399, "in 23 h 59 min"),
        (86_400, "in 1 day"),
        (-7140, "1 h ago"),
    ],
)
def test_what_comes_soon_is_said_to_the_minute(seconds: int, said: str) -> None:
    assert away(NOW + timedelta(seconds=seconds), NOW) == said
