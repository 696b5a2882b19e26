"""How long tests wait for what should come: longer where the machine is slow or busy, measured once."""

from functools import cache
from time import perf_counter

ROUNDS, SECONDS = 40, 0.2
"""So much counting takes so long on an ordinary machine with nothing else to do."""


@cache
def slowness() -> float:
    """How many times longer than usual this machine takes; never less than once."""
    began = perf_counter()
    for _ in range(ROUNDS):
        sum(number * number for number in range(60_000))
    return max(1.0, (perf_counter() - began) / SECONDS)


def patient(seconds: float) -> float:
    """So many seconds of an ordinary machine."""
    return seconds * slowness()
