"""Kinds of text: words, several lines, e-mail, web address, phone number, time zone."""

import re
from functools import cache
from typing import Any

from cx_tui.domain.kinds.base import BadValue, Kind, plain, quote
from cx_tui.domain.kinds.numbers import scientific

HOST = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W_](?:[\w-]{0,61}[^\W_])?"
URL = re.compile(rf"https?://(?:({HOST})|\[([0-9a-f:.]+)\])(?::(\d{{1,5}}))?(?:[/?#]\S*)?", re.IGNORECASE)
BARE = re.compile(rf"{HOST}\.[^\W\d_]{{2,}}(?::\d{{1,5}})?(?:[/?#]\S*)?", re.IGNORECASE)
"""A web address as people say it, without its beginning."""
NO_ZONES = frozenset({"localtime", "factory", "posixrules"})
"""Names of the list that are no place: they say what a machine is set to, or nothing."""
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
        r"(?:[a-z0-9]{1,20}(?:-[a-z0-9]{1,20}){0,2}\.)+(?:[a-z]{2}|com|net|org|example)"
    )

    def __init__(self) -> None:
        super().__init__(254, width=26)

    def parse(self, text: str) -> Any:
        from email_validator import EmailNotValidError, validate_email  # only where an address is typed

        text = super().parse(text)
        try:
            found = validate_email(text, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            found = None
        if found is None or "." not in found.domain:
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
        if "://" not in text and BARE.fullmatch(text):
            text = f"https://{text}"
        found = URL.fullmatch(text)
        if not found or not _can_be_reached(found):
            raise BadValue(f"{quote(text)} is not a web address; write one like {self.example}")
        return text


def _can_be_reached(found: re.Match[str]) -> bool:
    from ipaddress import IPv6Address  # only where an address is typed

    if found[3] and not 0 < int(found[3]) < 65536:
        return False
    try:
        return found[2] is None or bool(IPv6Address(found[2]))
    except ValueError:
        return False


class Phone(Text):
    """A phone number in international form (E.164)."""

    example = "+447700900123"
    plain_texts = ""

    def __init__(self) -> None:
        super().__init__(40, width=16)

    def parse(self, text: str) -> Any:
        # Brings the numbering plans of all countries, so only where a number is typed.
        from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_possible_number
        from phonenumbers import parse as parsed

        text = super().parse(text)
        said = re.sub(
            r"^(?:tel:|00)", lambda found: "+" if found[0] == "00" else "", text, flags=re.IGNORECASE
        )
        # The zero in +44 (0)20 is not dialled from abroad; that of an Italian landline is.
        said = said if re.match(r"[+＋]\s*39", said) else said.replace("(0)", "")
        try:
            number = parsed(said)
        except NumberParseException:
            number = None
        if number is None or number.extension or not is_possible_number(number):
            raise BadValue(f"{quote(text)} is not an international number; write it like {self.example}")
        return str(format_number(number, PhoneNumberFormat.E164))


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


@cache
def known_zones() -> dict[str, str]:
    """The zones that this machine knows, by their names in small letters.  To look for them means to open
    hundreds of files: that is done when the first one is typed, and once."""
    from zoneinfo import available_timezones

    zones = {zone.casefold(): zone for zone in available_timezones()}
    for none in NO_ZONES:
        zones.pop(none, None)
    return zones


class Zone(Text):
    """A time zone of the IANA list."""

    example = "Europe/London"
    plain_texts = ""

    def __init__(self) -> None:
        super().__init__(64, width=18)

    def parse(self, text: str) -> Any:
        text = super().parse(text)
        zone = known_zones().get(text.replace(" ", "_").casefold())
        if zone is None:
            raise BadValue(f"there is no time zone {quote(text)}; write one like {self.example}")
        return zone
