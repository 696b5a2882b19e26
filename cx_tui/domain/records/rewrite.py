"""A rule that changes the numbers of an endpoint's calls before anything looks at them."""

from dataclasses import dataclass
from typing import ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import BadValue, Labelled, Prefix
from cx_tui.domain.kinds.patterns import LONGEST_PATTERN, check_pattern, check_replacement
from cx_tui.domain.record import Record


class Parameter(Labelled):
    """Which number is changed."""

    DESTINATION = "destination", "Destination"
    CLI = "cli", "CLI"


class Matching(Labelled):
    """How the current text is meant: it is said, never guessed."""

    PREFIX = "prefix", "Prefix"
    REGEX = "regex", "Regular expression"


@dataclass(kw_only=True)
class Rewrite(Record):
    """A rewrite rule of one IP authentication or one SIP user."""

    declared: ClassVar = Declared(
        "rewrite",
        "rewrite rule",
        "Rewrite rules",
        ("current", "new", "parameter", "match", "ip", "sip_user", "enabled"),
        sort=("position",),
        ordered=True,
        matched=("ip", "sip_user", "parameter", "match", "current"),
        also=("parameter rewrite", "number rewriting"),
    )

    customer_id: int = field.owner("Customer", "customer", "The customer whose calls it changes.")
    ip: int | None = field.reference(
        "IP authentication", "ip", tab="Rule", help="The address whose calls are changed; or a SIP user."
    )
    sip_user: int | None = field.reference(
        "SIP user", "sip-user", tab="Rule", help="The user whose calls are changed; or an address."
    )
    parameter: Parameter = field.choice(
        "Parameter",
        Parameter,
        tab="Rule",
        default=Parameter.DESTINATION,
        bulk=True,
        help="Which number is changed: the dialled one or the caller's.",
    )
    match: Matching = field.choice(
        "Match by",
        Matching,
        tab="Rule",
        default=Matching.PREFIX,
        help="Whether Current is the beginning of a number or a regular expression.",
    )
    current: str = field.text(
        "Current",
        tab="Rule",
        max_length=LONGEST_PATTERN,
        synonyms=("old", "search", "pattern"),
        example="0",
        help="What is replaced; an empty prefix stands before every number that is shown.",
    )
    new: str = field.text(
        "New",
        tab="Rule",
        max_length=200,
        synonyms=("replace", "replacement", "replace by"),
        example="44",
        help=r"What stands there instead; \1 or $1 is the first group.",
    )
    enabled: bool = field.flag(
        "Enabled", tab="Rule", default=True, bulk=True, help="Whether the rule is applied."
    )
    position: int = field.position("Rules of an endpoint are applied one after the other.")

    def problems(self) -> dict[str, str]:
        found = {}
        if (self.ip is None) == (self.sip_user is None):
            found["ip"] = "choose either an IP authentication or a SIP user"
        try:
            self._check_current()
        except BadValue as error:
            found["current"] = str(error)
        else:
            try:
                self._check_new()
            except BadValue as error:
                found["new"] = str(error)
        return found

    def _check_current(self) -> None:
        if self.match is Matching.REGEX:
            if not self.current:
                raise BadValue("write the regular expression that is looked for, or choose Prefix")
            check_pattern(self.current)
        elif self.current:
            Prefix(LONGEST_PATTERN, "#*").parse(self.current)

    def _check_new(self) -> None:
        if self.match is Matching.REGEX:
            check_replacement(self.new, self.current)
        elif self.new:
            Prefix(200, "#*").parse(self.new)
