"""Files as operators have them: any encoding, delimiter, quotes, line ends; what is odd gets a verdict."""

import codecs
import gzip
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.upload import reading, sheet
from cx_tui.services.upload.order import HowToRead
from cx_tui.services.upload.preview import preview
from cx_tui.services.upload.rows import LONGEST_CELL, ROW, cells_of, split
from cx_tui.services.upload.sheet import FLAW, LINE, Sheet

NOTHING = HowToRead()


def made(folder: Path, data: bytes | str, name: str = "file.csv") -> Path:
    """A file of these bytes."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def rows_of(found: Sheet) -> list[tuple[int, str | None, list[str]]]:
    """Line, flaw and cells of every row."""
    parts = list(found.parts())
    rows = pl.concat(parts).fill_null("") if parts else pl.DataFrame()
    width = len(found.header)
    return [
        (row[LINE], row[FLAW] or None, [row[str(place)] for place in range(width)])
        for row in rows.iter_rows(named=True)
    ]


def cells(folder: Path, data: bytes | str, how: HowToRead = NOTHING) -> list[list[str]]:
    """The cells of every row of a file."""
    return [row for _, _, row in rows_of(reading.read(made(folder, data), how))]


def flaws(folder: Path, data: str) -> dict[int, str]:
    """What is wrong in which line."""
    return {line: flaw for line, flaw, _ in rows_of(reading.read(made(folder, data), NOTHING)) if flaw}


@pytest.mark.parametrize(
    ("encoded", "note"),
    [
        ("Name;Ort\nGröße;Köln\n".encode(), "UTF-8, semicolon"),
        (codecs.BOM_UTF8 + "Name;Ort\nGröße;Köln\n".encode(), "UTF-8 with a mark, semicolon"),
        ("Name;Ort\nGröße;Köln\n".encode("utf-16"), "UTF-16, semicolon"),
        ("Name;Ort\nGröße;Köln\n".encode("utf-16-le"), "UTF-16, semicolon"),
        ("Name;Ort\nGröße;Köln\n".encode("utf-16-be"), "UTF-16, semicolon"),
        ("Name;Ort\nGröße;Köln\n".encode("cp1252"), "Windows-1252, semicolon (a guess: look at the texts)"),
    ],
)
def test_the_encoding_is_found_and_a_guess_is_said(tmp_path: Path, encoded: bytes, note: str) -> None:
    found = reading.read(made(tmp_path, encoded), NOTHING)
    assert found.header == ["Name", "Ort"]
    assert rows_of(found) == [(2, None, ["Größe", "Köln"])]
    assert found.note == note


def test_an_encoding_that_the_file_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CxError, match="is not written in UTF-8; choose another encoding"):
        reading.read(made(tmp_path, "Größe".encode("cp1252")), HowToRead(encoding="utf-8"))
    with pytest.raises(Misconfigured, match='no encoding "klingon"'):
        reading.read(made(tmp_path, "a"), HowToRead(encoding="klingon"))


def test_a_byte_that_windows_1252_has_not_disproves_it_for_the_whole_file(tmp_path: Path) -> None:
    path = made(tmp_path, "name\nGröße\n".encode("cp1252") + b"x\n" * 400 + b"\x81\n")
    assert "cp1252" not in [one.name for one in preview(path, NOTHING, 2).likely]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "Name;Ort\nŁódź Sp. z o.o.;Gdańsk\nŻółw;Kraków\n"),
        ("iso8859-2", "Name;Ort\nŁódź Sp. z o.o.;Gdańsk\nŻółw;Kraków\nšest;žena\n"),
        ("cp1251", "Имя;Город\nКомпания Связь;Москва\n"),
        ("koi8-r", "Имя;Город\nКомпания Связь;Москва\n"),
        ("cp1253", "Όνομα;Πόλη\nΕταιρεία;Αθήνα\n"),
        ("cp932", "名前;都市\n東京電話;東京\nソニー\n"),
        ("big5", "名稱;城市\n中華電信;台北\n"),
        ("cp1252", "Name;Ort\nGröße & Söhne;Köln\nCafé Crème;Orléans\n"),
    ],
)
def test_of_the_encodings_that_a_file_may_have_the_likeliest_comes_first_with_a_line_as_it_reads_in_it(
    tmp_path: Path, encoding: str, text: str
) -> None:
    found = preview(made(tmp_path, text.encode(encoding)), NOTHING, 2)
    assert (found.known, found.encoding) == (False, encoding)
    first = next(line for line in text.split("\n") if not line.isascii())
    assert found.likely[0] == (encoding, first)


@pytest.mark.parametrize("name", ["shift-jis", "Shift_JIS", "sjis", "ISO-8859-2", "latin2", "windows-1252"])
def test_any_encoding_can_be_named_as_people_write_it(tmp_path: Path, name: str) -> None:
    text = {"s": "名前\nソニー\n", "S": "名前\nソニー\n"}.get(name[0], "Name\nöäü\n")
    found = reading.read(made(tmp_path, text.encode(name)), HowToRead(encoding=name))
    assert (found.header[0], rows_of(found)[0][2][0]) == tuple(text.split("\n")[:2])
    assert not found.likely


@pytest.mark.parametrize("name", ["rot13", "base64", "punycode-x", "a\0b"])
def test_what_is_no_encoding_of_texts_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Misconfigured, match="there is no encoding"):
        reading.read(made(tmp_path, "a"), HowToRead(encoding=name))


@pytest.mark.parametrize("sign", list(",;\t|:"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end_is_found(tmp_path: Path, sign: str, end: str) -> None:
    lines = ["name,city", '"Acme, Ltd",Bonn', "Bolt,", '"C ""c"" c","two\nlines"', ""]
    text = end.join(line.replace(",", sign).replace("\n", end) for line in lines)
    wanted = [[f"Acme{sign} Ltd", "Bonn"], ["Bolt", ""], ['C "c" c', "two\nlines"]]
    assert cells(tmp_path, text) == wanted


def test_each_odd_row_has_a_flaw_and_stops_no_other(tmp_path: Path) -> None:
    text = (
        'name,cur,city\nA,EUR,x\n\nB,EUR\nC,EUR,y,z\n"D\nd",EUR,q\nE,"EUR,x\nF,EUR,y\nG,"EUR",z\n'
        '"H",EUR,"zz\n"J"x,e,f\nK,EUR,ok\n'
    )
    assert flaws(tmp_path, text) == {
        4: "it has 2 cells, the header has 3",
        5: "it has 4 cells, the header has 3",
        8: "a quote in column 2 is opened and never closed",
        11: "a quote in column 3 is opened and never closed",
        12: 'column 1 has more after its closing quote; write "" for a quote within a cell',
    }
    names = [row[0] for _, flaw, row in rows_of(reading.read(tmp_path / "file.csv", NOTHING)) if not flaw]
    assert names == ["A", "D\nd", "F", "G", "K"]


def test_rows_are_the_same_however_the_file_is_cut_into_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "name,city\r\n" + "".join(
        f'Nr {n},"{"a" * (n % 7)}\r\nb ""{n}"""\r\n' if n % 5 else f"Nr {n},plain é\r\n" for n in range(200)
    )
    whole = rows_of(reading.read(made(tmp_path, text), NOTHING))
    assert len(whole) == 200
    assert not any(flaw for _, flaw, _ in whole)
    for size in (1, 7, 64, 1000):
        monkeypatch.setattr("cx_tui.services.upload.encoding.BLOCK", size)
        monkeypatch.setattr(reading, "SLICE", 9)
        assert rows_of(reading.read(tmp_path / "file.csv", NOTHING)) == whole


