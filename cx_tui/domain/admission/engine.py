"""The one engine: may this call pass, as what, where to, for how long; and why can this customer not call.

`decide` goes through the gates until one refuses.  The words of a decision are made when they are read.
"""

from datetime import datetime
from typing import Any

from cx_tui.domain.admission.asking import Asking
from cx_tui.domain.admission.authentication import authenticate
from cx_tui.domain.admission.call import Call, Finding, Step
from cx_tui.domain.admission.facts import Customer, Limits, Place
from cx_tui.domain.admission.gates import GATES
from cx_tui.domain.admission.gates.capacity import delay
from cx_tui.domain.admission.gates.rates import seconds
from cx_tui.domain.admission.numbers import number_in
from cx_tui.domain.admission.offers import Offer
from cx_tui.domain.admission.world import World
from cx_tui.domain.rating.money import money
from cx_tui.domain.rating.price import Rules, Tariff, exactly

NOWHERE = World()
JUDGES = tuple(gate.judge for gate in GATES)
PLACES = {gate.name: place for place, gate in enumerate(GATES)}


class Decision:
    """What was decided of a call."""

    __slots__ = ("_asking", "_findings", "code")

    def __init__(self, asking: Asking, findings: list[Finding]) -> None:
        self._asking = asking
        self._findings = findings
        self.code = findings[-1][0]
        """The SIP code of a refusal; 0 when the call is admitted."""

    @property
    def admitted(self) -> bool:
        """Whether the call may pass."""
        return not self.code

    @property
    def gate(self) -> str:
        """The gate that refused; "" when none did."""
        return GATES[len(self._findings) - 1].name if self.code else ""

    @property
    def sentence(self) -> str:
        """Why the call is refused, or that it is admitted."""
        return self._findings[-1][1]().sentence if self.code else "The call is admitted."

    @property
    def customer(self) -> Customer | None:
        """Whose call it is."""
        return self._asking.customer if self._asking.entry else None

    @property
    def auth(self) -> str:
        """What the customer was recognised by: "ip 12", "sip-user 7", "did 3"."""
        place = self._asking.place
        return f"{place[0]} {place[1]}" if place else ""

    @property
    def route_id(self) -> int | None:
        """The route that takes the call."""
        route = self._asking.routing().route if self._past("route") else None
        return route.id if route else None

    @property
    def number(self) -> str:
        """The number as it is sent to carriers, as far as it got."""
        if self._past("route"):
            return self._asking.routing().number
        return self._asking.numbers()[0].number if self._past("rewrite") else self.dialled

    @property
    def dialled(self) -> str:
        """The number as it was dialled."""
        return number_in(self._call.dialled)

    @property
    def cli(self) -> str:
        """The caller's number that is shown, as far as it got."""
        if self._past("cli"):
            return self._asking.shown().cli
        return self._asking.numbers()[1].number if self._past("rewrite") else number_in(self._call.cli)

    @property
    def paid(self) -> str:
        """The P-Asserted-ID that is sent, as far as it got."""
        return self._asking.shown().paid if self._past("cli") else number_in(self._call.paid)

    @property
    def seconds(self) -> int:
        """How long the call may last; 0 when it is refused."""
        return seconds(self._asking) if self.admitted else 0

    @property
    def tariff(self) -> tuple[Tariff, Rules] | None:
        """What the customer pays and how it is rounded; None when the call is refused or free."""
        found = self._asking.routing() if self.admitted else None
        return (found.rate.tariff, found.card.rules) if found and found.card and found.rate else None

    @property
    def spendable(self) -> int:
        """What the customer may still spend on this call, in millionths."""
        return _spendable(self._asking)

    @property
    def free(self) -> int:
        """The billed seconds of this call that free minutes can pay."""
        return self._asking.free() if self.admitted else 0

    @property
    def priced_number(self) -> str:
        """The number that free minutes hold for."""
        return self._asking.priced_number()

    @property
    def takes_money(self) -> bool:
        """Whether it takes of the customer's credit or free minutes, unless it is free of charge anyway; it
        does not when it comes in to a customer who may be called without money."""
        return self.spendable > 0 or self.free > 0

    @property
    def limits(self) -> list[tuple[Place, Limits]]:
        """Every place where the call is counted, with its limits: for who counts the calls that are up."""
        return self._asking.limits() if self.admitted else []

    @property
    def delay(self) -> int:
        """Seconds that the call waits in a spike buffer."""
        return delay(self._asking) if self.admitted else 0

    @property
    def incoming(self) -> bool:
        """Whether the call comes in, to an inbound number."""
        return self._asking.incoming

    @property
    def carriers(self) -> tuple[Offer, ...]:
        """The carriers in the order in which they are tried."""
        return self._asking.offers().usable if self.admitted and not self._asking.incoming else ()

    @property
    def trace(self) -> list[Step]:
        """Every gate: passed, refused or not reached, each with its words."""
        steps = []
        for gate, (code, say) in zip(GATES, self._findings, strict=False):
            steps.append(Step(gate.name, "refused" if code else "passed", *say(), code))
        steps += [Step(gate.name, "not reached") for gate in GATES[len(steps) :]]
        return steps

    def as_dict(self) -> dict[str, Any]:
        """The decision as commands and the decision server write it, but for the trace."""
        customer, route = self.customer, self.route_id
        return {
            "admitted": self.admitted,
            "code": self.code,
            "gate": self.gate,
            "sentence": self.sentence,
            "customer": customer.name if customer else "",
            "customer_id": customer.id if customer else None,
            "auth": self.auth,
            "route": "" if route is None else f"route {route}",
            "dialled": self.dialled,
            "number": self.number,
            "cli": self.cli,
            "paid": self.paid,
            "seconds": self.seconds,
            "delay": self.delay,
            "carriers": [self._offered(offer) for offer in self.carriers],
        }

    def _offered(self, offer: Offer) -> dict[str, Any]:
        return {
            "name": offer.carrier.name,
            "number": self.number,
            "rate": str(money(offer.rate.tariff.per_minute)),
            "cost": exactly(offer.cost),
            "margin": None if offer.margin is None else exactly(offer.margin),
            "currency": offer.card.currency,
        }

    @property
    def _call(self) -> Call:
        return self._asking.call

    def _past(self, name: str) -> bool:
        """Whether the call got as far as a gate."""
        return PLACES[name] < len(self._findings)


