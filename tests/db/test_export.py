"""What is exported can be uploaded again without a change, in every form that an upload reads."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import polars as pl
import pytest

from cx_tui.db.engine import Database
from cx_tui.domain.query import Query, StatusFilter
from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.export import exporting, writers
from cx_tui.services.export.exporting import Export, write_template
from cx_tui.services.session import Session
from cx_tui.services.upload.order import upload_fields
from tests.conftest import opened
from tests.db.sessions import ANA, add
from tests.db.uploads import uploaded


@pytest.fixture
def session(database: Database) -> Session:
    return Session(database, ANA)


@pytest.fixture
async def world_office(kind: str, world_of: Callable[[str], str]) -> AsyncIterator[Session]:
    """The world of 3,000 customers, read only."""
    async with opened(world_of(kind)) as database:
        yield Session(database, ANA)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "parquet"])
async def test_what_was_exported_is_unchanged_in_every_row(
    world_office: Session, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"all.{ending}"
    count = await Export(world_office).of_query(path, Query())
    done = await uploaded(world_office, path, dry_run=True)
    assert count == 3_000
    assert {row for row in done.rows if row[1] != "unchanged"} == set()
    assert len(done.rows) == 3_000
    assert path.stat().st_mode & 0o777 == 0o600


async def test_formulas_are_harmless_in_the_file_and_the_same_afterwards(
    session: Session, tmp_path: Path
) -> None:
    for name in ("=SUM(A1)", "+44 Ltd", "-5", "@home", "'=quoted", "plain"):
        await add(session, name, public_notes='=HYPERLINK("x")\nsecond line')
    await Export(session).of_query(tmp_path / "f.csv", Query())
    names = pl.read_csv(tmp_path / "f.csv", infer_schema=False)["Name"].to_list()
    assert sorted(names) == ["''=quoted", "'+44 Ltd", "'=SUM(A1)", "'@home", "-5", "plain"]
    assert set((await uploaded(session, tmp_path / "f.csv")).verdicts) == {"unchanged"}
    await Export(session).of_query(tmp_path / "f.xlsx", Query())
    assert set((await uploaded(session, tmp_path / "f.xlsx")).verdicts) == {"unchanged"}


async def test_only_those_are_exported_that_are_asked_for_in_their_order(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "SLICE", 2)
    ids = [(await add(session, f"Acme {name}")).id for name in "cabed"]
    await add(session, "Other")
    export = Export(session)
    query = Query(search="acme", status=StatusFilter.PENDING_APPROVAL)
    assert await export.of_query(tmp_path / "q.json", query) == 5
    read = json.loads((tmp_path / "q.json").read_text())
    assert [row["name"] for row in read] == [f"Acme {name}" for name in "abcde"]
    assert await export.of_ids(tmp_path / "i.parquet", "customer", [ids[4], ids[0], 999]) == 2
    frame = pl.read_parquet(tmp_path / "i.parquet")
    assert (frame.columns, frame["name"].to_list()) == (list(upload_fields()), ["Acme d", "Acme c"])
    assert hidden(tmp_path) == []


def hidden(folder: Path) -> list[str]:
    """What is left of files that were being written."""
    return [file.name for file in folder.iterdir() if file.name.startswith(".")]


@pytest.mark.parametrize("ending", list(writers.WRITERS))
async def test_of_nobody_there_is_a_file_without_rows(session: Session, tmp_path: Path, ending: str) -> None:
    assert await Export(session).of_query(tmp_path / f"none{ending}", Query()) == 0
    assert (tmp_path / f"none{ending}").exists()


async def test_an_ending_that_is_not_known_is_refused(session: Session, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"must end with .csv, .xlsx, .parquet, .json"):
        await Export(session).of_query(tmp_path / "a.pdf", Query())


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "parquet"])
async def test_the_template_can_be_uploaded_as_it_is(session: Session, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"template.{ending}"
    write_template(path)
    done = await uploaded(session, path)
    assert done.verdicts == ["create"]
    assert (await uploaded(session, path)).verdicts == ["unchanged"]


async def test_a_text_that_no_cell_of_a_spreadsheet_holds_is_refused_and_not_lost(
    session: Session, tmp_path: Path
) -> None:
    await add(session, "Long", toml="a = 1")
    await add(session, "Longer", toml="\n".join(f"key{n} = 1" for n in range(4_000)))
    with pytest.raises(CxError, match="TOML variables has a text of more than 32,767 characters"):
        await Export(session).of_query(tmp_path / "a.xlsx", Query())
    assert hidden(tmp_path) == []


async def test_texts_that_xml_can_not_hold_come_back_from_a_spreadsheet(
    session: Session, tmp_path: Path
) -> None:
    await add(session, "<a> & b", public_notes="two\n lines _x0041_ ]]> \t end", city="é 東京 😀")
    path = tmp_path / "a.xlsx"
    await Export(session).of_query(path, Query())
    assert (await uploaded(session, path)).verdicts == ["unchanged"]
