"""What stands in the cells of a spreadsheet, as a person sees it: texts, numbers, percentages, dates."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl

FIRST_DAY, FIRST_DAY_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
T = r"<t(?:\s[^>]*)?>([^<]*)</"
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}


def place_of(letters: str) -> int:
    """The place of a column: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def said_in(elements: pl.Series) -> pl.Series:
    """The texts of elements, each of one or several runs, without how they are pronounced."""
    if elements.str.contains("<rPh", literal=True).any():
        elements = elements.str.replace_all(r"(?s)<rPh\b.*?</rPh>", "")
    texts = elements.str.extract(T).fill_null("")
    several = elements.str.contains("<r[\\s>]").arg_true()
    if len(several):
        runs = [("".join(re.findall(T, one))) for one in elements.gather(several)]
        texts = texts.scatter(several, pl.Series(runs, dtype=pl.String))
    return unescaped(texts)


def unescaped(texts: pl.Series) -> pl.Series:
    """Texts without what XML and Excel write for signs that can't stand there."""
    if (where := texts.str.contains("&", literal=True).arg_true()).len():
        some = texts.gather(where)
        for written, meant in ENTITIES.items():
            some = some.str.replace_all(written, meant, literal=True)
        numbered = some.str.contains("&#", literal=True).arg_true()
        if len(numbered):
            said = [re.sub(r"&#(x?)([0-9A-Fa-f]+);", _sign, one) for one in some.gather(numbered)]
            some = some.scatter(numbered, pl.Series(said, dtype=pl.String))
        texts = texts.scatter(where, some.str.replace_all("&amp;", "&", literal=True))
    if (where := texts.str.contains("_x[0-9A-Fa-f]{4}_").arg_true()).len():
        said = [re.sub(r"_(x)([0-9A-Fa-f]{4})_", _sign, one) for one in texts.gather(where)]
        texts = texts.scatter(where, pl.Series(said, dtype=pl.String))
    if texts.str.contains("\r", literal=True).any():
        texts = texts.str.replace_all("\r\n", "\n", literal=True).str.replace_all("\r", "\n", literal=True)
    return texts


def _sign(found: re.Match[str]) -> str:
    number = int(found[2], 16 if found[1] else 10)
    return chr(number) if number < 0xD800 or 0xDFFF < number < 0x110000 else found[0]


def number_in_words(text: str) -> str:
    """A number with all its digits; a spreadsheet keeps 15 of them, and shows no more."""
    try:
        return f"{Decimal(f'{float(text):.15g}'):f}"
    except (ArithmeticError, ValueError):
        return text


def percent_in_words(text: str) -> str:
    """A number as a percentage: 0.2 is shown as 20 %."""
    try:
        number = Decimal(f"{float(text):.15g}") * 100
    except (ArithmeticError, ValueError):
        return text
    return f"{number.normalize():f}%"


def date_in_words(serial: str, *, from_1904: bool) -> str:
    """A date, a time, or both, as days since the first one are shown."""
    try:
        number = float(serial)
        days = timedelta(seconds=round(number * 86_400))
        if number < 1 and not from_1904:
            return f"{FIRST_DAY + days:%H:%M:%S}"
        # The first spreadsheets took 1900 for a leap year.
        first = FIRST_DAY_1904 if from_1904 else FIRST_DAY + timedelta(days=number < 60)
        moment = first + days
    except (OverflowError, ValueError):
        return serial
    return (
        f"{moment:%Y-%m-%d}"
        if not (moment.hour or moment.minute or moment.second)
        else f"{moment:%Y-%m-%d %H:%M:%S}"
    )
