"""Uploads on both databases: what each row becomes, what is written, and that it can be undone."""

import csv
import json
from contextlib import ExitStack
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select, text

from cx_tui.db.engine import Database
from cx_tui.db.tables import customer
from cx_tui.domain.history import Act
from cx_tui.domain.records.customer import Status
from cx_tui.domain.week import Week
from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.session import Session
from cx_tui.services.upload.order import HowToRead, Mode, Order, Verdict
from cx_tui.services.upload.reading import read
from cx_tui.services.upload.uploading import Listener, Upload
from cx_tui.services.upload.verdicts import VerdictWriter
from tests.db.sessions import ANA, add, everything_follows, found, last, noted, scalar
from tests.db.uploads import file_of, uploaded


@pytest.fixture
def session(database: Database) -> Session:
    return Session(database, ANA)


@pytest.fixture(params=["few rows at once", "all at once"])
def _in_parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file is worked on as a large one is."""
    if request.param == "few rows at once":
        monkeypatch.setattr("cx_tui.services.upload.reading.SLICE", 2)


async def customers(session: Session) -> dict[str, dict[str, object]]:
    """All customers who are there, by name."""
    async with session.database.reading() as connection:
        rows = await connection.execute(select(customer).where(customer.c.deleted_at.is_(None)))
        return {row.name: row._asdict() for row in rows}


@pytest.mark.usefixtures("_in_parts")
async def test_new_customers_are_as_if_typed_one_by_one(session: Session, tmp_path: Path) -> None:
    await add(session, "Old")
    path = file_of(
        tmp_path / "new.csv",
        """
        Name,Channels,Status,Credit limit,Tax %,Currency,Tags,External id,Areas,Hours,Daily cap,verify_email
        Acme,120,active,"1,234.50",20,eur,"b, a",007,CDR=hide,Mon-Fri 09:00-17:30,0.000001,yes
        Größe,,,,,USD,,,,,,
        "Say ""hi"" \\ there",0,Penalty,-5,0.125,GBP,x,Acme,,never,,no
        """,
    )
    done = await uploaded(session, path)
    assert done.verdicts == ["create"] * 3
    made = await customers(session)
    acme, plain = made["Acme"], made["Größe"]
    assert (acme["channels"], acme["status"], acme["currency"]) == (120, Status.ACTIVE, "EUR")
    assert (acme["debit_limit"], acme["daily_limit"]) == (Decimal("1234.5"), Decimal("0.000001"))
    assert (acme["tags"], acme["external_id"], acme["portal_areas"]) == (("a", "b"), "007", {"CDR": "hide"})
    assert (acme["verify_email"], acme["pending"], plain["pending"]) == (True, True, False)
    assert (plain["status"], plain["invoice_due_days"], plain["portal"]) == (
        Status.PENDING_APPROVAL,
        14,
        True,
    )
    assert (plain["allowed_times"], made['Say "hi" \\ there']["allowed_times"]) == (None, Week())
    assert (plain["version"], plain["created_at"]) == (1, acme["created_at"])
    await everything_follows(session.database)
    assert await found(session, "grös") == await found(session, "GRÖSSE") != []
    later = await add(session, "Later")
    assert later.id > max(int(str(one["id"])) for one in made.values())


@pytest.mark.usefixtures("_in_parts")
async def test_each_row_has_its_verdict_and_no_bad_row_stops_a_good_one(
    session: Session, tmp_path: Path
) -> None:
    await add(session, "Same", channels=5, currency="EUR")
    await add(session, "Change", channels=5, city="Bonn", external_id="X1")
    path = file_of(
        tmp_path / "mixed.csv",
        """
        Name,Channels,Currency,City,External id
        same,5,EUR,,
        Change,6,,Bonn,
        New,7,EUR,Ulm,
        NEW,8,EUR,Ulm,
        Change,9,,,
        Other,1e3,EUR,,
        Same,5,USD,,
        ,1,EUR,,
        Renamed,,,,X1
        Nothing,1,,,
        Short,1
        Good,1,EUR,,
        """,
    )
    done = await uploaded(session, path)
    assert done.rows == [
        (2, "update", None, "Name"),
        (3, "update", None, "Channels"),
        (4, "create", None, None),
        (5, "duplicate", "the same customer as in line 4", None),
        (6, "duplicate", "the same customer as in line 3", "Channels"),
        (7, "error", 'Channels: "1e3" is in scientific notation; write all of its digits', None),
        (8, "error", "Currency: it is EUR and can't be changed; write that, or leave it empty", "Currency"),
        (9, "error", "Name is required for a new customer", None),
        (10, "duplicate", "the same customer as in line 3", "Name"),
        (11, "error", "Currency is required for a new customer", None),
        (12, "error", "it has 2 cells, the header has 5", None),
        (13, "create", None, None),
    ]
    made = await customers(session)
    assert sorted(made) == ["Change", "Good", "New", "same"]
    assert (made["Change"]["channels"], made["Change"]["city"]) == (6, "Bonn")
    assert made["same"]["version"] == 2
    await everything_follows(session.database)


async def test_the_same_upload_twice_changes_nothing(session: Session, tmp_path: Path) -> None:
    path = file_of(
        tmp_path / "twice.csv",
        """
        Name,Currency,Debit limit,Tags,Portal areas,Status,Allowed times,Country,Tax %
        Acme,EUR,10.5,"b a",Rates=show;CDR=hide,Active,Sat 10:00-14:00; Mon-Fri 09:00-17:30,Germany,7.50
        """.replace("Sat 10:00-14:00; Mon-Fri", "Mon-Fri"),
    )
    assert (await uploaded(session, path)).verdicts == ["create"]
    before = await noted(session.database)
    again = await uploaded(session, path)
    assert again.verdicts == ["unchanged"]
    assert again.summary.put.operation_id is None
    assert await noted(session.database) == before


async def test_an_empty_cell_leaves_the_value_as_it_is(session: Session, tmp_path: Path) -> None:
    await add(session, "Acme", city="Bonn", daily_limit=Decimal(5), allowed_times=Week())
    path = file_of(
        tmp_path / "empty.csv", "Name,City,Daily spend limit,Allowed times,Status\nACME,,,always,\n"
    )
    done = await uploaded(session, path, Mode.UPDATE)
    assert done.rows == [(2, "update", None, "Name, Allowed times")]
    made = (await customers(session))["ACME"]
    assert (made["city"], made["daily_limit"], made["allowed_times"]) == ("Bonn", Decimal(5), None)
    await everything_follows(session.database)


@pytest.mark.parametrize(
    ("mode", "verdicts", "why"),
    [
        (Mode.CREATE, ["error", "create"], "a customer with this name or external id exists already"),
        (Mode.UPDATE, ["update", "error"], "there is no such customer to update"),
        (Mode.BOTH, ["update", "create"], None),
    ],
)
async def test_a_mode_says_what_may_be_done(
    session: Session, tmp_path: Path, mode: Mode, verdicts: list[str], why: str | None
) -> None:
    await add(session, "Old")
    done = await uploaded(
        session, file_of(tmp_path / "m.csv", "Name,Currency,City\nOld,,Bonn\nNew,EUR,Ulm"), mode
    )
    assert done.verdicts == verdicts
    assert why in [row[2] for row in done.rows]


async def test_customers_are_found_by_external_id_when_nobody_has_the_name(
    session: Session, tmp_path: Path
) -> None:
    await add(session, "One", external_id="1")
    await add(session, "Two", external_id="2")
    await add(session, "Twin", external_id="2")
    text = "Name,External id,Currency\nOne renamed,1,\nTwo,1,\nNobody,2,\nX,3,"
    done = await uploaded(session, file_of(tmp_path / "ids.csv", text))
    required = "Currency is required for a new customer"
    assert done.rows == [
        (2, "update", None, "Name"),
        (3, "update", None, "External id"),
        (4, "error", required, None),
        (5, "error", required, None),
    ]
    alone = await uploaded(
        session, file_of(tmp_path / "alone.csv", "External id,City\n3,Bonn\n1,Ulm\n"), Mode.UPDATE
    )
    assert [row[1] for row in alone.rows] == ["error", "error"]


@pytest.mark.usefixtures("_in_parts")
async def test_external_ids_are_found_whatever_is_in_them(session: Session, tmp_path: Path) -> None:
    odd = ('a"b', "c\\d", "é\U0001f600", "[1]", "null", "0", "'; --")
    for number, external_id in enumerate(odd):
        await add(session, f"Old {number}", external_id=external_id)
    gone = await add(session, "Gone", external_id="gone")
    await session.bulk.delete([gone.id])
    rows = [("External id", "City"), *((external_id, "Ulm") for external_id in (*odd, "gone"))]
    with (tmp_path / "odd.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    done = await uploaded(session, tmp_path / "odd.csv", Mode.UPDATE)
    assert done.verdicts == ["update"] * len(odd) + ["error"]
    assert [one["city"] for one in (await customers(session)).values()] == ["Ulm"] * len(odd)


@pytest.mark.usefixtures("_in_parts")
async def test_two_rows_never_get_the_same_name(session: Session, tmp_path: Path) -> None:
    for number in (1, 2):
        await add(session, f"Old {number}", external_id=f"E{number}")
    text = "Name,External id,Currency\nNew,E1,\nNEW,E2,\nOld 1,,EUR\nOld 2,,EUR\n"
    done = await uploaded(session, file_of(tmp_path / "names.csv", text))
    assert [row[1:3] for row in done.rows] == [
        ("update", None),
        ("duplicate", "the same customer as in line 2"),
        ("duplicate", "the same customer as in line 2"),
        ("unchanged", None),
    ]


async def test_an_upload_is_one_operation_and_is_undone_as_a_whole(session: Session, tmp_path: Path) -> None:
    await add(session, "Old", city="Bonn", tags=("a",))
    text = "Name,City,Tags,Currency\nOld,Ulm,b,\n" + "".join(f"New {n},Ulm,b,EUR\n" for n in range(30))
    done = await uploaded(session, file_of(tmp_path / "undo.csv", text))
    operation, changes = await last(session)
    content = (tmp_path / "undo.csv").read_bytes()
    about = f"{len(content):,} bytes, SHA-256 {sha256(content).hexdigest()[:16]}"
    assert (operation.act, operation.records, operation.title) == (
        Act.UPLOAD, 31,
        f"undo.csv: 30 new, 1 changed; {about}, columns 1=name 2=city 3=tags 4=currency",
    )  # fmt: skip
    assert operation.who == ANA.name
    changed = next(change for change in changes if change.act is Act.UPDATE)
    assert (changed.before, changed.after) == (
        {"city": "Bonn", "tags": "a"},
        {"city": "Ulm", "tags": "b"},
    )
    assert done.summary.put.operation_id == operation.id
    undone = await session.log.undo(operation.id)
    assert (undone.records, undone.refused) == (31, 0)
    made = await customers(session)
    assert (list(made), made["Old"]["city"], made["Old"]["tags"]) == (["Old"], "Bonn", ("a",))
    await everything_follows(session.database)


async def test_names_that_an_upload_changed_are_given_back_and_found_again(
    session: Session, tmp_path: Path
) -> None:
    for number in range(20):
        await add(session, f"Old {number}", external_id=f"E{number}")
    rows = "".join(f"E{number},New {number}\n" for number in range(20))
    await uploaded(session, file_of(tmp_path / "names.csv", f"External id,Name\n{rows}"))
    operation, _ = await last(session)
    assert (await session.log.undo(operation.id)).records == 20
    assert set(await customers(session)) == {f"Old {number}" for number in range(20)}
    await everything_follows(session.database)


async def test_a_dry_run_says_the_same_and_writes_nothing(session: Session, tmp_path: Path) -> None:
    await add(session, "Old")
    path = file_of(tmp_path / "dry.csv", "Name,Currency,City\nOld,,Bonn\nNew,EUR,\nNew,EUR,\nBad,XXX,")
    before = await noted(session.database)
    dry = await uploaded(session, path, dry_run=True)
    assert await noted(session.database) == before
    assert (await uploaded(session, path)).rows == dry.rows


async def test_all_or_nothing_is_nothing_when_a_row_is_rejected(session: Session, tmp_path: Path) -> None:
    path = file_of(tmp_path / "all.csv", "Name,Currency\nGood,EUR\nBad,XXX\nFine,EUR\n")
    done = await uploaded(session, path, all_or_nothing=True)
    assert (done.verdicts, done.summary.written) == (["create", "error", "create"], False)
    assert await customers(session) == {}
    assert await noted(session.database) == (0, 0, 0)
    file_of(path, "Name,Currency\nGood,EUR\nFine,EUR\n")
    assert (await uploaded(session, path, all_or_nothing=True)).summary.written


@pytest.mark.usefixtures("_in_parts")
async def test_verdicts_are_of_customers_as_they_were_before(session: Session, tmp_path: Path) -> None:
    """A name that an earlier row gives up is not free yet: a dry run could not know that it will be."""
    await add(session, "Old", external_id="X1")
    rows = "".join(f"Filler {n},EUR,\n" for n in range(9))
    path = file_of(tmp_path / "rename.csv", f"Name,Currency,External id\nNew,,X1\n{rows}Old,EUR,\n")
    dry = await uploaded(session, path, dry_run=True)
    assert dry.verdicts == ["update", *["create"] * 9, "duplicate"]
    assert (await uploaded(session, path)).verdicts == dry.verdicts
    assert "New" in await customers(session)


async def test_a_row_that_can_not_be_written_turns_everything_back(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else takes the name between the verdict and the writing."""
    path = file_of(tmp_path / "taken.csv", "Name,Currency\nFirst,EUR\nTaken,EUR\n")

    async def nobody(existing: object, rows: pl.DataFrame) -> pl.DataFrame:
        return rows.with_columns(pl.lit(None, dtype=pl.Int64).alias("id"))

    await add(session, "Taken")
    monkeypatch.setattr("cx_tui.services.upload.existing.Existing.find", nobody)
    with pytest.raises(CxError, match="another customer has this name"):
        await uploaded(session, path)
    assert list(await customers(session)) == ["Taken"]
    assert (await noted(session.database))[0] == 1


