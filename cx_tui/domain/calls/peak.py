"""The most that was up at once, and that began in a second."""

from typing import NamedTuple


class Peak(NamedTuple):
    """The most channels and calls a second of some time."""

    channels: int = 0
    cps: float = 0.0

    def with_other(self, other: "Peak") -> "Peak":
        """The most of two."""
        return Peak(max(self.channels, other.channels), max(self.cps, other.cps))