@given(
    st.lists(st.lists(st.text(st.sampled_from('ab",;\n é'), max_size=5), min_size=2, max_size=2), max_size=8)
)
def test_what_the_csv_module_writes_is_read_as_it_was(rows: list[list[str]]) -> None:
    import csv
    import io
    import tempfile

    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["name", "city"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        found = cells(Path(folder), text.getvalue(), HowToRead(delimiter=","))
    said = [row for row in rows if any(cell.strip(" ,") for cell in row) or '"' in "".join(row)]
    assert [row for row in found if any(cell.strip(" ,\n") for cell in row)] == [
        row for row in said if any(cell.strip(" ,\n") for cell in row)
    ]


@given(
    st.lists(st.text(st.sampled_from("ab,#\\'\t\0\x1c\u2028\ufeffé "), min_size=1), max_size=8),
    st.integers(1, 4),
)
def test_a_row_has_the_cells_between_its_signs_or_is_said_to_have_too_many_or_few(
    texts: list[str], width: int
) -> None:
    lines = pl.DataFrame({LINE: range(len(texts)), ROW: texts}, schema={LINE: pl.Int64, ROW: pl.String})
    lines = lines.filter(pl.col(ROW).str.strip_chars("\t ,") != "")
    found = split(lines.with_columns(pl.lit(None, dtype=pl.String).alias(FLAW)), ",", width)
    for text, (_, flaw, raw, *cells) in zip(lines[ROW], found.iter_rows(), strict=True):
        right = text.split(",")
        while len(right) > width and not right[-1].strip():
            right.pop()
        if len(right) == width:
            assert (flaw, raw, cells) == (None, None, right)
        else:
            assert (flaw, raw) == (f"it has {len(right)} cells, the header has {width}", raw)
            assert text.startswith(str(raw))


def test_control_characters_come_to_the_field_which_refuses_them(tmp_path: Path) -> None:
    assert cells(tmp_path, "name,x\nA\x00b,c\x01d\n") == [["A\x00b", "c\x01d"]]


def test_the_header_may_stand_further_down_and_have_several_lines(tmp_path: Path) -> None:
    found = reading.read(made(tmp_path, 'Report\n\n"Na\nme",City\nA,B\n'), HowToRead(start_row=3))
    assert found.header == ["Na me", "City"]
    assert rows_of(found) == [(5, None, ["A", "B"])]
    with pytest.raises(CxError, match="row 9 can't be the header"):
        reading.read(tmp_path / "file.csv", HowToRead(start_row=9))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"  \n"])
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CxError, match="there is nothing in file"):
        reading.read(made(tmp_path, data), NOTHING)


