"""The columns of a call: how each is called, what it shows, and by what it is ordered."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TypeAlias

from cx_tui.domain.calls.call import Call
from cx_tui.domain.kinds import CallSeconds
from widgets.grid import Cell, Column
from widgets.text import Align

Show: TypeAlias = Callable[[Call], str | Cell]

LENGTH = CallSeconds()
FAILS = 500
"""Answers from here on say that something is wrong with a switch or a carrier."""


@dataclass(frozen=True)
class CallColumn:
    """One column; its name is by what calls are ordered, but where they can't be."""

    name: str
    label: str
    width: int
    show: Show
    align: Align = "left"
    group: str = "Call"
    help: str = ""
    sorts: bool = True

    def for_grid(self) -> Column:
        """The column as a grid knows it."""
        unit = "currency" if self.name in AMOUNTS else ""
        return Column(
            self.name,
            self.label,
            self.width,
            self.align,
            help=self.help,
            unit=unit,
            adds=self.name not in CODES,
        )


def at(moment: datetime | None, zone: tzinfo | None = None) -> str:
    """A moment to the second, by the clock of a zone, or of the operator."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else ""


def length(milliseconds: int | None) -> str:
    """A length of time: 3:12, and nothing for none."""
    return LENGTH.show(milliseconds / 1000) if milliseconds else ""


def amount(value: Decimal | None) -> str:
    """An amount with four decimals: a short call costs less than the smallest coin."""
    return "" if value is None else f"{value:,.4f}"


def _seconds(milliseconds: int | None) -> str:
    return "" if milliseconds is None else f"{milliseconds / 1000:.1f}"


def _code(call: Call) -> Cell:
    if call.gate:
        return Cell(f"{call.sip_code or ''}", "warn")
    tone = "bad" if (call.sip_code or 0) >= FAILS else "" if call.connected else "dim"
    return Cell(f"{call.sip_code or ''}", tone)


def _ended_by(call: Call) -> Cell:
    said = f"gate: {call.gate}" if call.gate else call.release.label
    return Cell(f"simulated, {said.lower()}", "accent") if call.simulated else Cell(said)


def _price(call: Call) -> Cell:
    return Cell("unrated", "warn") if call.unrated else Cell(amount(call.charge))


COLUMNS: Mapping[str, CallColumn] = {
    one.name: one
    for one in (
        CallColumn("start", "Began", 19, lambda call: at(call.invited_at),
                   help="When the call arrived; Z changes the clock."),
        CallColumn("customer_id", "Customer", 24, lambda call: f"#{call.customer_id or ''}"),
        CallColumn("cli", "From", 16, lambda call: call.cli or call.cli_in, help="The caller's number."),
        CallColumn("dialled", "To", 16, lambda call: call.dialled, help="The number as it was dialled."),
        CallColumn("talk", "Talk", 8, lambda call: length(call.talk_ms), "right",
                   help="How long the call was talked on; empty when it was not answered."),
        CallColumn("sip_code", "Code", 5, _code, "right", help="The carrier's last answer."),
        CallColumn("charge", "Charge", 11, _price, "right", "Price", "What the customer pays."),
        CallColumn("currency", "Cur.", 4, lambda call: call.currency, group="Price"),
        CallColumn("carrier", "Carrier", 15, lambda call: call.carrier, group="Carrier",
                   help="The carrier that answered, or failed last."),
        CallColumn("tries", "Tries", 5, lambda call: str(len(call.tries) or ""), "right", "Carrier",
                   "How many carriers were tried; empty: one.", sorts=False),
        CallColumn("release", "Ended by", 18, _ended_by, help="Who or what ended it."),
        CallColumn("sip_reason", "Reason", 24, lambda call: call.sip_reason, group="Carrier"),
        CallColumn("pdd", "PDD", 6, lambda call: _seconds(call.pdd_ms), "right",
                   help="Seconds until it rang.", sorts=False),
        CallColumn("billed_seconds", "Billed", 8, lambda call: length(call.billed_seconds * 1000), "right",
                   "Price", "The seconds that are paid for."),
        CallColumn("cost", "Cost", 11, lambda call: amount(call.cost), "right", "Price", "For the carriers."),
        CallColumn("destination", "Destination", 20, lambda call: call.destination, group="Price"),
        CallColumn("prefix", "Prefix", 9, lambda call: call.prefix, group="Price",
                   help="The prefix of the rate card that gave the price."),
        CallColumn("unrated", "No price as", 24, lambda call: call.unrated, group="Price"),
        CallColumn("number", "Sent as", 16, lambda call: call.number, group="Numbers",
                   help="The number as it was sent to the carrier."),
        CallColumn("cli_in", "Came from", 16, lambda call: call.cli_in, group="Numbers",
                   help="The caller's number as it was received."),
        CallColumn("paid", "P-Asserted-ID", 16, lambda call: call.paid, group="Numbers"),
        CallColumn("answered", "Answered", 19, lambda call: at(call.answered_at), group="Times"),
        CallColumn("ended", "Ended", 19, lambda call: at(call.ended_at), group="Times"),
        CallColumn("auth", "Known by", 14, lambda call: call.auth, group="Source",
                   help="What the customer was recognised by."),
        CallColumn("src_ip", "Address", 16, lambda call: call.src_ip, group="Source"),
        CallColumn("q850", "Q.850", 5, lambda call: str(call.q850 or ""), "right", "Carrier"),
        CallColumn("source", "Switch", 12, lambda call: call.source, group="Source"),
        CallColumn("source_key", "Key", 28, lambda call: call.source_key, group="Source",
                   help="The key of the call at its switch."),
    )
}  # fmt: skip

AMOUNTS: Mapping[str, Callable[[Call], Decimal | None]] = {
    "charge": lambda call: call.charge,
    "cost": lambda call: call.cost,
}
"""The columns of money, each in the currency of its call."""
CODES = {"sip_code", "q850"}
"""Numbers that count nothing."""

MOMENTS: Mapping[str, Callable[[Call], datetime | None]] = {
    "start": lambda call: call.invited_at,
    "answered": lambda call: call.answered_at,
    "ended": lambda call: call.ended_at,
}
"""The columns that a clock says."""

LATEST = ("start", "cli", "dialled", "talk", "sip_code", "charge", "carrier", "tries", "release")
RECORDS = (
    "start", "cli", "dialled", "talk", "billed_seconds", "sip_code", "charge", "cost", "currency", "carrier",
    "release", "destination", "number", "source",
)  # fmt: skip


def usual(names: Iterable[str], *, with_customer: bool) -> tuple[Column, ...]:
    """These columns; with whose call it is behind the first one."""
    first, *others = names
    every = [first, "customer_id", *others] if with_customer else [first, *others]
    return tuple(COLUMNS[name].for_grid() for name in every)