def decide(world: World, call: Call) -> Decision:
    """Whether a call may pass; nothing is changed by asking."""
    asking = Asking(world, call)
    entry = authenticate(world, call)
    if entry is not None:
        asking.entry = entry
        asking.customer = world.customers[entry.customer_id]
    findings = []
    for judge in JUDGES:
        finding = judge(asking)
        findings.append(finding)
        if finding[0]:
            break
    return Decision(asking, findings)


def spendable(customer: Customer, moment: datetime) -> int:
    """What a customer may still spend, in millionths, less what the calls that are up may cost."""
    asking = Asking(NOWHERE, Call(dialled="", moment=moment))
    asking.customer = customer
    return _spendable(asking)


def _spendable(asking: Asking) -> int:
    credit, today = asking.credit(), asking.daily_left()
    return credit if today is None else min(credit, today)


def why(world: World, customer: Customer, moment: datetime) -> list[Step]:
    """What stands in a customer's way: every gate that needs no call, also behind one that refuses."""
    asking = Asking(world, Call(dialled="", moment=moment))
    asking.customer = customer
    steps = []
    for gate in GATES:
        if gate.standing is None:
            steps.append(Step(gate.name, "not reached", "", "It depends on the call: simulate one to see."))
            continue
        code, say = gate.standing(asking)
        steps.append(Step(gate.name, "refused" if code else "passed", *say(), code))
    return steps