@pytest.mark.parametrize(
    "data", [b"\x7fELF\2\1\1\0", gzip.compress(b"\x7fELF\2\1\1\0", mtime=0)], ids=["program", "gzip"]
)
def test_what_is_no_text_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CxError, match="row 1 has characters that no text has; is file"):
        reading.read(made(tmp_path, data), NOTHING)


def test_a_file_that_is_not_there_or_no_spreadsheet_is_said(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="there is no file"):
        reading.read(tmp_path / "no.csv", NOTHING)
    with pytest.raises(CxError, match="can't be read as a spreadsheet"):
        reading.read(made(tmp_path, "no zip", "a.xlsx"), NOTHING)


def test_a_spreadsheet_is_read_as_texts(tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "a.xlsx"
    book = Workbook(str(path))
    first, second = book.add_worksheet("One"), book.add_worksheet("Two")
    for place, row in enumerate(
        [["Name", "Channels", ""], ["Acme", 5, ""], ["", "", ""], ["00123", "1E5", "x"]]
    ):
        first.write_row(place, 0, row)
    first.write_string(3, 0, "00123")
    second.write_row(0, 0, ["Name"])
    book.close()
    found = reading.read(path, NOTHING)
    assert found.header == ["Name", "Channels", ""]
    assert rows_of(found) == [(2, None, ["Acme", "5", ""]), (4, None, ["00123", "1E5", "x"])]
    assert reading.read(path, HowToRead(sheet="Two")).header == ["Name"]
    assert preview(path, NOTHING, 2).sheets == ["One", "Two"]
    with pytest.raises(Misconfigured, match='no sheet "Three"; there are One, Two'):
        reading.read(path, HowToRead(sheet="Three"))


def test_columns_of_a_spreadsheet_in_which_nothing_stands_are_none(tmp_path: Path) -> None:
    from xlsxwriter import Workbook

    path = tmp_path / "a.xlsx"
    book = Workbook(str(path))
    one = book.add_worksheet("One")
    for place, row in enumerate([["Report", "", "", "of June"], ["Name", "", ""], ["Acme", "EUR", ""]]):
        one.write_row(place, 0, row)
    book.close()
    found = reading.read(path, HowToRead(start_row=2))
    assert found.header == ["Name", ""]
    assert rows_of(found) == [(3, None, ["Acme", "EUR"])]


@pytest.mark.parametrize("cell", ["x" * 200_000, ("x" * 999 + "\n") * 500])
def test_a_very_long_cell_is_a_cell_like_others(tmp_path: Path, cell: str) -> None:
    path = made(tmp_path, f'Name,City\nAcme,"{cell}"\nBolt,"a"b\n')
    (first, second) = rows_of(reading.read(path, NOTHING))
    assert first == (2, None, ["Acme", cell])
    assert second[1] == 'column 2 has more after its closing quote; write "" for a quote within a cell'
    assert preview(path, NOTHING, 2).rows[1][0] == "Acme"


def test_what_is_longer_than_any_cell_is_said_and_shown_as_far_as_it_goes(tmp_path: Path) -> None:
    line = f'Acme,{"x" * (LONGEST_CELL + 1)}"'
    assert cells_of(line, ",")[1] == "column 2 has a cell of more than 16 MB; is a quote never closed?"
    assert preview(made(tmp_path, f"Name,City\n{line}\n"), NOTHING, 2).rows[1][0] == "Acme"


def test_a_preview_shows_the_rows_as_they_are(tmp_path: Path) -> None:
    found = preview(made(tmp_path, "Report\nname;city\nGröße;\n".encode("cp1252")), HowToRead(start_row=2), 3)
    assert list(found.rows) == [["Report"], ["name", "city"], ["Größe", ""]]
    assert (found.encoding, found.known, found.delimiter) == ("cp1252", False, ";")


def test_slices_are_small_enough_for_little_memory() -> None:
    assert sheet.SLICE <= 50_000


@pytest.mark.parametrize(
    ("line", "column"), [('"a"b"c",x', 1), (r'"a \"b\" c",x', 1), ('"a"b,"c"', 1), ('x,"a"b"c"', 2)]
)
def test_quotes_that_would_be_lost_are_refused_with_line_and_column(
    tmp_path: Path, line: str, column: int
) -> None:
    said = f'column {column} has more after its closing quote; write "" for a quote within a cell'
    assert flaws(tmp_path, f"name,city\nA,B\n{line}\n") == {3: said}


@pytest.mark.parametrize("line", [r'"C:\",x', 'a "b" c,x', '"a ""b"" c",x', '"a,b",x', '"",""'])
def test_quotes_that_say_what_they_mean_are_kept(tmp_path: Path, line: str) -> None:
    import csv

    found = cells(tmp_path, f"name,city\nfirst,row\n{line}\n", HowToRead(delimiter=","))
    assert found[1:] == list(csv.reader([line]))


def test_empty_cells_beyond_the_header_are_fine_and_untitled_ones_may_be_missing(tmp_path: Path) -> None:
    assert cells(tmp_path, 'name,city\nA,B,,\nC,D,""\nE,F, ,\n"G","H",,,\n') == [
        ["A", "B"], ["C", "D"], ["E", "F"], ["G", "H"],
    ]  # fmt: skip
    assert cells(tmp_path, "name,city,,\nA,B\nC,D,x\n") == [["A", "B", "", ""], ["C", "D", "x", ""]]
    assert flaws(tmp_path, "name,city\nA,B,x\nC\n") == {
        2: "it has 3 cells, the header has 2", 3: "it has 1 cells, the header has 2",
    }  # fmt: skip


def test_a_file_without_a_header_has_columns_by_number(tmp_path: Path) -> None:
    found = reading.read(made(tmp_path, "Acme,EUR\nBolt,USD\n"), HowToRead(has_header=False))
    assert found.header == ["", ""]
    assert rows_of(found) == [(1, None, ["Acme", "EUR"]), (2, None, ["Bolt", "USD"])]


@pytest.mark.parametrize("first", ["sep=|", '"sep=|"', "SEP=|"])
def test_a_first_line_that_says_the_delimiter_is_heard_and_is_no_row(tmp_path: Path, first: str) -> None:
    path = made(tmp_path, f"{first}\r\nname|city\r\nA,B;C,D;E|Bonn\r\n")
    found = reading.read(path, NOTHING)
    assert (found.header, rows_of(found)) == (["name", "city"], [(3, None, ["A,B;C,D;E", "Bonn"])])
    assert preview(path, NOTHING, 3).header_row == 2


def test_a_packed_file_is_read_as_the_file_in_it(tmp_path: Path) -> None:
    text = "name,city\n" + "Größe,Köln\n" * 3
    found = reading.read(made(tmp_path, gzip.compress(text.encode()), "a.csv.gz"), NOTHING)
    assert [row for _, _, row in rows_of(found)] == [["Größe", "Köln"]] * 3
    with pytest.raises(CxError, match="packed by gzip and damaged"):
        reading.read(made(tmp_path, gzip.compress(b"name\n" + bytes(9_999))[:-9], "b.csv"), NOTHING)


def test_a_cell_of_very_many_lines_comes_back(tmp_path: Path) -> None:
    cell = "\n".join(f"line {n}" for n in range(9_000))
    path = made(tmp_path, f'name,notes\nAcme,"{cell}"\nBolt,x\n')
    assert rows_of(reading.read(path, NOTHING)) == [(2, None, ["Acme", cell]), (9_002, None, ["Bolt", "x"])]


def test_a_preview_shows_cells_of_several_lines_as_one_and_the_lines_where_rows_begin(
    tmp_path: Path,
) -> None:
    found = preview(made(tmp_path, 'Report\nname,notes\nAcme,"one\ntwo"\nBolt,x\n'), HowToRead(2), 5)
    assert list(found.rows) == [["Report"], ["name", "notes"], ["Acme", "one\ntwo"], ["Bolt", "x"]]
    assert list(found.numbers) == [1, 2, 3, 5]
