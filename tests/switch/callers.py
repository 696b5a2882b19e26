"""SIPp as a customer's switch that calls."""

from importlib.resources import files
from pathlib import Path

from tests.switch.conftest import Network
from tests.switch.parts import Process

CALLER = Path(str(files("cx_tui.decide.kamailio").joinpath("caller.xml")))
A_SECOND = 60


class Callers(Process):
    """So many calls, and how long each waited for its answer."""

    def __init__(
        self, network: Network, calls: int, *more: str, number: str = "442079460000", scenario: Path = CALLER
    ) -> None:
        self.calls = calls
        self.folder = network.folder / "sipp"
        self.folder.mkdir()
        copied = self.folder / "caller.xml"
        copied.write_bytes(scenario.read_bytes())
        (self.folder / "calls.csv").write_text(f"SEQUENTIAL\n{number};441632960000\n")
        super().__init__(
            self.folder / "sipp.log", "sipp", f"{network.switch.host}:{network.switch.port}", "-sf",
            str(copied), "-d", "300", "-i", "127.0.0.21", "-m", str(calls), "-r", str(A_SECOND), "-l",
            "500", "-inf", "calls.csv", "-nostdin", "-trace_stat", "-stf", "stat.csv", "-fd", "1",
            "-trace_rtt", "-rtt_freq", "1", *more, folder=self.folder,
        )  # fmt: skip

    def counted(self) -> dict[str, str]:
        """What it counted at the end."""
        header, *rows = (self.folder / "stat.csv").read_text().splitlines()
        return dict(zip(header.split(";"), rows[-1].split(";"), strict=False))

    def well(self) -> int:
        """How many calls went as the scenario says."""
        return int(self.counted()["SuccessfulCall(C)"])

    def longest(self) -> float:
        """The seconds that a call waited for its answer at most."""
        (found,) = self.folder.glob("*_rtt.csv")
        rows = [line.split(";") for line in found.read_text().splitlines()[1:]]
        assert len(rows) >= self.calls
        return max(float(row[1]) for row in rows) / 1000
