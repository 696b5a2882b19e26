"""The commands of calls, as a script uses them: from a file to a summary, sealed, checked, written out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cx_tui.commands.main import run
from tests.calls.made import some_customers
from tests.conftest import opened
from tests.conftest import run as carry_out

HEAD = "id,account,begin,answer,end,seconds,from,to\n"
ROWS = (
    "a,Customer 001,2026-06-14 10:00:00,2026-06-14 10:00:05,2026-06-14 10:01:05,60,0049,4420\n"
    "b,Customer 001,2026-06-14 11:00:00,,2026-06-14 11:00:09,0,0049,4421\n"
    "c,Customer 002,2026-06-15 10:00:00,2026-06-15 10:00:05,2026-06-15 10:00:35,30,0049,4422\n"
    "d,Nobody,2026-06-15 10:00:00,,2026-06-15 10:00:01,0,0049,4423\n"
)
MAPPED = [
    "--map", "invited=begin@UTC", "--map", "answered=answer@UTC", "--map", "ended=end@UTC",
    "--map", "talk=seconds:s", "--map", "key=id", "--map", "customer=account", "--map", "cli=from",
    "--map", "dialled=to",
]  # fmt: skip

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def cx(database_url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command of calls with --json: its exit code, its objects, what it says."""

    async def prepare() -> None:
        async with opened(database_url) as database:
            await some_customers(database, 2)

    carry_out(prepare())
    more = ["--db", database_url, "--set", f"store.place={tmp_path / 'sealed'}"]

    def command(*arguments: str) -> tuple[int, list[dict[str, Any]], str]:
        code = run(["calls", *arguments, *more])
        said = capsys.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines() if line.startswith("{")], said.err

    return command


@pytest.fixture
def imported(cx: Run, tmp_path: Path) -> Run:
    """The same, when a file was imported."""
    file = tmp_path / "calls.csv"
    file.write_text(HEAD + ROWS)
    code, (done,), _ = cx("import", str(file), *MAPPED, "--source", "sw1", "--json")
    assert code == 0
    assert done == {"read": 4, "new": 3, "known": 0, "late": 0, "unknown_customer": 1, "errors": 0}
    return cx


def test_a_dry_run_says_what_would_come_in_and_brings_in_nothing(cx: Run, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(HEAD + ROWS)
    _, (done,), _ = cx("import", str(file), *MAPPED, "--dry-run", "--json")
    assert (done["new"], done["unknown_customer"]) == (3, 1)
    assert cx("list", "--json")[1] == []


def test_the_same_file_again_changes_nothing(imported: Run, tmp_path: Path) -> None:
    _, (done,), _ = imported("import", str(tmp_path / "calls.csv"), *MAPPED, "--source", "sw1", "--json")
    assert (done["new"], done["known"]) == (0, 4)


def test_calls_are_listed_newest_first_and_filtered(imported: Run) -> None:
    _, found, _ = imported("list", "--json")
    assert [call["source_key"] for call in found] == ["c", "b", "a"]
    assert found[2]["invited_at"] == "2026-06-14T10:00:00+00:00"
    assert (found[2]["talk_ms"], found[2]["cli"], found[2]["connected"]) == (60_000, "0049", True)
    for arguments, keys in (
        (["Customer 001"], "ba"),
        (["#2"], "c"),
        (["--where", "talk > 40"], "a"),
        (["--from", "2026-06-14T11:00", "--to", "2026-06-15"], "b"),
        (["--sort=-talk,invited_at", "--limit", "2"], "ac"),
    ):
        _, found, _ = imported("list", *arguments, "--json")
        assert "".join(call["source_key"] for call in found) == keys


def test_a_summary_has_a_row_for_each_day(imported: Run) -> None:
    _, found, _ = imported("summary", "--by", "day", "--json")
    assert [(one["period"][:10], one["attempts"], one["connected"], one["asr"]) for one in found] == [
        ("2026-06-14", 2, 1, 50.0),
        ("2026-06-15", 1, 1, 100.0),
    ]
    assert imported("summary", "--by", "month", "Customer 001", "--json")[1][0]["talk"] == 60.0


def test_days_are_sealed_checked_and_read_as_before(imported: Run) -> None:
    before = imported("list", "--json")[1]
    code, sealed, _ = imported("seal", "--json")
    assert (code, [one["calls"] for one in sealed]) == (0, [2, 1])
    assert imported("seal", "--json")[1] == []
    assert imported("list", "--json")[1] == before
    assert imported("check", "--json")[:2] == (0, [])


def test_a_check_that_finds_something_fails(imported: Run, tmp_path: Path) -> None:
    imported("seal")
    (file, _) = sorted((tmp_path / "sealed").rglob("*.parquet"))
    file.unlink()
    code, found, _ = imported("check", "--json")
    assert code == 1
    assert found[0]["sentence"].endswith("is not there")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_export_has_every_call_with_its_moments_in_utc(imported: Run, tmp_path: Path, ending: str) -> None:
    imported("seal", "--day", "2026-06-14")
    file = tmp_path / f"out.{ending}"
    code, _, said = imported("export", str(file))
    assert code == 0
    assert "3 calls are in" in said
    frame = pl.read_csv(file, infer_schema=False) if ending == "csv" else pl.read_parquet(file)
    assert frame["source_key"].to_list() == ["c", "b", "a"]
    begun = str(frame["invited_at"][2]).replace("T", " ")
    assert begun.startswith("2026-06-14 10:00:00")


def test_a_recalculation_is_shown_first(imported: Run) -> None:
    code, found, said = imported("recalculate", "--day", "2026-06-14", "--duration", "30=10", "--json")
    assert (code, found[0]["customer"]) == (0, 1)
    assert "nothing was changed" in said
    _, _, said = imported("recalculate", "--day", "2026-06-14", "--duration", "30=10", "--apply")
    assert "--undo 1 turns it back" in said
    assert imported("list", "Customer 001", "--where", "connected = yes", "--json")[1][0]["talk_ms"] == 10_000
    assert imported("recalculate", "--undo", "1")[0] == 0
    assert imported("list", "Customer 001", "--where", "connected = yes", "--json")[1][0]["talk_ms"] == 60_000


def test_a_call_that_is_not_up_can_not_be_ended(imported: Run) -> None:
    assert imported("live", "--json")[1] == []
    assert imported("end", "h:1", "--json")[:2] == (1, [{"key": "h:1", "ending": "not there"}])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "Globex"], 'there is no customer "Globex"'),
        (["list", "--sort", "colour"], "calls can't be ordered by colour"),
        (["export", "calls.doc"], "must end with .csv or .parquet"),
        (["recalculate", "--day", "2026-06-14"], "say --day, and one of --credit"),
        (["recalculate", "--day", "2020-06-14", "--credit"], "there are no calls of 2020-06-14"),
        (["seal", "--read-only"], "start it without --read-only"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(cx: Run, arguments: list[str], said: str) -> None:
    code, _, talk = cx(*arguments)
    assert code != 0
    assert said in talk
