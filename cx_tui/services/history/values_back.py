"""What is given back when changes are undone: field by field, where nobody changed the value since."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from cx_tui.db.records import follows_customer
from cx_tui.db.tables import record_table
from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.history import Act, Change, Noted, Texts
from cx_tui.domain.kinds import Reference, Secret
from cx_tui.domain.kinds.references import NUMBERED
from cx_tui.domain.records import record_named
from cx_tui.services.changes.bulk import NO_TEXTS, alike


@dataclass(frozen=True)
class Back:
    """What becomes of one change: the texts that are given back, the columns and values that follow from
    them, what was there instead, and why other fields stay as they are."""

    given: Texts = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()
    had: Texts = field(default_factory=dict)
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Backs:
    """What becomes of some changes: which of them are refused, and why, what is noted of the others, and
    the new values of records by their columns."""

    refused: Sequence[tuple[Change, str]]
    notes: Sequence[Noted]
    news: Mapping[tuple[str, ...], Sequence[tuple[Any, ...]]]


def given_back(
    operation_id: int, changes: Sequence[Change], rows: Mapping[int, Any], others: Mapping[int, str]
) -> Backs:
    """What becomes of changes, by the records as they are now, and by the fields that only one record may
    have so and another has now; of equal changes it is found out once."""
    seen: dict[Hashable, Back] = {}
    refused, notes, news = [], [], defaultdict(list)
    for change in changes:
        row, other = rows.get(change.record_id), others.get(change.record_id)
        # Equal texts of a block are one object.
        key = (row and alike(row[2:]), id(change.before), id(change.after), other)
        back = seen.get(key)
        if back is None:
            seen[key] = back = _back(change, row, other)
        refused += [(change, why) for why in back.why]
        if back.given:
            notes.append(note(operation_id, change, Act.UPDATE, back.had, back.given))
            news[back.columns].append((change.record_id, *back.values))
    return Backs(refused, notes, news)


def note(
    operation_id: int, change: Change, act: Act, before: Texts = NO_TEXTS, after: Texts = NO_TEXTS
) -> Noted:
    """What is noted when a change is turned back."""
    return operation_id, change.record, change.record_id, change.customer_id, act, before, after


def fields_and_table(record: str) -> tuple[Mapping[str, Field], Table]:
    """The fields of a kind of record, and its table."""
    kind = record_named(record)
    return fields_of(kind), record_table(kind)


def taken_now(record: str, name: str) -> str:
    """Why a field that only one may have so is not given back."""
    return f"another {record} has its {fields_and_table(record)[0][name].label} now"


def _back(change: Change, row: Any, other: str | None) -> Back:
    if row is None:
        return Back(why=("it no longer exists",))
    every, _ = fields_and_table(change.record)
    given, why = {}, []
    for name, text in change.after.items():
        one = every.get(name)
        if one is None:
            why.append(f'there is no field "{name}" any more')
        elif isinstance(one.kind, Secret):
            why.append(f"{one.label} was never written down")
        elif not _is_number(one, text) or not _is_number(one, change.before.get(name, "")):
            why.append(f"{one.label} was only a text then; choose the record by hand")
        elif one.fixed:
            why.append(f"{one.label} can't be changed after creation")
        elif _differs(getattr(row, name), text, one):
            why.append(f"{one.label} was changed since")
        elif name == other:
            why.append(taken_now(change.record, name))
        else:
            given[name] = change.before.get(name, "")
    values = {name: every[name].read(text) for name, text in given.items()}
    if change.record == "customer":
        values |= follows_customer(values)
    had = {name: change.after[name] for name in given}
    return Back(given, tuple(values), tuple(values.values()), had, tuple(why))


def _is_number(field: Field, text: str) -> bool:
    """Whether a text of a reference is one: what customers refer to was written as a plain text once."""
    return not isinstance(field.kind, Reference) or not text or bool(NUMBERED.fullmatch(text))


def _differs(value: Any, text: str, of: Field) -> bool:
    """Whether a value is another one than a text of the log says; a database may keep areas in an order
    of its own, so equal texts are only the quick way."""
    return of.write(value) != text and bool(value != of.read(text))
