"""How a call goes: which carriers are tried, how long it rings, how it ends, and what it costs."""

from bisect import bisect
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from math import log
from random import Random
from typing import NamedTuple
from zlib import crc32

from cx_tui.domain.calls.call import Release, Try
from cx_tui.domain.currencies import decimals_of

CARRIERS = ("Northern Link", "Telvia", "Blue Horizon", "Carrier One", "Meridian", "Sunvoice")
TRIED = 3
"""Carriers for one call, at most."""
A_SLOT = 600
"""Seconds: a carrier that fails does so for some minutes."""
FAILS, FAILS_ALWAYS, FAILS_SELDOM = 2, 0.85, 0.02
"""In how many of 100 slots a carrier fails, and how often then and else."""

CARRIERS_SHARE = 0.78
"""Of what customers pay."""

DESTINATIONS = {
    "4420": 9, "447": 12, "1212": 8, "1415": 5, "4930": 7, "4917": 6, "331": 6, "336": 5, "346": 5,
    "3902": 4, "4822": 3, "91": 12, "52": 6, "55": 6, "234": 5, "254": 3, "63": 5, "62": 4, "81": 3,
    "61": 4, "27": 4, "971": 4, "90": 4, "880": 3, "92": 3,
}  # fmt: skip
_PREFIXES, _SHARES = list(DESTINATIONS), list(accumulate(DESTINATIONS.values()))

UNITS = {
    "PLN": 4, "CZK": 22, "RON": 4, "RSD": 105, "HUF": 350, "SEK": 10, "NOK": 10, "DKK": 7, "UAH": 41,
    "TRY": 34, "AED": 4, "SAR": 4, "EGP": 48, "NGN": 1500, "GHS": 15, "KES": 130, "ZAR": 18, "INR": 84,
    "PKR": 280, "BDT": 120, "HKD": 8, "PHP": 57, "VND": 25_000, "IDR": 16_000, "JPY": 150, "KRW": 1_350,
    "BRL": 5, "MXN": 18, "COP": 4200, "ARS": 1000,
}  # fmt: skip
"""About how many of a currency a dollar buys; others are worth about as much as one."""

REFUSALS = (
    (486, "Busy Here", 17, 30),
    (480, "Temporarily Unavailable", 19, 22),
    (487, "Request Terminated", 16, 22),
    (404, "Not Found", 1, 16),
    (503, "Service Unavailable", 38, 4),
    (484, "Address Incomplete", 28, 2),
    (603, "Decline", 21, 2),
    (403, "Forbidden", 21, 2),
)
"""How a call that is not answered ends: code, words, Q.850 cause, and how often of 100."""
_OFTEN = list(accumulate(share for *_, share in REFUSALS))

GATES = {
    "status": (403, "Account inactive"),
    "credit": (402, "Credit Used Up"),
    "daily cap": (402, "Daily Limit"),
    "time": (403, "Outside Allowed Time"),
    "channels": (503, "Channel Limit"),
    "cps": (503, "Flow Speed"),
}


class Habits(NamedTuple):
    """What is usual of one customer."""

    asr: float
    acd: float
    price: float
    """Of a minute, in its currency."""
    decimals: int
    own: str
    """The beginning of its numbers."""
    auth: str
    address: str


class Course(NamedTuple):
    """How one call goes, in milliseconds after its INVITE."""

    code: int
    reason: str
    q850: int | None
    release: Release
    carrier: str
    tries: tuple[Try, ...]
    ringing: int | None
    answered: int | None
    ended: int
    gate: str = ""


def habits_of(customer_id: int, currency: str, seed: int, address: str = "") -> Habits:
    """The habits of a customer: the same ones whenever it is asked."""
    random = Random(seed * 1_000_003 + customer_id)
    price = random.uniform(0.004, 0.09) * UNITS.get(currency, 1)
    own = f"{random.choice(_PREFIXES)}{random.randrange(10**4):04}"
    asr, acd = random.triangular(0.12, 0.72, 0.47), random.triangular(25, 320, 95)
    address = address or f"198.18.{customer_id // 256 % 256}.{customer_id % 256}"
    return Habits(asr, acd, price, decimals_of(currency), own, f"ip {customer_id}", address)