async def test_rejected_rows_keep_their_form_and_corrected_they_just_work(
    session: Session, tmp_path: Path
) -> None:
    path, rejects = tmp_path / "in.csv", tmp_path / "rejects.csv"
    path.write_bytes('Nr;Name;Currency\n1;Größe;EUR\n2;Bad;XXX\n3;"Two\nlines;x";EUR\n4;S\n'.encode("utf-16"))
    done = await uploaded(session, path, rejects=rejects)
    assert done.summary.rejected == 3
    text = rejects.read_text("utf-16")
    assert text.splitlines()[:2] == [
        "Nr;Name;Currency;line;reason",
        '2;Bad;XXX;3;"Currency: there is no currency ""XXX""; write it like USD or US Dollar"',
    ]
    rejects.write_text(
        text.replace("XXX", "EUR").replace("Two\nlines;x", "Two").replace("4;S;", "4;S;EUR"), "utf-16"
    )
    again = await uploaded(session, rejects, rejects=tmp_path / "none.csv")
    assert again.verdicts == ["create"] * 3
    assert (tmp_path / "none.csv").read_text("utf-16") == "Nr;Name;Currency;line;reason\n"
    assert sorted(await customers(session)) == ["Bad", "Größe", "S", "Two"]


async def test_a_row_that_is_too_long_loses_nothing_when_it_is_rejected(
    session: Session, tmp_path: Path
) -> None:
    path = file_of(tmp_path / "long.csv", "Name,Currency\nA,EUR,more,and more\n")
    await uploaded(session, path, rejects=tmp_path / "r.csv")
    written = (tmp_path / "r.csv").read_text().splitlines()[1]
    assert written == 'A,EUR,2,"it has 4 cells, the header has 2",more,and more'


