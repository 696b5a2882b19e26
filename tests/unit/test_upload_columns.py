"""A whole column is judged as its field's own parser judges each text: one parser, not two."""

from typing import Any

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from cx_tui.db.tables import customer
from cx_tui.domain.kinds import BadValue
from cx_tui.services.upload.columns import ColumnReader
from cx_tui.services.upload.formulas import harmless, restored
from cx_tui.services.upload.judged import folded
from cx_tui.services.upload.logged import json_of
from cx_tui.services.upload.order import upload_fields

FIELDS = upload_fields()
DIALECTS: dict[str, Any] = {
    name: make_url(f"{name}+{driver}://").get_dialect()()
    for name, driver in (("sqlite", "aiosqlite"), ("postgresql", "asyncpg"))
}

HOSTILE = st.sampled_from(
    [
        "", " ", "\t", "\xa0", "\x1c", "0", "-0", "+5", "007", "1e5", "1.2E+05", "4.47E+11", "1,200",
        "1,20", "1_000", "١٢٣", "nan", "INF", "0.0000005", "1.2345678", "1.10", "-1.5", "999999999999",
        "99999999999999999999", "-999999999999.999999", "100", "100.0001", "2147483648", "yes", "No",
        "TRUE", "x", "Active", "active ", "Pending Approval", "aktiv", "EUR", "eur", "Euro", "GB",
        "United Kingdom", "gb ", "retail, uk", "b a b", ",", "a@b.example", "a..b@c.example",
        "A@B.EXAMPLE", "http://x", "https://acme.example/a b", "HTTPS://ACME.example", "CDR=hide",
        "CDR=inherit", "always", "never", "Mon-Fri 09:00-17:30", "Europe/London", "europe/london",
        "a = \"b\"", "a = ", " a = 1", "x" * 120, "x" * 121, "é" * 120, "a\nb", "a\r\nb", "a\x00b", "�",
        "'=1", "say \"hi\"", "back\\slash", "\u200b", "a\xa0b", " both ", "~", "2026-11-21",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    HOSTILE,
    st.text(max_size=30),
    st.text("0123456789.,-+eE ", max_size=14),
    st.decimals(-(10**13), 10**13, allow_nan=False, places=7).map(str),
    st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", fullmatch=True),
    st.from_regex(r"[a-z0-9.%-]{1,8}@[a-z0-9-]{1,5}\.[a-z]{1,4}", fullmatch=True),
    st.from_regex(r"https?://[a-z0-9-]{1,5}\.[a-z]{1,4}(/[!-~]{0,5})?", fullmatch=True),
)


def parsed(name: str, text: str, reader: ColumnReader) -> tuple[Any, str | None, str | None]:
    """What the field itself makes of one text."""
    if not text.strip():
        return None, None, None
    try:
        value = FIELDS[name].parse(text)
    except BadValue as error:
        return None, None, str(error)
    return reader.stored(value), FIELDS[name].write(value), None


@pytest.mark.parametrize("dialect", list(DIALECTS))
@pytest.mark.parametrize("name", list(FIELDS))
@given(texts=st.lists(TEXTS, min_size=1, max_size=12))
@example(texts=["1", "1e5", "12.30"])
@example(texts=["1.2E+05", "1E+05", "12E45", " 4.47e11 ", "1,23e+15", "-1E-7", "A-1E+05"])
def test_a_column_is_read_as_its_field_reads_each_text(name: str, dialect: str, texts: list[str]) -> None:
    reader = ColumnReader(FIELDS[name], customer, DIALECTS[dialect])
    values = reader.read(pl.Series("0", [_storable(text) for text in texts], dtype=pl.String))
    found = list(zip(values.stored, values.texts, values.wrong, strict=True))
    wanted = [parsed(name, _storable(text), reader) for text in texts]
    assert [row[1:] for row in found] == [row[1:] for row in wanted]
    assert [_same(row[0]) for row in found] == [_same(row[0]) for row in wanted]


def _storable(text: str) -> str:
    """No file has half a character: a decoder would have refused it."""
    return text.encode("utf-8", "replace").decode()


def _same(stored: Any) -> Any:
    """PostgreSQL takes a number with idle zeros as the same."""
    try:
        return float(stored) if isinstance(stored, str) and "." in stored else stored
    except ValueError:
        return stored


@pytest.mark.parametrize("name", list(FIELDS))
def test_what_is_stored_is_what_the_table_itself_would_store(name: str) -> None:
    value = FIELDS[name].parse(FIELDS[name].kind.example or "") if FIELDS[name].kind.example else None
    value = FIELDS[name].empty() if value is None else value
    kind = customer.c[name].type.dialect_impl(DIALECTS["sqlite"])
    bind: Any = kind.bind_processor(DIALECTS["sqlite"]) or (lambda same: same)
    stored = ColumnReader(FIELDS[name], customer, DIALECTS["sqlite"]).stored(value)
    assert stored == (str(bind(value)) if isinstance(stored, str) else bind(value))


@given(st.lists(st.text(max_size=20), min_size=1))
def test_names_are_folded_as_they_are_compared(texts: list[str]) -> None:
    from cx_tui.domain.search import fold

    texts = [_storable(text) for text in texts]
    assert folded(pl.Series(texts)).to_list() == [fold(text) for text in texts]


@given(st.lists(st.tuples(st.none() | st.text(max_size=9), st.none() | st.text(max_size=9)), min_size=1))
def test_the_log_is_json_of_the_texts_that_are_there(rows: list[tuple[str | None, str | None]]) -> None:
    import json

    rows = [tuple(cell and _storable(cell) for cell in row) for row in rows]  # type: ignore[misc]
    columns = {
        name: pl.Series(name, [row[place] for row in rows], dtype=pl.String)
        for place, name in enumerate(("name", "city"))
    }
    wanted = [
        {name: cell for name, cell in zip(columns, row, strict=True) if cell is not None} for row in rows
    ]
    assert [json.loads(text) for text in json_of(columns)] == wanted


@given(st.lists(st.text(max_size=6) | st.sampled_from(["=1+1", "'=1", "''@x", "-5.00", "-5a", "+44", "'"])))
def test_a_formula_made_harmless_comes_back_as_it_was(texts: list[str]) -> None:
    texts = [_storable(text) for text in texts]
    made = pl.select(harmless(pl.lit(pl.Series(texts, dtype=pl.String)))).to_series()
    assert restored(made).to_list() == texts
    assert not any(text[:1] in ("=", "@", "+") for text in made)
