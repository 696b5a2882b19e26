"""A Textual driver for slow links: it sends only what differs from what the terminal shows.

Any Textual program can use it: `App(driver_class=LeanDriver)`.
"""

from __future__ import annotations

import os
import selectors
import signal
import sys
import termios
from collections.abc import Iterable
from contextlib import suppress
from threading import Thread, get_ident
from types import FrameType
from typing import Any, cast

from textual.app import App
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Resize
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from . import last_screen
from .abilities import erases_in_color, is_remote
from .frame import SYNC_END, SYNC_START, Piece, is_frame, is_harmless
from .hearing import Hearing
from .last_screen import LastScreen, tab_stops
from .link import Link, LinkMeasured
from .outlet import Outlet
from .pace import Pace
from .shadow import Shadow
from .waking import WakingEvent

WORTH_SYNC = 600
"""A frame of more bytes than this is shown at once, if the terminal can do that, which costs 16 bytes."""

LAST_WORDS = 2.0
"""Seconds for which a terminal that takes nothing more may keep the program from ending."""

OTHER_SCREEN = "\x1b[?1049h"
HUNG_UP = 128 + signal.SIGHUP
MOUSE_MODES = (1000, 1015, 1006)
ANY_MOTION, MOTION_WITH_BUTTON = 1003, 1002


