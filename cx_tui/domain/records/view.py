"""A view: how a list is narrowed, ordered, arranged and grouped, kept under a name."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.record import Record

LONGEST = 2_000
"""As much as a typed filter may have."""


@dataclass(kw_only=True)
class SavedView(Record):
    """A view; a private one is offered to its operator only.  What it says is written as commands take it,
    so the log tells it as a person reads it."""

    declared: ClassVar = Declared(
        "view",
        "view",
        "Views",
        ("name", "shared", "operator", "listed", "filter"),
        owner="",
        sort=("name",),
        together=("operator", "listed", "name"),
        taken="you have a view of this name for such records already",
        uploads=False,
        kept_in="saved_view",
        also=("layouts", "saved filters"),
    )

    name: str = field.text(
        "Name", tab="View", required=True, max_length=80, width=24, upload=False,
        help="What it is called, in --view NAME too.",
    )  # fmt: skip
    shared: bool = field.flag(
        "Shared", tab="View", upload=False, help="Whether other operators are offered it, too."
    )
    operator: str = field.text(
        "Operator", tab="View", max_length=120, fixed=True, upload=False, help="Who made it."
    )
    listed: str = field.text(
        "Records", tab="View", max_length=20, fixed=True, upload=False, default="customer",
        help="The kind of records that it lists.",
    )  # fmt: skip
    status: str = field.text(
        "Status", tab="View", max_length=20, upload=False, help="Of customers: which status is shown."
    )
    search: str = field.text(
        "Search", tab="View", max_length=LONGEST, upload=False, help="The words that are looked for."
    )
    filter: str = field.text(
        "Filter", tab="View", max_length=LONGEST, upload=False,
        help="The conditions, as they are typed into the search box.",
    )  # fmt: skip
    off: str = field.text(
        "Switched off", tab="View", max_length=LONGEST, upload=False,
        help="Conditions that are kept but not asked.",
    )  # fmt: skip
    sort: str = field.text(
        "Order", tab="View", max_length=400, upload=False, help="Columns, a - before one that falls."
    )
    columns: str = field.text(
        "Columns", tab="View", max_length=4_000, upload=False,
        help="The columns from left to right, with their widths; ! is frozen.",
    )  # fmt: skip
    groups: str = field.text(
        "Groups", tab="View", max_length=400, upload=False, help="The columns by which it is grouped."
    )
    totals: str = field.text(
        "Totals", tab="View", max_length=400, upload=False, help="What is said of each group."
    )
    pivot: str = field.text(
        "Pivot", tab="View", max_length=80, upload=False,
        help="The column whose values stand side by side.",
    )  # fmt: skip
    only_groups: str = field.text(
        "Only groups", tab="View", max_length=400, upload=False,
        help="Which groups are shown: conditions on their totals.",
    )  # fmt: skip
