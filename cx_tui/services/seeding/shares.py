"""How often each choice is met with customers: a pool holds each thing as often as its share says."""

from collections.abc import Mapping
from typing import Any

from cx_tui.domain.records.customer import AssertedId, InvoiceSchedule, RtpFirewall, Status
from cx_tui.domain.week import WeekKind


def often(shares: Mapping[Any, int]) -> tuple[Any, ...]:
    """Each thing as often as its share says."""
    return tuple(thing for thing, share in shares.items() for _ in range(share))


STATUS = often({Status.ACTIVE: 82, Status.INACTIVE: 8, Status.PENALTY: 4, Status.PENDING_APPROVAL: 6})
_SIZES = {
    0: (1, 0),
    10: (6, 1),
    20: (4, 2),
    30: (22, 2),
    60: (22, 5),
    90: (3, 5),
    120: (16, 10),
    180: (3, 10),
    240: (8, 15),
    300: (3, 20),
    480: (6, 30),
    600: (2, 40),
    1000: (4, 50),
    2000: (1, 100),
    5000: (1, 250),
}
"""Channels: how often, and the calls a second that go with them."""
CHANNELS = often({channels: share for channels, (share, _) in _SIZES.items()})
CALLS_A_SECOND = {channels: calls for channels, (_, calls) in _SIZES.items()}
LIMITS = often(
    {0: 62, 100: 4, 250: 3, 500: 6, 1000: 7, 2500: 3, 5000: 5, 10_000: 2, -5: 3, -20: 2, -50: 2, -100: 1}
)
CAPS = often({None: 88, 25: 1, 50: 2, 100: 3, 250: 2, 500: 2, 1000: 1, 5000: 1})
TOP_UPS = often({0: 8, 10: 2, 20: 3, 50: 4, 100: 3})
WHOLESALE = often({"": 5, "USD": 3, "EUR": 2})
SCHEDULE = often(
    {InvoiceSchedule.NONE: 4, InvoiceSchedule.WEEKLY: 4, InvoiceSchedule.MONTHLY: 6, InvoiceSchedule.DAILY: 1}
)
DUE_DAYS = often({14: 5, 7: 3, 30: 3, 0: 1, 3: 1, 45: 1})
FIREWALL = often({RtpFirewall.LOCKED: 9, RtpFirewall.UNLOCKED: 1})
RECORDING = often({0: 16, 7: 1, 30: 2, 90: 1})
ASSERTED = often(
    {AssertedId.DEFAULT: 15, AssertedId.IF_AVAILABLE: 3, AssertedId.REQUIRED: 1, AssertedId.REMOVE: 1}
)
AREAS: tuple[dict[str, str], ...] = (
    *[{}] * 24,
    {"CDR": "hide", "Rates": "hide"},
    {"CDR": "show", "Invoices": "show", "Payments": "show"},
    {"Rates": "hide"},
    {"Documents": "hide"},
)
PORTAL = often({True: 24, False: 1})
OFTEN = often({False: 9, True: 1})
SOMETIMES = often({False: 16, True: 1})

_WEEK = WeekKind()
HOURS = often(
    {
        None: 92,
        _WEEK.parse("Mon-Fri 09:00-18:00"): 3,
        _WEEK.parse("Mon-Fri 08:00-20:00; Sat 09:00-14:00"): 2,
        _WEEK.parse("Mon-Sun 06:00-22:30"): 1,
        _WEEK.parse("Mon-Thu 00:00-24:00; Fri 00:00-16:00"): 1,
        _WEEK.parse("Mon-Fri 20:00-24:00 00:00-06:00; Sat-Sun 00:00-24:00"): 1,
    }
)

VARIABLES = often(
    {
        ("", False): 460,
        ('tariff = "gold"', False): 10,
        ('tariff = "silver"\nround = 4', False): 8,
        ('cli = "+442079460000"', False): 6,
        ("[limits]\nnight = 20\nday = 60", False): 6,
        ('route = "premium"\nretry = 2', False): 5,
        ('codec = ["PCMA", "G729"]', False): 4,
        ("tariff = gold", True): 1,
    }
)
