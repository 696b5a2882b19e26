"""Every column that a list of customers can show, sort and find by: the fields and what is derived."""

from dataclasses import dataclass
from functools import cache

from cx_tui.domain.counters import Counters
from cx_tui.domain.fields import fields_of
from cx_tui.domain.kinds import Ago, Hours, Integer, Kind, Money, Reference, Text
from cx_tui.domain.kinds.series import HourlyBars
from cx_tui.domain.records import record_named
from cx_tui.domain.records.customer import Customer

USUAL = ("name", "warnings", "credit", "in_use", "status", "last_call_at", "asr", "acd", "pdd", "cps")


@dataclass(frozen=True)
class ListColumn:
    """A column of the list of customers."""

    name: str
    label: str
    kind: Kind
    group: str
    help: str = ""
    width: int = 0
    alone: str = ""
    """What it is called where no list is around it, if not the same."""

    @property
    def title(self) -> str:
        """What it is called in a sentence or a menu."""
        return self.alone or self.label

    @property
    def usual_width(self) -> int:
        """Wide enough for its values and for its title with a sort arrow."""
        return self.width or max(self.kind.width, len(self.label) + 2)


def _counted(name: str, label: str, help: str, width: int = 0) -> ListColumn:
    kind = fields_of(Counters)[name].kind
    return ListColumn(name, label, kind, "Calls", help, width)


DERIVED = (
    ListColumn(
        "warnings",
        "!",
        Integer(),
        "State",
        "How many warnings there are; with a sign before them, one stops calls.",
        3,
        "Warnings",
    ),
    ListColumn("credit", "Credit", Money(), "Money", "Balance and currency.", 16),
    ListColumn(
        "in_use",
        "Channels",
        Integer(),
        "Calls",
        "Calls that are up now, of how many.",
        11,
        "Channels in use",
    ),
    ListColumn("last_call_at", "Last call", Ago(), "Calls", "When a call was tried last."),
    _counted("asr", "ASR", "Connected of 100 finished calls, on the last day with calls (UTC)."),
    _counted("acd", "ACD", "Answered time / answered calls, on the last day with calls."),
    _counted("pdd", "PDD", "Seconds from dialling to ringing, on the last day with calls."),
    _counted("cps", "CPS", "Calls started in a second, now."),
    _counted("acd_all", "ACD all", "Time of all calls / all calls, the other reading of ACD."),
    _counted("attempts", "Attempts", "Finished calls of the last day with calls, connected or not."),
    _counted("connected", "Connected", "Calls answered on the last day with calls."),
    ListColumn("available", "Available", Money(), "Money", "Balance + debit limit."),
    ListColumn("spend_today", "Spend today", Money(), "Money", "Charged since 00:00 UTC."),
    ListColumn(
        "hours_left",
        "Hours left",
        Hours(),
        "Money",
        "Until the available credit is used up, at today's spend.",
    ),
    ListColumn(
        "hourly_calls",
        "Calls 24 h",
        HourlyBars(),
        "Calls",
        "Calls in each of the last 24 hours, now at the right; ordered by those of the day.",
    ),
    ListColumn(
        "hourly_asr",
        "ASR 24 h",
        HourlyBars(100),
        "Calls",
        "ASR in each of the last 24 hours, a full bar is 100; ordered by that of the day.",
    ),
    ListColumn(
        "hourly_spend",
        "Spend 24 h",
        HourlyBars(),
        "Money",
        "Charged in each of the last 24 hours, now at the right; ordered by that of today.",
    ),
    _counted("contacts", "Contacts", "How many contacts there are.", width=10),
)


@cache
def list_columns() -> dict[str, ListColumn]:
    """All columns by name: the usual ones in their order, then the rest."""
    own = {
        name: ListColumn(name, field.label, _listed(field.kind), field.tab or "Record", field.help)
        for name, field in fields_of(Customer).items()
        if name != "deleted_at"
    }
    derived = {column.name: column for column in DERIVED}
    every = {**own, **derived}
    return {name: every[name] for name in (*USUAL, *(name for name in every if name not in USUAL))}


def _listed(kind: Kind) -> Kind:
    """What stands in the list of customers: of what they refer to, the name."""
    return Text() if isinstance(kind, Reference) else kind


OWNER = "owner"
"""The column that has the name of the record's owner."""


def name_of(field: str) -> str:
    """The column that has the name of what a reference refers to."""
    return f"{field}_name"


@cache
def record_columns(record: str) -> dict[str, ListColumn]:
    """All columns of the list of any other kind of record: its owner, its fields, names of references."""
    kind = record_named(record)
    declared = kind.declared
    found = []
    if declared.owner:
        owner = record_named(declared.owner).declared.one
        label = owner[:1].upper() + owner[1:]
        found.append(ListColumn(OWNER, label, Text(), "Record", f"The {owner} that it belongs to.", 26))
    for name, field in fields_of(kind).items():
        if name not in ("deleted_at", declared.owner_id):
            column = name_of(name) if isinstance(field.kind, Reference) else name
            found.append(ListColumn(column, field.label, field.kind, field.tab or "Record", field.help))
    return {column.name: column for column in found}


def usual_columns(record: str, *, owned: bool) -> tuple[str, ...]:
    """What a list shows that nobody has arranged yet; the owner, unless the list is of one owner only."""
    declared = record_named(record).declared
    every = record_columns(record)
    own = (name if name in every else name_of(name) for name in declared.columns)
    return tuple(own) if owned or not declared.owner else (OWNER, *own)
