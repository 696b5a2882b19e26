"""The demonstration world in chunks of rows, the same for the same seed, number and moment."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Table

from cx_tui.db.customer_expressions import Clock
from cx_tui.domain.records.customer import Status
from cx_tui.domain.search import fold
from cx_tui.services.seeding import people, shares, traffic, words
from cx_tui.services.seeding.cards import Cards
from cx_tui.services.seeding.companies import Companies
from cx_tui.services.seeding.company import Company
from cx_tui.services.seeding.people import COMBINATIONS, People
from cx_tui.services.seeding.places import Place, places
from cx_tui.services.seeding.traffic import Traffic

CHUNK = 10_000
YEARS = 10
SLOT = 900
"""Seconds.  Who is created in the same slot has the same moment: the database gets it converted only once."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Chunk:
    """Rows of the tables, in the order of their columns."""

    ids: range
    columns: tuple[str, ...]
    customers: list[Row]
    contacts: list[Row]
    counters: list[Row]
    found_by: list[Row]
    records: list[tuple[Table, tuple[str, ...], list[Row]]]
    """Rows of the company's records and of the customers' cards, in the order in which they are written."""


class World:
    """Everything that is drawn, in one order."""

    def __init__(self, customers: int, seed: int, now: datetime) -> None:
        self.customers = customers
        self._rng = rng = Random(seed)  # nothing here is a secret
        self._start = now - timedelta(days=365 * YEARS)
        self._places = places(rng)
        self.clock = Clock(now, tuple(sorted({place.zone for place in self._places})))
        self._companies = Companies(rng)
        self._people = People(rng)
        self._traffic = Traffic(rng, now)
        # Dice of their own: what customers are does not depend on what is on their cards.
        self._company = Company(Random(seed + 1), now)
        self._cards = Cards(Random(seed + 2), self._company, now)
        seconds = sorted(rng.randrange(365 * YEARS * traffic.A_DAY) for _ in range(5000))
        self._changes = [self._start + timedelta(seconds=second) for second in seconds]
        self._tags = ((),) * 40 + tuple(
            tuple(sorted(rng.sample(words.TAGS, 1 + (turn % 3)))) for turn in range(90)
        )
        self._money: dict[tuple[int, int], Decimal] = {}

    def chunks(self) -> Iterator[Chunk]:
        """All rows, some thousand customers at a time."""
        for first in range(1, self.customers + 1, CHUNK):
            yield self._chunk(range(first, min(first + CHUNK, self.customers + 1)))

    def tables(self) -> Iterator[tuple[Table, tuple[str, ...], list[Row]]]:
        """The tables of all records that are made, with what is not written yet."""
        yield from self._company.tables()
        yield from self._cards.tables()

    def _pick(self, pool: Sequence[Any], count: int) -> list[Any]:
        return self._rng.choices(pool, k=count)

    def _chunk(self, ids: range) -> Chunk:
        count = len(ids)
        where: list[Place] = self._pick(self._places, count)
        columns = self._independent(ids, where)
        names = [self._companies.draw(place) for place in where]
        domains = [f"{domain}.example" for _, domain in names]
        contacts = [
            self._people.of(types, one, place, domain, times)
            for types, one, place, domain, times in zip(
                self._pick(COMBINATIONS, count),
                ids,
                where,
                domains,
                zip(columns["created_at"], columns["changed_at"], strict=True),
                strict=True,
            )
        ]
        self._named(columns, where, names, domains)
        units = [_units(place, currency) for place, currency in zip(where, columns["currency"], strict=True)]
        of_card = [
            self._cards.of(*of_one)
            for of_one in zip(
                ids, columns["status"], columns["channels"], columns["currency"], units, domains, strict=True
            )
        ]
        documents = _found_by(columns, contacts, of_card)
        found_by = list(zip(ids, documents, columns["external_id"], strict=True))
        counters = [
            self._counted(*of_one)
            for of_one in zip(
                ids,
                columns["status"],
                columns["channels"],
                columns["flow_speed"],
                columns["debit_limit"],
                columns["daily_limit"],
                units,
                columns["created_at"],
                contacts,
                strict=True,
            )
        ]
        flat = [contact for of_one in contacts for contact in of_one]
        customers = list(zip(*columns.values(), strict=True))
        records = [*self._company.tables(), *self._cards.tables()]
        return Chunk(ids, tuple(columns), customers, flat, counters, found_by, records)

    def _independent(self, ids: range, where: list[Place]) -> dict[str, Sequence[Any]]:
        """The columns that follow from nothing but the place and the dice."""
        count, pick = len(ids), self._pick
        created = self._created(ids)
        channels = pick(shares.CHANNELS, count)
        variables = pick(shares.VARIABLES, count)
        currencies = [
            _currency(place, wanted)
            for wanted, place in zip(pick(shares.WHOLESALE, count), where, strict=True)
        ]
        units = [_units(place, currency) for place, currency in zip(where, currencies, strict=True)]
        return {
            "id": ids,
            "version": [1] * count,
            "created_at": created,
            "changed_at": [self._changed(moment) for moment in created],
            "channels": channels,
            "flow_speed": [
                0 if unlimited else shares.CALLS_A_SECOND[one]
                for one, unlimited in zip(channels, pick(shares.OFTEN, count), strict=True)
            ],
            "status": pick(shares.STATUS, count),
            "debit_limit": self._amounts(shares.LIMITS, units),
            "minimum_payment": self._amounts(shares.TOP_UPS, units),
            "tax": [place.tax for place in where],
            "currency": currencies,
            "daily_limit": self._amounts(shares.CAPS, units),
            "portal": pick(shares.PORTAL, count),
            "portal_areas": pick(shares.AREAS, count),
            "tags": pick(self._tags, count),
            "toml": [text for text, _ in variables],
            "toml_broken": [broken for _, broken in variables],
            "reseller": [self._company.resellers[name] for name in pick(words.RESELLERS, count)],
            "account_manager": [self._company.managers[name] for name in pick(words.MANAGERS, count)],
            "invoice_schedule": pick(shares.SCHEDULE, count),
            "invoice_due_days": pick(shares.DUE_DAYS, count),
            "invoice_template": [
                self._company.templates[name] for name in pick(words.INVOICE_TEMPLATES, count)
            ],
            "external_id": [
                "" if none else f"AC-{1000 + 3 * one + place:06}"
                for one, place, none in zip(
                    ids, pick((0, 1, 2), count), pick(shares.OFTEN, count), strict=True
                )
            ],
            "rtp_firewall": pick(shares.FIREWALL, count),
            "recording_days": pick(shares.RECORDING, count),
            "asserted_id": pick(shares.ASSERTED, count),
            "street": [
                place.streets[turn] for place, turn in zip(where, pick(range(80), count), strict=True)
            ],
            "city": [place.city for place in where],
            "region": [place.region for place in where],
            "postcode": [
                place.postcodes[turn] for place, turn in zip(where, pick(range(50), count), strict=True)
            ],
            "country": [place.country for place in where],
            "approved_clis_only": pick(shares.SOMETIMES, count),
            "verify_email": pick(shares.OFTEN, count),
            "verify_mobile": pick(shares.SOMETIMES, count),
            "pending": [False] * count,
            "public_notes": pick((*[""] * 240, *words.PUBLIC_NOTES), count),
            "private_notes": pick((*[""] * 160, *words.PRIVATE_NOTES), count),
            "time_zone": [place.zone for place in where],
            "allowed_times": pick(shares.HOURS, count),
        }

    def _named(
        self,
        columns: dict[str, Sequence[Any]],
        where: list[Place],
        names: list[tuple[str, str]],
        domains: list[str],
    ) -> None:
        """The columns that follow from the name."""
        count = len(names)
        forms = [
            place.legal_forms[int(turn * len(place.legal_forms))]
            for place, turn in zip(where, [self._rng.random() for _ in range(count)], strict=True)
        ]
        legal = [f"{name} {form}" for (name, _), form in zip(names, forms, strict=True)]
        columns["name"] = [
            name if short else full
            for (name, _), full, short in zip(
                names, legal, self._pick((False, False, True), count), strict=True
            )
        ]
        columns["company"] = [
            full if known else "" for full, known in zip(legal, self._pick((True, False), count), strict=True)
        ]
        columns["website"] = [
            f"https://{domain}" if known else ""
            for domain, known in zip(domains, self._pick((True, True, False), count), strict=True)
        ]
        columns["domain"] = [
            self._company.domains[place % len(self._company.domains)] if own else None
            for place, own in enumerate(self._pick(shares.SOMETIMES, count))
        ]
        columns["paypal_email"] = [
            f"paypal@{domain}" if own else ""
            for domain, own in zip(domains, self._pick(shares.OFTEN, count), strict=True)
        ]
        columns["name_key"] = [fold(name) for name in columns["name"]]

    def _counted(
        self,
        customer: int,
        status: Status,
        channels: int,
        flow_speed: int,
        debit_limit: Decimal,
        cap: Decimal | None,
        units: int,
        since: datetime,
        contacts: list[Row],
    ) -> Row:
        balance = self._traffic.balance(status, debit_limit, units)
        can_call = balance + debit_limit > 0
        return (
            customer,
            balance,
            *self._traffic.calls(status, channels, flow_speed, cap, units, since, can_call),
            len(contacts),
            sum([contact[EMAIL_VERIFIED] for contact in contacts]),
            sum([contact[MOBILE_VERIFIED] for contact in contacts]),
        )

    def _created(self, ids: range) -> list[datetime]:
        """Customers in the order of their numbers, more of them every year."""
        slots = 365 * YEARS * traffic.A_DAY // SLOT
        found: dict[int, datetime] = {}
        moments = []
        for one, jitter in zip(ids, [self._rng.random() for _ in ids], strict=True):
            slot = min(slots - 1, int(slots * ((one - jitter) / self.customers) ** 0.8))
            if slot not in found:
                found[slot] = self._start + timedelta(seconds=slot * SLOT + slot * 37 % SLOT)
            moments.append(found[slot])
        return moments

    def _changed(self, created: datetime) -> datetime:
        """The last change: half of all customers have never been changed."""
        chance = self._rng.random() * 2
        later = bisect(self._changes, created)
        place = later + int((len(self._changes) - later) * chance)
        return self._changes[place] if place < len(self._changes) else created

    def _amounts(self, pool: Sequence[int | None], units: list[int]) -> list[Decimal | None]:
        """Round amounts of dollars in the customers' currencies."""
        amounts: list[Decimal | None] = []
        for dollars, unit in zip(self._pick(pool, len(units)), units, strict=True):
            if dollars is not None and (dollars, unit) not in self._money:
                self._money[dollars, unit] = Decimal(dollars * unit)
            amounts.append(None if dollars is None else self._money[dollars, unit])
        return amounts


