"""Spreadsheets as operators have them: errors, formulas, dates, hidden sheets, stray cells, broken files."""

import zipfile
from pathlib import Path

import pytest

from cx_tui.errors import CxError, Misconfigured
from cx_tui.services.upload.order import HowToRead
from cx_tui.services.upload.preview import preview
from cx_tui.services.upload.reading import read
from cx_tui.services.upload.sheet import LINE, broken, dated, doubtful
from cx_tui.services.upload.xlsx_book import DATE, PERCENT, ZEROS, what_it_makes
from tests.unit.test_upload_files import rows_of

NOTHING = HowToRead()
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FORMATS = {1: 9, 2: 14, 3: 164, 4: 165, 5: 166}
"""Styles: per cent, a day, leading zeros, a day and time, hours."""
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="00000"/>'
    '<numFmt numFmtId="165" formatCode="dd/mm/yyyy\\ hh:mm"/><numFmt numFmtId="166" formatCode="[h]:mm"/>'
    '</numFmts><cellXfs><xf numFmtId="0"/>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in FORMATS.values())
    + "</cellXfs></styleSheet>"
)


def related(*parts: tuple[str, str]) -> str:
    """The relations of a part, by their keys r1, r2 …"""
    inner = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(parts, 1)
    )
    return f'<Relationships xmlns="http://x">{inner}</Relationships>'


def book(
    path: Path,
    rows: str,
    *,
    more: str = "",
    sheets: str = '<sheet name="One" sheetId="1" r:id="r1"/>',
    shared: str = "",
    end: str = "</worksheet>",
    start: str = "worksheet",
) -> Path:
    """A workbook whose first sheet has these rows."""
    name = f'xmlns:x="{MAIN}"' if ":" in start else f'xmlns="{MAIN}"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", related(("officeDocument", "xl/workbook.xml")))
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets>{more}</workbook>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            related(
                ("worksheet", "worksheets/sheet1.xml"),
                ("worksheet", "/xl/worksheets/sheet2.xml"),
                ("styles", "styles.xml"),
                ("sharedStrings", "sharedStrings.xml"),
                ("chartsheet", "chartsheets/sheet1.xml"),
            ),
        )
        package.writestr("xl/styles.xml", STYLES)
        package.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{shared}</sst>')
        prefix = start.partition(":")[0] + ":" if ":" in start else ""
        package.writestr(
            "xl/worksheets/sheet1.xml",
            f"<{start} {name}><{prefix}sheetData>{rows}</{prefix}sheetData>{end}",
        )
        package.writestr(
            "xl/worksheets/sheet2.xml",
            f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>Name</v></c></row>'
            "</sheetData></worksheet>",
        )
    return path


