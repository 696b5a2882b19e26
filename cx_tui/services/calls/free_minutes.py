"""Free minutes of packages, given to calls when they are stored."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import free_minutes
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.figures import day_of
from cx_tui.domain.money.free_minutes import Held, Place, Taken, split, that_hold
from cx_tui.services.calls.prices import Prices


class FreeMinutes:
    """Gives calls the free minutes of their customers, in the order in which the calls began."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices

    async def give(self, connection: AsyncConnection, calls: Mapping[int, Call]) -> Mapping[int, Call]:
        """These new, priced calls of locked customers, each with what it still costs."""
        wanted = {key: call for key, call in calls.items() if _needs(call)}
        if not wanted:
            return calls
        held = await free_minutes.held_by(connection, {call.customer_id or 0 for call in wanted.values()})
        if not held:
            return calls
        # A price that came with the call is not ours to split.
        wanted = {key: call for key, call in wanted.items() if self._prices.knows(call)}
        places, granted = _places(wanted, held)
        left = await free_minutes.left_of(connection, granted) if granted else {}
        given: dict[int, list[Taken]] = {}
        for key in sorted(places, key=lambda key: (wanted[key].invited_at, key)):
            parts = split(wanted[key].billed_seconds, places[key], left)
            for place, seconds in parts:
                left[place] -= seconds
            if parts:
                given[key] = parts
        noted = {free_minutes.place_of(wanted[key]): parts for key, parts in given.items()}
        await free_minutes.keep(connection, noted, granted)
        return {**calls, **{key: self._paid(wanted[key], parts) for key, parts in given.items()}}

    def _paid(self, call: Call, parts: list[Taken]) -> Call:
        free = sum(one.seconds for one in parts)
        priced = self._prices.partly(call, free)
        return replace(call, charge=priced.charge)


def _needs(call: Call) -> bool:
    return bool(call.billed_seconds and call.charge and call.charge > 0 and not call.simulated)


def _places(
    calls: Mapping[int, Call], held: Mapping[int, list[Held]]
) -> tuple[dict[int, list[Place]], dict[Place, int]]:
    """The periods whose minutes hold for each call, and the seconds that these have."""
    places: dict[int, list[Place]] = {}
    granted: dict[Place, int] = {}
    for key, call in calls.items():
        mine, day = held.get(call.customer_id or 0, ()), day_of(call.invited_at)
        for one, spell in that_hold(mine, call.priced_number, day):
            place = Place(one.own_id, spell.first)
            granted[place] = one.granted(spell)
            places.setdefault(key, []).append(place)
    return places, granted
