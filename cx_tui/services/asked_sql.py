"""SQL of the screen: asked by a child process that can be killed, its rows kept in a file, however many.

The child is `cx-tui sql`.  Its clock ends it; should it not hear that, ours does.
"""

import asyncio
import json
import os
import sys
import tempfile
from array import array
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cx_tui.errors import CxError, Refused
from cx_tui.services.child_process import NICE, environment
from cx_tui.services.read_only_sql import took_too_long

if TYPE_CHECKING:
    from cx_tui.services.session import Session

BLOCK = 262_144
LATE = 1.5
"""Seconds beyond the limit after which the child is killed."""
KEPT = 4_000


class Answer:
    """The rows of an answer, in a file of its own, found by where each begins."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115  # it lives as long as the answer
        self._begins = array("Q")
        self._rest = b""
        self._end = 0
        self.names: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self._begins)

    def take(self, block: bytes) -> None:
        """More of what the child says."""
        *lines, self._rest = (self._rest + block).split(b"\n")
        for line in lines:
            if not self.names:
                self.names = json.loads(line)
                continue
            self._begins.append(self._end)
            self._file.seek(self._end)
            self._file.write(line + b"\n")
            self._end += len(line) + 1

    def rows(self, start: int, count: int) -> list[list[Any]]:
        """The rows at these positions."""
        wanted = self._begins[start : start + count]
        if not wanted:
            return []
        self._file.seek(wanted[0])
        return [json.loads(self._file.readline()) for _ in wanted]

    def close(self) -> None:
        """Let the rows go."""
        self._file.close()

    def __del__(self) -> None:
        self.close()  # nobody asks it any more


async def asked(
    session: "Session",
    text: str,
    seconds: float,
    env: Mapping[str, str] | None = None,
    heard: Callable[[Answer], None] = lambda answer: None,
) -> Answer:
    """Ask a question; Refused says what is wrong with it.  When this is cancelled the child is killed."""
    command = [sys.executable, "-P", "-m", "cx_tui", "sql", text, "--lists", "--limit-s", f"{seconds:g}"]
    child_env = environment(session, read_only=True, env=os.environ if env is None else env)
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=child_env, start_new_session=True
        )
    except (OSError, ValueError) as error:
        raise CxError(f"the question can't be asked: {error}") from error
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    answer = Answer()
    errors = asyncio.ensure_future(_errors(process))
    try:
        async with asyncio.timeout(seconds + LATE + STARTING):
            await _listen(process, answer, heard)
            await process.wait()
    except TimeoutError:
        answer.close()
        raise Refused(took_too_long(seconds)) from None
    except BaseException:
        answer.close()
        raise
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    said = await errors
    if process.returncode:
        answer.close()
        lines = [line.removeprefix("cx-tui: ") for line in said.splitlines()]
        raise Refused("\n".join(lines[-4:]) or f"it ended with the code {process.returncode}")
    return answer


STARTING = 5.0
"""Seconds that the child may take until it asks."""


async def _listen(process: Process, answer: Answer, heard: Callable[[Answer], None]) -> None:
    while process.stdout and (block := await process.stdout.read(BLOCK)):
        answer.take(block)
        heard(answer)


async def _errors(process: Process) -> str:
    said = b""
    while process.stderr and (block := await process.stderr.read(BLOCK)):
        said = (said + block)[-KEPT:]
    return said.decode("utf-8", "replace")
