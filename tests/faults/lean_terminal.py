"""Two emulated terminals: one gets the bytes that Textual made, the other those that were sent."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGKILL, Signals

import pyte
from pyte.screens import Char
from wcwidth import wcwidth

from tests.faults.lean_apps import MARK, NOT_UNDERSTOOD
from tests.patience import patient

FENCE = b"\x1b[57383u"
LINK = re.compile(rb"\x1b\]8;([^\x07\x1b]*)(?:\x1b\\|\x07)")
UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=?][0-9;]*[a-zA-Z~$]+|\x1b\[[0-9;]*\$[a-z]|\x1b[P_\]].*?(?:\x1b\\|\x07)", re.DOTALL
)
# Textual may cut a letter from its accent; what a terminal does with an accent that comes alone differs.
TORN_ACCENT = re.compile(rb"(\x1b\[[\d;]*[Hm])(?:\xcc[\x80-\xbf]|\xcd[\x80-\xaf])+")
COLUMNS, LINES = 100, 30
PATIENCE = patient(20.0)


class Screen(pyte.Screen):
    """A screen on which cells inside a link blink, because the emulator knows nothing of links."""

    erases_in_color = True

    def __init__(self, columns: int, lines: int) -> None:
        self.linked = False
        super().__init__(columns, lines)
        self.reset_mode(7, private=True)  # as Textual asks: no line goes on in the next one
        self._stream = pyte.ByteStream(self)

    def feed(self, data: bytes) -> None:
        """Take bytes as a terminal does."""
        for number, part in enumerate(LINK.split(data)):
            if number % 2:
                self.linked = bool(part.partition(b";")[2])
                self.cursor.attrs = self.cursor.attrs._replace(blink=self.linked)
            else:
                self._stream.feed(UNKNOWN_TO_PYTE.sub(b"", part))

    def select_graphic_rendition(self, *codes: int, **more: bool) -> None:
        super().select_graphic_rendition(*codes, **more)
        self.cursor.attrs = self.cursor.attrs._replace(blink=self.linked)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        with self._in_color_of_erasing():
            super().erase_in_line(how, private)

    def erase_characters(self, count: int | None = None) -> None:
        with self._in_color_of_erasing():
            super().erase_characters(count)

    def cursor_down(self, count: int | None = None) -> None:
        """Go down; below the lines that scroll to the last line, where the emulator goes up into them."""
        if self.margins and self.cursor.y > self.margins.bottom:
            self.cursor.y = min(self.cursor.y + (count or 1), self.lines - 1)
        else:
            super().cursor_down(count)

    @contextmanager
    def _in_color_of_erasing(self) -> Iterator[None]:
        attributes = self.cursor.attrs
        if not self.erases_in_color:
            self.cursor.attrs = self.default_char
        yield
        self.cursor.attrs = attributes

    def cells(self, line: int) -> list[Char]:
        """What can be seen in a line."""
        row = [self.buffer[line][column] for column in range(-1, self.columns + 1)]
        return [_seen(*cells) for cells in zip(row, row[1:], row[2:], strict=False)]


def _seen(before: Char, cell: Char, after: Char) -> Char:
    if (cell.data and after.data and _is_wide(cell)) or (not cell.data and not _is_wide(before)):
        cell = cell._replace(data=" ")  # the other half is gone, as other terminals show
    if cell.data == " " and not (cell.underscore or cell.strikethrough or cell.reverse):
        return Char(" ", bg=cell.bg, blink=cell.blink)
    return cell


def _is_wide(cell: Char) -> bool:
    return bool(cell.data) and wcwidth(cell.data[0]) == 2


class Comparison:
    """A watched program, its bytes fed to both screens."""

    def __init__(self, *arguments: str, folder: Path, env: Mapping[str, str]) -> None:
        size = COLUMNS, LINES
        self.made, self.sent = Screen(*size), Screen(*size)
        # An operator may have set other tab stops before.
        self.sent.tabstops = set(range(4, COLUMNS, 4))
        self.made.erases_in_color = self.sent.erases_in_color = not env["TERM"].startswith("screen")
        self._copy = folder / "made.bytes"
        self._copy.touch()
        self._read_copy = self._copy.open("rb")
        self._of_made, self._of_sent = b"", b""
        self._marks = 0
        self._resized = False
        self.bytes_made = self.bytes_sent = 0
        self.not_understood = 0
        """How many writes the driver passed on as they were."""
        name, *rest = arguments
        command = [sys.executable, "-m", "tests.faults.lean_apps", name, str(self._copy), *rest]
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            os.execvpe(command[0], command, dict(env))
        self._receive(b"\x1b[?2004h", "the program does not start")  # before that keys may be lost

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._fd, keys)

    def resize(self, columns: int, lines: int) -> None:
        """Make the terminal larger or smaller."""
        for screen in (self.made, self.sent):
            screen.resize(lines, columns)
            # What a terminal keeps differs; at least the margins of the emulator are those of the new size.
            screen.set_margins()
            screen.tabstops = set(range(4, columns, 4))
        self._resized = True
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def signal(self, number: Signals) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def stop_and_go_on(self, number: Signals) -> None:
        """Stop the program by a signal, lose what the terminal shows, and let it go on."""
        self.signal(number)
        os.waitpid(self.pid, os.WUNTRACED)
        self.sent.erase_in_display(2)
        self.signal(SIGCONT)

    def differing(self) -> list[str]:
        """The cells that differ now, in words."""
        self._meet()
        return list(self._differences())

    def must_agree(self, after: object) -> None:
        """Wait until both screens are the same: at once, but after a resize Textual draws it in parts."""
        tries = 50 if self._resized else 1
        self._resized = False
        for _ in range(tries):
            wrong = self.differing()
            if not wrong:
                return
            self.made.dirty.update(range(self.made.lines))
        raise AssertionError(f"{len(wrong)} cells differ after {after}:\n" + "\n".join(wrong[:10]))

    def _meet(self) -> None:
        """Feed both screens up to the same frame."""
        self._marks += 1
        mark = MARK.format(self._marks).encode()
        self.press(FENCE)
        self._receive(mark, "the program does not answer")
        self._of_made += self._read_copy.read()
        made, _, self._of_made = self._of_made.partition(mark)
        sent, _, self._of_sent = self._of_sent.partition(mark)
        self.bytes_made, self.bytes_sent = self.bytes_made + len(made), self.bytes_sent + len(sent)
        self.not_understood += made.count(NOT_UNDERSTOOD.encode())
        self.made.feed(TORN_ACCENT.sub(rb"\1", made))
        self.sent.feed(sent)

    def _receive(self, expected: bytes, without: str) -> None:
        end = time.monotonic() + PATIENCE
        while expected not in self._of_sent:
            assert time.monotonic() < end, without + ":\n" + "\n".join(self.sent.display)
            if select.select([self._fd], [], [], 0.1)[0]:
                self._of_sent += self._read()

    def _read(self) -> bytes:
        try:
            return os.read(self._fd, 1 << 16)
        except OSError:  # its other end is closed
            said = re.sub(rb"\x1b\[[^a-zA-Z]*[a-zA-Z]", b"", self._of_sent[-3000:])
            raise AssertionError("the program has ended:\n" + said.decode("utf-8", "replace")) from None

    def _differences(self) -> Iterator[str]:
        for line in sorted(self.made.dirty | self.sent.dirty):
            if line < self.made.lines:
                made, sent = self.made.cells(line), self.sent.cells(line)
                for column, (one, other) in enumerate(zip(made, sent, strict=True)):
                    if one != other:
                        yield f"line {line}, column {column}: made {one}, sent {other}"
        self.made.dirty.clear()
        self.sent.dirty.clear()
        cursors = [(screen.cursor.y, screen.cursor.x) for screen in (self.made, self.sent)]
        if cursors[0] != cursors[1]:
            yield f"cursor: made {cursors[0]}, sent {cursors[1]}"

    def close(self) -> None:
        """End the program."""
        os.kill(self.pid, SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)
        self._read_copy.close()
