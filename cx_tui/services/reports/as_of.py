"""A customer as it was at a moment, rebuilt from the log, and the difference of two moments.

The records as they are now are walked back through the log, newest operation first: a value that was changed
gets the one before, what was created goes, what was deleted is there again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history
from cx_tui.db.engine import Database, ask
from cx_tui.db.tables import customer, record_table
from cx_tui.domain.differences import Difference, differences, shown
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Act, Change, LogQuery, Operation, texts, typed_fields
from cx_tui.domain.kinds import Reference, Secret
from cx_tui.domain.record import Record
from cx_tui.domain.records import record_named, records_of
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.search import key_of
from cx_tui.errors import NotFound, Refused

AT_ONCE = 500
"""So many operations, and changes of one, are read at a time."""

GONE = {Act.CREATE: False, Act.RESTORE: False, Act.DELETE: True}
"""Whether a record was there before it was created, brought back or deleted."""

Key = tuple[str, int]


@dataclass(frozen=True)
class Known:
    """A record as it was: its kind, its number, its fields as texts."""

    record: str
    id: int
    texts: Mapping[str, str]

    @property
    def name(self) -> str:
        """What it was called: "Acme", "contact Ana"."""
        kind = record_named(self.record)
        names = kind.declared.names
        own = fields_of(kind)[names]
        text = "" if isinstance(own.kind, Reference) else shown(self.record, names, self.texts.get(names))
        text = f"#{self.id}" if text in ("", "empty") else text
        return text if self.record == "customer" else f"{kind.declared.one} {text}"


@dataclass(frozen=True)
class AsOf:
    """A customer and what belongs to it at a moment, and what the log does not explain."""

    customer_id: int
    moment: datetime
    records: Mapping[Key, Known]
    doubts: Sequence[str] = ()

    @property
    def customer(self) -> Known:
        """The customer itself."""
        return self.records["customer", self.customer_id]


@dataclass(frozen=True)
class Changed:
    """What is different of one record at a later moment; None where it was not there."""

    before: Known | None
    after: Known | None

    @property
    def one(self) -> Known:
        """The record, as it was last."""
        return cast(Known, self.after or self.before)

    @property
    def what(self) -> str:
        """What happened to it."""
        if self.before is None:
            return "created"
        return "deleted" if self.after is None else "changed"

    def differences(self) -> list[Difference]:
        """Its fields before and after."""
        before, after = (known.texts if known else {} for known in (self.before, self.after))
        return [one for one in differences(self.one.record, before, after) if one.before != one.after]


def between(first: AsOf, second: AsOf) -> list[Changed]:
    """What is different at the second moment: the customer first, then what belongs to it."""
    found = []
    for key in [*first.records, *(key for key in second.records if key not in first.records)]:
        one = Changed(first.records.get(key), second.records.get(key))
        if one.before is None or one.after is None or one.before.texts != one.after.texts:
            found.append(one)
    return found


async def customer_ever_named(database: Database, text: str) -> int:
    """The number of a customer by its name or as #12, a deleted one too; who is there comes first."""
    which = customer.c.name_key == key_of(text)
    if text.startswith("#") and text[1:].isdecimal():
        which = or_(which, customer.c.id == int(text[1:]))
    wanted = select(customer.c.id).where(which)
    wanted = wanted.order_by(customer.c.deleted_at.is_not(None), customer.c.id.desc()).limit(1)
    async with database.reading() as connection:
        found = await ask(connection, wanted)
    if not found:
        raise NotFound(f'there was never a customer "{text}"; write the whole name, or the number like #12')
    return int(found[0][0])


async def as_of(database: Database, customer_id: int, *moments: datetime) -> list[AsOf]:
    """The customer as it was at each of these moments; what came after each is taken back."""
    now = datetime.now(UTC)
    if late := [one for one in moments if one > now]:
        raise Refused(f"{late[0]:%Y-%m-%d %H:%M} UTC is still to come; write a moment that is over")
    async with database.reading() as connection:
        walk = await _Walk.begin(connection, customer_id)
        found: dict[datetime, AsOf] = {}
        for moment in sorted(set(moments), reverse=True):
            await walk.back_to(moment)
            found[moment] = walk.seen(moment)
    return [found[one] for one in moments]