async def test_what_stands_above_the_header_stands_above_it_again(session: Session, tmp_path: Path) -> None:
    path = file_of(tmp_path / "above.csv", "Report of May\nName,Currency\nA,XXX\n")
    how = HowToRead(start_row=2)
    await uploaded(session, path, how=how, rejects=tmp_path / "r.csv")
    (tmp_path / "r.csv").write_text((tmp_path / "r.csv").read_text().replace("XXX", "EUR"))
    assert (await uploaded(session, tmp_path / "r.csv", how=how)).verdicts == ["create"]


async def test_lost_leading_zeros_are_warned_of(session: Session, tmp_path: Path) -> None:
    rows = [["Name", "Currency", "External id"], *([f"C{n}", "EUR", f"{10_000 + n}"] for n in range(20))]
    rows[7][2] = "1234"
    done = await uploaded(session, file_of(tmp_path / "z.csv", rows))
    assert done.summary.counts[Verdict.CREATE] == 20
    assert done.warnings == {
        8: "External id: it has one digit less than the others; a leading zero may be lost"
    }


async def test_what_a_spreadsheet_may_have_rounded_is_warned_of(session: Session, tmp_path: Path) -> None:
    rounded = "a spreadsheet keeps 15 digits of a number; the last ones may be lost"
    shares = "it is less than 1 %; a spreadsheet may have written 20 % as 0.2"
    path = file_of(
        tmp_path / "excel.csv",
        """
        Name,Currency,External id,Tax %
        Typed,EUR,1234567890123450000,0.2
        As a float,EUR,1234567890123450112,0
        Short,EUR,123456789012345,0.19
        No number,EUR,A12345678901234560,
        """,
    )
    assert (await uploaded(session, path, dry_run=True)).warnings == {
        2: f"External id: {rounded}; Tax %: {shares}",
        3: f"External id: {rounded}",
        4: f"Tax %: {shares}",
    }
    file_of(
        path, "Name,Currency,External id,Tax %\nA,EUR,1234567890123450000,20\nB,EUR,1234567890123456789,0.2\n"
    )
    assert (await uploaded(session, path, dry_run=True)).warnings == {}


