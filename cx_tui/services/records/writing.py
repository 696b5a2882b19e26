"""The one way in which a record is changed: checked against what others did meanwhile, written, noted.

Everything here happens in a transaction that the caller has begun.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import history
from cx_tui.db.derived import count_from_zero, follow, hold
from cx_tui.db.records import Repository
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Act, Change, texts
from cx_tui.domain.kinds import Reference
from cx_tui.domain.record import Record
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.who import Who
from cx_tui.errors import Conflict, Invalid, NotFound
from cx_tui.services.approvals.needed import check_create, check_save
from cx_tui.services.records.as_written import AsWritten
from cx_tui.services.records.rules import RULES, keep_to
from cx_tui.services.records.used import refuse_used

R = TypeVar("R", bound=Record)
Values = Mapping[str, Any]
USUAL = AsWritten()


@dataclass(frozen=True)
class Written(Generic[R]):
    """A record as it is after a save, and the operation that it was; none when nothing was to be changed."""

    record: R
    operation_id: int | None


class Writing(Generic[R]):
    """Changes of the records of one repository, by one person."""

    def __init__(
        self,
        repository: Repository[R],
        who: Who,
        now: datetime,
        as_written: AsWritten = USUAL,
        *,
        approved: bool = False,
    ) -> None:
        self._repository = repository
        self._as_written = as_written
        self._who = who
        self._now = now
        self._approved = approved
        """A second person has agreed, or none is needed for what is done for everybody."""

    async def create(self, connection: AsyncConnection, values: Values) -> Written[R]:
        """A new record."""
        repository = self._repository
        if "customer_id" in values and not await hold(connection, [values["customer_id"]]):
            raise NotFound("the customer has been deleted; the log of all operations says who did it")
        if repository.name == "customer":
            await check_create(connection, values)
        values = self._as_written.values(repository.record, None, values)
        if repository.name in RULES:
            wished = repository.record(id=0, created_at=self._now, changed_at=self._now, **values)
            await keep_to(connection, wished, None)
        record = await repository.add(connection, values, self._now)
        if problems := record.problems():
            raise Invalid(problems)
        if repository.name == "customer":
            await count_from_zero(connection, [record.id])
        given = {name: value for name, value in values.items() if name != "customer_id"}
        change = self._change(record, Act.CREATE, {}, texts(repository.record, given))
        return await self._noted(connection, record, change, ())

    async def save(
        self,
        connection: AsyncConnection,
        record_id: int,
        base: Values,
        wanted: Values,
        act: Act = Act.UPDATE,
        *,
        tried_at: datetime | None = None,
    ) -> Written[R]:
        """Give fields of a record their wanted values, which were chosen when they had the base ones.

        What others changed meanwhile stays; where they changed the same field, nothing is written.  Where the
        same was tried before and nobody knows how that ended, it may be saved already, and is not done again.
        """
        repository = self._repository
        record = await repository.get(connection, record_id, lock=True)
        if record is None:
            raise NotFound("it has been deleted; the log of all operations says who did it")
        theirs = [name for name in wanted if getattr(record, name) not in (base[name], wanted[name])]
        if theirs:
            if done := await self._done_since(connection, record, wanted, theirs, tried_at):
                return Written(record, done)
            raise await self._conflict(connection, record, theirs)
        values = {name: value for name, value in wanted.items() if getattr(record, name) != value}
        if not values:
            return Written(record, None)
        refuse_fixed(repository.record, values)
        values = self._as_written.values(repository.record, record, values)
        wished = replace(cast(Any, record), **values)
        if problems := wished.problems():
            raise Invalid(problems)
        await keep_to(connection, wished, record)
        before = {name: getattr(record, name) for name in values}
        if isinstance(record, Customer) and not self._approved:
            await check_save(connection, record, before, values)
        if not await repository.write(connection, record, values, self._now):
            raise Conflict("somebody else saved at this moment; save again", theirs=record, fields=())
        change = self._change(
            record, Act.UPDATE, texts(repository.record, before), texts(repository.record, values)
        )
        for name, value in values.items():
            setattr(record, name, value)
        record.version, record.changed_at = record.version + 1, self._now
        return await self._noted(connection, record, change, values, act)

    async def move(self, connection: AsyncConnection, record_id: int, by: int) -> None:
        """Change places with a neighbour among those of the same owner."""
        repository = self._repository
        record = await repository.get(connection, record_id, lock=True)
        if record is None:
            raise NotFound("it has been deleted; the log of all operations says who did it")
        others = await repository.of_owner(connection, repository.owner_of(record))
        place = next(place for place, other in enumerate(others) if other.id == record_id)
        target = place + by
        if not 0 <= target < len(others):
            return
        others[place], others[target] = others[target], others[place]
        for position, other in enumerate(others, 1):
            was = {"position": vars(other)["position"]}
            if was["position"] != position:
                await self.save(connection, other.id, was, {"position": position})

    async def delete(self, connection: AsyncConnection, record_id: int) -> Written[R]:
        """Delete a record; it stays in the table and can be brought back."""
        repository = self._repository
        record = await repository.get(connection, record_id, lock=True)
        if record is None:
            raise NotFound("it was deleted already")
        await keep_to(connection, None, record)
        await refuse_used(connection, repository.record, [record_id])
        await repository.write(connection, record, {"deleted_at": self._now}, self._now)
        return await self._noted(connection, record, self._change(record, Act.DELETE, {}, {}), ())

    async def _noted(
        self,
        connection: AsyncConnection,
        record: R,
        change: Change,
        names: Collection[str],
        act: Act | None = None,
    ) -> Written[R]:
        title = self._title(record, change)
        change.operation_id = await history.begin(
            connection, self._who, act or change.act, title, self._now, records=1
        )
        await history.note(connection, [change])
        await follow(connection, self._repository.name, names, [change.customer_id], change.operation_id)
        return Written(record, change.operation_id)

    def _change(self, record: R, act: Act, before: Mapping[str, str], after: Mapping[str, str]) -> Change:
        repository = self._repository
        return Change(
            operation_id=0, record=repository.name, record_id=record.id,
            customer_id=repository.customer_of(record), act=act, before=before, after=after,
        )  # fmt: skip

    def _title(self, record: R, change: Change) -> str:
        declared = self._repository.record.declared
        name = self._called(record)
        what = "" if declared.name == "customer" else f"{declared.one} "
        labels = [fields_of(self._repository.record)[field].label for field in change.after]
        return what + name + (f": {', '.join(labels)}" if change.act is not Act.CREATE and labels else "")

    def _called(self, record: R) -> str:
        """What a record is called in sentences; one that is named by another one, by its own number."""
        names = self._repository.record.declared.names
        field = fields_of(self._repository.record)[names]
        text = "" if isinstance(field.kind, Reference) else field.kind.show(getattr(record, names))
        return text or f"#{record.id}"

    async def _done_since(
        self,
        connection: AsyncConnection,
        record: R,
        wanted: Values,
        names: Collection[str],
        since: datetime | None,
    ) -> int | None:
        """Our operation that gave these fields their wanted values since a moment, if there was one."""
        if since is None:
            return None
        repository = self._repository
        ours = await history.changes_by(
            connection, self._who, repository.name, record.id, repository.customer_of(record), since
        )
        said = texts(repository.record, wanted)
        done = (one.operation_id for one in ours if all(one.after.get(name) == said[name] for name in names))
        return next(done, None)

    async def _conflict(self, connection: AsyncConnection, record: R, theirs: list[str]) -> Conflict:
        repository = self._repository
        last = await history.last_of(connection, repository.name, record.id, repository.customer_of(record))
        who = last.who if last and last.who else "somebody else"
        by = f"{who} ({last.at:%H:%M} UTC)" if last else who
        labels = ", ".join(fields_of(repository.record)[name].label for name in theirs)
        return Conflict(f"{by} changed {labels} meanwhile", theirs=record, fields=theirs)


def refuse_fixed(record: type[Record], values: Values) -> None:
    """Nobody changes what can't change once the record exists."""
    every = fields_of(record)
    fixed = [name for name in values if every[name].fixed]
    if fixed:
        raise Invalid({name: f"{every[name].label} can't be changed after creation" for name in fixed})