@dataclass
class _State:
    """A record on the way back."""

    kind: type[Record]
    texts: dict[str, str]
    there: bool
    created_at: datetime


@dataclass
class _Walk:
    """The way back from now."""

    connection: AsyncConnection
    customer_id: int
    states: dict[Key, _State] = field(default_factory=dict)
    doubts: dict[tuple[Key, str], str] = field(default_factory=dict)
    reached: int | None = None
    """The oldest operation that was taken back."""

    @classmethod
    async def begin(cls, connection: AsyncConnection, customer_id: int) -> "_Walk":
        """Everything as it is now, what was deleted too."""
        walk = cls(connection, customer_id)
        kinds: list[type[Record]] = [Customer]
        kinds += [one for one in records_of("customer") if one.declared.by_hand]
        for kind in kinds:
            table = record_table(kind)
            owner = table.c.id if kind is Customer else table.c.customer_id
            for row in await ask(connection, select(table).where(owner == customer_id).order_by(table.c.id)):
                own: dict[str, Any] = {name: getattr(row, name) for name in typed_fields(kind)}
                walk.states[kind.declared.name, row.id] = _State(
                    kind, texts(kind, own), row.deleted_at is None, row.created_at
                )
        if ("customer", customer_id) not in walk.states:
            raise NotFound(f"there was never a customer #{customer_id}")
        return walk

    async def back_to(self, moment: datetime) -> None:
        """Take back what was done after a moment."""
        query = LogQuery(self.customer_id, since=moment)
        while some := await history.operations(self.connection, query, AT_ONCE, self.reached):
            for operation in some:
                if operation.at > moment:
                    await self._take_back(operation)
                    self.reached = operation.id
            if some[-1].at <= moment:
                return

    async def _take_back(self, operation: Operation) -> None:
        after, found = 0, list[Change]()
        while some := await history.changes(self.connection, operation.id, AT_ONCE, after, self.customer_id):
            found += some
            after = some[-1].id
        for change in reversed(found):
            if state := self.states.get((change.record, change.record_id)):
                self._undo(state, change)

    def _undo(self, state: _State, change: Change) -> None:
        if change.act in GONE:
            state.there = GONE[change.act]
            return
        every = fields_of(state.kind)
        for name, after in change.after.items():
            if name not in state.texts:
                continue
            if not isinstance(every[name].kind, Secret) and not _same(every[name], state.texts[name], after):
                key = (change.record, change.record_id)
                self.doubts.setdefault(
                    (key, name),
                    f"{Known(*key, state.texts).name}: {every[name].label} was "
                    f"{shown(change.record, name, after)} after operation #{change.operation_id}, and "
                    f"{shown(change.record, name, state.texts[name])} later, which the log does not explain",
                )
            state.texts[name] = change.before.get(name, "")

    def seen(self, moment: datetime) -> AsOf:
        """What there was at the moment that was reached."""
        found = {
            key: Known(*key, dict(state.texts))
            for key, state in self.states.items()
            if state.there and state.created_at <= moment
        }
        own = ("customer", self.customer_id)
        if own not in found:
            begun = self.states[own].created_at
            why = f"it was created at {begun:%Y-%m-%d %H:%M:%S} UTC" if begun > moment else "it was deleted"
            name = Known(*own, self.states[own].texts).name
            raise NotFound(f"{name} was not there at {moment:%Y-%m-%d %H:%M} UTC: {why}")
        return AsOf(self.customer_id, moment, found, tuple(self.doubts.values()))


def _same(of: Any, one: str, other: str) -> bool:
    """Whether two texts mean the same: a database may keep areas in an order of its own."""
    if one == other:
        return True
    try:
        return bool(of.read(one) == of.read(other))
    except ValueError:
        return False
