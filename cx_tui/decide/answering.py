"""Questions of switches and their answers: the same decision for every way they come in."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from cx_tui.decide.asked import call_of
from cx_tui.decide.digest import parts_of, proved
from cx_tui.decide.reserving import Reservations
from cx_tui.domain.admission.engine import Decision, decide
from cx_tui.domain.admission.facts import SipUser
from cx_tui.domain.admission.world import World
from cx_tui.errors import Invalid

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


class Answering:
    """Answers; counts them."""

    def __init__(
        self,
        state: State,
        reservations: Reservations,
        realm: str = "",
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.state = state
        self.reservations = reservations
        self.realm = realm
        self.admitted = 0
        self.refused: Counter[str] = Counter()
        """Refusals by gate."""
        self.seconds = 0.0
        """How long all decisions took."""
        self.since = time.time()
        self._clock = clock

    def answer(self, words: Mapping[str, Any]) -> Answer:
        """The answer to a question whose words were checked."""
        began = self._clock()
        world = self.state.world
        self.reservations.expire()
        key = words.get("call", "")
        # The same question again: its first answer was lost.
        self.reservations.free(key)
        user = None
        if words.get("digest"):
            user, words = self._who(words)
        decision = decide(world, call_of(words))
        seconds = self.reservations.take(key, decision)
        customer = decision.customer
        if decision.admitted and customer is not None:
            self.admitted += 1
            self.state.watch(customer.id)
        else:
            self.refused[decision.gate] += 1
        self.seconds += self._clock() - began
        return Answer(decision, seconds, user, self._challenge(decision, words))

    def end(self, words: Mapping[str, Any]) -> bool:
        """A call is over; False when nothing is known of it."""
        if not words.get("call"):
            raise Invalid({"call": "say which call is over, by the key that it was asked with"})
        return self.reservations.end(words["call"], answered=words.get("answered", True))

    def said(self, words: Mapping[str, Any]) -> dict[str, Any]:
        """The answer as `cx-tui simulate --json` writes it, with what the switch has to count."""
        found = self.answer(words)
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

    def _who(self, words: Mapping[str, Any]) -> tuple[SipUser | None, dict[str, Any]]:
        """The SIP user who has proved itself by a digest; a wrong one is nobody's call."""
        parts = parts_of(words["digest"])
        user = self.state.world.users.get(parts.get("username", ""))
        if user is not None and proved(user, parts, words.get("method") or "INVITE"):
            return user, {**words, "user": user.username}
        return None, {**words, "user": "", "source": ""}

    def _challenge(self, decision: Decision, words: Mapping[str, Any]) -> str:
        """Who is not known by its address may be a SIP user: it is asked once."""
        world = self.state.world
        if decision.gate != "authentication" or words.get("user") or words.get("digest") or not world.users:
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
            "customers": len(state.world.customers),
            "calls": len(self.reservations),
            "trouble": state.trouble,
        }
