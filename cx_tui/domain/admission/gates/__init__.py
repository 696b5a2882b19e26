"""The gates, in the order in which a call goes through them: each is one small function."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from cx_tui.domain.admission.asking import Asking
from cx_tui.domain.admission.call import Finding
from cx_tui.domain.admission.gates import account, capacity, carriers, numbers, rates, recognition, routes

Judge: TypeAlias = Callable[[Asking], Finding]


class Gate(NamedTuple):
    """A gate: its name, what it finds of a call, and what it finds of a customer without one."""

    name: str
    judge: Judge
    standing: Judge | None
    """None: it needs a call."""


GATES = (
    Gate("authentication", recognition.recognised, recognition.can_be_recognised),
    Gate("status", account.status, account.status),
    Gate("verification", account.verification, account.verification),
    Gate("contract", account.contract, account.contract),
    Gate("times", account.times, account.times),
    Gate("credit", account.credit, account.credit),
    Gate("daily limit", account.daily_limit, account.daily_limit),
    Gate("channels", capacity.channels, capacity.channels),
    Gate("cps", capacity.flow_speed, capacity.flow_speed),
    Gate("rewrite", numbers.rewrite, None),
    Gate("cli", numbers.cli, None),
    Gate("route", routes.route, routes.has_route),
    Gate("rate", rates.rate, rates.has_rate),
    Gate("carriers", carriers.carriers, carriers.has_carriers),
)