async def test_scientific_notation_is_an_error_of_digits_that_are_no_number_too(
    session: Session, tmp_path: Path
) -> None:
    await add(session, "Known", external_id="4.47E+11")
    path = file_of(
        tmp_path / "sci.csv",
        """
        Name,Currency,External id,Postcode,Public notes
        Lost,EUR,4.47E+11,1.2E+05,
        Comma,EUR,"1,23e+15",,
        Code,EUR,12E45,1E5,1.2E+05
        Known,,4.47E+11,,
        """,
    )
    said = "is in scientific notation; write all of its digits"
    assert [row[:3] for row in (await uploaded(session, path)).rows] == [
        (2, "error", f'External id: "4.47E+11" {said}; Postcode: "1.2E+05" {said}'),
        (3, "error", f'External id: "1,23e+15" {said}'),
        (4, "create", None),
        (5, "unchanged", None),
    ]


async def test_scientific_notation_is_warned_of_where_it_may_be_meant(
    session: Session, tmp_path: Path
) -> None:
    path = file_of(
        tmp_path / "sci.csv",
        """
        Name,Currency,External id,City,Tags,Public notes
        4.47E+11,EUR,,,,
        Bolt,EUR,1e5,1E+05,1E5,1.5e3
        Fine,EUR,12-E4,E5,e5 1,about 1e5 calls
        Known,EUR,1E+05,,,
        """,
    )
    shortened = "it is in scientific notation; a spreadsheet may have lost digits of a number"
    assert (await uploaded(session, path, dry_run=True)).warnings == {
        2: f"Name: {shortened}",
        3: "; ".join(f"{label}: {shortened}" for label in ("External id", "City", "Tags", "Public notes")),
    }


