"""Changes that are made at a later moment, by whichever program is running then.

Taking a change and making it are one transaction: a program that is killed has either made it or not,
and no other makes it again.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import change_log, delayed_changes
from cx_tui.db.engine import Database
from cx_tui.db.records import CUSTOMERS
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import Act, DelayedChange, DelayedState, texts, values
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.who import Who
from cx_tui.errors import CxError, Invalid, NotFound, Refused, Unavailable
from cx_tui.services.approvals.needed import check_save
from cx_tui.services.records.writing import Writing, Written, refuse_fixed

UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, DataError, IntegrityError)
"""What one change with broken content, or one of a customer with such, can lead to.  It must not keep the
others from being made."""

LONGEST_TO_CONFIRM = 24 * 60
AT_ONCE = 50
"""So many due changes are made in one transaction."""


class Delayed:
    """The delayed changes of one database."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    async def order(self, base: Customer, wanted: Mapping[str, Any], due_at: datetime) -> int:
        """Have fields of a customer changed at a moment."""
        refuse_fixed(Customer, wanted)
        before = {name: getattr(base, name) for name in wanted}
        change = DelayedChange(
            customer_id=base.id, due_at=due_at, created_at=datetime.now(UTC),
            who=self._who.name[:120], origin=self._who.origin[:200],
            base=texts(Customer, before), wanted=texts(Customer, wanted),
        )  # fmt: skip
        async with self._database.writing() as connection:
            await check_save(connection, base, before, wanted)
            await change_log.wake_others(connection)
            return await delayed_changes.order(connection, change)

    async def save_to_confirm(
        self, base: Customer, wanted: Mapping[str, Any], minutes: int
    ) -> tuple[Written[Customer], int | None]:
        """Change fields of a customer at once, and have them changed back in so many minutes unless somebody
        confirms: what was saved, and the number of the change that turns it back."""
        if not 1 <= minutes <= LONGEST_TO_CONFIRM:
            raise Refused(f"write 1 to {LONGEST_TO_CONFIRM} minutes")
        before = {name: getattr(base, name) for name in wanted}
        async with self._database.writing() as connection:
            writing = Writing(CUSTOMERS, self._who, datetime.now(UTC))
            written = await writing.save(connection, base.id, before, wanted)
            if written.operation_id is None:
                return written, None
            if await delayed_changes.to_confirm(connection, base.id):
                raise Refused("another change of this customer waits to be confirmed; confirm it first")
            now = await delayed_changes.moment(connection)
            names = [name for name in wanted if getattr(written.record, name) != before[name]]
            back = DelayedChange(
                customer_id=base.id, due_at=now + timedelta(minutes=minutes), created_at=now,
                who=self._who.name[:120], origin=self._who.origin[:200], reverts=written.operation_id,
                base=texts(Customer, {name: getattr(written.record, name) for name in names}),
                wanted=texts(Customer, {name: before[name] for name in names}),
            )  # fmt: skip
            return written, await delayed_changes.order(connection, back)

    async def confirm(self, delayed_id: int) -> None:
        """Have a change stay that would be turned back."""
        async with self._database.writing() as connection:
            one = await self._open(connection, delayed_id)
            if one.reverts is None:
                raise Refused("this change turns nothing back; cancel it, or make it now")
            one.state, one.said = DelayedState.CONFIRMED, f"confirmed by {self._who.name}"
            await delayed_changes.settle(connection, one)

    async def unconfirmed(self) -> list[tuple[datetime, str]]:
        """When changes will be turned back that nobody has confirmed yet, and of whom; the next first."""
        async with self._database.reading() as connection:
            return await delayed_changes.unconfirmed(connection)

    async def board(
        self, states: Collection[DelayedState], customer_id: int | None = None, *, latest: bool = False
    ) -> list[tuple[DelayedChange, str]]:
        """Delayed changes in these states and the names of their customers, the next or the latest first."""
        async with self._database.reading() as connection:
            return await delayed_changes.board(connection, states, customer_id, latest=latest)

    async def cancel(self, delayed_id: int) -> None:
        """Don't make a change that waits or is held."""
        async with self._database.writing() as connection:
            one = await self._open(connection, delayed_id)
            if one.reverts is not None and one.state is DelayedState.WAITING:
                raise Refused("this turns a change back; confirm the change to have it stay")
            one.state, one.said = DelayedState.CANCELLED, f"cancelled by {self._who.name}"
            await delayed_changes.settle(connection, one)
            await change_log.wake_others(connection)

    async def move(self, delayed_id: int, due_at: datetime) -> None:
        """Have a change that waits made, or turned back, at another moment."""
        async with self._database.writing() as connection:
            one = await self._open(connection, delayed_id)
            if one.state is not DelayedState.WAITING:
                raise Refused("this change is held; make it now, or cancel it")
            if one.reverts is not None:
                latest = await delayed_changes.moment(connection) + timedelta(minutes=LONGEST_TO_CONFIRM)
                if due_at > latest:
                    raise Refused("a change can wait a day at most to be confirmed")
            one.due_at = due_at
            await delayed_changes.settle(connection, one)
            await change_log.wake_others(connection)

    async def run_now(self, delayed_id: int, *, although_changed: bool = False) -> DelayedChange:
        """Make a change at once; one that is held can be made although the values have changed since."""
        async with self._database.writing() as connection:
            one = await self._open(connection, delayed_id)
            await _make(connection, one, self._who, although_changed=although_changed)
        return one

    async def run_due(self) -> int:
        """Make all changes that are due; says how many were settled."""
        settled = 0
        while some := await self._run_some():
            settled += some
        return settled

    async def turn_back_own(self) -> int:
        """Turn back what this person changed and nobody has confirmed in time: who may change something may
        change it back, where nobody who may do everything is there."""
        return await self._run_some(self._who.name[:120])

    async def _run_some(self, unconfirmed_of: str | None = None) -> int:
        now = datetime.now(UTC)
        async with self._database.reading() as connection:
            due = await delayed_changes.next_due(connection)
        if due is None or due > now:
            return 0
        async with self._database.writing() as connection:
            taken = await delayed_changes.take_due(connection, now, AT_ONCE, unconfirmed_of)
            for one in taken:
                await _make(connection, one, Who(one.who, f"{one.origin} (delayed)".strip()))
        # Others hold what is due, so there is nothing to do until they are done or dead.
        return len(taken)

    async def _open(self, connection: AsyncConnection, delayed_id: int) -> DelayedChange:
        one = await delayed_changes.take(connection, delayed_id)
        if one is None:
            raise NotFound("this delayed change no longer exists")
        if one.state not in (DelayedState.WAITING, DelayedState.HELD):
            raise Refused(f"this delayed change is {one.state.label.lower()} already")
        return one


