"""`cx-tui list` and `cx-tui rates`: what scripts read of records and prices."""

import json
from pathlib import Path

import pytest

from cx_tui.commands.main import run

CARD = "Name,Currency\nRetail,EUR\n"
RATES = "prefix,destination,price\n44,UK,0.01\n447,UK Mobile,0.025\n33,France,0.03\n"
NEXT = "prefix,price\n44,0.011\n447,0.025\n49,0.5\n"


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a database that has a card with three rates."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("CX_TUI_DATABASE_URL", f"sqlite:///{tmp_path / 'cx.db'}")
    monkeypatch.chdir(tmp_path)
    for name, text in (("card", CARD), ("rates", RATES), ("next", NEXT)):
        (tmp_path / f"{name}.csv").write_text(text)
    assert run(["upload", "card.csv", "--record", "rate card"]) == 0
    assert run(["rates", "upload", "rates.csv", "--card", "Retail"]) == 0
    capsys.readouterr()
    return tmp_path


def objects(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """What was printed, an object a line."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_records_are_listed_as_objects_in_an_order_that_falls(
    there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ["--columns", "prefix,owner,rate", "--json"]
    assert run(["list", "--record", "rate", "--sort", "-rate,prefix", "--limit", "2", *columns]) == 0
    assert objects(capsys) == [
        {"prefix": "33", "owner": "Retail", "rate": "0.03"},
        {"prefix": "447", "owner": "Retail", "rate": "0.025"},
    ]
    assert run(["list", "--record", "rate", "--search", "mobile", *columns]) == 0
    assert [one["prefix"] for one in objects(capsys)] == ["447"]
    assert run(["list", "--record", "rate-card"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split("\t")[1:3] == ["Retail", "Customer"]


def test_what_is_not_there_is_said_with_what_there_is(
    there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["list", "--record", "tariffe"]) == 2
    assert 'there is no kind of record "tariffe"; there are customer, ' in capsys.readouterr().err
    assert run(["list", "--columns", "colour"]) == 2
    assert 'there is no column "colour"; there are name, ' in capsys.readouterr().err
    assert run(["list", "--sort", "-colour"]) == 2
    assert 'there is no column "colour" to sort by' in capsys.readouterr().err


def test_a_price_list_says_how_it_differs_from_the_prices_before(
    there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["rates", "upload", "next.csv", "--card", "retail", "--from", "2030-01-01T00:00+02:00", "--json"]
    said = {
        "event": "difference", "new": 1, "changed": 1, "same": 1, "gone": 1, "gone_prefixes": ["33"],
        "changes": [{"prefix": "44", "rate": {"before": "0.01", "after": "0.011"}}],
    }  # fmt: skip
    assert run([*order, "--dry-run"]) == 0
    assert objects(capsys)[-1] == said
    assert run(order) == 0
    assert objects(capsys)[-1] == said
    assert run(["list", "--record", "rate", "--columns", "valid_from", "--search", "49", "--json"]) == 0
    assert objects(capsys) == [{"valid_from": "2029-12-31 22:00:00"}]


def test_the_price_of_a_number_is_that_of_its_longest_prefix_at_the_moment(
    there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    price = ["rates", "price", "--card", "Retail", "--json"]
    assert run([*price, "+44 7700 900123", "--seconds", "90"]) == 0
    (found,) = objects(capsys)
    assert {name: found[name] for name in ("prefix", "destination", "rate", "billed_seconds", "charge")} == {
        "prefix": "447", "destination": "UK Mobile", "rate": "0.025", "billed_seconds": 90, "charge": "0.0375"
    }  # fmt: skip
    assert run(["rates", "upload", "next.csv", "--card", "Retail", "--from", "2030-01-01"]) == 0
    capsys.readouterr()
    for moment, rate in (("2029-12-31T23:59:59", "0.01"), ("2030-01-01", "0.011")):
        assert run([*price, "4420", "--at", moment]) == 0
        assert objects(capsys)[0]["rate"] == rate
    assert run([*price, "99"]) == 1
    assert objects(capsys) == [{"prefix": None}]
    assert run(["rates", "price", "44", "--card", "Wholesale"]) == 1
    assert 'there is no rate card "Wholesale"' in capsys.readouterr().err