async def test_rejected_rows_never_go_into_the_file_itself(session: Session, tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.csv", "Name,Currency\nA,EUR\n")
    with pytest.raises(CxError, match="can't be written into the file itself"):
        await uploaded(session, path, rejects=path)
    with pytest.raises(Misconfigured, match="no column is mapped to Name"):
        await uploaded(session, file_of(tmp_path / "b.csv", "x\ny\n"))


async def test_deleted_customers_are_not_there(session: Session, tmp_path: Path) -> None:
    gone = await add(session, "Gone", external_id="7")
    await session.records.delete(gone.id)
    path = file_of(tmp_path / "gone.csv", "Name,Currency,External id\nGone,EUR,7\n")
    assert (await uploaded(session, path)).verdicts == ["create"]


SHAPE = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'",
    "postgresql": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes"
    " UNION ALL SELECT table_name, column_name, column_default FROM information_schema.columns",
}


async def shape(session: Session, kind: str) -> set[tuple[str, ...]]:
    """The indexes, keys and triggers of all tables, and what columns have by default."""
    async with session.database.reading() as connection:
        return {tuple(row) for row in await connection.execute(text(SHAPE[kind]))}


async def test_a_large_first_upload_is_as_a_small_one(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Without indexes, search and, when nobody else is there, SQLite's log."""
    monkeypatch.setattr("cx_tui.services.upload.uploading.LARGE", 10)
    rows = [["Name", "Currency", "Tags"], *([f"C {n:03}", "EUR", "x"] for n in range(300))]
    before = await shape(session, kind)
    done = await uploaded(session, file_of(tmp_path / "large.csv", rows))
    assert done.summary.put.created == 300
    assert await shape(session, kind) == before
    await everything_follows(session.database)
    assert len(await found(session, "c 1")) == 100
    if kind == "sqlite":
        assert await scalar(session.database, "PRAGMA journal_mode") == "wal"
        assert await scalar(session.database, "PRAGMA quick_check") == "ok"
    more = [["Name", "Currency"], *([f"D {n:03}", "EUR"] for n in range(30))]
    await uploaded(session, file_of(tmp_path / "more.csv", more))
    assert len(await found(session, "d 01")) == 10
    renamed = [["Name", "External id"], ["C 001", "renamed-1"]]
    await uploaded(session, file_of(tmp_path / "again.csv", renamed))
    assert len(await found(session, "renamed-1")) == 1
    await everything_follows(session.database)


async def test_cells_of_a_spreadsheet_that_are_not_what_they_look_like_are_errors_or_warned_of(
    session: Session, tmp_path: Path
) -> None:
    from tests.unit.test_upload_xlsx import book
    from tests.unit.test_upload_xlsx import text as cell

    titles = ("Name", "Currency", "Tax %", "External id", "Notes")
    header = "".join(cell(f"{letter}1", title) for letter, title in zip("ABCDE", titles, strict=True))
    cells = {
        2: '<c r="C2" s="1"><v>0.2</v></c>',
        3: '<c r="C3" t="e"><v>#N/A</v></c>',
        4: '<c r="D4" s="2"><v>45982</v></c>',
        5: '<c r="D5" s="3"><v>123</v></c>',
        6: '<c r="D6"><f>A1</f></c>',
        7: '<c r="F7" s="2"><v>45982</v></c>',
    }
    rows = "".join(
        f'<row r="{n}">{cell(f"A{n}", f"N{n}")}{cell(f"B{n}", "EUR")}{odd}</row>' for n, odd in cells.items()
    )
    path = book(tmp_path / "odd.xlsx", f'<row r="1">{header}</row>{rows}')
    done = await uploaded(session, path)
    assert {line: why for line, _, why, _ in done.rows if why} == {
        3: "Tax %: #N/A is an error in the spreadsheet; mend it there",
        4: "External id: the spreadsheet made a date or time of it (2025-11-21); make the column text there"
        " and write it again",
        6: "External id: its formula has no value; open the file in a spreadsheet program and save it again",
    }
    assert done.warnings == {
        5: "External id: the spreadsheet shows it with zeros in front, but its value is 123; make it a text"
        " there"
    }
    made = await customers(session)
    assert (made["N2"]["tax"], made["N5"]["external_id"]) == (Decimal(20), "123")


@pytest.mark.parametrize("ending", ["json", "parquet"])
async def test_rows_of_other_programs_in_json_and_parquet_are_uploaded(
    session: Session, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"rows.{ending}"
    rows = pl.DataFrame({"Name": ["Acme", "Bolt"], "channels": [5, None], "Currency": ["EUR", "USD"],
                         "portal": [True, False], "Tax %": [20.5, 0]})  # fmt: skip
    rows.write_parquet(path) if ending == "parquet" else path.write_text(json.dumps(rows.to_dicts()))
    assert (await uploaded(session, path)).verdicts == ["create", "create"]
    made = await customers(session)
    assert [made["Acme"][name] for name in ("channels", "portal", "tax")] == [5, True, Decimal("20.5")]
    assert (made["Bolt"]["channels"], made["Bolt"]["portal"]) == (0, False)


@pytest.mark.parametrize("what", ["rejects", "verdicts"])
async def test_a_full_disk_fails_the_upload_before_it_happens(
    session: Session, tmp_path: Path, what: str
) -> None:
    path = file_of(tmp_path / "a.csv", "Name,Currency\nAcme,EUR\nBolt,nix\n")
    (tmp_path / "full").symlink_to("/dev/full")
    sheet = read(path, HowToRead())
    rejects = tmp_path / "full" if what == "rejects" else None
    order = Order(path, HowToRead(), {0: "name", 1: "currency"}, rejects=rejects)
    with ExitStack() as files:
        listen: Listener = lambda rows: None  # noqa: E731  # it is the usual one
        if what == "verdicts":
            listen = files.enter_context(VerdictWriter(tmp_path / "full")).add
        upload = Upload(session.database, session.who, order, sheet, listener=listen)
        with pytest.raises(CxError, match="full can't be written: No space left on device"):
            await upload.run()
    assert await customers(session) == {}


async def test_a_name_with_other_spaces_within_is_the_same_customer(session: Session, tmp_path: Path) -> None:
    await add(session, "ok plain")
    path = file_of(tmp_path / "a.csv", "Name,Channels\nok  plain,5\n")
    assert [row[1:3] for row in (await uploaded(session, path, dry_run=True)).rows] == [("update", None)]
