"""Files of the records of a card: uploaded for the customer whose card it is, and written again."""

import csv
import shutil
from pathlib import Path

import pytest

from cx_tui.screens.exporting.export_screen import ExportScreen
from cx_tui.screens.upload import UploadScreen
from tests.db.sessions import add
from tests.pilot.driver import opened
from tests.pilot.history import session_of
from tests.pilot.test_upload import Uploading
from widgets.grid import Grid

PEOPLE = "Name,E-mail,Type\nAna Lopez,ana@acme.example,NOC\n,nobody@acme.example,NOC\nJoe Doe,,Billing\n"


@pytest.fixture
async def url(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with one customer."""
    for name in ("STATE", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    url = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'own.db')}"
    async with session_of(url) as session:
        await add(session, "Acme")
    return url


async def test_contacts_of_a_file_become_the_customers_and_are_written_into_another(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE)
    async with opened(url) as cx:
        await cx.do("customers.contacts")
        await cx.shows("There are no contacts here yet.")
        await cx.do("list.upload")
        await cx.until(lambda: isinstance(cx.screen, UploadScreen), "the upload")
        up = Uploading(cx)
        await up.pick(tmp_path / "people.csv")
        await up.read()
        await cx.shows("Upload contacts")
        assert up.fields().split() == ["→", "Name", "→", "E-mail", "→", "Type"]
        await up.check()
        await cx.until(lambda: up.listed("why") == ["Name is required for a new contact"], "the verdicts")
        await up.ask()
        await cx.shows("Create 2 contacts; 1 row is rejected")
        await up.agree()
        await cx.do("upload.back")
        await cx.until(lambda: not isinstance(cx.screen, UploadScreen), "the contacts")
        await cx.until(lambda: cx.screen.query(Grid).first().rows.total == 2, "two contacts")
        await cx.shows("Ana Lopez")

        await cx.do("list.export")
        await cx.until(lambda: isinstance(cx.screen, ExportScreen), "the export")
        await cx.shows("all 2 contacts of this customer")
        screen = cx.screen
        assert isinstance(screen, ExportScreen)
        assert "/contacts-" in screen.picker.text
        screen.picker.put(str(tmp_path / "again.csv"))
        await cx.do("path.take")
        await cx.says("2 contacts are in")
        cx.app.exit()
    with (tmp_path / "again.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [(row["Customer"], row["Name"]) for row in rows] == [("Acme", "Ana Lopez"), ("Acme", "Joe Doe")]
