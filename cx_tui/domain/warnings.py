"""What an operator is warned of, found by rule.

A rule is written with operators that records and SQL columns both understand, so that the grid,
the sort and the filter ask the database the same question.  `known` has the customer's fields, its
counters, and `allowed_now`, `today`, `spend_today`.  A count that is None is not known: no warning.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ZONE_UNKNOWN = -1
"""What `allowed_now` is when the customer's hours are on the clock of a zone that this machine has not."""


@dataclass(frozen=True)
class WarningRule:
    """One reason to look at a customer."""

    code: str
    sentence: str
    holds: Callable[[Any], Any]
    stops_calls: bool = True
    pending: bool = False
    """A customer with this warning is still Pending: something of theirs is missing."""


WARNINGS = (
    WarningRule("no_authentication", "no authentication set", lambda known: known.authentications == 0),
    WarningRule("no_route", "no ingress route", lambda known: known.routes == 0),
    WarningRule(
        "email_unverified",
        "e-mail not verified",
        lambda known: (known.verify_email == True) & (known.emails_verified == 0),  # noqa: E712  # SQL too
        pending=True,
    ),
    WarningRule(
        "mobile_unverified",
        "mobile number not verified",
        lambda known: (known.verify_mobile == True) & (known.mobiles_verified == 0),  # noqa: E712  # SQL too
        pending=True,
    ),
    WarningRule(
        "contract_overdue",
        "contract overdue",
        lambda known: known.contract_due < known.today,
        pending=True,
    ),
    WarningRule("no_credit", "credit below the limit", lambda known: known.balance + known.debit_limit <= 0),
    WarningRule(
        "daily_cap",
        "daily spend limit reached",
        lambda known: known.spend_today >= known.daily_limit,
    ),
    WarningRule("outside_hours", "outside the allowed time", lambda known: known.allowed_now == 0),
    WarningRule(
        "shared_ip", "IP shared without distinction", lambda known: known.shared_ips > 0, stops_calls=False
    ),
    WarningRule(
        "broken_toml",
        "TOML does not parse",
        lambda known: known.toml_broken == True,  # noqa: E712  # SQL too
        stops_calls=False,
    ),
    WarningRule(
        "zone_unknown",
        "time zone unknown here: dialling refused",
        lambda known: known.allowed_now == ZONE_UNKNOWN,
    ),
)


def sentences(mask: int) -> list[str]:
    """The warnings of a mask in words."""
    return [warning.sentence for bit, warning in enumerate(WARNINGS) if mask >> bit & 1]
