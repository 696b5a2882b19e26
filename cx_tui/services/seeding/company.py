"""What the company has in the demonstration world: groups, carriers, rate cards, contracts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import Table

from cx_tui.domain.record import Record
from cx_tui.domain.records.carrier import Carrier
from cx_tui.domain.records.company import Domain, InvoiceTemplate, NumberRange, Reseller, User
from cx_tui.domain.records.contract import Contract
from cx_tui.domain.records.prefix_set import PrefixSet
from cx_tui.domain.records.rate_card import Rate, RateCard, Side, Supply
from cx_tui.services.seeding import words
from cx_tui.services.seeding.rows import Row, Rows

CENT = Decimal("0.0001")

# Prefix, destination, what a minute costs in dollars.
DESTINATIONS = (
    ("1", "USA and Canada", "0.0045"), ("1242", "Bahamas", "0.12"), ("20", "Egypt", "0.11"),
    ("212", "Morocco", "0.21"), ("234", "Nigeria", "0.09"), ("254", "Kenya", "0.13"),
    ("27", "South Africa", "0.06"), ("2782", "South Africa mobile", "0.14"), ("30", "Greece", "0.012"),
    ("31", "Netherlands", "0.009"), ("316", "Netherlands mobile", "0.031"), ("32", "Belgium", "0.014"),
    ("33", "France", "0.007"), ("336", "France mobile", "0.028"), ("337", "France mobile", "0.028"),
    ("34", "Spain", "0.008"), ("346", "Spain mobile", "0.025"), ("351", "Portugal", "0.009"),
    ("353", "Ireland", "0.011"), ("358", "Finland", "0.04"), ("36", "Hungary", "0.015"),
    ("39", "Italy", "0.009"), ("393", "Italy mobile", "0.032"), ("380", "Ukraine", "0.13"),
    ("40", "Romania", "0.012"), ("41", "Switzerland", "0.016"), ("417", "Switzerland mobile", "0.055"),
    ("420", "Czechia", "0.013"), ("43", "Austria", "0.013"), ("436", "Austria mobile", "0.034"),
    ("44", "United Kingdom", "0.006"), ("447", "United Kingdom mobile", "0.021"),
    ("4470", "United Kingdom personal", "0.45"), ("45", "Denmark", "0.012"), ("46", "Sweden", "0.009"),
    ("47", "Norway", "0.011"), ("48", "Poland", "0.01"), ("49", "Germany", "0.008"),
    ("4915", "Germany mobile", "0.029"), ("4916", "Germany mobile", "0.029"),
    ("4917", "Germany mobile", "0.03"), ("52", "Mexico", "0.012"), ("54", "Argentina", "0.02"),
    ("55", "Brazil", "0.018"), ("56", "Chile", "0.02"), ("57", "Colombia", "0.022"),
    ("60", "Malaysia", "0.02"), ("61", "Australia", "0.013"), ("62", "Indonesia", "0.045"),
    ("63", "Philippines", "0.12"), ("64", "New Zealand", "0.018"), ("65", "Singapore", "0.01"),
    ("66", "Thailand", "0.02"), ("7", "Russia", "0.06"), ("81", "Japan", "0.03"),
    ("82", "South Korea", "0.02"), ("852", "Hong Kong", "0.014"), ("86", "China", "0.013"),
    ("880", "Bangladesh", "0.03"), ("90", "Turkey", "0.03"), ("91", "India", "0.009"),
    ("92", "Pakistan", "0.05"), ("94", "Sri Lanka", "0.12"), ("971", "United Arab Emirates", "0.17"),
    ("972", "Israel", "0.014"), ("966", "Saudi Arabia", "0.12"), ("98", "Iran", "0.12"),
)  # fmt: skip

CARRIERS = (
    "Northline Carrier Services", "Meridian Transit", "Blue Strait Wholesale", "Cordillera Telecom",
    "Halcyon Interconnect", "Pacific Bridge Voice",
)  # fmt: skip
DOMAINS = {
    "sip.cx.example": "CX portal",
    "sip.eu.cx.example": "CX portal Europe",
    "sip.wholesale.example": "Wholesale desk",
}
Named = dict[str, int | None]
"""The numbers of records by their names; that of no name is none."""


class Company:
    """The setup, and which rate card a customer of a currency has."""

    def __init__(self, rng: Random, now: datetime) -> None:
        self._rng, self._now = rng, now
        kinds = (
            Reseller, User, Domain, InvoiceTemplate, NumberRange, Carrier, RateCard, Rate, Supply, PrefixSet,
            Contract,
        )  # fmt: skip
        begun = now - timedelta(days=400)
        self._rows: dict[type[Record], Rows] = {kind: Rows(kind, begun) for kind in kinds}
        self._cards: dict[str, int] = {}
        self.resellers: Named = {"": None}
        self.managers: Named = {"": None}
        self.templates: Named = {"": None}
        self.domains: list[int] = []
        self._carriers = [self._carrier(place, name) for place, name in enumerate(CARRIERS)]
        self._people()
        self.mobiles = self._add(
            PrefixSet, name="Mobiles of Europe",
            prefixes=tuple(prefix for prefix, name, _ in DESTINATIONS if name.endswith("mobile")),
        )  # fmt: skip
        self.contracts = [
            self._add(Contract, name=name, revision=1, text=f"# {name}\n\nThe usual terms of the house.")
            for name in ("Interconnect agreement", "Acceptable use", "Data processing")
        ]

    def card_of(self, currency: str, units: int) -> int:
        """The rate card of a currency, in which a dollar is so many units; made when first asked for."""
        if currency not in self._cards:
            self._cards[currency] = self._card(currency, units)
        return self._cards[currency]

    def tables(self) -> Iterator[tuple[Table, tuple[str, ...], list[Row]]]:
        """The rows that were made since the last time, in an order in which they can be written."""
        for rows in self._rows.values():
            yield rows.table, rows.columns, rows.taken()

    def _add(self, record: type[Record], **values: object) -> int:
        return self._rows[record].add(values)

    def _carrier(self, place: int, name: str) -> int:
        addresses = (f"203.0.113.{10 * place + 10}", f"203.0.113.{10 * place + 11}")
        return self._add(Carrier, name=name, channels=2000, flow_speed=100, addresses=addresses)

    def _people(self) -> None:
        groups = [name for name in dict.fromkeys(words.RESELLERS) if name]
        for name in groups:
            self.resellers[name] = self._add(
                Reseller, name=name, email=f"{name.split()[0].lower()}@cx.example"
            )
        for place, name in enumerate(filter(None, dict.fromkeys(words.MANAGERS))):
            login = name.split()[0].lower().replace("é", "e")
            group = self.resellers[groups[place % len(groups)]]
            self.managers[name] = self._add(
                User, name=name, login=login, reseller=group, email=f"{login}@cx.example"
            )
        for name, title in DOMAINS.items():
            self.domains.append(self._add(Domain, name=name, title=title))
        for name in filter(None, dict.fromkeys(words.INVOICE_TEMPLATES)):
            self.templates[name] = self._add(InvoiceTemplate, name=name, title="Invoice")
        self._add(NumberRange, name="Number range", first=1000, size=1000)

    def _card(self, currency: str, units: int) -> int:
        """A customer card and two carrier cards that serve it, each with a rate for every destination."""
        card = self._add(RateCard, name=f"Standard {currency}", currency=currency, cost_decimals=4)
        self._rates(card, units, Decimal("1.35"))
        for place, carrier in enumerate(self._rng.sample(range(len(self._carriers)), 2)):
            theirs = self._add(
                RateCard, name=f"{CARRIERS[carrier].split()[0]} {currency}", currency=currency,
                side=Side.CARRIER, carrier=self._carriers[carrier], cost_decimals=6,
            )  # fmt: skip
            self._rates(theirs, units, Decimal("1") + Decimal(place) / 20)
            self._add(Supply, rate_card_id=card, carrier_card=theirs, priority=place + 1)
        return card

    def _rates(self, card: int, units: int, factor: Decimal) -> None:
        for prefix, destination, dollars in DESTINATIONS:
            swing = Decimal(self._rng.randint(94, 106)) / 100
            rate = (Decimal(dollars) * units * factor * swing).quantize(CENT)
            self._add(Rate, rate_card_id=card, prefix=prefix, destination=destination, rate=max(rate, CENT))
