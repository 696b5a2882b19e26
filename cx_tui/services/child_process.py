"""The program's own command line as a child process, whose JSON lines are heard while it works.

What needs much memory or computing is done there: keys never wait for it, and its memory goes back when it
ends.  A child whose program is gone ends by itself, since nobody hears it any more.
"""

import asyncio
import json
import os
import signal
import sys
from asyncio import StreamReader
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from cx_tui.errors import CxError, Refused, Unavailable

if TYPE_CHECKING:
    from cx_tui.services.session import Session

Event = Mapping[str, Any]
Heard = Callable[[Event], None]

LAST_WORDS = {"summary", "show", "done"}
"""Events that say what it came to."""

AWAY = 3
"""The exit code of a database that is away."""

NICE = 10
BLOCK = 65_536
LONGEST = 4_000_000
KEPT = 4_000
PATIENCE = ((signal.SIGINT, 10.0), (signal.SIGTERM, 30.0))
"""How a child is asked to stop, and the seconds that it has to turn back what it did."""


def environment(session: "Session | None", *, read_only: bool, env: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child: the database is told there, where nobody else reads its password."""
    told = {
        "CX_TUI_DATABASE_READ_ONLY": "true" if read_only else "false",
        # What is in no encoding is written out, as JSON does.
        "PYTHONIOENCODING": "utf-8:backslashreplace",
    }
    if session is not None:
        url = session.database.url
        text = url.set(drivername=url.drivername.split("+")[0]).render_as_string(hide_password=False)
        told |= {"CX_TUI_DATABASE_URL": text, "CX_TUI_DB": text}
    return {**env, **told}


@contextmanager
def stderr_of_its_own() -> Iterator[None]:
    """A program on the screen has something in the place of stderr that no process can inherit."""
    before, sys.stderr = sys.stderr, sys.__stderr__ or sys.stderr
    try:
        yield
    finally:
        sys.stderr = before


async def run(
    arguments: Sequence[str],
    env: Mapping[str, str],
    heard: Heard = lambda event: None,
    module: str = "cx_tui",
) -> Event:
    """Let a child do this; gives its last word.

    CxError is what it says is wrong.  When it is cancelled the child is stopped first; what it had already
    done to its end is still told.
    """
    process = await _start([sys.executable, "-P", "-m", module, *arguments], env)
    child = _Child(process, heard)
    listening = asyncio.ensure_future(child.listen())
    try:
        await asyncio.shield(listening)
    except asyncio.CancelledError:
        await _stop(process, listening)
        if child.last is None:
            raise
    if child.last is None:
        raise child.error()
    return child.last


async def _start(command: Sequence[str], env: Mapping[str, str]) -> Process:
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=dict(env), start_new_session=True
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CxError(f"the work can't be begun: {reason}") from error
    with suppress(OSError):
        # All its threads inherit this; on a machine with few processors keys come first.
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    return process


async def _stop(process: Process, listening: "asyncio.Future[None]") -> None:
    try:
        for asked, seconds in PATIENCE:
            with suppress(ProcessLookupError):
                process.send_signal(asked)
            if (await asyncio.wait([listening], timeout=seconds))[0]:
                break
    finally:
        if not listening.done():
            with suppress(ProcessLookupError):
                process.kill()
    await asyncio.wait([listening])
    # What a child says in the end is not read by anybody any more.
    listening.exception()


class _Child:
    """What is heard of a process."""

    def __init__(self, process: Process, heard: Heard) -> None:
        self._process = process
        self._heard = heard
        self._said = b""
        self._wrong: Event = {}
        self.last: Event | None = None

    async def listen(self) -> None:
        """Hear everything to the end."""
        try:
            await asyncio.gather(self._hear(self._process.stdout), self._hear_errors(self._process.stderr))
        except CxError:
            with suppress(ProcessLookupError):
                self._process.kill()
            # Its end is not noticed before all that it said is taken.
            while self._process.stdout and await self._process.stdout.read(BLOCK):
                pass
            raise
        finally:
            await self._process.wait()

    async def _hear(self, lines_of: StreamReader | None) -> None:
        rest = b""
        while lines_of and (block := await lines_of.read(BLOCK)):
            *lines, rest = (rest + block).split(b"\n")
            if len(rest) > LONGEST:
                raise Refused("a line of this file is too long to be shown; is it a table?")
            for line in lines:
                self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            event = json.loads(line)
            kind = event["event"]
        except (KeyError, RecursionError, TypeError, ValueError):
            return
        if kind in LAST_WORDS:
            self.last = event
        elif kind == "error":
            self._wrong = event
        else:
            self._heard(event)

    async def _hear_errors(self, talk: StreamReader | None) -> None:
        while talk and (block := await talk.read(BLOCK)):
            self._said = (self._said + block)[-KEPT:]

    def error(self) -> CxError:
        """What went wrong, as the child says it."""
        if self._wrong:
            away = self._wrong.get("exit") == AWAY
            return (Unavailable if away else Refused)(str(self._wrong.get("message", "it went wrong")))
        lines = self._said.decode("utf-8", "replace").strip().splitlines()
        if not lines:
            why = f"it ended with the code {self._process.returncode}"
        elif lines[-1].startswith("cx-tui: "):
            why = lines[-1].removeprefix("cx-tui: ")
        else:
            why = f"something in it could not be dealt with ({lines[-1]})"
        return (Unavailable if self._process.returncode == AWAY else Refused)(why)
