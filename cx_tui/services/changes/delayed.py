"""Changes that are made at a later moment, by whichever program is running then.

Taking a change and making it are one transaction: a program that is killed has either made it or not,
and no other makes it again.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import change_log, delayed_changes
from cx_tui.db.engine import Database
from cx_tui.db.records import CUSTOMERS
from cx_tui.domain.history import Act, DelayedChange, DelayedState, texts, values
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.records.customer import Customer
from cx_tui.domain.who import Who
from cx_tui.errors import CxError, Invalid, NotFound, Refused, Unavailable
from cx_tui.services.records.writing import Writing, refuse_fixed

UNREADABLE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, DataError, IntegrityError)
"""What one change with broken content, or one of a customer with such, can lead to.  It must not keep the
others from being made."""

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
            await change_log.wake_others(connection)
            return await delayed_changes.order(connection, change)

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
            one.state, one.said = DelayedState.CANCELLED, f"cancelled by {self._who.name}"
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

    async def _run_some(self) -> int:
        now = datetime.now(UTC)
        async with self._database.reading() as connection:
            due = await delayed_changes.next_due(connection)
        if due is None or due > now:
            return 0
        async with self._database.writing() as connection:
            taken = await delayed_changes.take_due(connection, now, AT_ONCE)
            for one in taken:
                await _make(connection, one, Who(one.who, f"{one.origin} (delayed)".strip()))
        # Others hold what is due, so there is nothing to do until they are done or dead.
        return len(taken)

    async def _open(self, connection: AsyncConnection, delayed_id: int) -> DelayedChange:
        one = await delayed_changes.take(connection, delayed_id)
        if one is None:
            raise NotFound("this delayed change is not there any more")
        if one.state not in (DelayedState.WAITING, DelayedState.HELD):
            raise Refused(f"this delayed change is {one.state.label.lower()} already")
        return one


async def _make(
    connection: AsyncConnection, one: DelayedChange, who: Who, *, although_changed: bool = False
) -> None:
    """Make a change, or hold it for the operator with the reason."""
    writing = Writing(CUSTOMERS, who, datetime.now(UTC))
    try:
        base, wanted = _readable(one)
        async with connection.begin_nested():
            if although_changed and (current := await CUSTOMERS.get(connection, one.customer_id, lock=True)):
                base = {name: getattr(current, name) for name in wanted}
            written = await writing.save(connection, one.customer_id, base, wanted, Act.DELAYED)
    except Unavailable:
        raise  # of the database, not of this change: it is made when that is there again
    except CxError as error:
        one.state, one.said = DelayedState.HELD, str(error)
    except UNREADABLE as error:
        one.state, one.said = DelayedState.HELD, f"it can't be made: {_in_short(error)}; order it anew"
    else:
        one.state, one.operation_id = DelayedState.DONE, written.operation_id
        one.said = "" if written.operation_id else "the values were so already"
    await delayed_changes.settle(connection, one)


def _readable(one: DelayedChange) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of a change, which another version of the program, or another hand, may have written."""
    try:
        base, wanted = values(Customer, one.base), values(Customer, one.wanted)
    except KeyError as error:
        raise Invalid({"wanted": f"there is no field {error} here; order it anew"}) from error
    except (BadValue, *UNREADABLE) as error:
        raise Invalid({"wanted": f"what was ordered can't be read: {error}; order it anew"}) from error
    if not wanted or base.keys() != wanted.keys():
        raise Invalid({"wanted": "what was ordered can't be read; order it anew"})
    return base, wanted


def _in_short(error: Exception) -> str:
    """The first line of what went wrong, without the statement and its values."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(cause).strip().partition("\n")[0] or type(error).__name__
