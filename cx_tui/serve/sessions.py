"""The programs that run for browsers.  A page that goes away leaves its program running for a while, and the
next page takes it up again."""

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from cx_tui.errors import Refused
from cx_tui.serve.child import Child
from cx_tui.serve.modes import Modes

SMALLEST, LARGEST = 2, 1000


class Viewer(Protocol):
    """A page that shows a program."""

    async def show(self, data: bytes) -> None:
        """Show what the program wrote; returns when the page has room for more."""

    async def leave(self, why: str) -> None:
        """Show nothing more."""


class TerminalSession:
    """A program and the page that shows it now, if one does."""

    def __init__(self, child: Child) -> None:
        self.id = secrets.token_urlsafe(24)
        self._child = child
        self._modes = Modes()
        self.viewer: Viewer | None = None
        self.left_at = 0.0

    async def run(self) -> int:
        """Pass on what the program writes, until it ends: its exit code.

        While a page is slow nothing is read; the program then leaves out what is no longer true.
        """
        while data := await self._child.read():
            self._modes.hear(data)
            if viewer := self.viewer:
                with suppress(ConnectionError):
                    await viewer.show(data)
        return await self._child.ended()

    async def attach(self, viewer: Viewer, size: tuple[int, int]) -> None:
        """Show the program on this page from now on, and on no other."""
        before, self.viewer = self.viewer, None
        if before:
            await before.leave("taken")
        # From here on it gets what is written: first of all this, as nothing waits in between.
        self.viewer = viewer
        await viewer.show(self._modes.again())
        self.resize(size)
        self._child.repaint()

    def detach(self, viewer: Viewer, now: float) -> None:
        """The page has gone."""
        if self.viewer is viewer:
            self.viewer = None
            self.left_at = now

    def resize(self, size: tuple[int, int]) -> None:
        """The page has another size."""
        self._child.resize((_within(size[0]), _within(size[1])))

    def type(self, data: bytes) -> None:
        """Pass on keys."""
        self._child.write(data)

    def end(self) -> None:
        """End the program; it keeps what was typed."""
        self._child.hang_up()


def _within(number: int) -> int:
    return max(SMALLEST, min(number, LARGEST))


class Sessions:
    """All of them, and how many there may be."""

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], *, most: int, kept: float,
        clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self._argv = argv
        self._env = env
        self._most = most
        self._kept = kept
        self._clock = clock
        self._running: dict[str, tuple[TerminalSession, asyncio.Task[None]]] = {}

    def __len__(self) -> int:
        return len(self._running)

    def __iter__(self) -> Iterator[TerminalSession]:
        return iter([session for session, _ in self._running.values()])

    async def open(self, id: str, viewer: Viewer, size: tuple[int, int], address: str) -> TerminalSession:
        """The session of this id, or the one that was left last, or a new one; shown by `viewer` from now
        on."""
        session = self._known(id) or self._begun(size, address)
        await session.attach(viewer, size)
        return session

    def _known(self, id: str) -> TerminalSession | None:
        if id in self._running:
            return self._running[id][0]
        left = [session for session in self if session.viewer is None]
        return max(left, key=lambda session: session.left_at, default=None)

    def _begun(self, size: tuple[int, int], address: str) -> TerminalSession:
        if len(self) >= self._most:
            raise Refused(
                f"{self._most} programs are open already; leave one with q, or set serve.sessions higher"
            )
        columns, lines = map(_within, size)
        session = TerminalSession(Child(self._argv, {**self._env, "CX_SERVED_TO": address}, (columns, lines)))
        self._running[session.id] = session, asyncio.create_task(self._run(session))
        return session

    async def _run(self, session: TerminalSession) -> None:
        code = await session.run()
        del self._running[session.id]
        if session.viewer:
            await session.viewer.leave(f"ended {code}")

    def detach(self, session: TerminalSession, viewer: Viewer) -> None:
        """A page has gone; its program waits for the next."""
        session.detach(viewer, self._clock())

    def expire(self) -> None:
        """End programs that no page has shown for too long."""
        for session in self:
            if session.viewer is None and self._clock() - session.left_at > self._kept:
                session.end()

    async def close(self) -> None:
        """End all programs, and wait until they have."""
        running = [*self._running.values()]
        for session, _ in running:
            session.end()
        await asyncio.gather(*(task for _, task in running), return_exceptions=True)
