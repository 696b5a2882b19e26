"""The fields of a record as the fields of a form: which editor a kind has, what is said of a text."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from typing import cast

from cx_tui.domain.fields import Field
from cx_tui.domain.kinds import (
    Addresses,
    Areas,
    BadValue,
    Choice,
    Code,
    Emails,
    Flag,
    Integers,
    Kind,
    Lines,
    Money,
    Networks,
    Prefixes,
    Reference,
    References,
    Secret,
    Several,
    Tags,
    Toml,
    Zone,
)
from cx_tui.domain.secret_words import may_hold_password
from cx_tui.domain.week import WeekKind
from cx_tui.screens.present import debit_limit_in_words
from cx_tui.screens.week_field import week_editor
from widgets.form import Code as CodeEditor
from widgets.form import Editor, FormField, Masked, OneLine, OneOf, SeveralLines, States, Words, YesNo

Suggestions = Callable[[str], Awaitable[Sequence[str]]]
"""The texts used before that go on as one that is typed."""

AREA_STATES = ("inherit", "show", "hide")
NUMBER = 16
"""The cells of the box of a number."""

MISTAKE = re.compile(r"line (\d+), column (\d+)")


def form_field(
    field: Field,
    *,
    base: str | Callable[[], str] = "",
    suggestions: Suggestions | None = None,
    words: Callable[[], Sequence[str]] = tuple,
    references: Callable[[str], Editor] | None = None,
    currency: Callable[[], str] = str,
) -> FormField:
    """A field of a form, for a field of a record.

    `base` is the text that is stored already: of that nothing is complained.  Texts used before can be
    offered: `suggestions` while a field that has them is typed, `words` in a set of words.  `references` is
    the editor that finds another record of a kind, `currency` that of its amounts where it is known.
    """

    def check(text: str) -> str | None:
        return None if text == (base() if callable(base) else base) else wrong(field, text)

    return FormField(
        field.name,
        field.label,
        field.tab,
        _editor(field, suggestions, words, references),
        field.help,
        required=field.required,
        fixed=field.fixed,
        check=check,
        means=MEANS.get(field.name) or _amount(field, currency),
    )


def _amount(field: Field, currency: Callable[[], str]) -> Callable[[str], str] | None:
    """What an amount of money means, in its currency."""
    kind = field.kind
    return (lambda text: kind.means(text, currency())) if isinstance(kind, Money) else None


def _editor(
    field: Field,
    suggestions: Suggestions | None,
    words: Callable[[], Sequence[str]],
    references: Callable[[str], Editor] | None,
) -> Editor:
    if isinstance(field.kind, Reference) and references:
        return references(field.kind.record)
    if field.suggests and suggestions:
        return _suggesting(suggestions)
    return editor_of(field.kind, words)


def wrong(field: Field, text: str) -> str | None:
    """What is wrong with a text, by the field's own parser."""
    try:
        field.check(text)
    except BadValue as error:
        return str(error)
    return None


def editor_of(kind: Kind, words: Callable[[], Sequence[str]] = tuple) -> Editor:
    """The editor for a kind of value."""
    match kind:
        case Choice() | Code():
            options = options_of(kind)
            return OneOf(lambda: options, search=isinstance(kind, Code))
        case Zone():
            return OneOf(zones)
        case Flag():
            return YesNo()
        case Tags():
            return Words(suggestions=words)
        case Several():
            return Words(suggestions=lambda: [label for _, label in kind.options()])
        case Networks() | Addresses() | Emails() | Prefixes() | Integers() | References():
            return Words()
        case Toml():
            return CodeEditor(mistake=_mistake_of(kind))
        case Areas():
            return States(kind.areas, AREA_STATES)
        case Secret():
            return Masked()
        case Lines():
            return SeveralLines()
        case WeekKind():
            return week_editor(kind)
    return OneLine(width=NUMBER if kind.align == "right" else 0)


def options_of(kind: Choice | Code | Flag) -> list[tuple[str, str]]:
    """What there is to choose: the text of each, and how it reads."""
    match kind:
        case Choice():
            return [(member.label, member.label) for member in kind.choices]
        case Code():
            return [(code, f"{code}  {name}") for code, name in kind.options()]
    return [(kind.write(value), kind.write(value)) for value in (True, False)]


def _suggesting(suggestions: Suggestions) -> Editor:
    return OneOf(suggestions, suggest=True)


def zones() -> list[tuple[str, str]]:
    """The time zones there are, by their names; UTC comes first."""
    from zoneinfo import available_timezones  # reads the zone folder, so only when the list is opened

    return [(zone, zone) for zone in ("UTC", *sorted(available_timezones() - {"UTC"}))]


def _mistake_of(kind: Toml) -> Callable[[str], tuple[int, int] | None]:
    def mistake(text: str) -> tuple[int, int] | None:
        try:
            kind.variables(text)
        except BadValue as error:
            found = MISTAKE.match(str(error))
            return (int(found[1]), int(found[2])) if found else (1, 1)
        return None

    return mistake


def _debit_limit_means(text: str) -> str:
    if not text.strip():
        return debit_limit_in_words(Decimal(0))
    return debit_limit_in_words(cast(Decimal, Money("-999999999999").parse(text)))


def _password_in_notes(text: str) -> str:
    return "! looks like a password: whoever sees the customer can read it" if may_hold_password(text) else ""


MEANS: Mapping[str, Callable[[str], str]] = {
    "debit_limit": _debit_limit_means,
    "public_notes": _password_in_notes,
    "private_notes": _password_in_notes,
}
"""What the text of a field means, where that is not plain to see."""
