"""What is watched of a customer, and what happens when a figure is out of bounds."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Labelled, Moment, Money
from cx_tui.domain.record import Record, kept

SIGNED = "-999999999999"


class Area(Labelled):
    """Which figure is watched."""

    BALANCE = "balance", "Balance"
    ASR = "asr", "ASR"
    ACD = "acd", "ACD"
    PDD = "pdd", "PDD"
    CPS = "cps", "CPS"
    CHANNELS = "channels", "Channels"
    DAILY_SPEND = "spend", "Daily spend"


SAMPLED = (Area.ASR, Area.ACD, Area.PDD)
"""Figures that are those of a time, not of a moment."""


class Operator(Labelled):
    """On which side of the threshold an alert fires."""

    BELOW = "lt", "Below"
    AT_MOST = "le", "At most"
    ABOVE = "gt", "Above"
    AT_LEAST = "ge", "At least"

    @property
    def downwards(self) -> bool:
        """Whether small values fire it."""
        return self in (Operator.BELOW, Operator.AT_MOST)


class Level(Labelled):
    """How loud an alert is."""

    NONE = "none", "None"
    WARNING = "warning", "Warning"
    ERROR = "error", "Error"


@dataclass(kw_only=True)
class Alert(Record):
    """An alert.  It fires at the threshold, and is ready again once the reset threshold is passed."""

    declared: ClassVar = Declared(
        "alert",
        "alert",
        "Alerts",
        ("title", "area", "operator", "threshold", "level", "enabled", "fired_at"),
        sort=("title",),
        uploads=False,
        also=("alarms", "thresholds"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer who is watched.")
    title: str = field.text(
        "Title",
        tab="Alert",
        required=True,
        max_length=120,
        width=26,
        unique=True,
        taken="another alert has this title",
        upload=False,
        help="A title that no other alert has.",
    )
    area: Area = field.choice(
        "Area", Area, tab="Alert", default=Area.BALANCE, upload=False, help="Which figure is watched."
    )
    operator: Operator = field.choice(
        "Fires when",
        Operator,
        tab="Alert",
        default=Operator.BELOW,
        upload=False,
        help="On which side it fires.",
    )
    threshold: Decimal = field.money(
        "Threshold",
        tab="Alert",
        minimum=SIGNED,
        required=True,
        bulk=True,
        upload=False,
        help="Where it fires.",
    )
    reset: Decimal | None = field.money(
        "Reset threshold",
        tab="Alert",
        minimum=SIGNED,
        optional=True,
        bulk=True,
        upload=False,
        help="Where it is ready again; empty is the threshold itself.",
    )
    sample: int = field.integer(
        "Sample minutes",
        tab="Alert",
        default=15,
        minimum=1,
        maximum=1440,
        bulk=True,
        upload=False,
        help="Over how many minutes ASR, ACD and PDD are taken.",
    )
    minimum_calls: int = field.integer(
        "Minimum calls",
        tab="Alert",
        default=10,
        bulk=True,
        upload=False,
        help="ASR, ACD and PDD of fewer calls say nothing.",
    )
    enabled: bool = field.flag(
        "Enabled", tab="Alert", default=True, bulk=True, upload=False, help="Whether it is watched."
    )
    level: Level = field.choice(
        "Level", Level, tab="Action", default=Level.WARNING, bulk=True, upload=False, help="How loud it is."
    )
    penalty: int = field.integer(
        "Penalty minutes",
        tab="Action",
        default=0,
        maximum=527_040,
        bulk=True,
        upload=False,
        help="The customer's status is Penalty for so long; 0 is not at all.",
    )
    template: str = field.text(
        "Template",
        tab="Action",
        max_length=80,
        suggests=True,
        bulk=True,
        upload=False,
        help="The message that is sent; empty is the usual one.",
    )
    repeat: int = field.integer(
        "Repeat minutes",
        tab="Action",
        default=0,
        maximum=44_640,
        bulk=True,
        upload=False,
        help="It is sent again while it lasts; 0 is once.",
    )
    contacts: bool = field.flag(
        "All contacts", tab="Action", bulk=True, upload=False, help="All contacts of the customer get it."
    )
    recipients: tuple[str, ...] = field.emails(
        "Recipients", tab="Action", bulk=True, upload=False, help="These addresses get it."
    )
    fired_at: datetime | None = kept("Fired", Moment(), optional=True, help="Since when it lasts (UTC).")
    told_at: datetime | None = kept("Told", Moment(), optional=True, help="When it was sent last (UTC).")
    value: Decimal | None = kept("Value", Money(SIGNED), optional=True, help="The figure when it fired.")

    def problems(self) -> dict[str, str]:
        if self.reset is None:
            return {}
        if self.reset < self.threshold if self.operator.downwards else self.reset > self.threshold:
            side = "above" if self.operator.downwards else "below"
            return {"reset": f"the reset threshold of this alert is at the threshold or {side} it"}
        return {}
