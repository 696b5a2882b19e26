"""Pauses: when a server that is away, or that refuses us, is tried again."""

from dataclasses import dataclass
from time import monotonic

from cx_tui.errors import CxError, Unavailable

FIRST, LONGEST = 5.0, 300.0
REFUSED = 3600.0
"""Seconds until a server that refuses us is tried again, unless somebody says so before."""


@dataclass
class Patience:
    """How long one server is left alone."""

    until: float = 0.0
    wait: float = 0.0

    def is_over(self, *, paused: bool) -> bool:
        """Whether to try again; a pause that somebody took back is over."""
        return not self.until or not paused or monotonic() >= self.until

    def begin(self, trouble: CxError) -> None:
        """Leave the server alone, each time longer."""
        away = isinstance(trouble, Unavailable)
        self.wait = min(max(self.wait * 2, FIRST), LONGEST) if away else REFUSED
        self.until = monotonic() + self.wait

    def end(self) -> None:
        """The server takes messages."""
        self.until = self.wait = 0.0
