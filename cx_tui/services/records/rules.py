"""What records must keep to beside their own fields, where other records decide: a line a kind of record.

Many records are asked about at once, so that a file or a bulk edit keeps to the same rules as a form.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.domain.record import Record
from cx_tui.errors import CxError, Invalid


class Wish(NamedTuple):
    """A record as it would be (none: deleted) and as it was (none: it is new)."""

    after: Any
    before: Any

    @property
    def one(self) -> Any:
        """The record, whichever there is."""
        return self.before if self.after is None else self.after


Refusals = dict[int, CxError]
"""Why wishes can't be, by their places; the others can."""

Rule = Callable[[AsyncConnection, Sequence[Wish]], Awaitable[Refusals]]

RULES: Mapping[str, str] = {
    "payment": "cx_tui.services.money.rules.payments",
    "customer-package": "cx_tui.services.money.rules.customer_packages",
    "invoice": "cx_tui.services.money.invoice_rules.invoices",
    "invoice-line": "cx_tui.services.money.invoice_rules.invoice_lines",
    "allocation": "cx_tui.services.money.invoice_rules.allocations",
    "did": "cx_tui.services.money.did_rules.dids",
    "sip-user": "cx_tui.services.records.sip_user_rules.sip_users",
}
"""Loaded when such a record is written: a start needs none of them."""


async def refused(connection: AsyncConnection, record: str, wishes: Sequence[Wish]) -> Refusals:
    """Which of these wishes are against the rules of their kind, and why."""
    if not wishes or record not in RULES:
        return {}
    module, _, name = RULES[record].rpartition(".")
    rule: Rule = getattr(import_module(module), name)
    return await rule(connection, wishes)


async def keep_to(connection: AsyncConnection, after: Record | None, before: Record | None) -> None:
    """Refuse a record that is made, changed or, with nothing after, deleted against the rules of its kind."""
    wish = Wish(after, before)
    for error in (await refused(connection, wish.one.declared.name, [wish])).values():
        raise error


def sentence_of(error: CxError, labels: Mapping[str, str]) -> str:
    """A refusal as one sentence, with the labels of fields where it speaks of some."""
    if isinstance(error, Invalid):
        return "; ".join(f"{labels.get(name, name)}: {why}" for name, why in error.problems.items())
    return str(error)
