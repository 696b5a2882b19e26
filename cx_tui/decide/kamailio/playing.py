"""A real Kamailio with SIPp around it, on this machine only: a carrier that answers, customers who call."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from socket import SOCK_DGRAM, socket
from typing import NamedTuple

from cx_tui.decide.kamailio.configuration import Wanted, write
from cx_tui.errors import Unavailable

PROGRAMS = ("kamailio", "sipp")
PACKAGES = (
    "kamailio", "kamailio-extra-modules", "kamailio-json-modules", "kamailio-sqlite-modules", "sip-tester",
)  # fmt: skip
PATIENCE = 30.0
CARRIER = "127.0.0.11"
TALK_MS = 15_000
EVERY_MS = 2_500
"""Each customer calls so often."""


class Caller(NamedTuple):
    """A customer that calls: from where, and which numbers as whom."""

    address: str
    calls: Sequence[tuple[str, str]]
    """Numbers, each with the caller's."""


def missing() -> str:
    """What has to be installed first, as a sentence; "" when all is there."""
    lacking = [name for name in PROGRAMS if shutil.which(name) is None]
    if not lacking:
        return ""
    verb = "is" if len(lacking) == 1 else "are"
    return f"{' and '.join(lacking)} {verb} not installed; on Debian: apt-get install {' '.join(PACKAGES)}"


def free_port(host: str = "127.0.0.1", kind: int | None = None) -> int:
    """A port that nothing has."""
    with socket(type=kind) if kind else socket() as one:
        one.bind((host, 0))
        return int(one.getsockname()[1])


class Played:
    """A switch that is played with; its processes end with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        sip, rpc, evapi = [f"127.0.0.1:{free_port()}" for _ in range(3)]
        self.wanted = Wanted(folder / "kamailio", sip, rpc, evapi, children=2)
        self.carrier_port = free_port(CARRIER, SOCK_DGRAM)
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def rpc(self) -> str:
        """Where live calls are read."""
        return f"http://{self.wanted.rpc}/RPC"

    def run(self, name: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        """Start a process that belongs to it, with its words in a file."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(  # noqa: S603  # the program's own words
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=env,
                start_new_session=True,
            )  # fmt: skip

    def wait_for(self, name: str, word: str) -> None:
        """Wait until a process has said something."""
        end = time.monotonic() + PATIENCE
        while word not in self._said(name):
            ended = next((one for one, process in self._running.items() if process.poll() is not None), "")
            if ended or time.monotonic() > end:
                said = self._said(ended or name).strip()[-400:]
                raise Unavailable(f"{ended or name} did not start: {said or 'it said nothing'}")
            time.sleep(0.05)

    def _said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def start_switch(self) -> None:
        """Start Kamailio, and the carrier that answers every call."""
        write(self.wanted)
        folder = self.wanted.folder
        self.run(
            "kamailio", "kamailio", "-f", str(folder / "kamailio.cfg"), "-DD", "-E", "-m", "64", "-M", "8",
            "-w", str(folder), "-P", str(folder / "kamailio.pid"), "-Y", str(folder),
        )  # fmt: skip
        self.run(
            "carrier", "sipp", "-sf", self._scenario("carrier.xml"), "-i", CARRIER, "-p",
            str(self.carrier_port), "-nostdin",
        )  # fmt: skip

    def _scenario(self, name: str) -> str:
        """A scenario of SIPp's, as a file that stays."""
        own = self.folder / name
        own.write_bytes(files("cx_tui.decide.kamailio").joinpath(name).read_bytes())
        return str(own)

    def call(self, callers: Sequence[Caller]) -> None:
        """Let customers call, for as long as it is played with."""
        scenario = self._scenario("caller.xml")
        for place, caller in enumerate(callers):
            numbers = self.folder / f"calls-{place}.csv"
            lines = [f"{number};{cli}" for number, cli in caller.calls]
            numbers.write_text("\n".join(["RANDOM", *lines, ""]), "utf-8")
            self.run(
                f"customer-{place}", "sipp", self.wanted.sip, "-sf", scenario, "-i", caller.address, "-d",
                str(TALK_MS), "-r", "1", "-rp", str(EVERY_MS), "-l", "20", "-inf", str(numbers), "-nostdin",
            )  # fmt: skip

    def stop(self) -> None:
        """End all of it: callers first, so that no record is lost."""
        for one in reversed(self._running.values()):
            with suppress(ProcessLookupError):
                one.terminate()
        for one in self._running.values():
            try:
                one.wait(10)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


@contextmanager
def played(folder: Path) -> Iterator[Played]:
    """A switch to play with, in a folder of its own."""
    with ExitStack() as until_closed:
        one = Played(folder)
        until_closed.callback(one.stop)
        yield one
