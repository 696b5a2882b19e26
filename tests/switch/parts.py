"""A real Kamailio and a real decision server, each in processes of their own, that tests start and end."""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from cx_tui.decide.kamailio.configuration import Wanted, write
from cx_tui.domain.admission.world import World

PATIENCE = 20.0
MISSING = [name for name in ("kamailio", "sipp") if shutil.which(name) is None]
WHY_NOT = f"{' and '.join(MISSING)} must be installed: apt-get install kamailio kamailio-extra-modules " + (
    "kamailio-json-modules kamailio-sqlite-modules sip-tester"
)


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nothing has."""
    with socket.socket() as one:
        one.bind((host, 0))
        return int(one.getsockname()[1])


async def until(
    holds: Callable[[], Any], what: str, said: Callable[[], str] = str, patience: float = PATIENCE
) -> None:
    """Wait until something is so."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while not holds():  # processes tell nobody
        assert loop.time() < end, f"not within {patience} s: {what}; {said()}"
        await asyncio.sleep(0.02)


class OverTcp:
    """A port that leads to a UNIX socket: Kamailio takes no other way to PostgreSQL.  Closed, it is as if the
    server had been ended."""

    def __init__(self, socket_path: Path) -> None:
        self.port = 0
        self._path = str(socket_path)
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Lead there, at the same port as before."""
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Cut all connections, and take none."""
        if self._server:
            self._server.close()
        tasks, self._tasks = self._tasks, set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._path)
        for one in (_copy(reader, back), _copy(there, writer)):
            self._tasks.add(asyncio.create_task(one))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        with suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
    finally:
        writer.close()


async def make_tables(url: str, tables: str) -> None:
    """Make Kamailio's tables, as an operator does with psql."""
    import asyncpg

    connection = await asyncpg.connect(url)
    await connection.execute(tables)  # a small file
    await connection.close()


class Process:
    """A program that runs beside the test, with what it says in a file."""

    def __init__(self, log: Path, *arguments: str, folder: Path | None = None) -> None:
        self.log = log
        self._folder = folder
        self._arguments = arguments
        self._running: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Begin."""
        with self.log.open("ab") as file:
            self._running = await asyncio.create_subprocess_exec(
                *self._arguments, stdin=asyncio.subprocess.DEVNULL, stdout=file, stderr=file,
                start_new_session=True, cwd=self._folder,
            )  # fmt: skip

    @property
    def number(self) -> int:
        """Its number."""
        assert self._running
        return self._running.pid

    async def stop(self, how: int = signal.SIGTERM, patience: float = 10) -> None:
        """End; what does not end is killed."""
        if self._running is None:
            return
        running, self._running = self._running, None
        if running.returncode is None:
            # All of its processes: those of Kamailio outlive the first one.
            os.killpg(running.pid, how)
        try:
            await asyncio.wait_for(running.wait(), patience)
        except TimeoutError:
            os.killpg(running.pid, signal.SIGKILL)
            await running.wait()

    def keep_to_one_core(self) -> None:
        """All of its processes run on the same core from now on."""
        first = psutil.Process(self.number)
        for one in (first, *first.children(recursive=True)):
            one.cpu_affinity([min(os.sched_getaffinity(0))])

    def signal(self, which: int) -> None:
        """Send it a signal."""
        if self._running:
            self._running.send_signal(which)

    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._running is not None and self._running.returncode is not None

    def said(self) -> str:
        """All that it has said."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""


class Switch:
    """Kamailio, with the configuration that the program writes."""

    def __init__(self, folder: Path, known: World | None = None, **wanted: Any) -> None:
        self.host = "127.0.0.1"
        self.port, self.rpc_port, self.evapi_port = free_port(), free_port(), free_port()
        self.wanted = Wanted(
            folder, f"{self.host}:{self.port}", f"{self.host}:{self.rpc_port}",
            f"{self.host}:{self.evapi_port}", children=2, **wanted,
        )  # fmt: skip
        write(self.wanted, known)
        configuration = folder / "kamailio.cfg"
        text = configuration.read_text("utf-8")
        # Its log is to be read when a test fails.
        configuration.write_text(text.replace("log_stderror=no", "log_stderror=yes"), "utf-8")
        self._process = Process(
            folder / "kamailio.log", "kamailio", "-f", str(folder / "kamailio.cfg"), "-DD", "-E", "-m", "64",
            "-M", "8", "-w", str(folder), "-P", str(folder / "kamailio.pid"), "-Y", str(folder),
        )  # fmt: skip

    @property
    def evapi(self) -> str:
        """Where the decision server connects."""
        return f"{self.host}:{self.evapi_port}"

    async def start(self) -> None:
        """Begin, and be ready for calls."""
        await self._process.start()
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        # In a thread: what leads it to its database is a task here.
        while not await asyncio.to_thread(self.rpc, "core.version"):
            assert loop.time() < end, f"Kamailio does not answer; {self.said()}"
            await asyncio.sleep(0.02)

    async def stop(self, how: int = signal.SIGTERM) -> None:
        """End."""
        await self._process.stop(how)

    def keep_to_one_core(self) -> None:
        """All of its processes run on the same core from now on."""
        self._process.keep_to_one_core()

    def said(self) -> str:
        """Its log."""
        return self._process.said()

    def rpc(self, method: str, *words: Any) -> Any:
        """Ask it by JSON-RPC; None when it is not there."""
        asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": words}).encode()
        request = urllib.request.Request(f"http://{self.host}:{self.rpc_port}/RPC", asked)
        try:
            with urllib.request.urlopen(request, timeout=3) as answer:
                return json.load(answer).get("result")
        except urllib.error.HTTPError as refused:
            return json.load(refused).get("error")
        except OSError:
            return None

    def answered(self) -> int:
        """How many calls are up, with their ACK."""
        return sum(one["state"] == 4 for one in self.rpc("dlg.list") or ())

    def calls(self, customer: int) -> int:
        """How many calls of a customer it counts."""
        return int(self.rpc("dlg.profile_get_size", "customer", str(customer)))


class Decide:
    """The decision server, as the command starts it."""

    def __init__(self, folder: Path, url: str, *evapi: str) -> None:
        links = [word for one in evapi for word in ("--evapi", one)]
        self.port = free_port()
        self._process = Process(
            folder / "decide.log", sys.executable, "-m", "cx_tui", "decide", "--db", url,
            "--listen", f"127.0.0.1:{self.port}", *links,
        )  # fmt: skip

    async def start(self) -> None:
        """Begin, and be linked with the switch."""
        before = self.said().count("linked")
        await self._process.start()
        await until(lambda: self.said().count("linked") > before, "decide is linked", self.said)

    async def stop(self, how: int = signal.SIGTERM) -> None:
        """End."""
        await self._process.stop(how)

    def said(self) -> str:
        """Its log."""
        return self._process.said()

    def signal(self, which: int) -> None:
        """Send it a signal."""
        self._process.signal(which)

    def health(self) -> dict[str, Any]:
        """What it says of itself."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=3) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
