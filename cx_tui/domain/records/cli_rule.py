"""Which callers' numbers a customer may show, and what they become."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import BadValue, Labelled
from cx_tui.domain.kinds.patterns import EXACT, check_replacement
from cx_tui.domain.record import Record
from cx_tui.domain.records.signalling import Traffic


class UseDid(Labelled):
    """How the customer's own inbound numbers are used as callers' numbers."""

    DISABLED = "disabled", "Disabled"
    FILTER = "filter", "Filter"
    RANDOM = "random", "Random"
    PREFIX_MATCH = "prefix", "Prefix match"


@dataclass(kw_only=True)
class CliRule(Record):
    """A CLI rule.  Without any all callers' numbers pass; with one only those that are listed."""

    declared: ClassVar = Declared(
        "cli-rule",
        "CLI rule",
        "CLI rules",
        ("cli", "rewrite_cli", "forced", "direction", "dialled", "use_did"),
        sort=("position",),
        ordered=True,
        matched=("cli", "direction", "dialled"),
        also=("caller id", "caller numbers", "ani"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer whose calls it judges.")
    cli: str = field.number_or_regex(
        "CLI",
        tab="Rule",
        example="442071234567",
        synonyms=("caller", "caller id", "ani", "number", "from number"),
        help="Digits are this very number; anything else is a regular expression.",
    )
    paid_match: str = field.number_or_regex(
        "P-Asserted-ID match",
        tab="Rule",
        synonyms=("pai", "p asserted id"),
        help="What the network-asserted number must be; empty is anything.",
    )
    rewrite_cli: str = field.text(
        "Rewrite CLI",
        tab="Rule",
        max_length=200,
        synonyms=("replace cli", "new cli"),
        help=r"What the caller's number becomes; empty leaves it, \1 is the first group.",
    )
    rewrite_paid: str = field.text(
        "Rewrite P-Asserted-ID",
        tab="Rule",
        max_length=200,
        help="What the network-asserted number becomes; empty leaves it.",
    )
    forced: bool = field.flag(
        "Forced", tab="Rule", bulk=True, help="Its number is shown when no rule matches."
    )
    direction: Traffic = field.choice(
        "Direction",
        Traffic,
        tab="Rule",
        default=Traffic.TERMINATION,
        bulk=True,
        help="Calls of the customer, or calls to the customer's DIDs.",
    )
    dialled: str = field.regex(
        "Dialled number match", tab="Rule", help="Only calls to numbers that match; empty is all."
    )
    use_did: UseDid = field.choice(
        "Use DID",
        UseDid,
        tab="Rule",
        default=UseDid.DISABLED,
        bulk=True,
        help="Whether the customer's DIDs are callers' numbers, and which of them is taken.",
    )
    position: int = field.position("The rules of a customer are tried one after the other.")
    notes: str = field.lines("Notes", tab="Notes", help="Why the rule is there.")

    @property
    def exact(self) -> bool:
        """Whether the caller's number has to be just this one."""
        return bool(EXACT.fullmatch(self.cli))

    def problems(self) -> dict[str, str]:
        found = {}
        if not self.cli and not self.paid_match and self.use_did is UseDid.DISABLED:
            found["cli"] = "write which callers' numbers the rule is for, or use the customer's DIDs"
        if self.forced and not (self.rewrite_cli or self.exact or self.use_did is not UseDid.DISABLED):
            found["forced"] = "a forced rule needs one number to show: write it as CLI or as Rewrite CLI"
        for name in ("rewrite_cli", "rewrite_paid"):
            try:
                check_replacement(getattr(self, name), self.cli, self.paid_match, self.dialled)
            except BadValue as error:
                found[name] = str(error)
        return found
