"""The screen as it was left, shown again before anything of the program is loaded.

There is one terminal, so what it shows is known here for the whole process: first it is shown, then either
the driver goes on from it or the terminal is given back.  Loads nothing but what Python has loaded anyway.
"""

import os
import sys
import termios

TYPE_CHECKING = False  # typing is not loaded at this moment, and would cost time
if TYPE_CHECKING:
    from typing import TextIO

SHOW, BACK = "\x1b[?1049h\x1b[?25l", "\x1b[?1049l\x1b[?25h"
"""The other screen without a cursor, and the usual one with it."""
INPUT, OUTPUT, LINE = 0, 1, 3
"""Where the modes of a terminal's line are kept in what the system says of it."""
LOUD = termios.ECHO | termios.ICANON | termios.ISIG | termios.IEXTEN
"""What would draw keys on the screen, or act on them, until the program reads them."""


TAB = 8
"""Where the tab stops are."""


def tab_stops(width: int) -> str:
    """Sets the tab stops, over which the cursor is moved: an operator, or a program before, may have set
    others (`tabs -4`).  These are what every terminal begins with, so nobody has to take them back."""
    return "\r\x1b[3g" + f"\x1b[{TAB}C\x1bH" * ((width - 1) // TAB) + "\r"


class LastScreen:
    """A screen on the terminal that no driver knows yet."""

    def __init__(self, frame: str, size: tuple[int, int], line: int) -> None:
        self.frame = frame
        """What it shows, as a driver draws it."""
        self.size = size
        self.modes = termios.tcgetattr(line)
        """The modes of the terminal's line as they were before."""
        self._line = line

    def hush(self) -> None:
        """Have keys wait unseen, and what is sent left as it is."""
        modes = termios.tcgetattr(self._line)
        modes[OUTPUT] &= ~termios.OPOST
        modes[LINE] &= ~LOUD
        termios.tcsetattr(self._line, termios.TCSANOW, modes)

    def unhush(self) -> None:
        """Have the line as it was."""
        termios.tcsetattr(self._line, termios.TCSANOW, self.modes)


_shown: LastScreen | None = None
_terminal: "TextIO | None" = None


def show(path: str, size: tuple[int, int]) -> None:
    """Show what is kept in this file, if it is there."""
    global _shown
    try:
        with open(path, encoding="utf-8", newline="") as file:
            sent, _, frame = file.read().partition("\0")
        screen = LastScreen(frame, size, sys.stdin.fileno())
        screen.hush()
        _send(SHOW + tab_stops(size[0]) + sent)
    except (OSError, ValueError, termios.error):
        return  # without it the program starts as it does the first time
    _shown = screen


def as_text(sent: str, frame: str) -> str:
    """What `show` reads: the bytes for the terminal, and the frame that they make it show."""
    return f"{sent}\0{frame}"


def go_on() -> LastScreen | None:
    """What the terminal shows, for the driver that goes on from it."""
    global _shown
    screen, _shown = _shown, None
    return screen


def take_back() -> None:
    """Give the terminal back, if no driver has gone on from what it shows."""
    if screen := go_on():
        try:
            _send(BACK)
            screen.unhush()
        except (OSError, termios.error):
            return  # it has gone


def terminal_file() -> "TextIO":
    """Where the screen is drawn: stderr, but when that goes into a file (`2>log`), the terminal from which
    the keys come."""
    global _terminal
    if _terminal is None:
        stderr = sys.__stderr__
        if stderr is not None and stderr.isatty():
            _terminal = stderr
        else:
            _terminal = open(os.ttyname(sys.stdin.fileno()), "w", encoding="utf-8")  # noqa: SIM115  # to the end
    return _terminal


def _send(text: str) -> None:
    data, terminal = text.encode("utf-8", "replace"), terminal_file().fileno()
    while data:
        data = data[os.write(terminal, data) :]
