"""Questions of switches and their answers: the same decision for every way they come in."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

from cx_tui.decide.asked import call_of
from cx_tui.decide.digest import kept_of, parts_of, proved
from cx_tui.decide.reserving import Reservations, shares_of
from cx_tui.decide.sharing import Peer, Sharing, Wish
from cx_tui.domain.admission.authentication import user_fault
from cx_tui.domain.admission.call import Call
from cx_tui.domain.admission.engine import Decision, decide, spendable
from cx_tui.domain.admission.facts import Direction, SipUser
from cx_tui.domain.admission.free_seconds import free_seconds
from cx_tui.domain.admission.networks import network_of
from cx_tui.domain.admission.world import World
from cx_tui.domain.records.customer import Status
from cx_tui.errors import Invalid

MOST_ELSEWHERE = 100_000
"""So many calls are remembered for which another server keeps the money."""
STALE_AFTER = 30.0
"""Seconds without a look at the database after which the server says that it is not well."""


class State(Protocol):
    """The world, and how old it is."""

    world: World
    version: int
    trouble: str
    reloaded: int

    @property
    def age(self) -> float:
        """Seconds since it was last seen to be as the database is."""

    def watch(self, customer_id: int) -> None:
        """A customer has a call: its balance will change."""


class Answer(NamedTuple):
    """What was decided, and what the server adds to it."""

    decision: Decision
    seconds: int
    """How long the call may last, when other calls are up at the same time."""
    user: SipUser | None
    """The SIP user who has proved itself here."""
    challenge: str
    """The realm in which the caller is to prove itself; "" when it need not."""
    ha1: str = ""
    """The HA1 of the user who has proved itself, by the algorithm of its digest."""


class Registration(NamedTuple):
    """Whether a SIP user may say where it is: the SIP code, the realm, and its HA1."""

    code: int
    realm: str = ""
    ha1: str = ""


class Asked(NamedTuple):
    """A question on its way."""

    key: str
    words: Mapping[str, Any]
    decision: Decision
    user: SipUser | None
    ha1: str = ""


def _from(words: Mapping[str, Any]) -> Call:
    """Where something that is no call comes from."""
    return Call(dialled="", moment=datetime.now(UTC), source=words.get("source", ""))


class Answering:
    """Answers; counts them."""

    def __init__(
        self,
        state: State,
        reservations: Reservations,
        realm: str = "",
        clock: Callable[[], float] = time.perf_counter,
        sharing: Sharing | None = None,
    ) -> None:
        self.sharing = sharing or Sharing()
        self._kept: dict[str, Peer] = {}
        """Calls by their keys, for which another server keeps the money."""
        self.state = state
        self.reservations = reservations
        self.realm = realm
        self.admitted = 0
        self.refused: Counter[str] = Counter()
        """Refusals by gate."""
        self.shed = 0
        """Questions that had waited for too long, and were refused without a decision."""
        self.seconds = 0.0
        """How long all decisions took."""
        self.since = time.time()
        self._clock = clock

    def answer(self, words: Mapping[str, Any]) -> Answer:
        """The answer to a question whose words were checked, by what this server knows alone."""
        asked = self._begun(words)
        return self._finished(asked, self._take(asked.key, asked.decision))

    def ask(self, words: Mapping[str, Any]) -> "Answer | Awaitable[Answer]":
        """The same; if another server keeps the money of the customer, as soon as that has answered."""
        asked = self._begun(words)
        decision = asked.decision
        if not self.sharing.alone and decision.admitted and (wish := Wish.of(asked.key, decision)):
            keeper = self.sharing.keeper(wish.customer)
            if keeper is not None:
                return self._kept_elsewhere(asked, keeper, wish)
        return self._finished(asked, self._take(asked.key, decision))

    async def _kept_elsewhere(self, asked: "Asked", keeper: Peer, wish: Wish) -> Answer:
        seconds = await keeper.reserve(wish)
        if seconds is None:
            seconds = self._take(asked.key, asked.decision)
        else:
            self._kept[asked.key] = keeper
            if len(self._kept) > MOST_ELSEWHERE:
                del self._kept[next(iter(self._kept))]
        return self._finished(asked, seconds)

    def reserve(self, wish: Wish) -> int | None:
        """What another server asks of this one, which keeps the money; None when it does not know whose."""
        customer = self.state.world.customers.get(wish.customer)
        if customer is None:
            return None
        self.reservations.expire()
        self.reservations.free(wish.call)
        self.state.watch(customer.id)
        now = datetime.now(UTC)
        free = free_seconds(customer, wish.number, now.date())
        left = shares_of(customer.account, spendable(customer, now), free, self.sharing.parts)
        return self.reservations.reserve(wish.call, customer, (wish.tariff, wish.rules), left, wish.seconds)

    def _take(self, key: str, decision: Decision) -> int:
        return self.reservations.take(key, decision, self.sharing.parts)

    def _without_money(self, asked: "Asked") -> Decision:
        """The decision as it is when other calls have taken all that there was."""
        customer, all_of_it = asked.decision.customer, max(0, asked.decision.spendable)
        free = asked.decision.free
        if customer is None:
            return asked.decision
        account = customer.account
        account.reserved += all_of_it
        account.free_reserved += free
        try:
            return decide(self.state.world, call_of(asked.words))
        finally:
            account.reserved -= all_of_it
            account.free_reserved -= free

    def _begun(self, words: Mapping[str, Any]) -> "Asked":
        """The decision, but for what other calls at the same time leave of the money."""
        began = self._clock()
        self.reservations.expire()
        key = words.get("call", "")
        # The same question again: its first answer was lost.
        self.reservations.free(key)
        user, ha1 = None, ""
        if words.get("digest"):
            user, ha1 = self._who(words)
            # A wrong digest is nobody's call.
            words = {**words, "user": user.username} if user else {**words, "user": "", "source": ""}
        decision = decide(self.state.world, call_of(words))
        if decision.gate == "authentication" and self._of_a_carrier(words):
            words = {**words, "direction": Direction.ORIGINATION.value}
            decision = decide(self.state.world, call_of(words))
        self.seconds += self._clock() - began
        return Asked(key, words, decision, user, ha1)

    def _of_a_carrier(self, words: Mapping[str, Any]) -> bool:
        """Whether a call whose direction nobody says comes from a carrier: then it comes in."""
        source = network_of(words.get("source", ""))
        return not words.get("direction") and bool(source and self.state.world.carrier_at(source))

    def register(self, words: Mapping[str, Any]) -> Registration:
        """Whether a SIP user may say where it is."""
        if not words.get("digest"):
            known = self.state.world.users.get(words.get("from", ""))
            return Registration(401, (known.realm if known else "") or self.realm)
        user, ha1 = self._who({"method": "REGISTER", **words})
        if user is None or not user.enabled or user_fault(user, _from(words)):
            return Registration(403)
        customer = self.state.world.customers.get(user.customer_id)
        if customer is None or customer.status is not Status.ACTIVE:
            return Registration(403)
        return Registration(200, user.realm, ha1)

    def _finished(self, asked: "Asked", seconds: int) -> Answer:
        decision = asked.decision
        if not seconds and decision.admitted:
            decision = self._without_money(asked)
        customer = decision.customer
        if decision.admitted and customer is not None:
            self.admitted += 1
            self.state.watch(customer.id)
        else:
            self.refused[decision.gate] += 1
        challenge = self._challenge(decision, asked.words)
        return Answer(decision, seconds, asked.user, challenge, asked.ha1)

    def end(self, words: Mapping[str, Any]) -> bool:
        """A call is over; False when nothing is known of it."""
        key, answered = words.get("call"), words.get("answered", True)
        if not key:
            raise Invalid({"call": "say which call is over, by the key that it was asked with"})
        if keeper := self._kept.get(key):
            keeper.end(key, answered=answered)
            return True
        return self.reservations.end(key, answered=answered)

    def said(self, words: Mapping[str, Any], found: Answer | None = None) -> dict[str, Any]:
        """The answer as `cx-tui simulate --json` writes it, with what the switch has to count."""
        found = found or self.answer(words)
        said = found.decision.as_dict()
        said["seconds"] = found.seconds
        said["challenge"] = found.challenge
        said["limits"] = [
            {"place": f"{place[0]} {place[1]}", "channels": limits.channels, "cps": limits.flow_speed}
            for place, limits in found.decision.limits
        ]
        if words.get("trace"):
            said["trace"] = [step.as_dict() for step in found.decision.trace]
        return said

    def _who(self, words: Mapping[str, Any]) -> tuple[SipUser | None, str]:
        """The SIP user who has proved itself by a digest, and its HA1."""
        parts = parts_of(words["digest"])
        user = self.state.world.users.get(parts.get("username", ""))
        if user is not None and proved(user, parts, words.get("method") or "INVITE"):
            return user, kept_of(user, parts).hex()
        return None, ""

    def _challenge(self, decision: Decision, words: Mapping[str, Any]) -> str:
        """Who is not known by its address may be a SIP user: it is asked once."""
        world = self.state.world
        if (
            decision.gate != "authentication"
            or words.get("user")
            or words.get("digest")
            or not world.has_users
        ):
            return ""
        known = world.users.get(words.get("from", ""))
        return (known.realm if known else "") or self.realm

    def health(self) -> dict[str, Any]:
        """How the server is."""
        self.reservations.expire()
        state = self.state
        return {
            "well": state.age < STALE_AFTER,
            "age": round(state.age, 3),
            "version": state.version,
            "customers": state.world.size,
            "calls": len(self.reservations),
            "trouble": state.trouble,
        }
