"""An event that a thread can wait for together with what comes from the terminal."""

import os
from threading import Event


class WakingEvent(Event):
    """An event for who waits for a file to be readable."""

    def __init__(self) -> None:
        super().__init__()
        self.wakes, self._wake = os.pipe()
        """What is readable when it is set."""

    def set(self) -> None:
        """Have it happen."""
        super().set()
        os.write(self._wake, b"!")

    def clear(self) -> None:
        """Wait for it anew."""
        if self.is_set():
            super().clear()
            os.read(self.wakes, 64)
