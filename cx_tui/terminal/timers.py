"""A timer that is to go off once goes off, however late.

Textual leaves out what was not done in time.  That is right for what is repeated.  But a program that got no
processor for as long as the delay of a single timer would wait for it for ever; and where the delay is over
before it begins, as that of a message on its way to another screen, Textual counts without an end, and the
whole program stands still.
"""

from typing import Any

from textual import message_pump
from textual.timer import Timer


class SureTimer(Timer):
    """A timer that leaves out nothing that is done once."""

    def __init__(self, *given: Any, repeat: int | None = None, skip: bool = True, **more: Any) -> None:
        super().__init__(*given, repeat=repeat, skip=skip and repeat != 0, **more)


def use_sure_timers() -> None:
    """Have all timers be such, those of Textual's own widgets too."""
    message_pump.Timer = SureTimer  # type: ignore[attr-defined]  # what every widget makes its timers of
