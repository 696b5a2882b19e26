"""Invoices are printed by processes of their own: the same bytes, whole files, whoever of them is killed."""

from dataclasses import replace
from datetime import date
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from cx_tui.db.calls.storing import store
from cx_tui.db.engine import Database
from cx_tui.domain.money.invoicing import period_of
from cx_tui.domain.records.company import InvoiceTemplate
from cx_tui.errors import CxError
from cx_tui.services.money.printers import printers
from cx_tui.services.money.printing import pdf_of
from cx_tui.services.money.printing_many import PrintingMany
from cx_tui.services.session import Session
from tests.calls.made import NOON, a_call, priced
from tests.conftest import opened
from tests.db.sessions import ANA, add

JUNE, IN_JULY = period_of("2026-06"), date(2026, 7, 2)


async def ring(session: Session, customers: int) -> None:
    """So many customers with a call each."""
    for number in range(customers):
        of = (await add(session, f"Customer {number}")).id
        async with session.database.writing() as connection:
            call = a_call(f"{of}", customer=of, at=NOON, talk=600, dialled="44")
            await store(connection, [call], priced)


async def test_what_is_printed_beside_is_the_same_and_is_printed_once(
    database: Database, tmp_path: Path
) -> None:
    session, folder = Session(database, ANA), tmp_path / "new" / "pdfs"
    await ring(session, 30)
    body = {"name": "Usual", "body": "Dear {{ customer.name }} of {{ customer.city }},", "series": "R/"}
    await session.records_of["invoice-template"].create(body)
    bills = session.money.invoices
    async with PrintingMany(bills, folder) as printing:
        async for one in bills.make_all(JUNE, IN_JULY):
            assert one.invoice_id is not None
            await printing.add(one.invoice_id)
    files = sorted(folder.iterdir())
    assert [one.name for one in files] == [f"R-{number:06}.pdf" for number in range(1, 31)]
    for number in (1, 30):
        document = await bills.document(f"R/{number:06}")
        assert files[number - 1].read_bytes() == pdf_of(document)
    files[3].unlink()
    async with PrintingMany(bills, folder, again=False) as printing:
        for of in await bills.of_period(JUNE):
            await printing.add(of)
    assert printing.printed == 1
    assert sorted(folder.iterdir()) == files
    assert active_children() == []


async def test_one_that_is_killed_is_begun_anew(empty_url: str, tmp_path: Path) -> None:
    documents, folder = await printed(empty_url), tmp_path / "pdfs"
    folder.mkdir()
    async with printers(1) as some:
        size = await some.do(documents, folder)
        for one in active_children():
            one.kill()
            one.join()
        assert await some.do(documents, folder) == size > 1000
    assert names_in(folder) == ["INV-000001.pdf"]


async def test_what_can_not_be_printed_is_told_and_the_next_one_is(empty_url: str, tmp_path: Path) -> None:
    (document,) = await printed(empty_url)
    same: dict[str, Any] = {"id": 1, "created_at": NOON, "changed_at": NOON}
    wrong = InvoiceTemplate(**same, name="Wrong", body="{{ customer.nothing }}")
    async with printers(1) as some:
        with pytest.raises(CxError, match=r"has a field customer\.nothing"):
            await some.do([replace(document, template=wrong)], tmp_path)
        with pytest.raises(CxError, match="can't be written: No such file"):
            await some.do([document], tmp_path / "nowhere")
        assert await some.do([document], tmp_path)


def names_in(folder: Path) -> list[str]:
    """What is in a folder, hidden files too."""
    return sorted(one.name for one in folder.iterdir())


async def printed(url: str) -> list[Any]:
    """What is printed of an invoice."""
    async with opened(url) as database:
        session = Session(database, ANA)
        await ring(session, 1)
        made = await session.money.invoices.make(1, JUNE, IN_JULY)
        assert made.invoice_id is not None
        return await session.money.invoices.documents([made.invoice_id])
