"""What customers have on their cards in the demonstration world; a few lack something."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Table

from cx_tui.domain.record import Record
from cx_tui.domain.records.alert import Alert, Area, Operator
from cx_tui.domain.records.cli_rule import CliRule
from cx_tui.domain.records.contract import CustomerContract
from cx_tui.domain.records.customer import Status
from cx_tui.domain.records.did import Did, DidDestination
from cx_tui.domain.records.ip import Ip
from cx_tui.domain.records.rewrite import Parameter, Rewrite
from cx_tui.domain.records.route import Route
from cx_tui.domain.records.signalling import Protocol
from cx_tui.domain.records.sip_user import Ping, SipUser
from cx_tui.services.seeding.company import Company
from cx_tui.services.seeding.rows import Row, Rows

ADDRESSES = 2**24 - 2
"""So many there are in 10.0.0.0/8: each customer has its own, but for a few who share one."""

PROTOCOLS = (Protocol.UDP, Protocol.UDP, Protocol.UDP, Protocol.TCP, Protocol.TLS)
EQUIPMENT = ("", "", "", "FreeSWITCH", "Asterisk", "Ribbon SBC", "Cisco CUBE", "Kamailio")


class Cards:
    """The records of customers' cards."""

    def __init__(self, rng: Random, company: Company, now: datetime) -> None:
        self._rng, self._company, self._now = rng, company, now
        kinds = (Ip, SipUser, Rewrite, Route, CliRule, Did, CustomerContract, Alert)
        begun = now - timedelta(days=200)
        self._rows: dict[type[Record], Rows] = {kind: Rows(kind, begun) for kind in kinds}
        self._address = 0
        self._did = 0

    def of(
        self, customer_id: int, status: Status, channels: int, currency: str, units: int, domain: str
    ) -> list[str]:
        """Make what a customer has; says what it is found by."""
        odds = self._rng.random
        found: list[str] = []
        # One in a hundred lacks something that it needs to make calls.
        if odds() > 0.012:
            found += self._ips(customer_id, channels)
            if odds() < 0.28:
                found += self._users(customer_id, channels, domain)
        if odds() > 0.012:
            self._routes(customer_id, currency, units)
        if odds() < 0.08:
            self._cli_rules(customer_id)
        if odds() < 0.16:
            found += self._dids(customer_id)
        if odds() < 0.2:
            self._contract(customer_id, overdue=odds() < 0.04)
        if odds() < 0.12 and status is not Status.PENDING_APPROVAL:
            self._alert(customer_id)
        return found

    def tables(self) -> Iterator[tuple[Table, tuple[str, ...], list[Row]]]:
        """The rows that were made since the last time, in an order in which they can be written."""
        for rows in self._rows.values():
            yield rows.table, rows.columns, rows.taken()

    def _add(self, record: type[Record], **values: Any) -> int:
        return self._rows[record].add(values)

    def _next_address(self) -> str:
        self._address = self._address % ADDRESSES + 1
        number = (10 << 24) + self._address
        return ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))

    def _ips(self, customer_id: int, channels: int) -> list[str]:
        found = []
        for place in range(self._rng.choice((1, 1, 1, 2, 2, 3))):
            address = self._next_address()
            if self._rng.random() < 0.002 and self._address > 1:
                address = "10.0.0.1"  # shared, and told apart by nothing
            ip = self._add(
                Ip, customer_id=customer_id, address=address, channels=channels if place == 0 else 0,
                manufacturer=self._rng.choice(EQUIPMENT), enabled=place == 0 or self._rng.random() < 0.9,
                protocol=self._rng.choice(PROTOCOLS),
            )  # fmt: skip
            found.append(address)
            if self._rng.random() < 0.1:
                rule = {"parameter": Parameter.DESTINATION, "current": "00", "new": "", "position": 1}
                self._add(Rewrite, customer_id=customer_id, ip=ip, **rule)
        return found

    def _users(self, customer_id: int, channels: int, domain: str) -> list[str]:
        names = []
        for place in range(1, self._rng.choice((1, 1, 2, 3)) + 1):
            name = f"{domain.partition('.')[0][:40]}{customer_id}-{place:02}"
            self._add(
                SipUser, customer_id=customer_id, username=name, channels=min(2, channels),
                ping=self._rng.choice((Ping.DISABLED, Ping.ENABLED, Ping.TIMEOUT)),
                voicemail=self._rng.random() < 0.3,
            )  # fmt: skip
            names.append(name)
        return names

    def _routes(self, customer_id: int, currency: str, units: int) -> None:
        card = self._company.card_of(currency, units)
        usual = {"customer_id": customer_id, "rate_card": card}
        if self._rng.random() < 0.1:
            self._add(Route, **usual, prefix_set=self._company.mobiles, max_duration=3600, position=1)
        self._add(Route, **usual, max_duration=7200, position=2)
        if self._rng.random() < 0.06:
            self._add(Route, **usual, tech_prefix="9#", enabled=False, position=3)

    def _cli_rules(self, customer_id: int) -> None:
        for position in range(1, self._rng.choice((1, 2, 3)) + 1):
            cli = f"44163296{self._rng.randrange(10_000):04}"
            forced = position == 1 and self._rng.random() < 0.5
            self._add(CliRule, customer_id=customer_id, cli=cli, forced=forced, position=position)

    def _dids(self, customer_id: int) -> list[str]:
        numbers = []
        for _ in range(self._rng.choice((1, 1, 2, 5))):
            self._did += 1
            number = f"44790{self._did:07}"
            self._add(
                Did, customer_id=customer_id, number=number, destination_type=DidDestination.URI,
                destination=f"sip:{number}@10.0.0.{customer_id % 250 + 1}", channels=5,
                cost=Decimal("0.80"), retail=Decimal("1.50"), charged_to=self._now.date(),
            )  # fmt: skip
            numbers.append(number)
        return numbers

    def _contract(self, customer_id: int, *, overdue: bool) -> None:
        today = self._now.date()
        days = -self._rng.randint(1, 20) if overdue else self._rng.randint(5, 60)
        signed = None if overdue or self._rng.random() < 0.1 else self._now - timedelta(days=90)
        grace: date = today + timedelta(days=days)
        self._add(
            CustomerContract, customer_id=customer_id, contract=self._rng.choice(self._company.contracts),
            grace_date=grace, signed_at=signed,
        )  # fmt: skip

    def _alert(self, customer_id: int) -> None:
        area, operator, threshold, unit = self._rng.choice((
            (Area.BALANCE, Operator.BELOW, 20, "balance below 20"),
            (Area.ASR, Operator.BELOW, 30, "ASR below 30 %"),
            (Area.CHANNELS, Operator.AT_LEAST, 25, "25 channels in use"),
            (Area.PDD, Operator.ABOVE, 8, "PDD above 8 s"),
        ))  # fmt: skip
        self._add(
            Alert, customer_id=customer_id, title=f"#{customer_id}: {unit}", area=area, operator=operator,
            threshold=Decimal(threshold),
        )  # fmt: skip
