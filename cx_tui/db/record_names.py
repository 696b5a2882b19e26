"""How records are named in a file: by their names, or by their numbers where a name is not enough."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Select, String, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.bulk_values import among, among_texts
from cx_tui.db.engine import ask
from cx_tui.db.records import unique_column
from cx_tui.db.tables import NOBODYS, table_named
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.records import record_named
from cx_tui.domain.search import fold

ONLY_BY_NUMBER = re.compile(r"#[0-9]+|.*[,;\n].*|\s.*|.*\s", re.DOTALL)
"""Names that would be read as something else."""


class Named(NamedTuple):
    """A record that has a name: its number, and the customer's that it belongs to (0 is nobody's)."""

    id: int
    whose: int


class _Kind:
    """What is asked of one kind of record."""

    def __init__(self, record: str) -> None:
        kind = record_named(record)
        self.own = table_named(record).c
        self.name = kind.declared.names
        self.title: Column[Any] = self.own[self.name]
        self.field: Field = fields_of(kind)[self.name]
        self.is_customer = record == "customer"
        self.has_texts = isinstance(self.title.type, String)
        self.alone = unique_column(kind)[0] == self.name
        self.few = not kind.declared.owner and not self.is_customer
        of_customer = "customer_id" in self.own
        self.whose: ColumnElement[int] = self.own.customer_id if of_customer else literal(NOBODYS)
        self.there = self.own.deleted_at.is_(None)


async def names_of(connection: AsyncConnection, record: str, ids: Collection[int]) -> dict[int, str]:
    """How records of these numbers are named: by name, or like #12 when it is empty or not theirs alone.
    Of a customer's records only the customer's own are told apart."""
    numbers = {one: f"#{one}" for one in ids}
    kind = _Kind(record)
    if not kind.has_texts or not ids:
        return numbers
    these: Select[Any] = select(kind.own.id, kind.title, kind.whose).where(
        kind.there, among(connection, kind.own.id, list(ids))
    )
    rows: Sequence[Any] = await ask(connection, these)
    several: set[tuple[str, int]] = set()
    if not kind.alone:
        named = among_texts(connection, kind.title, {name for _, name, _ in rows if name})
        counted: Select[Any] = (
            select(kind.title, kind.whose).where(kind.there, named).group_by(kind.title, kind.whose)
        )
        pairs: Sequence[Any] = await ask(connection, counted.having(func.count() > 1))
        several = {(name, whose) for name, whose in pairs}
    alone = {one: name for one, name, whose in rows if name and (name, whose) not in several}
    return numbers | {one: name for one, name in alone.items() if not ONLY_BY_NUMBER.fullmatch(name)}


async def having_names(
    connection: AsyncConnection, record: str, texts: Iterable[str]
) -> dict[str, list[Named]]:
    """The records that are meant by each of these texts, which are names or numbers like #12."""
    wanted = list(dict.fromkeys(texts))
    kind = _Kind(record)
    numbers = {text: int(text[1:]) for text in wanted if re.fullmatch("#[1-9][0-9]{0,8}", text)}
    found: dict[str, list[Named]] = {text: [] for text in wanted}
    if numbers:
        these = among(connection, kind.own.id, list(numbers.values()))
        asked: Select[Any] = select(kind.own.id, kind.whose).where(kind.there, these)
        rows: Sequence[Any] = await ask(connection, asked)
        there = {row[0]: Named(row[0], row[1]) for row in rows}
        found |= {text: [there[one]] for text, one in numbers.items() if one in there}
    if kind.has_texts:
        names = {text: _as_kept(kind, text) for text in wanted if text not in numbers}
        by_name: dict[str, list[Named]] = {}
        exact: dict[str, list[Named]] = {}
        if names:
            compared, condition = _named_so(connection, kind, set(names.values()))
            question: Select[Any] = select(compared, kind.own.id, kind.whose).where(kind.there, condition)
            having: Sequence[Any] = await ask(connection, question.order_by(kind.own.id))
            for name, one, whose in having:
                by_name.setdefault(_compared(kind, name), []).append(Named(one, whose))
                exact.setdefault(name, []).append(Named(one, whose))
        # Names may differ in nothing but the case of their letters.
        found |= {
            text: exact.get(name) or by_name.get(_compared(kind, name), []) for text, name in names.items()
        }
    return found


def _as_kept(kind: _Kind, text: str) -> str:
    """A name as it is kept: a number of a telephone is written in many ways."""
    try:
        return str(kind.field.kind.parse(text))
    except BadValue:
        return text


def _compared(kind: _Kind, name: str) -> str:
    """A name as it is compared: in any case where there are few, or an index of such names."""
    return fold(name) if kind.is_customer or kind.few else name


def _named_so(
    connection: AsyncConnection, kind: _Kind, names: set[str]
) -> tuple[ColumnElement[Any], ColumnElement[bool]]:
    if kind.is_customer:
        return kind.own.name_key, among_texts(connection, kind.own.name_key, set(map(fold, names)))
    exact = among_texts(connection, kind.title, names)
    if not kind.few:
        return kind.title, exact
    in_any_case = among_texts(connection, func.lower(kind.title), {name.lower() for name in names})
    return kind.title, or_(exact, in_any_case)
