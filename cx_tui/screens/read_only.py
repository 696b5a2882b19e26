"""What this session may not do is said in the same words everywhere, and its keys are not offered."""

from collections.abc import Mapping
from typing import Any, cast

from textual.dom import DOMNode
from textual.screen import Screen

from cx_tui.domain.records import PLACES, record_named
from cx_tui.domain.rights import Rights
from cx_tui.screens.program import Program

Need = tuple[str, str]
"""What an act needs: "make", "change" or "delete" and a kind of record; or "send", with nothing."""

Needs = Mapping[str, Need]
"""By the names of acts."""

WRITE = frozenset({
    "approvals.approve", "approvals.refuse", "board.cancel", "board.keep", "board.run", "bulk.apply",
    "calls.end", "card.send", "contact.password", "contracts.sign", "customer_form.delay",
    "customer_form.to_confirm", "customers.delete", "customers.new", "customers.send", "invoices.book",
    "invoices.credit", "invoices.issue", "invoices.mail", "invoices.void", "list.delete", "list.new",
    "log.undo", "outbox.again", "outbox.all_again", "outbox.cancel", "outbox.try_again", "packages.run",
    "record_form.save", "record_form.stay", "send.send", "send.test", "summary.invoice", "upload.upload",
    "who.write", "who.write_to_all",
})  # fmt: skip
"""The ids of keys that a session refuses which only reads: they are dim, and say why when pressed."""

VERBS = {"make": "to make", "change": "to change", "delete": "to delete"}


def may(rights: Rights, need: Need) -> bool:
    """Whether rights are enough."""
    act, record = need
    match act:
        case "make":
            return rights.may_create(record)
        case "change":
            return rights.may_change(record)
        case "delete":
            return rights.may_delete(record)
    return rights.may_send()


def offered(node: DOMNode, needs: Needs, action: str) -> bool:
    """Whether a key for an act is offered: not when the role of this login does not allow it."""
    return action not in needs or may(cast(Program, node.app).rights, needs[action])


def may_write(screen: Screen[Any], without: str = "nothing can be changed", need: Need | None = None) -> bool:
    """Whether this session may write, and its login what it needs; if not, say why it does not."""
    program = cast(Program, screen.app)
    if program.away:
        screen.notify(f"{program.away}: {without} until it is back.", severity="warning")
        return False
    if program.settings.database.read_only:
        advice = "Start without --read-only to do that."
        screen.notify(f"The database is open to read only, so {without}. {advice}", severity="warning")
        return False
    if need is None or may(program.rights, need):
        return True
    act, record = need
    what = f"{VERBS[act]} {record_named(record).declared.several}" if record in PLACES else f"to {act}"
    screen.notify(f"{program.rights.why_not(what)}.", severity="warning", timeout=10)
    return False
