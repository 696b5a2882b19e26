"""The card of one of a million customers, its questions to the engine, and looking through all of them.

CX_BENCH_RATES makes a smaller price list.
"""

import asyncio
import os
import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, select

from cx_tui.db.tables import table_named
from cx_tui.domain.admission.call import Call
from cx_tui.services.session import Session, open_session
from tests.bench.conftest import CUSTOMERS, ENV, PROGRAM, Start
from tests.bench.figures import Figures, label
from tests.bench.terminal import Terminal

pytestmark = pytest.mark.bench

Ask = Callable[[Callable[[Session], Awaitable[Any]]], Any]

RATES = int(os.environ.get("CX_BENCH_RATES", "1000000"))
LIST = r"\blive \d\d:\d\d"
MEASURED = 7
QUIET = 0.25
"""Seconds of silence after which all is there."""


async def seconds_of(work: Callable[[], Awaitable[object]]) -> float:
    """How long one question takes."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


def test_why_and_simulate(url: str, ask: Ask, figures: Figures) -> None:
    async def questions(session: Session) -> tuple[list[float], list[float]]:
        own = table_named("ip").c
        some: Select[Any] = select(own.customer_id, own.address).where(
            own.deleted_at.is_(None), ~own.address.contains("/")
        )
        async with session.database.reading() as connection:
            rows = (await connection.execute(some.where(own.id % 997 == 1).limit(30))).all()
        now, admission = datetime.now(UTC), session.admission
        why, simulated = [], []
        for customer_id, address in rows:
            one = Call(dialled="442079460000", cli="441632960000", moment=now, source=address)
            why.append(await seconds_of(partial(admission.why, [customer_id])))
            simulated.append(await seconds_of(partial(admission.simulate, one)))
        return why[3:], simulated[3:]

    why, simulated = ask(questions)
    for what, took, most in (("W with all gates", why, 60), ("simulate a call", simulated, 80)):
        beside = f"of {len(took)}, at worst {max(took) * 1000:.0f}"
        figures.show(label(url, what), statistics.median(took) * 1000, "ms", most, beside)
    figures.all_met()


def run(*command: str) -> tuple[float, float]:
    """Run a command: seconds, and megabytes at most."""
    began = time.perf_counter()
    with open(os.devnull, "w") as nowhere:
        pid = os.posix_spawn(
            PROGRAM[0], [*PROGRAM, *command], ENV, file_actions=[(os.POSIX_SPAWN_DUP2, nowhere.fileno(), 1)]
        )
        _, status, usage = os.wait4(pid, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 1), command
    return time.perf_counter() - began, usage.ru_maxrss / 1024


def test_lint_of_everybody(url: str, figures: Figures) -> None:
    seconds, megabytes = run("lint", "--json", "--db", url)
    figures.show(label(url, "lint"), seconds, "s", 60 * CUSTOMERS / 1e6, f"of {CUSTOMERS:,} customers")
    figures.show("  most memory", megabytes, "MB", 600)
    figures.all_met()


def test_upload_of_a_price_list(copy_url: str, tmp_path: Path, figures: Figures) -> None:
    file = tmp_path / "rates.csv"
    with file.open("w") as written:
        written.write("Prefix,Destination,Per minute,Connect fee,Minimum,Pulse\n")
        written.writelines(
            f"{1_000_000 + n},Place {n % 5000},{n % 900 / 10_000:.4f},0,60,6\n" for n in range(RATES)
        )

    async def a_card() -> str:
        session = await open_session(copy_url)
        try:
            card = await session.records_of["rate-card"].create({"name": "Bench", "currency": "EUR"})
            return f"#{card.record.id}"
        finally:
            await session.close()

    card = asyncio.run(a_card())
    command = ("rates", "upload", str(file), "--card", card, "--db", copy_url)
    dry, _ = run(*command, "--dry-run")
    figures.show(label(copy_url, "verdicts on a price list"), dry, "s", 15 * RATES / 1e6, f"{RATES:,} rates")
    whole, megabytes = run(*command)
    figures.show(label(copy_url, "upload of a price list"), whole, "s", 15 * RATES / 1e6)
    figures.show("  most memory", megabytes, "MB")
    figures.all_met()


@pytest.fixture
def far_down(start: Start, url: str) -> Terminal:
    """The program with its first list."""
    terminal = start(*PROGRAM, "--db", url, CX_TUI_REFRESH_SECONDS="0")
    terminal.wait_for(LIST)
    terminal.frames(1.0)
    return terminal


def test_keys_to_the_card_and_its_tabs(url: str, far_down: Terminal, figures: Figures) -> None:
    opened, opened_bytes, tabs, tab_bytes = [], [], [], []
    for place in range(MEASURED + 1):
        far_down.press("down")
        sent, took = far_down.press("enter", quiet=QUIET)
        far_down.wait_for("Number blocks")
        opened.append(took)
        opened_bytes.append(sent)
        for key, shown in (("2", "SIP users"), ("3", "CLI rules"), ("1", "Number blocks")):
            sent, took = far_down.press(key, quiet=QUIET)
            far_down.wait_for(shown)
            if place:
                tabs.append(took)
                tab_bytes.append(sent)
        far_down.press("escape", quiet=QUIET)
        far_down.wait_for(LIST)
    figures.show(label(url, "key to the card, complete"), statistics.median(opened[1:]), "ms", 150,
                 f"the first time {opened[0]:.0f}")  # fmt: skip
    figures.show(label(url, "key to another tab"), statistics.median(tabs), "ms", 100)
    figures.show("  bytes of the card", statistics.median(opened_bytes[1:]), "bytes", 4_000)
    figures.show("  bytes of another tab", statistics.median(tab_bytes), "bytes", 3_500)
    figures.all_met()
