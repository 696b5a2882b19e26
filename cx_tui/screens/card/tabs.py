"""The tabs of a customer's card: a new one takes a line here, and a part of its own unless it is a list."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from textual.widget import Widget

from cx_tui.screens.card.customer_now import CustomerNow


@dataclass(frozen=True)
class Tab:
    """One tab: the kinds of record whose lists it shows, or the part that it is."""

    name: str
    records: tuple[str, ...] = ()
    part: str = ""
    """Where its widget is, made of the customer: "module.Class"."""

    def build(self, customer: CustomerNow) -> Widget:
        """What stands under the tab."""
        if not self.part:
            from cx_tui.screens.card.lists import Lists

            return Lists(self.records, customer)
        module, made = self.part.rsplit(".", 1)
        return cast(Callable[[CustomerNow], Widget], getattr(import_module(module), made))(customer)


TABS = (
    Tab("Main", ("contact", "number-block")),
    Tab("Auth", ("ip", "sip-user", "rewrite")),
    Tab("Routing", ("route", "cli-rule")),
    Tab("Stats", part="cx_tui.screens.calls.stats.Stats"),
    Tab("Calls", part="cx_tui.screens.calls.parts.LatestCalls"),
    Tab("Dialogs", part="cx_tui.screens.calls.parts.LiveCalls"),
    Tab("Payments", ("payment",), part="cx_tui.screens.money.payments.Payments"),
    Tab("DID", ("did",)),
    Tab("CDR", part="cx_tui.screens.calls.parts.CallRecords"),
    Tab("Summary", part="cx_tui.screens.calls.parts.Summaries"),
    Tab("Packages", ("customer-package",)),
    Tab("Invoices", ("invoice",)),
    Tab("Contracts", ("customer-contract",)),
    Tab("Alerts", ("alert",)),
    Tab("Log", part="cx_tui.screens.card.log_tab.LogTab"),
)


def tab_of_record(record: str) -> str:
    """The tab on which records of a kind are."""
    return next((tab.name for tab in TABS if record in tab.records), TABS[0].name)
