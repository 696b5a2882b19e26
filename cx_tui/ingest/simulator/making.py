"""One made-up call as the values of its record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cx_tui.domain.calls.call import Call
from cx_tui.ingest.simulator.course import (
    A_SLOT,
    CARRIERS,
    Course,
    Habits,
    charge_of,
    cost_of,
    course_of,
    dialled_number,
    failing,
    habits_of,
    refused_by,
)
from cx_tui.ingest.simulator.population import LONG_AGO, Caller

Admit = Callable[[int, str, str, datetime], str]
"""The gate that refuses a call of a customer, to a number, from a number, at a moment; empty: it may pass."""

NAMES = (
    "source", "source_key", "customer_id", "auth", "src_ip", "src_port", "protocol", "cli_in", "cli",
    "dialled", "number", "invited_at", "ringing_at", "answered_at", "ended_at", "talk_ms", "sip_code",
    "sip_reason", "q850", "gate", "release", "carrier", "tries", "billed_seconds", "charge", "cost",
    "currency",
)  # fmt: skip
MOST_KNOWN = 200_000


def everybody(customer_id: int, dialled: str, cli: str, moment: datetime) -> str:
    """Every call may pass."""
    return ""


class Maker:
    """Makes calls; all that is by chance comes from one seed."""

    def __init__(self, source: str, seed: int, admit: Admit, random: Random) -> None:
        self._source = source
        self._seed = seed
        self._admit = admit
        self._random = random
        self._habits: dict[int, Habits] = {}
        self._orders = [CARRIERS[n:] + CARRIERS[:n] for n in range(len(CARRIERS))]
        self._from = self._until = LONG_AGO
        self._away: frozenset[str] = frozenset()
        """The carriers that fail between these moments."""

    def values(self, caller: Caller, key: str, invited: datetime) -> tuple[Any, ...]:
        """The record of a call that begins now, as it will be; in the order of `NAMES`."""
        random, customer = self._random, caller.customer_id
        habits = self.habits(caller)
        dialled = dialled_number(random)
        cli = f"{habits.own}{int(random.random() * 1000):03}"
        gate = self._admit(customer, dialled, cli, invited)
        course = refused_by(gate) if gate else self._course(habits, customer, invited)
        return self._filled(caller, key, invited, course, habits, dialled, cli)

    def habits(self, caller: Caller) -> Habits:
        """What is usual of a customer."""
        found = self._habits.get(caller.customer_id)
        if found is None:
            if len(self._habits) > MOST_KNOWN:
                self._habits.clear()
            found = habits_of(caller.customer_id, caller.currency, self._seed, caller.address)
            self._habits[caller.customer_id] = found
        return found

    def _course(self, habits: Habits, customer: int, invited: datetime) -> Course:
        if not self._from <= invited < self._until:
            self._from = invited.replace(minute=invited.minute // 10 * 10, second=0, microsecond=0)
            self._until = self._from + timedelta(seconds=A_SLOT)
            self._away = failing(invited, self._seed, CARRIERS)
        return course_of(self._random, habits, self._orders[customer % len(CARRIERS)], self._away)

    def _filled(
        self,
        caller: Caller,
        key: str,
        invited: datetime,
        course: Course,
        habits: Habits,
        dialled: str,
        cli: str,
    ) -> tuple[Any, ...]:
        talk = 0 if course.answered is None else course.ended - course.answered
        customer, after = caller.customer_id, invited.__add__
        sent = not course.gate
        return (
            self._source, key, customer, habits.auth, habits.address, 5060, "UDP", cli,
            cli if sent else "", dialled, dialled if sent else "", invited,
            None if course.ringing is None else after(timedelta(0, 0, 0, course.ringing)),
            None if course.answered is None else after(timedelta(0, 0, 0, course.answered)),
            after(timedelta(0, 0, 0, course.ended)), talk, course.code, course.reason, course.q850,
            course.gate, course.release, course.carrier, course.tries, -(-talk // 1000),
            charge_of(habits, talk), cost_of(habits, talk), caller.currency,
        )  # fmt: skip


def call_of(values: tuple[Any, ...]) -> Call:
    """The record with these values."""
    return Call(**dict(zip(NAMES, values, strict=True)))
