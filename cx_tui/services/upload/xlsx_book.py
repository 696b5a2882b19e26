"""A workbook of Excel's form: which sheets it has, and what its number formats make of a number."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from cx_tui.errors import CxError, Misconfigured

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SPREADSHEETS = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
NOT_READ = {".xls": "an old Excel file", ".xlsb": "a binary Excel file", ".ods": "an OpenDocument file"}
LARGEST_PART = 2**26
"""The workbook, its relations and its styles are never larger."""
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
PERCENTS = {9, 10}
"""Number formats that every spreadsheet program has by their numbers."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNSHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
"""What a number format shows as it is, or not at all."""
PERCENT, DATE, ZEROS = "percent", "date", "zeros"


@dataclass(frozen=True)
class SheetPart:
    """A sheet and the file in the package that holds its cells."""

    name: str
    part: str
    visible: bool


class Book:
    """An open workbook."""

    def __init__(self, path: Path, package: zipfile.ZipFile) -> None:
        self.path = path
        self.package = package
        self._main = self._related("", "officeDocument")[0]
        workbook = self._xml(self._main)
        properties = next(_named(workbook, "workbookPr"), None)
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        calculation = next(_named(workbook, "calcPr"), None)
        self.never_calculated = calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true")
        """Whether it says that its formulas have still to be calculated."""
        self._sheets = self._all_sheets(workbook)
        self._styles: list[str] | None = None

    @property
    def names(self) -> list[str]:
        """The names of the sheets that can be seen, or of all when none can."""
        return [sheet.name for sheet in self._sheets if sheet.visible] or [one.name for one in self._sheets]

    def sheet(self, wanted: str) -> SheetPart:
        """A sheet by its name in any case, or its number; the first that can be seen if none is named."""
        if not self._sheets:
            raise CxError(f"{self.path.name} has no sheet with cells")
        if not wanted:
            return next(sheet for sheet in self._sheets if sheet.name == self.names[0])
        same = [sheet for sheet in self._sheets if sheet.name == wanted]
        same = same or [sheet for sheet in self._sheets if sheet.name.casefold() == wanted.casefold()]
        if same:
            return same[0]
        if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(self._sheets):
            return self._sheets[int(wanted) - 1]
        raise Misconfigured(f'there is no sheet "{wanted}"; there are {", ".join(self.names)}')

    def shared(self) -> str:
        """The part that holds the texts that cells share; empty if there is none."""
        return next(iter(self._related(self._main, "sharedStrings")), "")

    def styles(self) -> Sequence[str]:
        """For each style of cells what it makes of a number: PERCENT, DATE, ZEROS, or nothing."""
        if self._styles is None:
            self._styles = self._read_styles()
        return self._styles

    def _read_styles(self) -> list[str]:
        part = next(iter(self._related(self._main, "styles")), "")
        if not part:
            return []
        styles = self._xml(part)
        own = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in _named(styles, "numFmt")}
        cells = next(_named(styles, "cellXfs"), None)
        numbers = [int(one.get("numFmtId", "0")) for one in ([] if cells is None else cells)]
        return [what_it_makes(number, own.get(number, "")) for number in numbers]

    def _all_sheets(self, workbook: "Element") -> list[SheetPart]:
        parts = self._relations(self._main)
        found = []
        for one in _named(workbook, "sheet"):
            key = next((value for name, value in one.attrib.items() if name.endswith("}id")), "")
            kind, part = parts.get(key, ("", ""))
            if kind == "worksheet":
                found.append(SheetPart(one.get("name", ""), part, one.get("state", "visible") == "visible"))
        return found

    def _related(self, part: str, kind: str) -> list[str]:
        found = [target for what, target in self._relations(part).values() if what == kind]
        if not found and not part:
            raise CxError(f"{self.path.name} is not a workbook; is it a damaged or another file?")
        return found

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """By its key, what a part is related to: which kind of thing, and the part that it is."""
        folder, _, name = part.rpartition("/")
        path = join(folder, "_rels", f"{name}.rels")
        if path not in self.package.namelist():
            return {}
        return {
            one.get("Id", ""): (
                one.get("Type", "").rpartition("/")[2],
                normpath(join("/", dirname(part), one.get("Target", ""))).lstrip("/"),
            )
            for one in self._xml(path)
        }

    def _xml(self, part: str) -> "Element":
        from xml.etree.ElementTree import ParseError, fromstring  # only where there is a spreadsheet

        if self.package.getinfo(part).file_size > LARGEST_PART:
            raise CxError(f"{self.path.name} has a part that is too large to be one ({part})")
        text = self.package.read(part)
        if b"<!DOCTYPE" in text:
            raise CxError(f"{self.path.name} has a document type within, which no spreadsheet has")
        try:
            return fromstring(text)  # noqa: S314  # without a document type there is nothing to expand
        except ParseError as error:
            raise CxError(f"{self.path.name} is damaged ({part}: {error})") from None


def what_it_makes(number: int, code: str) -> str:
    """What a number format makes of a number, by the format's number or its code."""
    if not code:
        return PERCENT if number in PERCENTS else DATE if number in DATES else ""
    shown = UNSHOWN.sub("", code).split(";")[0]
    if "%" in shown:
        return PERCENT
    if re.search(r"[ymdhs]", shown.replace("General", ""), re.IGNORECASE):
        return DATE
    return ZEROS if re.match(r"[^0#?.]*0[0,]*0", shown) else ""


def _named(element: "Element", name: str) -> "Iterator[Element]":
    """All elements of this name, in whichever of the two namespaces of Excel's form."""
    return (one for one in element.iter() if one.tag.rpartition("}")[2] == name)


@contextmanager
def opened_book(path: Path) -> Iterator[Book]:
    """A workbook to be read; what is none, or one that can't be read, is said."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        beginning = file.read(2**16)
    if suffix in NOT_READ:
        raise CxError(f"{path.name} is {NOT_READ[suffix]}; save it as .xlsx or .csv")
    if beginning.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in beginning or _says(path, "EncryptedPackage"):
            raise CxError(f"{path.name} is locked by a password; save it without one")
        raise CxError(f"{path.name} is an old Excel file under a new name; save it as .xlsx or .csv")
    try:
        with zipfile.ZipFile(path) as package:
            if "xl/workbook.bin" in package.namelist():
                raise CxError(f"{path.name} is a binary Excel file; save it as .xlsx or .csv")
            yield Book(path, package)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, UnicodeDecodeError) as error:
        why = "it is not a workbook" if not beginning.startswith(b"PK") else "it is damaged"
        raise CxError(f"{path.name} can't be read as a spreadsheet: {why}; save it again") from error
    except (NotImplementedError, RuntimeError) as error:
        raise CxError(f"{path.name} is packed in a way that can't be read here ({error})") from error


def _says(path: Path, word: str) -> bool:
    """Whether an old kind of file has a part of this name."""
    return word.encode("utf-16-le") in path.read_bytes()[: 2**26]