EMAIL_VERIFIED = people.COLUMNS.index("email_verified")
MOBILE_VERIFIED = people.COLUMNS.index("mobile_verified")
NAME, MOBILE = people.COLUMNS.index("name"), people.COLUMNS.index("mobile")


def _found_by(
    columns: dict[str, Sequence[Any]], contacts: list[list[Row]], of_card: list[list[str]]
) -> Iterator[str]:
    """What the search finds; as `search.document` says it, without making records of the rows."""
    for name, tags, external_id, of_one, more in zip(
        columns["name"], columns["tags"], columns["external_id"], contacts, of_card, strict=True
    ):
        parts = dict.fromkeys((name, " ".join(tags), external_id, *_reached(of_one), *more))
        yield fold("\n".join(filter(None, parts)))


def _reached(contacts: list[Row]) -> list[Any]:
    """Name, e-mail, phone and mobile of each contact."""
    return [part for contact in contacts for part in contact[NAME : MOBILE + 1]]


def _currency(place: Place, wanted: str) -> str:
    """That of the country, or one that carriers agree on: euros are little used overseas."""
    if wanted == "EUR" and not place.zone.startswith(("Europe", "Africa")):
        return "USD"
    return wanted or place.currency


def _units(place: Place, currency: str) -> int:
    return place.units if currency == place.currency else 1
