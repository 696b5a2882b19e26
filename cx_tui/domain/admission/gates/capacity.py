"""Gates 8 and 9: calls at a time and calls a second, at every place that counts; the tightest decides."""

from collections.abc import Mapping
from typing import NamedTuple

from cx_tui.domain.admission.asking import Asking
from cx_tui.domain.admission.call import Finding, Said, Where, passed, refused
from cx_tui.domain.admission.facts import Place

NAMES = {
    "customer": "the customer",
    "ip": "the address",
    "sip-user": "the SIP user",
    "route": "the route",
    "did": "the inbound number",
}


class Use(NamedTuple):
    """What is left at a place: the least of several is the tightest."""

    left: int
    place: Place
    used: int
    limit: int

    @property
    def name(self) -> str:
        """The place in words."""
        return NAMES[self.place[0]]

    @property
    def rule(self) -> str:
        """The record that limits; "" is the customer's own limit."""
        return "" if self.place[0] == "customer" else f"{self.place[0]} {self.place[1]}"


def channels(asking: Asking) -> Finding:
    """A channel is free at every place; a customer with 0 channels has none."""
    counted, instead = asking.world.live.channels, asking.call.channels
    tightest = min(
        [
            _use(place, limits.channels, counted, instead)
            for place, limits in asking.limits()
            if limits.channels or place[0] == "customer"
        ]
    )
    return passed(lambda: _free(tightest)) if tightest.left > 0 else refused(503, lambda: _full(tightest))


def _use(place: Place, limit: int, counted: Mapping[Place, int], instead: int | None) -> Use:
    """What is in use at a place; what the question says of the customer counts before what is counted."""
    used = instead if instead is not None and place[0] == "customer" else counted.get(place, 0)
    return Use(limit - used, place, used, limit)


def _full(use: Use) -> Said:
    where = Where(*use.place, "channels")
    if not use.limit:
        return Said("0 channels", "The customer has no channels.  Give it some to let it call.", "", where)
    return Said(
        f"{use.used:,} of {use.limit:,}",
        f"All {use.limit:,} channels of {use.name} are in use.  Raise them, or wait until a call ends.",
        use.rule,
        where,
    )


def _free(use: Use) -> Said:
    value = f"{use.used:,} of {use.limit:,}"
    return Said(value, f"{value} channels of {use.name} are in use.", use.rule)


def flow_speed(asking: Asking) -> Finding:
    """No place starts more calls in this second than it may; a spike buffer makes calls wait instead."""
    counted, instead = asking.world.live.starts, asking.call.cps
    uses = [
        (_use(place, limits.flow_speed, counted, instead), limits.spike_buffer)
        for place, limits in asking.limits()
        if limits.flow_speed
    ]
    if not uses:
        return passed(lambda: Said("no limit", "Calls a second are not limited."))
    tightest, buffer = min(uses, key=lambda one: (one[0].left + one[1], one[0]))
    if tightest.left + buffer <= 0:
        return refused(503, lambda: _too_fast(tightest))
    return passed(lambda: _in_time(tightest))


def delay(asking: Asking) -> int:
    """Seconds that a call waits in a spike buffer; 0 when it need not."""
    counted, instead = asking.world.live.starts, asking.call.cps
    uses = [_use(place, one.flow_speed, counted, instead) for place, one in asking.limits() if one.flow_speed]
    return max((_waits(use) for use in uses), default=0)


def _waits(use: Use) -> int:
    """A second for as many calls as may begin in one, of those before this call."""
    return use.used // use.limit


def _too_fast(use: Use) -> Said:
    return Said(
        f"{use.used:,} of {use.limit:,} a second",
        f"{use.used:,} calls of {use.name} began in this second, and {use.limit:,} may.  Raise its flow "
        "speed, or let it call more slowly.",
        use.rule,
        Where(*use.place, "flow_speed"),
    )


def _in_time(use: Use) -> Said:
    value = f"{use.used:,} of {use.limit:,} a second"
    seconds = _waits(use)
    if not seconds:
        sentence = f"{use.used:,} calls of {use.name} began in this second, and {use.limit:,} may."
    else:
        unit = "second" if seconds == 1 else "seconds"
        sentence = (
            f"{use.used:,} calls of {use.name} began in this second, more than its {use.limit:,}: this one "
            f"waits {seconds} {unit} in the spike buffer."
        )
    return Said(value, sentence, use.rule)
