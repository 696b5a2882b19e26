"""A program on a terminal of its own, read and written without ever waiting."""

import asyncio
import fcntl
import os
import pty
import signal
import struct
import termios
from collections.abc import Mapping, Sequence
from contextlib import suppress

BLOCK = 65_536
LARGEST_PASTE = 4_000_000
"""Bytes that may wait for a program that reads nothing."""


class Child:
    """Runs until it ends by itself or `hang_up` tells it to."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], size: tuple[int, int]) -> None:
        self._fd, other = pty.openpty()
        self._is_open = True
        try:
            self.resize(size)
            name = os.ttyname(other)
            # A session leader's first terminal is the one that rules it: no code of ours runs in the child.
            opened = [(os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0)]
            copied = [(os.POSIX_SPAWN_DUP2, 0, 1), (os.POSIX_SPAWN_DUP2, 0, 2)]
            self.pid = os.posix_spawn(argv[0], [*argv], dict(env), file_actions=opened + copied, setsid=True)
        except BaseException:
            os.close(self._fd)
            raise
        finally:
            os.close(other)
        os.set_blocking(self._fd, False)
        self._unwritten = b""

    def resize(self, size: tuple[int, int]) -> None:
        """Give its terminal so many columns and lines."""
        columns, lines = size
        if self._is_open:
            fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def repaint(self) -> None:
        """Have it draw its whole screen, as after a change of the size."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGWINCH)

    def hang_up(self) -> None:
        """End it as a terminal that goes away does: it keeps what was typed."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGHUP)

    async def read(self) -> bytes:
        """What it wrote next; nothing when it has ended."""
        while True:
            try:
                return os.read(self._fd, BLOCK)
            except BlockingIOError:
                await self._readable()
            except OSError:
                return b""  # nobody has the terminal open any more

    async def _readable(self) -> None:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._fd, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._fd)

    def write(self, data: bytes) -> None:
        """Type something; what it does not take at once waits."""
        if self._is_open and len(self._unwritten) + len(data) <= LARGEST_PASTE:
            self._unwritten += data
            self._write_on()

    def _write_on(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            self._unwritten = self._unwritten[os.write(self._fd, self._unwritten) :]
        except BlockingIOError:
            pass
        except OSError:
            self._unwritten = b""
        if self._unwritten:
            loop.add_writer(self._fd, self._write_on)
        else:
            loop.remove_writer(self._fd)

    async def ended(self) -> int:
        """Wait for its end: the exit code, negative when a signal ended it."""
        loop = asyncio.get_running_loop()
        loop.remove_writer(self._fd)
        self._is_open = False
        os.close(self._fd)
        _, status = await asyncio.to_thread(os.waitpid, self.pid, 0)
        return os.waitstatus_to_exitcode(status)