class LeanDriver(LinuxDriver):
    """Keeps a shadow of the terminal.  While the terminal is busy, frames only change the shadow: what is
    sent next is the newest frame, not all of them."""

    exit_event: WakingEvent

    def __init__(self, app: App[Any], **more: Any) -> None:
        super().__init__(app, **more)
        self.exit_event = WakingEvent()
        self.shadow = Shadow(erases_in_color=erases_in_color(os.environ))
        # Textual's writer thread gets what the terminal does not take at once, and says when it has.
        self._outlet = Outlet(cast(Any, sys.__stderr__), self._taken)
        self._file = cast(Any, self._outlet)
        self._busy = False
        self._waiting: list[str] = []
        self._is_running = False
        self._is_behind = False
        self._keeps_typed = False
        self._shown: LastScreen | None = None
        self._syncs = False
        self._thread = get_ident()
        self.link = Link()
        self._pace = Pace()
        self._motion = MOTION_WITH_BUTTON if is_remote(os.environ) else ANY_MOTION

    def write(self, data: str) -> None:
        """Take what the program writes: frames are drawn in the shadow, all else goes to the terminal."""
        if get_ident() != self._thread:
            self._loop.call_soon_threadsafe(self.write, data)
        elif data == OTHER_SCREEN and self._shown:
            return  # a terminal that is there already would clear it
        elif data in (SYNC_START, SYNC_END):
            self._syncs = True
        elif is_frame(data):
            self.shadow.resize(*self._app.size)
            self.shadow.draw(data)
            self._send()
        elif is_harmless(data):
            self._waiting.append(data)
            self._hand_over()
        else:
            # An image, or something new: nobody knows what the terminal shows after it.
            self._waiting += [self._changes(), data]
            self.shadow.forget()
            self._hand_over()

    def show(self, pieces: Iterable[Piece], cursor: tuple[int, int]) -> None:
        """Take a frame that is not written as a text."""
        self.shadow.resize(*self._app.size)
        self.shadow.put(pieces, cursor)
        self._send()

    def repaint(self) -> None:
        """Send the whole screen again: something else may have written on it."""
        self.shadow.forget()
        self._send()

    def _changes(self) -> str:
        changes = self.shadow.changes() if self._is_running else ""
        return f"{SYNC_START}{changes}{SYNC_END}" if self._syncs and len(changes) > WORTH_SYNC else changes

    def _send(self) -> None:
        """Send what differs, or when the terminal is busy, remember to do so when that is over."""
        self._is_behind = self._busy or self._pace.waits(self._loop, self._answered)
        if not self._is_behind:
            self._waiting.append(self._changes())
            self._hand_over()

    def _hand_over(self) -> None:
        if not self._busy and (text := "".join(self._waiting)):
            self._waiting.clear()
            if self._outlet.send_at_once(self._pace.handed(self.link.handed(text))):
                self.link.taken()
            else:
                self._busy = True
                cast(WriterThread, self._writer_thread).write("")

    def _taken(self) -> None:
        """The terminal has taken all it was given (said in the writer's thread)."""
        with suppress(RuntimeError):  # the program has ended
            self._loop.call_soon_threadsafe(self._go_on)

    def _go_on(self) -> None:
        self._busy = False
        self.link.taken()
        (self._send if self._is_behind else self._hand_over)()

    def _answered(self) -> bool:
        """The terminal has answered, or is not waited for any longer: whether it was asked how far it is."""
        asked = self._pace.answered()
        if asked and self._is_behind:
            self._send()
        return asked

    def start_application_mode(self) -> None:
        """Begin, or go on after a suspension: then what was on the screen is sent again."""
        self._busy = False
        self._waiting.clear()
        self._shown = last_screen.go_on()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual says no types there
        self._send_as_it_is()
        if not self._shown:
            self._set_tab_stops()
        self._is_running = True
        if callable(resized := signal.getsignal(signal.SIGWINCH)):

            def on_resize(number: int, frame: FrameType | None) -> None:
                self._loop.call_soon_threadsafe(self._resized)
                resized(number, frame)

            signal.signal(signal.SIGWINCH, on_resize)
        if self._shown:
            self._go_on_from(self._shown)
            self._shown = None
        else:
            self._loop.call_soon_threadsafe(self.repaint)

    def _go_on_from(self, shown: LastScreen) -> None:
        """The terminal shows the screen of the last run: only what is new will be sent."""
        self.attrs_before = shown.modes
        if shown.size == self._get_terminal_size():
            self.shadow.resize(*shown.size)
            self.shadow.draw(shown.frame)
            self.shadow.changes()

    def _send_as_it_is(self) -> None:
        """Have the terminal's line leave alone what is sent: a line feed goes down and not to the left too,
        a tab stays one.  What was before is put back with all else at the end."""
        with suppress(termios.error, OSError):
            line = cast(Any, self._file).fileno()
            modes = termios.tcgetattr(line)
            modes[1] &= ~termios.OPOST
            termios.tcsetattr(line, termios.TCSANOW, modes)

    def stop_application_mode(self) -> None:
        """Give the terminal back; no frame is drawn from now on."""
        self._is_running = False
        super().stop_application_mode()

    def close(self) -> None:
        """Let the writer end, but not wait for ever for a terminal that takes nothing."""
        self._busy = False
        self._hand_over()
        closing = Thread(target=super().close, daemon=True)
        closing.start()
        closing.join(LAST_WORDS)
        self._outlet.close()

    def _sigcont_application(self, *given: object) -> None:
        """Go on.  After a plain SIGSTOP nothing was given back before: that is done now, so that all begins
        anew and not a second time; but what was typed by now is kept, and the line's modes are left alone."""
        if not (self._auto_restart and self._is_running):
            super()._sigcont_application(*given)
            return
        before, self.attrs_before = self.attrs_before, None
        self._keeps_typed = True
        self.suspend_application_mode()
        self._keeps_typed = False
        super()._sigcont_application(*given)
        self.attrs_before = before

    def disable_input(self) -> None:
        """Read no more from the terminal; what was typed is not for whoever reads next, unless we do."""
        self._pace.leave()
        if not self._keeps_typed:
            super().disable_input()
            return
        self.exit_event.set()
        if self._key_thread is not None:
            self._key_thread.join()
        self.exit_event.clear()

    def _resized(self) -> None:
        """The terminal has another size, and may have thrown away what no longer fitted.

        When the size is the old one again Textual draws nothing; else it draws everything, at once.
        """
        self.shadow.forget()
        self._set_tab_stops()
        if self._get_terminal_size() == (self.shadow.width, self.shadow.height):
            self._send()

    def _get_terminal_size(self) -> tuple[int, int]:
        """Ask the terminal itself: COLUMNS and LINES, when a shell exports them, are as old as that shell."""
        with suppress(OSError):
            width, height = os.get_terminal_size(self.fileno)
            if width and height:
                return width, height
        return super()._get_terminal_size()

    def _set_tab_stops(self) -> None:
        """Have them where the pen expects them; the cursor may be anywhere then."""
        self._waiting.append(tab_stops(self._get_terminal_size()[0]))
        self._hand_over()

    def _heard(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)

    def send_message(self, message: Message) -> None:
        """Hand a message to the program; Textual's way, for its thread that reads, makes a task of it."""
        self._app.post_message(message)

    def process_message(self, message: Message) -> None:
        """Pass on what the terminal said."""
        if isinstance(message, Resize):
            self._resized()
        elif isinstance(message, Key):
            self.link.key()
        elif isinstance(message, TerminalSupportsSynchronizedOutput):
            self._pace.answers, asked = True, self._answered()
            if self.link.answered():
                message = LinkMeasured()
            elif asked:
                return
        super().process_message(message)

    def _enable_mouse_support(self) -> None:
        """Have the mouse reported; over a network not when it only moves, which would cost a frame each."""
        if self._mouse:
            for mode in (*MOUSE_MODES, self._motion):
                self.write(f"\x1b[?{mode}h")

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            for mode in (self._motion, *MOUSE_MODES):
                self.write(f"\x1b[?{mode}l")

    def run_input_thread(self) -> None:
        """Read what the terminal says.  Broken UTF-8 is replaced, the end of the terminal is the end of the
        program: with Textual's own reader the one is a traceback, the other makes it spin."""
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self.exit_event.wakes, selectors.EVENT_READ)
            self._read(selector)

    def _read(self, selector: selectors.BaseSelector) -> None:
        hearing = Hearing(self._debug)
        while not self.exit_event.is_set():
            found = selector.select(0.1 if hearing.is_expecting else None)
            if any(key.fd == self.fileno for key, _ in found):
                try:
                    data = os.read(self.fileno, 4096)
                except OSError:
                    data = b""
                if not data:
                    self._loop.call_soon_threadsafe(self._hang_up)
                    return
                self._say(hearing.feed(data))
            self._say(hearing.tick())

    def _say(self, heard: Iterable[Message]) -> None:
        """Tell the program all at once, in its own thread: each time, one of the two waits for the other."""
        if messages := [*heard]:
            self._pace.hear(messages)
            self._loop.call_soon_threadsafe(self._heard, messages)

    def _hang_up(self) -> None:
        if self.input_tty:
            self._app.exit(return_code=HUNG_UP)


def repaint(app: App[Any]) -> None:
    """Send an app's whole screen again, when its driver is a lean one."""
    if isinstance(app._driver, LeanDriver):
        app._driver.repaint()
