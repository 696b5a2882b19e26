"""Names of companies: many styles, each name only once, with the domain that belongs to it."""

import unicodedata
from collections.abc import Callable
from random import Random
from typing import TypeVar
from zlib import crc32

from cx_tui.services.seeding import words
from cx_tui.services.seeding.places import Place

# Letters that are more than a letter with an accent.
SPELLED = str.maketrans(
    {"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "ı": "i", "æ": "ae"}
    | {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "å": "aa"}
    | {"東": "tokyo", "京": "", "大": "o", "阪": "saka"}
)

Parts = tuple[str, str]
"""A name without its legal form, and how it is written in a domain."""

T = TypeVar("T")
CHECKSUM_BITS = 28
LETTERS = tuple(words.LETTERS)

_plain: dict[str, str] = {}


def plain(text: str) -> str:
    """The text as it may stand in an address: letters a to z and digits."""
    if text not in _plain:
        bare = unicodedata.normalize("NFKD", text.translate(SPELLED)).encode("ascii", "ignore").decode()
        _plain[text] = "".join(char for char in bare.lower() if char.isalnum())
    return _plain[text]


def surnames(culture: str) -> tuple[str, ...]:
    """The family names of a culture."""
    return tuple(name.replace("_", " ") for name in words.FAMILIES[culture].split())


class Companies:
    """Draws names; two never have the same letters, so neither names nor domains meet."""

    def __init__(self, rng: Random) -> None:
        self._random = rng.random
        self._taken = bytearray(1 << CHECKSUM_BITS - 3)
        self._families = {culture: surnames(culture) for culture in words.FAMILIES}
        self._native = {
            country: (tuple(starts.items()), tuple(ends.items()))
            for country, (starts, ends) in words.NATIVE.items()
        }
        self._brands = tuple(dict.fromkeys(start + end for start in words.STARTS for end in words.ENDS))
        trades = words.TRADES + words.MORE_TRADES
        self._trades: tuple[Parts, ...] = tuple((f" {trade}", plain(trade)) for trade in trades)
        self._styles: tuple[Callable[[Place], Parts], ...] = (
            *[self._brand] * 6,
            *[self._brand_abroad] * 2,
            *[self._image] * 5,
            *[self._family] * 2,
            *[self._two_families] * 3,
            *[self._city] * 1,
            *[self._acronym] * 4,
        )

    def draw(self, place: Place) -> Parts:
        """A new name for a company of this place."""
        make = self._one_of(self._styles)
        if place.country in self._native and self._random() < 0.3:
            make = self._in_own_script
        name, domain = make(place)
        turn = 0
        while self._is_taken(domain):
            turn += 1
            if turn < 4:
                name, domain = self._one_of(self._styles)(place)
            elif turn == 4:
                name, domain = f"{name} {place.city}", domain + plain(place.city)
            else:
                number = str(2 + int(self._random() * 10**turn))
                name, domain = f"{name} {number}", domain + number
        return name, domain

    def _is_taken(self, domain: str) -> bool:
        """Whether it was drawn before, else it is from now on.

        One bit for each checksum: what is taken by mistake is drawn again, millions fit into little memory.
        """
        checksum = crc32(domain.encode()) >> 32 - CHECKSUM_BITS
        taken = self._taken[checksum >> 3] >> (checksum & 7) & 1
        self._taken[checksum >> 3] |= 1 << (checksum & 7)
        return bool(taken)

    def _one_of(self, things: tuple[T, ...]) -> T:
        return things[int(self._random() * len(things))]

    def _traded(self, word: str, in_domain: str) -> Parts:
        trade, trade_in_domain = self._one_of(self._trades)
        return word + trade, in_domain + trade_in_domain

    def _brand(self, place: Place) -> Parts:
        brand = self._one_of(self._brands)
        return self._traded(brand, brand.lower())

    def _brand_abroad(self, place: Place) -> Parts:
        brand = self._one_of(self._brands)
        return f"{brand} {place.city}", brand.lower() + plain(place.city)

    def _image(self, place: Place) -> Parts:
        colour, thing = self._one_of(words.COLOURS), self._one_of(words.THINGS)
        return self._traded(f"{colour} {thing}", (colour + thing).lower())

    def _family(self, place: Place) -> Parts:
        family = self._one_of(self._families[place.culture])
        return self._traded(family, plain(family))

    def _two_families(self, place: Place) -> Parts:
        families = self._families[place.culture]
        first, second = self._one_of(families), self._one_of(families)
        return self._traded(f"{first} & {second}", plain(first) + plain(second))

    def _city(self, place: Place) -> Parts:
        return self._traded(place.city, plain(place.city))

    def _acronym(self, place: Place) -> Parts:
        letters = "".join(self._one_of(LETTERS) for _ in range(3 + (self._random() < 0.3)))
        return self._traded(letters, letters.lower())

    def _in_own_script(self, place: Place) -> Parts:
        starts, ends = self._native[place.country]
        (start, start_in_domain), (end, end_in_domain) = self._one_of(starts), self._one_of(ends)
        return start + end, start_in_domain + end_in_domain