async def _make(
    connection: AsyncConnection, one: DelayedChange, who: Who, *, although_changed: bool = False
) -> None:
    """Make a change, or hold it for the operator with the reason."""
    # What a person orders was judged then; what the program orders, such as the end of a penalty, needs none.
    writing = Writing(CUSTOMERS, who, datetime.now(UTC), approved=True)
    stay: list[str] = []
    try:
        base, wanted = _readable(one)
        if one.reverts is not None and not although_changed:
            stay = await _changed_since(connection, one, base)
            base, wanted = (
                {name: each[name] for name in each if name not in stay} for each in (base, wanted)
            )
            if not wanted:
                raise Invalid({"wanted": _stays(stay)})
        async with connection.begin_nested():
            if although_changed and (current := await CUSTOMERS.get(connection, one.customer_id, lock=True)):
                base = {name: getattr(current, name) for name in wanted}
            written = await writing.save(connection, one.customer_id, base, wanted, Act.DELAYED)
    except Unavailable:
        raise  # of the database, not of this change: it is made when that is there again
    except CxError as error:
        one.state, one.said = DelayedState.HELD, str(error)
    except UNREADABLE as error:
        one.state, one.said = DelayedState.HELD, f"it can't be made: {_in_short(error)}; schedule it again"
    else:
        one.state, one.operation_id = DelayedState.DONE, written.operation_id
        one.said = "" if written.operation_id else "the values were so already"
        if stay:
            one.state, one.said = DelayedState.HELD, f"the rest was turned back; {_stays(stay)}"
            one.base, one.wanted = ({name: each[name] for name in stay} for each in (one.base, one.wanted))
    await delayed_changes.settle(connection, one)


async def _changed_since(
    connection: AsyncConnection, one: DelayedChange, base: Mapping[str, Any]
) -> list[str]:
    """The fields that have another value than the one that shall be turned back: those stay."""
    current = await CUSTOMERS.get(connection, one.customer_id, lock=True)
    return [name for name in base if current is not None and getattr(current, name) != base[name]]


def _stays(names: Collection[str]) -> str:
    labels = ", ".join(fields_of(Customer)[name].label for name in names)
    return f"{labels} was changed since by others and stays"


def _readable(one: DelayedChange) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of a change, which another version of the program, or another hand, may have written."""
    try:
        base, wanted = values(Customer, one.base), values(Customer, one.wanted)
    except KeyError as error:
        raise Invalid({"wanted": f"there is no field {error} here; schedule it again"}) from error
    except (BadValue, *UNREADABLE) as error:
        raise Invalid({"wanted": f"what was ordered can't be read: {error}; schedule it again"}) from error
    if not wanted or base.keys() != wanted.keys():
        raise Invalid({"wanted": "what was ordered can't be read; schedule it again"})
    return base, wanted


def _in_short(error: Exception) -> str:
    """The first line of what went wrong, without the statement and its values."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(cause).strip().partition("\n")[0] or type(error).__name__