def text(place: str, said: str) -> str:
    """A cell of text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{said}</t></is></c>'


HEADER = f'<row r="1">{text("A1", "Name")}{text("B1", "Tax")}</row>'


def cell(folder: Path, inner: str, **more: str) -> dict[str, str]:
    """What is read of the cell B2 of a sheet: its text, and what is odd about it."""
    path = book(folder / "a.xlsx", f'{HEADER}<row r="2">{text("A2", "Acme")}{inner}</row>', **more)
    (part,) = read(path, NOTHING).parts()
    row = part.row(0, named=True)
    marks = {"broken": broken(1), "dated": dated(1), "doubtful": doubtful(1)}
    return {"text": row["1"], **{what: row[name] for what, name in marks.items() if row.get(name)}}


@pytest.mark.parametrize("word", ["#N/A", "#REF!", "#DIV/0!"])
def test_an_error_cell_is_broken_and_not_empty(tmp_path: Path, word: str) -> None:
    found = cell(tmp_path, f'<c r="B2" t="e"><f>A1</f><v>{word}</v></c>')
    assert found == {"text": "", "broken": f"{word} is an error in the spreadsheet; mend it there"}


@pytest.mark.parametrize("inner", ["<f>A1+1</f>", "<f>A1+1</f><v></v>", '<f t="shared" si="0"/><v/>'])
def test_a_formula_without_a_value_is_broken(tmp_path: Path, inner: str) -> None:
    said = "its formula has no value; open the file in a spreadsheet program and save it again"
    assert cell(tmp_path, f'<c r="B2">{inner}</c>') == {"text": "", "broken": said}


def test_a_zero_of_a_formula_that_was_never_calculated_is_no_value(tmp_path: Path) -> None:
    zero = '<c r="B2"><f>A1+1</f><v>0</v></c>'
    assert "broken" in cell(tmp_path, zero, more='<calcPr fullCalcOnLoad="1"/>')
    assert cell(tmp_path, zero) == {"text": "0"}
    assert cell(tmp_path, '<c r="B2" t="str"><f>""</f><v></v></c>') == {"text": ""}


@pytest.mark.parametrize(
    ("style", "number", "shown"),
    [
        (2, "45982", "2025-11-21"),
        (4, "45982.604166666664", "2025-11-21 14:30:00"),
        (2, "1", "1900-01-01"),
        (5, "0.5", "12:00:00"),
    ],
)
def test_a_date_is_marked_as_one(tmp_path: Path, style: int, number: str, shown: str) -> None:
    found = cell(tmp_path, f'<c r="B2" s="{style}"><v>{number}</v></c>')
    assert found == {"text": shown, "dated": shown}


def test_dates_of_1904_are_read_by_their_calendar(tmp_path: Path) -> None:
    found = cell(tmp_path, '<c r="B2" s="2"><v>44520</v></c>', more='<workbookPr date1904="1"/>')
    assert found["text"] == "2025-11-21"


@pytest.mark.parametrize(
    ("number", "shown"), [("0.2", "20%"), ("0.20000000000000001", "20%"), ("0.125", "12.5%"), ("1", "100%")]
)
def test_a_percentage_is_read_as_it_is_shown(tmp_path: Path, number: str, shown: str) -> None:
    assert cell(tmp_path, f'<c r="B2" s="1"><v>{number}</v></c>') == {"text": shown}


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("5", "5"),
        ("-7", "-7"),
        ("0.30000000000000004", "0.3"),
        ("4.47E+11", "447000000000"),
        ("1E-3", "0.001"),
        ("120.0", "120"),
    ],
)
def test_a_number_has_all_its_digits_and_no_more(tmp_path: Path, number: str, shown: str) -> None:
    assert cell(tmp_path, f'<c r="B2"><v>{number}</v></c>') == {"text": shown}


def test_a_number_that_is_shown_with_leading_zeros_is_doubtful(tmp_path: Path) -> None:
    found = cell(tmp_path, '<c r="B2" s="3"><v>123</v></c>')
    said = "the spreadsheet shows it with zeros in front, but its value is 123; make it a text there"
    assert found == {"text": "123", "doubtful": said}


@pytest.mark.parametrize(
    ("number", "code", "what"),
    [
        (0, "", ""), (9, "", PERCENT), (22, "", DATE), (164, "0.00", ""), (164, "#,##0.00", ""),
        (164, '"d" 0', ""), (164, "[Red]0.0", ""), (164, "0.0%", PERCENT), (164, "yyyy-mm-dd", DATE),
        (164, "[$-409]h:mm AM/PM", DATE), (164, "[h]:mm", DATE), (164, "000-00-0000", ZEROS),
        (164, "00", ZEROS), (164, "General", ""), (164, '0" days"', ""), (164, "_-* #,##0.00_-", ""),
    ],
)  # fmt: skip
def test_what_a_number_format_makes_is_known_by_its_code(number: int, code: str, what: str) -> None:
    assert what_it_makes(number, code) == what


def test_texts_are_shared_inline_rich_or_escaped(tmp_path: Path) -> None:
    shared = (
        "<si><t>plain</t></si><si><r><rPr><b/></rPr><t>ri</t></r><r><t xml:space='preserve'>ch </t></r>"
        "<rPh sb='0' eb='1'><t>spoken</t></rPh></si><si><t/></si><si/><si><t>&lt;a&gt; &amp;amp; &#233;"
        "_x000D_ _x005F_x000D_</t></si>"
    )
    rows = "".join(
        f'<row r="{n + 2}"><c r="A{n + 2}" t="str"><v>n{n}</v></c><c r="B{n + 2}" t="s"><v>{n}</v></c></row>'
        for n in range(5)
    )
    found = read(book(tmp_path / "a.xlsx", HEADER + rows, shared=shared), NOTHING)
    assert [row[1] for _, _, row in rows_of(found)] == ["plain", "rich ", "", "", "<a> &amp; é\n _x000D_"]


def test_the_first_sheet_that_can_be_seen_is_read_and_others_are_named(tmp_path: Path) -> None:
    sheets = (
        '<sheet name="Secret" sheetId="1" state="hidden" r:id="r1"/>'
        '<sheet name="Chart" sheetId="3" r:id="r5"/>'
        '<sheet name="Customers &amp; Co" sheetId="2" r:id="r2"/>'
    )
    path = book(tmp_path / "a.xlsx", f'<row r="1">{text("A1", "Hidden")}</row>', sheets=sheets)
    assert (read(path, NOTHING).header, read(path, NOTHING).note) == (["Name"], "sheet Customers & Co")
    for wanted in ("secret", "SECRET", "1"):
        found = read(path, HowToRead(sheet=wanted))
        assert (found.header, found.note) == (["Hidden"], "sheet Secret (there is also Customers & Co)")
    assert preview(path, NOTHING, 1).sheets == ["Customers & Co"]
    with pytest.raises(Misconfigured, match='no sheet "9"; there are Customers & Co'):
        read(path, HowToRead(sheet="9"))


def test_rows_have_the_numbers_of_the_sheet(tmp_path: Path) -> None:
    rows = (
        f'<row r="4">{text("A4", "Name")}</row><row r="5"/><row r="7">{text("A7", "Acme")}</row>'
        f'<row r="9">{text("A9", "Bolt")}</row>'
    )
    path = book(tmp_path / "a.xlsx", rows)
    assert rows_of(read(path, NOTHING)) == [(7, None, ["Acme"]), (9, None, ["Bolt"])]
    assert rows_of(read(path, HowToRead(start_row=7))) == [(9, None, ["Bolt"])]
    assert preview(path, NOTHING, 9).header_row == 4
    with pytest.raises(CxError, match="row 5 of the sheet is empty"):
        read(path, HowToRead(start_row=5))
    with pytest.raises(CxError, match="row 12 can't be the header"):
        read(path, HowToRead(start_row=12))


def test_a_stray_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    rows = f'{HEADER}<row r="2">{text("A2", "Acme")}</row><row r="1048576">{text("XFD1048576", "x")}</row>'
    found = read(book(tmp_path / "a.xlsx", rows), NOTHING)
    assert (found.header, rows_of(found)) == (["Name", "Tax"], [(2, None, ["Acme", ""])])


def test_cells_and_rows_without_places_follow_each_other(tmp_path: Path) -> None:
    rows = "".join(
        f"<row><c t='str'><v>{a}</v></c><c><v>{b}</v></c></row>" for a, b in [("Name", 1), ("Acme", 2)]
    )
    found = read(book(tmp_path / "a.xlsx", rows), NOTHING)
    assert (found.header, rows_of(found)) == (["Name", "1"], [(2, None, ["Acme", "2"])])


def test_elements_may_have_a_prefix(tmp_path: Path) -> None:
    rows = (
        '<x:row r="1"><x:c r="A1" t="str"><x:v>Name</x:v></x:c></x:row>'
        '<x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:t>Acme</x:t></x:is></x:c></x:row>'
    )
    path = book(tmp_path / "a.xlsx", rows, start="x:worksheet", end="</x:worksheet>")
    assert rows_of(read(path, NOTHING)) == [(2, None, ["Acme"])]


def test_a_sheet_is_the_same_however_it_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = HEADER + "".join(
        f'<row r="{n}">{text(f"A{n}", f"Nr {n}")}<c r="B{n}"><v>{n}</v></c></row>' for n in range(2, 300)
    )
    path = book(tmp_path / "a.xlsx", rows)
    whole = rows_of(read(path, NOTHING))
    assert len(whole) == 298
    for size in (97, 1000):
        monkeypatch.setattr("cx_tui.services.upload.xlsx_cells.PIECE", size)
        assert rows_of(read(path, NOTHING)) == whole


def test_what_can_not_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    good = book(tmp_path / "good.xlsx", HEADER * 50).read_bytes()
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as package:
        package.writestr("xl/workbook.bin", b"")
    binary = (tmp_path / "b.xlsx").read_bytes()
    for name, data, said in (
        ("a.xlsx", locked, "is locked by a password; save it without one"),
        ("a.xlsx", locked[:600], "is an old Excel file under a new name"),
        ("a.xls", b"", "is an old Excel file; save it as .xlsx or .csv"),
        ("a.ods", good, "is an OpenDocument file; save it as .xlsx or .csv"),
        ("a.xlsb", binary, "is a binary Excel file; save it as .xlsx or .csv"),
        ("a.xlsx", binary, "is a binary Excel file; save it as .xlsx or .csv"),
        ("a.xlsx", good[:-300], "can't be read as a spreadsheet: it is damaged"),
        ("a.xlsx", b"Name\nAcme\n", "can't be read as a spreadsheet: it is not a workbook"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(CxError, match=said):
            read(tmp_path / name, NOTHING)


def test_a_sheet_that_ends_within_its_cells_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book(path, HEADER, end="")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", b"<row ")
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    with pytest.raises(CxError, match="is damaged: it ends within its cells"):
        list(read(path, NOTHING).parts())


def test_a_document_type_or_a_marked_section_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CxError, match="marked sections"):
        read(book(tmp_path / "a.xlsx", f"<![CDATA[<row>]]>{HEADER}"), NOTHING)
    assert LINE == "line"
