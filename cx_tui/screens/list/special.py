"""Lists that can do more than any list: the kinds of record they are of, and the list for each."""

from importlib import import_module

from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.list.scope import Scope

SPECIAL = {
    "contact": "cx_tui.screens.card.contacts.ContactList",
    "rewrite": "cx_tui.screens.card.rewrites.RewriteList",
    "ip": "cx_tui.screens.card.endpoints.IpList",
    "sip-user": "cx_tui.screens.card.endpoints.SipUserList",
    "route": "cx_tui.screens.card.routes.RouteList",
    "cli-rule": "cx_tui.screens.card.cli_rules.CliRuleList",
    "number-block": "cx_tui.screens.card.number_blocks.NumberBlockList",
    "invoice-template": "cx_tui.screens.money.template_list.TemplateList",
    "invoice": "cx_tui.screens.money.invoice_list.InvoiceList",
    "customer-package": "cx_tui.screens.money.package_list.PackageList",
    "alert": "cx_tui.screens.money.watched_lists.AlertList",
    "customer-contract": "cx_tui.screens.money.watched_lists.ContractList",
}


def list_of(scope: Scope, *, id: str | None = None) -> RecordList:
    """The list of some records."""
    place = SPECIAL.get(scope.record.declared.name)
    if place is None:
        return RecordList(scope, id=id)
    module, name = place.rsplit(".", 1)
    made: RecordList = getattr(import_module(module), name)(scope, id=id)
    return made
