"""Too many questions at a time: those that have waited too long are refused without a decision.

A switch gives up on a question after a second and a half.  To decide those that are older would only make the
next ones old as well; refused at once, they leave the time to those that can still be helped.
"""

import time
from collections.abc import Callable

TOO_OLD = 1.0
"""Seconds that a question may have waited."""
WINDOW = 15.0
"""Seconds in which at least one question has not waited."""
ANOTHER_CLOCK = 60.0
"""Seconds that no question waits: the clock of the switch has been set."""


class Pressure:
    """How long the questions of one switch have waited: its clock need not be ours."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._least, self._before = float("inf"), float("inf")
        self._since = clock()

    def too_old(self, said: str) -> bool:
        """Whether a question that the switch wrote at that moment has waited for too long."""
        try:
            now, behind = self._clock(), self._clock() - float(said)
        except ValueError:
            return False
        if now - self._since > WINDOW or abs(behind - self._least) > ANOTHER_CLOCK:
            kept = self._least if abs(behind - self._least) <= ANOTHER_CLOCK else behind
            self._before, self._least, self._since = kept, behind, now
        self._least = min(self._least, behind)
        return behind - min(self._least, self._before) > TOO_OLD
