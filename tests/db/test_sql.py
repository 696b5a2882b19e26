"""SQL of an operator's own: views of all records can be read, nothing else can be done, and not for long."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cx_tui.db.engine import Database
from cx_tui.db.views import view_names
from cx_tui.errors import Refused
from cx_tui.services.read_only_sql import ask, distinct
from cx_tui.services.session import Session
from tests.db.sessions import ANA, add, add_contact


@pytest.fixture
async def session(database: Database) -> Session:
    """A customer with a contact and a SIP user."""
    session = Session(database, ANA)
    acme = await add(session, "Acme", debit_limit=Decimal("12.5"))
    await add_contact(session, acme.id, "Joe", email="joe@acme.example")
    return session


async def asked(session: Session, text: str, seconds: float = 10.0) -> list[dict[str, Any]]:
    """The answer, a dict a row."""
    titles: list[str] = []
    rows: list[Sequence[Any]] = []
    await ask(session.database, text, seconds, titles.extend, rows.append)
    return [dict(zip(titles, row, strict=True)) for row in rows]


async def test_views_have_names_and_plain_amounts_and_every_record_has_one(session: Session) -> None:
    (row,) = await asked(session, "SELECT name, debit_limit * 2 AS twice, contacts FROM v_customer;")
    assert (row["name"], float(row["twice"]), row["contacts"]) == ("Acme", 25.0, 1)
    assert await asked(session, "SELECT customer, name FROM v_contact") == [
        {"customer": "Acme", "name": "Joe"}
    ]
    for view in view_names():
        await asked(session, f"SELECT * FROM {view}")  # our names
    assert await asked(session, "SELECT count(*) AS n FROM v_contact, v_customer") == [{"n": 1}]


async def test_no_view_has_a_secret(session: Session) -> None:
    for view in ("v_contact", "v_sip_user", "v_ip"):
        titles: list[str] = []
        await ask(session.database, f"SELECT * FROM {view}", 10, titles.extend, lambda row: None)
        assert titles
        assert not {name for name in titles if "password" in name or "digest" in name}


@pytest.mark.parametrize(
    "text",
    ["DELETE FROM customer", "UPDATE customer SET name = 'x'", "DROP TABLE contact", "CREATE TABLE x (a int)",
     "INSERT INTO carrier (name) VALUES ('x')", "SELECT 1; DELETE FROM customer", "", "SELEC 1"],
)  # fmt: skip
async def test_nothing_can_be_changed(session: Session, text: str) -> None:
    with pytest.raises(Refused):
        await asked(session, text)
    assert await asked(session, "SELECT name FROM v_customer") == [{"name": "Acme"}]


async def test_what_takes_too_long_is_ended(session: Session) -> None:
    endless = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a"
    with pytest.raises(Refused, match=r"it took longer than 0.2 s and was ended"):
        await asked(session, endless, 0.2)


async def test_on_sqlite_tables_are_read_within_views_only(session: Session) -> None:
    if not session.database.on_sqlite:
        pytest.skip("PostgreSQL has privileges for that")
    for text in (
        "SELECT password_hash FROM contact", "SELECT * FROM sqlite_master", "ATTACH 'x.db' AS x",
        "PRAGMA query_only = OFF", "SELECT load_extension('x')",
    ):  # fmt: skip
        with pytest.raises(
            Refused, match=r"only views can be read|not authorized|no such function|only SELECT"
        ):
            await asked(session, text)
    with pytest.raises(Refused, match="too big"):
        await asked(session, "SELECT replace(hex(zeroblob(200000000)), '0', '11')", 0.3)


def test_columns_of_one_name_are_told_apart() -> None:
    assert distinct(["id", "id", "", "id"]) == ["id", "id_2", "column", "id_3"]


def test_the_docs_list_every_view() -> None:
    page = (Path(__file__).parents[2] / "docs" / "finding.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in (*view_names(), "v_call"))
