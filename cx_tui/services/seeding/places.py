"""Countries and cities of the demonstration world, and what follows from where a company is."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from string import ascii_uppercase

from cx_tui.services.seeding.words import STREETS


@dataclass(frozen=True)
class Place:
    """A city, and what is usual there."""

    country: str
    city: str
    region: str
    currency: str
    units: int
    """About how many units of its currency a dollar buys."""
    zone: str
    landline: tuple[str, int]
    mobile: tuple[str, int]
    """The beginning of a number, and how many digits follow."""
    tax: Decimal
    culture: str
    legal_forms: tuple[str, ...]
    postcodes: tuple[str, ...]
    streets: tuple[str, ...]


def places(rng: Random) -> tuple[Place, ...]:
    """All cities, each as often as customers come from there."""
    found: list[Place] = []
    for line in Path(__file__).with_name("places.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, numbers, tax, culture, forms, postcode, cities = line.split("|")
        country, share, currency, units, zone = head.split()
        landline, mobile = map(_number, numbers.split())
        named = [city.split(":") for city in cities.split(",")]
        made = [
            Place(
                country=country,
                city=city,
                region=region,
                currency=currency,
                units=int(units),
                zone=zone,
                landline=landline,
                mobile=mobile,
                tax=Decimal(tax),
                culture=culture,
                legal_forms=tuple(forms.split(",")),
                postcodes=tuple(_filled(rng, postcode) for _ in range(50)),
                streets=tuple(_street(rng, culture) for _ in range(80)),
            )
            for city, region in named
        ]
        # The first city of a country is its largest.
        found += [made[0] if turn % 5 < 2 else rng.choice(made) for turn in range(int(share) * 10)]
    return tuple(found)


def number(random: float, range_: tuple[str, int]) -> str:
    """A phone number of a range, chosen by a number from 0 to 1."""
    start, digits = range_
    return f"{start}{int(random * 10**digits):0{digits}}"


def _number(pattern: str) -> tuple[str, int]:
    return pattern.rstrip("#"), pattern.count("#")


def _filled(rng: Random, pattern: str) -> str:
    digits = {"#": "123456789", "@": ascii_uppercase}
    return "".join(rng.choice(digits[sign]) if sign in digits else sign for sign in pattern)


def _street(rng: Random, culture: str) -> str:
    return rng.choice(STREETS[culture].split("|")).format(rng.randint(1, 180))
