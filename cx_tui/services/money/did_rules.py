"""What DIDs must keep to: a released number rests before another customer gets it, and no call goes in a
circle.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import did_numbers
from cx_tui.domain.admission.numbers import same_form
from cx_tui.domain.records.did import Did, DidDestination
from cx_tui.errors import Invalid
from cx_tui.services.records.rules import Refusals, Wish

FARTHEST = 20
"""No chain of DIDs is followed further."""


async def dids(connection: AsyncConnection, wishes: Sequence[Wish]) -> Refusals:
    """A number that was released is not another customer's before its rest is over."""
    found: Refusals = {}
    new = {one.after.number for one in wishes if one.after is not None and _is_other(one)}
    rests = await did_numbers.resting(connection, sorted(new), datetime.now(UTC)) if new else {}
    for place, wish in enumerate(wishes):
        if wish.after is None:
            continue
        rest = rests.get(wish.after.number) if _is_other(wish) else None
        if rest and rest.customer_id != wish.after.customer_id:
            found[place] = Invalid(
                {
                    "number": f"another customer released this number; it rests until {rest.until:%Y-%m-%d} "
                    "(the DID quarantine of its carrier says how long)"
                }
            )
        elif await _comes_back(connection, wish.after):
            found[place] = Invalid(
                {"destination": "calls would come back to this number; choose another destination"}
            )
    return found


def _is_other(wish: Wish) -> bool:
    """Whether the number is another one than it was."""
    return wish.before is None or wish.before.number != wish.after.number


async def _comes_back(connection: AsyncConnection, did: Did) -> bool:
    """Whether calls to a DID end at it again, through however many others."""
    if did.destination_type is not DidDestination.EXTERNAL:
        return False
    at = did.destination
    for _ in range(FARTHEST):
        if same_form(at) == same_form(did.number):
            return True
        further = await did_numbers.goes_to(connection, at)
        if further is None:
            return False
        at = further
    return True
