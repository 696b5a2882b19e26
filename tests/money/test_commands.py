"""The commands of money, as scripts use them."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cx_tui.commands.main import run
from cx_tui.db.calls.storing import store
from cx_tui.db.engine import connect
from cx_tui.domain.records.package import Frequency
from cx_tui.services.session import Session
from tests.calls.made import a_call, priced
from tests.conftest import run as wait
from tests.db.sessions import ANA, add, add_contact

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


async def begun(url: str) -> None:
    """Acme with a call of yesterday that cost 5.00, a package and a contact; Globex with nothing."""
    session = Session(connect(url), ANA)
    try:
        acme = await add(session, "Acme", tax=Decimal(20), minimum_payment=Decimal(5))
        await add_contact(session, acme.id, "Bea", email="bea@example.com")
        await add(session, "Globex")
        package = {"name": "Line", "retail": Decimal(3), "frequency": Frequency.ONCE}
        made = (await session.records_of["package"].create(package)).record
        own = {"customer_id": acme.id, "package": made.id, "starts": YESTERDAY.date()}
        await session.records_of["customer-package"].create(own)
        async with session.database.writing() as connection:
            call = a_call("1", customer=acme.id, at=YESTERDAY, talk=6000, dialled="44")
            await store(connection, [call], priced)
    finally:
        await session.close()


@pytest.fixture
def url(empty_url: str) -> str:
    wait(begun(empty_url))
    return empty_url


def said(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_payment_and_a_correction_move_the_balance(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--db", url, "payments", "add", "Acme", "100", "--description", "Bank # 4711", "--json"]) == 0
    (paid,) = said(capsys)
    assert (paid["status"], paid["balance"]) == ("completed", "95.000000")
    assert run(["--db", url, "payments", "add", "Acme", "4", "--json"]) == 1
    assert "least payment" in capsys.readouterr().err
    assert run(["--db", url, "payments", "status", str(paid["id"]), "cancelled", "--json"]) == 0
    assert said(capsys)[0]["balance"] == "-5.000000"
    correct = ["balance", "Acme", "--correct", "-2.5", "--reason", "a doubled top-up", "--json"]
    assert run(["--db", url, *correct]) == 0
    (found,) = said(capsys)
    assert (found["balance"], found["ledger_sum"], found["currency"]) == ("-7.500000", "-7.500000", "EUR")
    assert run(["--db", url, "balance", "Acme", "--entries", "1"]) == 0
    assert "a doubled top-up" in capsys.readouterr().out
    assert run(["--db", url, "db", "check"]) == 0


def test_packages_are_simulated_first_and_charged_once(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--db", url, "packages", "run", "--simulate", "--json"]) == 0
    assert [(one["amount"], one["state"]) for one in said(capsys)] == [("3.000000", "would be charged")]
    assert run(["--db", url, "packages", "run", "--json"]) == 0
    assert [one["state"] for one in said(capsys)] == ["charged"]
    assert run(["--db", url, "packages", "run", "--json"]) == 0
    assert said(capsys) == []


def test_an_invoice_is_made_listed_printed_sent_and_taken_back(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    period = ["--period", f"{YESTERDAY.date()}"]
    assert run(["--db", url, "packages", "run"]) == 0
    capsys.readouterr()
    assert run(["--db", url, "invoices", "make", *period, "--simulate", "--json"]) == 0
    assert [(one["number"], one["total"]) for one in said(capsys)] == [(None, "9.60")]
    assert run(["--db", url, "invoices", "make", *period, "--json"]) == 0
    (made,) = said(capsys)
    assert made["number"] == "INV-000001"
    assert {"customer", "date", "due", "net", "tax", "total", "currency", "status"} <= made.keys()
    assert run(["--db", url, "invoices", "make", "Acme", *period]) == 1
    assert "INV-000001 has days" in capsys.readouterr().err
    assert run(["--db", url, "invoices", "list", "--json"]) == 0
    assert [one["number"] for one in said(capsys)] == ["INV-000001"]
    file = tmp_path / "invoice.pdf"
    assert run(["--db", url, "invoices", "pdf", "INV-000001", str(file)]) == 0
    assert file.read_bytes().startswith(b"%PDF")
    capsys.readouterr()
    assert run(["--db", url, "invoices", "send", "INV-000001", "--json"]) == 0
    assert said(capsys) == [{"number": "INV-000001", "messages": 1}]
    assert run(["--db", url, "invoices", "credit", "INV-000001", "--reason", "goodwill", "--json"]) == 0
    assert said(capsys) == [{"number": "CN-000001"}]
    assert run(["--db", url, "invoices", "pdf", "INV-9", str(file)]) == 1
    assert "invoices list" in capsys.readouterr().err


def test_all_invoices_of_a_period_are_printed_as_they_are_made_or_later(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    period, folder = ["--period", f"{YESTERDAY.date()}"], tmp_path / "pdfs"
    making = ["--db", url, "invoices", "make", *period, "--pdf", str(folder)]
    assert run([*making, "--draft"]) == 2
    assert "leave --simulate or --draft away" in capsys.readouterr().err
    assert run([*making, "--json"]) == 0
    assert "1 PDFs" not in capsys.readouterr().err
    assert [one.name for one in folder.iterdir()] == ["INV-000001.pdf"]
    again = ["--db", url, "invoices", "pdfs", str(folder), *period, "--json"]
    assert run(again) == 0
    (found,) = said(capsys)
    assert (found["invoices"], found["printed"]) == (1, 0)
    assert run([*again, "--again"]) == 0
    (found,) = said(capsys)
    assert found["printed"] == 1
    assert found["bytes"] == (folder / "INV-000001.pdf").stat().st_size


def test_a_sample_shows_what_becomes_of_a_template(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def make() -> None:
        session = Session(connect(url), ANA)
        values = {"name": "Plain", "body": "Dear {{ customer.name }},", "footer": "VAT 1", "sender": "We"}
        await session.records_of["invoice-template"].create(values)
        await session.close()

    wait(make())
    file = tmp_path / "sample.pdf"
    assert run(["--db", url, "invoices", "sample", "Plain", str(file)]) == 0
    assert file.read_bytes().startswith(b"%PDF")
    assert run(["--db", url, "invoices", "sample", "Fancy", str(file)]) == 1
    assert 'no invoice template "Fancy"' in capsys.readouterr().err


def test_what_is_no_period_is_said_with_an_example(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--db", url, "invoices", "make", "--period", "June"]) == 2
    assert "2026-06" in capsys.readouterr().err
    future = f"{date.today() + timedelta(days=1)}"
    assert run(["--db", url, "invoices", "make", "Acme", "--period", future]) == 1
    assert "not over yet" in capsys.readouterr().err
