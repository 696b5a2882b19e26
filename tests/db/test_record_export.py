"""Records of any kind are exported: the owner first, references by name, secrets never."""

from pathlib import Path

import polars as pl
import pytest

from cx_tui.db.engine import Database
from cx_tui.domain.query import Query
from cx_tui.domain.records import every_record
from cx_tui.domain.sheet_fields import sheet_fields
from cx_tui.services.export.exporting import Export, write_template
from cx_tui.services.session import Session
from tests.db.sessions import ANA, add


@pytest.fixture
def session(database: Database) -> Session:
    return Session(database, ANA)


async def exported(session: Session, path: Path, record: str) -> list[dict[str, str]]:
    """The rows of an export."""
    await Export(session).of_query(path, Query(record=record, sort=()))
    return pl.read_csv(path, infer_schema=False).fill_null("").to_dicts()


async def make(session: Session, record: str, **values: object) -> int:
    """The number of a new record."""
    return int((await session.records_of[record].create(values)).record.id)


async def test_the_owner_and_what_is_referred_to_stand_there_by_their_names(
    session: Session, tmp_path: Path
) -> None:
    acme = await add(session, "Acme")
    card = await make(session, "rate-card", name="Retail EUR", currency="EUR")
    north = await make(session, "carrier", name="Northern")
    comma = await make(session, "carrier", name="East, West & Co")
    await make(session, "route", customer_id=acme.id, rate_card=card, lock_carriers=(comma, north))
    (row,) = await exported(session, tmp_path / "routes.csv", "route")
    assert next(iter(row)) == "Customer"
    assert (row["Customer"], row["Rate card"], row["Prefix set"]) == ("Acme", "Retail EUR", "")
    assert row["Lock carriers"] == f"#{comma}, Northern"


async def test_a_name_that_several_records_of_a_customer_have_becomes_a_number(
    session: Session, tmp_path: Path
) -> None:
    acme, globex = await add(session, "Acme"), await add(session, "Globex")
    twice = [await make(session, "ip", customer_id=acme.id, address="192.0.2.1") for _ in range(2)]
    alone = await make(session, "ip", customer_id=globex.id, address="192.0.2.1")
    for whose, address in ((acme.id, twice[0]), (globex.id, alone)):
        await make(session, "rewrite", customer_id=whose, ip=address, current="0", new="44")
    rows = await exported(session, tmp_path / "rules.csv", "rewrite")
    assert [row["IP authentication"] for row in rows] == [f"#{twice[0]}", "192.0.2.1"]


def test_no_file_has_a_secret_and_every_template_has_all_columns(tmp_path: Path) -> None:
    for record in every_record():
        name = record.declared.name
        assert not {"password", "password_hash", "voicemail_pin"} & set(sheet_fields(name))
        if record.declared.uploads:
            write_template(tmp_path / f"{name}.json", name)
            (row,) = pl.read_json(tmp_path / f"{name}.json").to_dicts()
            assert set(row) == set(sheet_fields(name))
            assert all(row[one] for one, field in sheet_fields(name).items() if field.required)
