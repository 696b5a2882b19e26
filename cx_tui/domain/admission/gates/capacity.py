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

NOT_LIMITED = passed(lambda: Said("no limit", "Calls a second are not limited."))


class Use(NamedTuple):
    """What is left at a place: the least of several is the tightest."""

    left: int
    place: Place
    limit: int

    @property
    def used(self) -> int:
        """What is in use."""
        return self.limit - self.left

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
    counted = _counted(asking, asking.world.live.channels, asking.call.channels)
    left, place, limit = min(
        [
            (limits.channels - counted.get(place, 0), place, limits.channels)
            for place, limits in asking.limits()
            if limits.channels or place[0] == "customer"
        ]
    )
    if left > 0:
        return passed(lambda: _free(Use(left, place, limit)))
    return refused(503, lambda: _full(Use(left, place, limit)))


def _counted(asking: Asking, counted: Mapping[Place, int], instead: int | None) -> Mapping[Place, int]:
    """What is counted at places; what the question says of the customer comes before it."""
    return counted if instead is None else {**counted, ("customer", asking.customer.id): instead}


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
    counted = _counted(asking, asking.world.live.starts, asking.call.cps)
    uses = [
        (limits.flow_speed + limits.spike_buffer - counted.get(place, 0), place, limits)
        for place, limits in asking.limits()
        if limits.flow_speed
    ]
    if not uses:
        return NOT_LIMITED
    left, place, limits = min(uses) if len(uses) > 1 else uses[0]
    tightest = left - limits.spike_buffer, place, limits.flow_speed
    if left > 0:
        return passed(lambda: _in_time(Use(*tightest)))
    return refused(503, lambda: _too_fast(Use(*tightest)))


def delay(asking: Asking) -> int:
    """Seconds that a call waits in a spike buffer; 0 when it need not."""
    counted = _counted(asking, asking.world.live.starts, asking.call.cps)
    speeds = [(place, limits.flow_speed) for place, limits in asking.limits() if limits.flow_speed]
    return max(
        (_waits(Use(speed - counted.get(place, 0), place, speed)) for place, speed in speeds), default=0
    )


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
