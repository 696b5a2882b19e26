"""One question about one customer while it goes through the gates: what the gates share, found once."""

from datetime import UTC, date, datetime
from typing import TypeAlias

from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.cli_rules import Caller, Shown, shown_of
from cx_tui.domain.admission.facts import (
    Address,
    AddressTerms,
    Customer,
    Did,
    Direction,
    Limits,
    Place,
    SipUser,
)
from cx_tui.domain.admission.free_seconds import free_seconds
from cx_tui.domain.admission.numbers import behind, is_anonymous, number_in, same_form
from cx_tui.domain.admission.offers import Offers, offers_for
from cx_tui.domain.admission.rewriting import Rewritten, as_dialled, rewritten
from cx_tui.domain.admission.routing import Routing, routing_for
from cx_tui.domain.admission.world import World
from cx_tui.domain.records.customer import AssertedId

Entry: TypeAlias = Address | SipUser | Did
PLAIN = AddressTerms()
KINDS: dict[type, str] = {Address: "ip", SipUser: "sip-user", Did: "did"}


class Asking:
    """A call, whose it is, and what has been found of it so far; without an entry the customer alone."""

    __slots__ = (
        "_cli", "_free", "_limits", "_numbers", "_offers", "_routing",
        "call", "customer", "direction", "entry", "lasts", "moment", "world",
    )  # fmt: skip

    customer: Customer

    def __init__(self, world: World, call: Call) -> None:
        self.world = world
        self.moment = call.moment
        self.call = call
        self.direction = call.direction
        self.entry: Entry | None = None
        self._numbers: tuple[Rewritten, Rewritten] | None = None
        self._cli: Shown | None = None
        self._routing: Routing | None = None
        self._offers: Offers | None = None
        self._limits: list[tuple[Place, Limits]] | None = None
        self._free: int | None = None
        self.lasts: int | None = None
        """The seconds that the call may last, once they are counted."""

    @property
    def incoming(self) -> bool:
        """Whether the call comes in, to one of the customer's numbers."""
        return self.direction is Direction.ORIGINATION

    @property
    def place(self) -> Place | None:
        """The kind and the id of what the customer was recognised by."""
        return (KINDS[type(self.entry)], self.entry.id) if self.entry else None

    def numbers(self) -> tuple[Rewritten, Rewritten]:
        """The dialled number and the caller's, after the entry's own prefixes and its rewrite rules."""
        if self._numbers is None:
            call, entry = self.call, self.entry
            dialled, cli = number_in(call.dialled), number_in(call.cli)
            terms = PLAIN
            if isinstance(entry, Address):
                terms = entry.terms
                dialled = dialled[len(terms.tech_prefix) + terms.strip_digits :]
                cli = behind(terms.cli_prefix, cli)
            if entry is None or isinstance(entry, Did) or not entry.rewrites:
                numbers = Rewritten(dialled), Rewritten(cli)
            else:
                numbers = (
                    rewritten(entry.rewrites, "destination", dialled),
                    rewritten(entry.rewrites, "cli", cli),
                )
            sent = as_dialled(terms.dial_pattern, numbers[0].number)
            if sent != numbers[0].number:
                numbers = numbers[0]._replace(number=sent), numbers[1]
            self._numbers = numbers
        return self._numbers

    def shown(self) -> Shown:
        """What is shown of the caller, by the CLI rules."""
        if self._cli is None:
            number, cli = self.numbers()
            paid = number_in(self.call.paid)
            found = shown_of(self.customer, self.direction, Caller(cli.number, paid, number.number))
            policy = self.customer.terms.asserted_id
            if policy is not AssertedId.DEFAULT and found.paid and _dropped(policy, found):
                found = found._replace(paid="")
            self._cli = found
        return self._cli

    def routing(self) -> Routing:
        """The route that takes the call, and its rate."""
        if self._routing is None:
            number = self.numbers()[0].number
            did = self.entry if isinstance(self.entry, Did) else None
            self._routing = routing_for(self.world, self.customer, number, self.moment, did)
        return self._routing

    def offers(self) -> Offers:
        """The carriers that can take the call, in their order."""
        if self._offers is None:
            self._offers = offers_for(self.world, self.customer, self.routing(), self.call)
        return self._offers

    def limits(self) -> list[tuple[Place, Limits]]:
        """Where calls are counted: the customer, the entry, the route or the inbound number."""
        if self._limits is None:
            self._limits = [(("customer", self.customer.id), self.customer.limits)]
            entry = self.entry
            if entry is not None:
                own = entry.terms.limits if isinstance(entry, Address) else entry.limits
                self._limits.append(((KINDS[type(entry)], entry.id), own))
                route = self.routing().route
                if route is not None:
                    self._limits.append((("route", route.id), route.terms.limits))
        return self._limits

    def credit(self) -> int:
        """What may still be spent, in millionths: balance and debit limit, less what live calls take."""
        account = self.customer.account
        return account.balance + self.customer.debit_limit - account.reserved

    @property
    def at_zero(self) -> bool:
        """Whether it comes in to a customer who has no credit and needs none for that."""
        return self.incoming and self.customer.terms.inbound_at_zero and self.credit() <= 0

    def free(self) -> int:
        """The billed seconds of the call that free minutes pay; without a call, those that there are."""
        if self._free is None:
            self._free = self._count_free() if self.customer.free else 0
        return self._free

    def _count_free(self) -> int:
        number = None
        if self.entry is not None:
            if self.routing().rate is None or self.at_zero:
                return 0  # it costs nothing, or nobody knows what
            number = self.priced_number()
        return free_seconds(self.customer, number, utc_day(self.moment))

    def priced_number(self) -> str:
        """The number that the price and free minutes hold for."""
        found = self.routing()
        return same_form(found.did.number if found.did else found.number)

    def daily_left(self) -> int | None:
        """What may still be spent today (UTC); None is no limit."""
        if self.customer.daily_limit is None:
            return None
        account = self.customer.account
        return self.customer.daily_limit - account.spend_on(utc_day(self.moment)) - account.reserved


def _dropped(policy: AssertedId, found: Shown) -> bool:
    """Whether the P-Asserted-ID is not sent on; one that a rule has written is."""
    if policy is AssertedId.REMOVE:
        return found.rule is None or not found.rule.rewrite_paid
    return is_anonymous(found.paid)


def utc_day(moment: datetime) -> date:
    """The day of a moment, in UTC."""
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).date()
