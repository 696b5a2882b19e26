"""What calls cost: by the rate cards of their customers' routes and of the carriers that took them; calls
that come in by the card of the DID, and nothing where it has none.

The cards that calls need are read when they are first met, and looked at again now and then; a call is priced
by the rate that was valid when it began.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from time import monotonic
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import admission_rows as rows
from cx_tui.db.free_minutes import Key, place_of
from cx_tui.domain.admission.numbers import same_form
from cx_tui.domain.calls.call import Call
from cx_tui.domain.rating.cards import Rate, RateCard
from cx_tui.domain.rating.money import money
from cx_tui.domain.rating.price import price
from cx_tui.services.admission.facts import Facts

LOOKED_AT_AGAIN = 30.0
"""Seconds after which cards and routes are read anew."""


class _Did(NamedTuple):
    """A DID: its number in one form, and the card that calls to it are priced by."""

    id: int
    number: str
    card_id: int | None


class Prices:
    """Gives calls their prices."""

    def __init__(self) -> None:
        self._routes: dict[int, list[tuple[int, int]]] = {}
        self._dids: dict[int, list[_Did]] = {}
        self._currencies: dict[int, str] = {}
        self._cards: dict[int, RateCard] = {}
        self._supply: dict[int, list[int]] = {}
        self._carriers: dict[int, str] = {}
        self._read_at = -LOOKED_AT_AGAIN
        self.free: Mapping[Key, int] = {}
        """Seconds that calls which are priced anew were given free when they came."""

    async def prepare(
        self,
        connection: AsyncConnection,
        customers: Collection[int] | None,
        prefixes: Collection[str] | None = None,
    ) -> None:
        """Read what the calls of these customers need, or of all; with the rates of some prefixes, or all."""
        if monotonic() - self._read_at > LOOKED_AT_AGAIN:
            self._routes, self._dids, self._cards, self._supply = {}, {}, {}, {}
            self._currencies = {}
            self._carriers = {row.id: row.name for row in await rows.setup(connection, "carrier")}
            self._read_at = monotonic()
        missing = None if customers is None else sorted(set(customers) - self._routes.keys())
        if missing is None or missing:
            await self._read_routes(connection, missing)
            await self._read_dids(connection, missing)
            self._currencies |= await rows.currencies(connection, missing)
        needed = {card for several in self._routes.values() for _, card in several}
        needed |= {one.card_id for several in self._dids.values() for one in several if one.card_id}
        await self._read_cards(connection, needed - self._cards.keys(), prefixes)

    def __call__(self, call: Call) -> Call:
        """The call with its price; why it has none is said with it."""
        free = self.free.get(place_of(call), 0) if self.free else 0
        return self.partly(call, free)

    def partly(self, call: Call, free: int) -> Call:
        """The call with its price when so many of its billed seconds are free."""
        if call.customer_id is None or call.gate:
            return call
        if call.incoming and (did := self._did(call)) and did.card_id is None:
            return replace(call, prefix="", destination="", billed_seconds=0, charge=money(0), unrated="")
        found = self._found(call)
        if found is None:
            return call if call.charge is not None else replace(call, unrated=self._why_not(call))
        card, rate = found
        charged = price(rate.tariff, card.rules, _talk(call))
        return replace(
            call, prefix=rate.prefix, destination=rate.destination, billed_seconds=charged.billed_seconds,
            charge=money(charged.paid(free)), currency=card.currency, cost=self._cost(card, call), unrated="",
        )  # fmt: skip

    def sum_of(self, call: Call, free: int) -> str:
        """How the charge of a call came about, of which so many seconds were free; "" where the rate of its
        start makes another charge of it."""
        found = self._found(call)
        if found is None:
            return ""
        card, rate = found
        charged = price(rate.tariff, card.rules, _talk(call))
        billed = charged.billed_seconds - free
        paid = replace(charged, billed_seconds=billed, sixtieths=rate.tariff.sixtieths(billed))
        return paid.sum if billed > 0 and paid.charge == call.charge else ""

    def knows(self, call: Call) -> bool:
        """Whether it is a rate of ours that prices a call."""
        return self._found(call) is not None

    def _found(self, call: Call) -> tuple[RateCard, Rate] | None:
        """The first card of the call, in its customer's currency, that has a rate; and the rate."""
        currency = self._currencies.get(call.customer_id or 0)
        for card in self._cards_of(call):
            if card.currency != currency:
                continue
            if (rate := card.rate_of(call.priced_number, call.invited_at)) and not rate.blocked:
                return card, rate
        return None

    def _cards_of(self, call: Call) -> list[RateCard]:
        """The card of the call's route, or those of all routes; of a call that came in that of its DID."""
        if call.incoming:
            did = self._did(call)
            cards = [did.card_id] if did else []
        else:
            routes = self._routes.get(call.customer_id or 0, [])
            cards = [card for route_id, card in routes if call.route_id in (None, route_id)]
        return [self._cards[one] for one in cards if one in self._cards]

    def _did(self, call: Call) -> _Did | None:
        """The DID that a call came in to."""
        mine = self._dids.get(call.customer_id or 0, ())
        by_id = (one for one in mine if one.id == call.did_id)
        return next(by_id, None) or next((one for one in mine if one.number == call.priced_number), None)

    def _cost(self, card: RateCard, call: Call) -> Decimal | None:
        """What carriers charge for it: the one that carried it, and the others for having been tried."""
        found = self._bought(card, call, call.carrier)
        if found is None:
            return call.cost
        theirs, rate = found
        billed = rate.tariff.billed(theirs.rules.seconds(_talk(call)))
        cost = theirs.rules.charge(theirs.attempt(rate.tariff, billed))
        others = [one.carrier for one in call.tries]
        if call.carrier in others:
            others.remove(call.carrier)
        for other in others:
            if tried := self._bought(card, call, other):
                cost += tried[0].rules.charge(tried[0].attempt(tried[1].tariff, 0))
        return money(cost)

    def _bought(self, card: RateCard, call: Call, carrier: str) -> tuple[RateCard, Rate] | None:
        """The first card by which a carrier takes such calls, and its rate."""
        for theirs in map(self._cards.get, self._supply.get(card.id, [])):
            if theirs is None or self._carriers.get(theirs.carrier_id or 0) != carrier:
                continue
            if rate := theirs.rate_of(call.priced_number, call.invited_at):
                return theirs, rate
        return None

    def _why_not(self, call: Call) -> str:
        if call.incoming and not self._did(call):
            return f"{call.dialled} is not one of the customer's DIDs"
        if not call.incoming and not self._routes.get(call.customer_id or 0):
            return "the customer has no route with a rate card"
        currency, cards = self._currencies.get(call.customer_id or 0), self._cards_of(call)
        if cards and all(card.currency != currency for card in cards):
            return f"the rate card {cards[0].name} is in {cards[0].currency}, the customer pays in {currency}"
        number = call.dialled if call.incoming else call.number or call.dialled
        return f"no rate for {number} at the moment of the call"

    async def _read_routes(self, connection: AsyncConnection, ids: Sequence[int] | None) -> None:
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for several in (await rows.of_customers(connection, "route", ids)).values():
            for row in several:
                if row.enabled and row.rate_card is not None:
                    found[row.customer_id].append((row.id, row.rate_card))
        self._routes.update(found)
        for one in ids or ():
            self._routes.setdefault(one, [])

    async def _read_dids(self, connection: AsyncConnection, ids: Sequence[int] | None) -> None:
        for of, several in (await rows.of_customers(connection, "did", ids)).items():
            self._dids[of] = [_Did(row.id, same_form(row.number), row.customer_card) for row in several]

    async def _read_cards(
        self, connection: AsyncConnection, cards: Collection[int], prefixes: Collection[str] | None
    ) -> None:
        if not cards:
            return
        supplied: dict[int, list[int]] = defaultdict(list)
        for row in await rows.supply(connection, cards):
            supplied[row.rate_card_id].append(row.carrier_card)
        self._supply.update(supplied)
        every = {*cards, *(card for several in supplied.values() for card in several)} - self._cards.keys()
        rates: dict[int, list[Any]] = defaultdict(list)
        for row in await rows.rates(connection, every, prefixes):
            rates[row.rate_card_id].append(row)
        facts = Facts()
        for row in await rows.setup(connection, "rate-card", every):
            self._cards[row.id] = facts.card(row, rates[row.id])


def _talk(call: Call) -> int:
    return call.talk_ms if call.connected else 0
