"""Calls that an operator simulated: kept in the list of calls beside the real ones, counted in nothing."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cx_tui.domain.admission.call import Call as Asked
from cx_tui.domain.admission.engine import Decision
from cx_tui.domain.calls.call import Call, Release
from cx_tui.domain.who import Who

if TYPE_CHECKING:
    from cx_tui.services.calls.calls import Calls

SOURCE = "simulation"
"""What stands there instead of a switch."""


def record_of(asked: Asked, decision: Decision, who: Who, now: datetime) -> Call:
    """What is kept of a simulated call: when it was tried, and what became of it."""
    carriers = decision.carriers
    return Call(
        source=SOURCE,
        source_key=f"{now:%Y%m%d%H%M%S%f}-{who.name}",
        customer_id=decision.customer.id if decision.customer else None,
        auth=f"user {asked.user}" if asked.user else decision.auth,
        direction=asked.direction.value,
        route_id=decision.route_id,
        src_ip=asked.source,
        cli_in=asked.cli,
        cli=decision.cli,
        paid=decision.paid,
        dialled=asked.dialled,
        number=decision.number,
        invited_at=now,
        ended_at=now,
        sip_code=decision.code or None,
        gate=decision.gate,
        release=Release.OPERATOR,
        carrier=carriers[0].carrier.name if carriers else "",
        simulated=True,
    )


async def keep(calls: "Calls", asked: Asked, decision: Decision, who: Who) -> bool:
    """Keep a simulated call; of nobody's there is no list that it would stand in."""
    if decision.customer is None:
        return False
    tally = await calls.ingest().store([record_of(asked, decision, who, datetime.now(UTC))])
    return tally.new > 0
