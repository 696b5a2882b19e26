"""Kinds of text: words, several lines, e-mail, web address, phone number, time zone."""

import re
from typing import Any

from cx_tui.domain.kinds.base import BadValue, Kind, plain, quote
from cx_tui.domain.kinds.numbers import scientific

EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}")
HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W_](?:[\w-]{0,61}[^\W_])?"
URL = re.compile(rf"https?://{HOST}(?::\d{{1,5}})?(?:[/?#]\S*)?", re.IGNORECASE)
SHORTENED = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+[eE][+-]?|[eE][+-])[0-9]+")
"""Scientific notation that can be nothing else, as programs write a number that is too long for them."""


class Text(Kind):
    """One line of text."""

    plain_texts = r"[!-~](?:[ -~]*[!-~])?"

    def __init__(self, maximum: int = 200, width: int = 20) -> None:
        self.maximum = maximum
        self.width = width

    def parse(self, text: str) -> Any:
        text = plain(text)
        if len(text) > self.maximum:
            raise BadValue(f"it has {len(text)} characters; at most {self.maximum} fit")
        return text

    def read(self, text: str) -> Any:
        return text


class Identifier(Text):
    """A number or code of something else, whose every digit counts.

    A spreadsheet writes a long one as 4.47E+11, and its digits are gone: that is refused.  12E45 may be one.
    """

    # No + , - . in it, or no E, or no number at its beginning: none of these is in scientific notation.
    plain_texts = (
        r"[!-*/-~](?:[ -*/-~]*[!-*/-~])?|[!-DF-df-~](?:[ -DF-df-~]*[!-DF-df-~])?|[!-*/:-~](?:[ -~]*[!-~])?"
    )

    def parse(self, text: str) -> Any:
        text = super().parse(text)
        if SHORTENED.fullmatch(text):
            raise BadValue(scientific(text))
        return text


class Lines(Text):
    """Several lines of text."""

    def __init__(self, maximum: int = 10_000) -> None:
        super().__init__(maximum, width=30)

    def parse(self, text: str) -> Any:
        text = plain(text.replace("\r\n", "\n").replace("\r", "\n"), also="\n\t")
        if len(text) > self.maximum:
            raise BadValue(f"it has {len(text)} characters; at most {self.maximum} fit")
        return text

    def show(self, value: Any) -> str:
        return " / ".join(str(value).split("\n")) if value else ""


class Email(Text):
    """An e-mail address."""

    example = "ana@acme.example"
    plain_texts = (
        r"[A-Za-z0-9_%+-]{1,30}(?:\.[A-Za-z0-9_%+-]{1,30})?@"
        r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
    )

    def __init__(self) -> None:
        super().__init__(254, width=26)

    def parse(self, text: str) -> Any:
        text = super().parse(text)
        if not EMAIL.fullmatch(text) or ".." in text:
            raise BadValue(f"{quote(text)} is not an e-mail address; write one like {self.example}")
        return text


class Emails(Kind):
    """Several e-mail addresses."""

    width = 26
    example = "noc@acme.example, ana@acme.example"

    def parse(self, text: str) -> Any:
        words = filter(None, re.split(r"[\s,;]+", plain(text, also="\n\t")))
        return tuple(dict.fromkeys(map(Email().parse, words)))

    def write(self, value: Any) -> str:
        return ", ".join(value or ())


class Url(Text):
    """A web address."""

    example = "https://acme.example"
    plain_texts = r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?:/[!-~]*)?"

    def __init__(self) -> None:
        super().__init__(500, width=26)

    def parse(self, text: str) -> Any:
        text = super().parse(text)
        if not URL.fullmatch(text):
            raise BadValue(f"{quote(text)} is not a web address; write one like {self.example}")
        return text


class Phone(Text):
    """A phone number in international form (E.164)."""

    example = "+447700900123"
    plain_texts = r"\+[1-9][0-9]{6,14}"

    def __init__(self) -> None:
        super().__init__(40, width=16)

    def parse(self, text: str) -> Any:
        text = super().parse(text)
        # The zero in +44 (0)20 is not dialled from abroad.
        digits = re.sub(r"[ ().\-/]", "", text.replace("(0)", ""))
        if digits.startswith("00"):
            digits = "+" + digits[2:]
        if not re.fullmatch(r"\+[1-9][0-9]{6,14}", digits):
            raise BadValue(f"{quote(text)} is not an international number; write it like {self.example}")
        return digits


class SipName(Text):
    """The name of a SIP user: what telephones can send without quoting."""

    example = "acme01"
    plain_texts = r"[A-Za-z0-9][A-Za-z0-9._+-]*"

    def __init__(self) -> None:
        super().__init__(64, width=16)

    def parse(self, text: str) -> Any:
        text = super().parse(text)
        if not re.fullmatch(self.plain_texts, text):
            raise BadValue(
                f"{quote(text)} can't be a SIP user; use letters, digits and . _ + - like {self.example}"
            )
        return text


class Zone(Text):
    """A time zone of the IANA list."""

    example = "Europe/London"
    plain_texts = ""

    def __init__(self) -> None:
        super().__init__(64, width=18)

    def parse(self, text: str) -> Any:
        from zoneinfo import available_timezones  # reads the zone folder, so only when one is typed

        text = super().parse(text)
        zones = {zone.casefold(): zone for zone in available_timezones()}
        zone = zones.get(text.replace(" ", "_").casefold())
        if zone is None:
            raise BadValue(f"there is no time zone {quote(text)}; write one like {self.example}")
        return zone
