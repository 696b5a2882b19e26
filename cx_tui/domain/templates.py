"""Templates: text with fields such as {{ customer.name }}.  A field is a name and nothing else.

There is nothing to call, no formats and no way from one value to another, so a template can't do harm.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from html import escape
from typing import NamedTuple

from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import BadValue, Secret, Toml, quote
from cx_tui.domain.record import Record
from cx_tui.domain.records.contact import Contact
from cx_tui.domain.records.customer import Customer

NAME = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*"
FIELD = re.compile(r"\{\{[ \t]*(" + NAME + r")[ \t]*\}\}")
BRACES = re.compile(r"\{\{([^{}\n]*)\}\}|\{\{|\}\}")

RECORDS: dict[str, type[Record]] = {"customer": Customer, "contact": Contact}


class Problem(NamedTuple):
    """What is wrong in a template, and where: lines and columns count from 1."""

    sentence: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.sentence}"


def as_it_is(value: str) -> str:
    """How a value is put into plain text."""
    return value


def as_html(value: str) -> str:
    """How a value is put into HTML: none of it is markup."""
    return escape(value).replace("\n", "<br>")


def on_one_line(value: str) -> str:
    """How a value is put into a subject: a line break would begin another header."""
    return " ".join(value.split())


class Template:
    """A template that is ready to be filled many times."""

    def __init__(self, text: str, write: Callable[[str], str]) -> None:
        self._parts = FIELD.split(text)  # text, name, text, name, ..., text
        self.names = tuple(self._parts[1::2])
        self._write = write

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with the values in it; BadValue when one is missing."""
        parts = self._parts.copy()
        try:
            parts[1::2] = [self._write(values[name]) for name in self.names]
        except KeyError as missing:
            raise BadValue(f"there is no value for {{{{ {missing.args[0]} }}}}") from None
        return "".join(parts)


def compile_template(text: str, write: Callable[[str], str] = as_it_is) -> Template:
    """The template, whose values are put in by `write`; BadValue when a field of it is malformed."""
    for problem in _malformed(text):
        raise BadValue(str(problem))
    return Template(text, write)


def fill(text: str, values: Mapping[str, str]) -> str:
    """A plain text with the values in it; BadValue when it is malformed or a value is missing."""
    return compile_template(text).fill(values)


def fields_in(text: str) -> tuple[str, ...]:
    """The names of the fields in a text, each once, in their order."""
    return tuple(dict.fromkeys(FIELD.findall(text)))


def may_be_empty(text: str) -> bool:
    """Whether nothing may be left of a text when its fields are filled in: it is made of them alone."""
    return not FIELD.sub("", text).strip()


def unknown(text: str, known: Collection[str]) -> list[Problem]:
    """What must be put right before anything is sent: fields that are malformed or not known."""
    strange = (
        _problem(text, found.start(), _no_field(found[1], known))
        for found in FIELD.finditer(text)
        if found[1] not in known
    )
    return sorted([*_malformed(text), *strange], key=lambda problem: problem[1:])


@cache
def known_fields() -> Mapping[str, Field]:
    """The fields of a customer and a contact by their names in templates: those that they may read."""
    return {
        f"{record}.{name}": each
        for record, type_ in RECORDS.items()
        for name, each in fields_of(type_).items()
        if not each.internal and not isinstance(each.kind, Secret | Toml)
    }


def values_of(names: Collection[str], **records: Record) -> dict[str, str]:
    """The values of these fields as people read them: `values_of(names, customer=..., contact=...)`."""
    known, values = known_fields(), {}
    for name in names:
        record, _, attribute = name.partition(".")
        if record in records and name in known:
            values[name] = known[name].kind.show(getattr(records[record], attribute))
    return values


def _malformed(text: str) -> Iterator[Problem]:
    for found in BRACES.finditer(text):
        if not FIELD.fullmatch(found.group()):
            yield _problem(text, found.start(), _no_name(found))


def _no_name(found: re.Match[str]) -> str:
    if found[1] is not None:
        return f"{quote(found[1].strip())} is not the name of a field; write one like {{{{ customer.name }}}}"
    if found.group() == "{{":
        return "this {{ has no }} behind it on its line"
    return "this }} has no {{ before it"


def _no_field(name: str, known: Collection[str]) -> str:
    from difflib import get_close_matches  # imported here: only mistakes need it

    close = get_close_matches(name, known, 1)
    hint = f"; did you mean {{{{ {close[0]} }}}}?" if close else ""
    return f"there is no field {quote(name)}{hint}"


def _problem(text: str, place: int, sentence: str) -> Problem:
    line = text.count("\n", 0, place) + 1
    return Problem(sentence, line, place - text.rfind("\n", 0, place))