def dialled_number(random: Random) -> str:
    """A number somewhere in the world."""
    prefix = _PREFIXES[bisect(_SHARES, random.random() * _SHARES[-1])]
    return f"{prefix}{int(random.random() * 10**8):08}"


def failing(moment: datetime, seed: int, carriers: Sequence[str]) -> frozenset[str]:
    """The carriers that fail in these minutes."""
    slot = int(moment.timestamp()) // A_SLOT
    return frozenset(one for one in carriers if crc32(f"{seed}:{slot}:{one}".encode()) % 100 < FAILS)


def course_of(random: Random, habits: Habits, carriers: Sequence[str], away: frozenset[str]) -> Course:
    """How a call goes over these carriers, in this order."""
    draw = random.random
    began, failed = 0, []
    for carrier in carriers[:TRIED]:
        if draw() > (FAILS_ALWAYS if carrier in away else FAILS_SELDOM):
            break
        slow = draw() < 0.15
        took, code = (4000, 408) if slow else (120 + int(draw() * 500), 503)
        reason = "Request Timeout" if slow else "Service Unavailable"
        failed.append(
            Try(carrier=carrier, began_ms=began, ended_ms=began + took, sip_code=code, reason=reason)
        )
        began += took
    else:
        last = failed[-1]
        return Course(
            last.sip_code or 503,
            last.reason,
            38,
            Release.CALLEE,
            last.carrier,
            tuple(failed),
            None,
            None,
            began,
        )
    found = _on_carrier(random, habits, carrier, began)
    if not failed:
        return found
    last = Try(
        carrier=carrier, began_ms=began, ended_ms=found.ended, sip_code=found.code, reason=found.reason
    )
    return found._replace(tries=(*failed, last))


def _on_carrier(random: Random, habits: Habits, carrier: str, began: int) -> Course:
    draw = random.random
    ringing = began + 450 + min(12_000, int(-1700 * log(1 - draw())))
    if draw() < habits.asr:
        answered = ringing + 1200 + min(55_000, int(-6500 * log(1 - draw())))
        # Some hang up at once: a machine answers, or nobody that was wanted.
        mean = 6.0 if draw() < 0.14 else habits.acd * 1.15
        talk = 300 + min(14_000_000, int(-1000 * mean * log(1 - draw())))
        release = Release.CALLER if draw() < 0.58 else Release.CALLEE
        return Course(200, "OK", 16, release, carrier, (), ringing, answered, answered + talk)
    code, reason, q850, _ = REFUSALS[bisect(_OFTEN, draw() * _OFTEN[-1])]
    if code == 480:
        return Course(code, reason, q850, Release.CALLEE, carrier, (), ringing, None, ringing + 30_000)
    if code == 487:
        ended = ringing + 3000 + int(draw() * 32_000)
        return Course(code, reason, q850, Release.CALLER, carrier, (), ringing, None, ended)
    ended = began + 180 + int(draw() * 1500)
    return Course(code, reason, q850, Release.CALLEE, carrier, (), None, None, ended)


def refused_by(gate: str) -> Course:
    """A call that a gate refuses: no carrier sees it."""
    code, reason = GATES.get(gate, (403, "Forbidden"))
    return Course(code, reason, None, Release.SWITCH, "", (), None, None, 2, gate)


def charge_of(habits: Habits, talk_ms: int) -> Decimal:
    """What so much talk costs, in the decimals of the customer's currency."""
    return _rounded(habits, habits.price * talk_ms / 60_000)


def cost_of(habits: Habits, talk_ms: int) -> Decimal:
    """What the carriers take of it."""
    return _rounded(habits, CARRIERS_SHARE * habits.price * talk_ms / 60_000)


def _rounded(habits: Habits, amount: float) -> Decimal:
    return Decimal(round(amount * 10**habits.decimals)).scaleb(-habits.decimals)
