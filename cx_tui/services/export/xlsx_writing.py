"""Texts into a spreadsheet of Excel's form, all cells of many rows at once.

Cells hold their texts themselves, so that nothing is kept in memory until the end.
"""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import escape

import polars as pl

from cx_tui.errors import CxError

LONGEST_CELL = 32_767
QUICK = 3
"""How hard the file is packed: more takes three times as long for a tenth of the size."""
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
NOT_IN_XML_FAST = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]|_x[0-9A-Fa-f]{4}_"
BEGINNING = '" t="inlineStr"><is><t xml:space="preserve">'
END = "</t></is></c>"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = MappingProxyType({
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KINDS}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
})  # fmt: skip
"""What a spreadsheet has beside its workbook and its sheet."""


class XlsxWriter:
    """Writes rows of texts, the header first."""

    def __init__(self, path: Path, sheet: str) -> None:
        self._package = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK)
        for name, text in PARTS.items():
            self._package.writestr(name, HEAD + text)
        self._package.writestr(
            "xl/workbook.xml",
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        self._cells = self._package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True)
        self._cells.write(
            f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
            "</sheetViews><sheetData>".encode()
        )
        self._rows = 0

    def writerow(self, row: Sequence[str]) -> None:
        """Write one row."""
        self.add(pl.DataFrame({str(place): [text] for place, text in enumerate(row)}))

    def add(self, texts: pl.DataFrame) -> None:
        """Write some rows; an empty text is an empty cell."""
        if not len(texts):
            return
        row = pl.int_range(self._rows + 1, self._rows + len(texts) + 1, eager=True).cast(pl.String)
        cells = [_cell(texts[name], letters_of(place), row) for place, name in enumerate(texts.columns)]
        begins = pl.format('<row r="{}">', row)
        rows = pl.select(pl.concat_str(begins, *cells, pl.lit("</row>")).alias("row"))
        self._rows += len(texts)
        self._cells.write(rows["row"].str.join("").item().encode())

    def close(self) -> None:
        """Finish the file."""
        self._cells.write(b"</sheetData></worksheet>")
        self._cells.close()
        self._package.close()


def letters_of(place: int) -> str:
    """The letters of a column by its place: 0 is A, 26 is AA."""
    letters, number = "", place + 1
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def _cell(texts: pl.Series, letters: str, row: pl.Series) -> pl.Expr:
    if (texts.str.len_chars() > LONGEST_CELL).any():
        raise CxError(
            f"{texts.name} has a text of more than {LONGEST_CELL:,} characters, and no cell of a spreadsheet"
            " holds it; choose .csv"
        )
    if texts.str.contains("[&<>]").any():
        texts = texts.str.replace_all("&", "&amp;", literal=True).str.replace_all("<", "&lt;", literal=True)
        texts = texts.str.replace_all(">", "&gt;", literal=True)
    if len(places := texts.str.contains(NOT_IN_XML_FAST).arg_true()):
        said = [NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", one) for one in texts.gather(places)]
        texts = texts.scatter(places, pl.Series(said, dtype=pl.String))
    whole = pl.concat_str(pl.lit(f'<c r="{letters}'), row, pl.lit(BEGINNING), texts, pl.lit(END))
    return pl.when(pl.Series(texts == "")).then(pl.lit("")).otherwise(whole)
