"""Call files beside the barest reading there is, and the simulator beside bare records: processor time."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from cx_tui.domain.calls.call import Call
from cx_tui.ingest.files.reading import open_calls
from cx_tui.ingest.simulator import Caller, Population, finished_calls
from tests.bench.figures import Figures
from tests.ingest import samples

pytestmark = pytest.mark.bench

RECORDS = 300_000
AIM = 50_000
TIMES_BARE = 6
NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)


def of_kamailio(path: Path) -> Path:
    """Records as acc_cdrs has them, half of them answered."""
    header, *_ = samples.ACC_CDRS.splitlines(keepends=True)
    with path.open("w") as file:
        file.write(header)
        for n in range(RECORDS):
            began, answered = 1796009621.5 + n / 100, n % 2
            when = f"{began + 3:.6f}" if answered else ""
            file.write(
                f"{n},2026-11-30 03:33:41,2026-11-30 03:33:41,{12.345 if answered else 0},{n}-1@192.0.2.21,"
                f"{n % 1000 + 1},192.0.2.21,44207946{n % 10000:04},44163296{n % 10000:04},"
                f"44207946{n % 10000:04},44163296{n % 10000:04},sip:198.51.100.12:5060,1,"
                f"{200 if answered else 486},OK,{began:.6f},{began + 1:.6f},{when},upstream BYE,\n"
            )
    return path


def of_asterisk(path: Path) -> Path:
    """Dial rows of Master.csv, on the clock of a zone."""
    with path.open("w") as file:
        for n in range(RECORDS):
            moment = f"2026-11-{n % 28 + 1:02} {n % 24:02}:{n % 60:02}:{n % 59:02}"
            file.write(
                f'"{n % 1000 + 1}","442079460000","441632960001","from-customer","""Acme"" <442079460000>",'
                f'"SIP/acme-{n:08x}","SIP/carrier1-{n:08x}","Dial","SIP/441632960001@carrier,6","{moment}",'
                f'"{moment}","{moment}",4,0,"ANSWERED","DOCUMENTATION",'
                f'"{1796010591 + n}.1","","101","x",{n}\n'
            )
    return path


def taken(act: Callable[[], int]) -> tuple[float, int]:
    """Seconds of processor for 100,000 records, and how many there were."""
    began = time.process_time()
    many = act()
    return (time.process_time() - began) * 100_000 / many, many


@pytest.mark.parametrize("make", [of_kamailio, of_asterisk])
def test_reading(make: Callable[[Path], Path], tmp_path: Path) -> None:
    figures = Figures()
    path = make(tmp_path / "calls.csv")
    bare, _ = taken(lambda: pl.read_csv(path, has_header=False, infer_schema=False).height)
    ours, many = taken(
        lambda: sum(len(one.calls) for one in open_calls(path, "x", zone="Europe/Vienna").parts())
    )
    assert many == RECORDS
    aim = 100_000 / AIM
    beside = f"{100_000 / ours:,.0f} a second; bare frame {bare:.2f} s"
    figures.show(f"{make.__name__}: 100,000 records", ours, "s", aim, beside)
    figures.all_met()


def bare_records() -> int:
    for _ in range(100_000):
        Call(source="x", source_key="y", invited_at=NOON, ended_at=NOON)
    return 100_000


def test_simulating() -> None:
    figures = Figures()
    population = Population((Caller(n, 30, "EUR", "Europe/London") for n in range(1, 5001)), seed=1)

    def day() -> Iterator[list[Call]]:
        return finished_calls(population, date(2026, 6, 16), RECORDS)

    bare, _ = taken(bare_records)
    ours, many = taken(lambda: sum(map(len, day())))
    assert many == RECORDS
    beside = f"{100_000 / ours:,.0f} a second; bare records {bare:.2f} s"
    figures.show("100,000 made-up calls", ours, "s", TIMES_BARE * bare, beside)
    figures.all_met()
