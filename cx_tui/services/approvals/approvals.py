"""Requests: asking for a second person, and being one.

Who approves does it: the act, and that it was approved, are one transaction, in which what the request is
based on is locked and compared with what it was.  Time that runs out never means yes.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import approvals
from cx_tui.db.engine import Database
from cx_tui.db.records import repository_of
from cx_tui.domain.approvals import Request, RequestAct, RequestState, Rule, Rules, Wish
from cx_tui.domain.history import values
from cx_tui.domain.records import record_named
from cx_tui.domain.who import Who
from cx_tui.errors import NotFound, Refused
from cx_tui.services.changes.bulk import BulkChanges, Progress
from cx_tui.services.records.writing import Writing

if TYPE_CHECKING:
    from cx_tui.calls.recalculating import Plan
    from cx_tui.services.calls.calls import Calls

HOLDS_FOR = timedelta(hours=24)
LONGEST = timedelta(days=30)
MOST = 500
CHANGED = "what it is based on was changed since it was asked for; ask again"
OPEN = (RequestState.WAITING, RequestState.APPLYING)
DECIDED = tuple(state for state in RequestState if state not in OPEN)


class Approvals:
    """The requests of one database, as one person uses them."""

    def __init__(self, database: Database, who: Who, calls: "Callable[[], Calls]") -> None:
        self._database = database
        self._who = who
        self._calls = calls

    async def rules(self) -> Rules:
        """Which acts need a second person."""
        async with self._database.reading() as connection:
            return await approvals.rules(connection)

    async def set_rule(self, rule: Rule, above: Decimal | None) -> None:
        """Have a rule hold, or no longer: on PostgreSQL only the owner of the tables can."""
        async with self._database.writing() as connection:
            await approvals.set_rule(connection, rule, above)

    async def ask(self, wish: Wish, reason: str, *, holds_for: timedelta = HOLDS_FOR) -> int:
        """Ask for a second person: the number of the request."""
        if not timedelta(0) < holds_for <= LONGEST:
            raise Refused("a request waits for up to 30 days; say a time within")
        now = datetime.now(UTC)
        seal = await self._seal_of_calls(wish) if wish.act is RequestAct.RERATE else None
        async with self._database.writing() as connection:
            request = Request(
                at=now, expires_at=now + holds_for, who=self._who.name[:120], origin=self._who.origin[:200],
                login=self._who.login[:63], act=wish.act, title=wish.title[:300], why=wish.why[:300],
                reason=reason[:500], record=wish.record, ids=wish.ids, base=wish.base, wanted=wish.wanted,
                seal=seal or await _seal(connection, wish),
            )  # fmt: skip
            return await approvals.add(connection, request)

    async def list(self, *, decided: bool = False) -> Sequence[Request]:
        """Requests that wait, or those that were decided, too; the newest first."""
        await self.expire()
        states = (*OPEN, *DECIDED) if decided else OPEN
        async with self._database.reading() as connection:
            found = await approvals.listed(connection, states, MOST)
        now = datetime.now(UTC)
        for one in found:  # where this login can't write it down
            if one.state is RequestState.WAITING and one.expires_at <= now:
                one.state = RequestState.EXPIRED
        return [one for one in found if one.state in states]

    async def number(self) -> int:
        """How many requests wait."""
        async with self._database.reading() as connection:
            return await approvals.number(connection, datetime.now(UTC))

    async def get(self, request_id: int) -> Request:
        """One request."""
        async with self._database.reading() as connection:
            found = await approvals.one(connection, request_id)
        if found is None:
            raise NotFound(f"there is no request {request_id}; cx-tui approvals list shows them")
        return found

    async def expire(self) -> None:
        """Those whose time is over wait no longer."""
        if self._database.read_only or not self._database.rights.may_change("approval", "state"):
            return
        now = datetime.now(UTC)
        async with self._database.reading() as connection:
            waiting = await approvals.listed(connection, [RequestState.WAITING], MOST)
        if any(one.expires_at <= now for one in waiting):
            async with self._database.writing() as connection:
                await approvals.expire(connection, now)

    async def refuse(self, request_id: int, reason: str = "") -> None:
        """Say no; who asked may take it back so."""
        async with self._database.writing() as connection:
            request = await _waiting(connection, request_id)
            said = reason or ("taken back" if self._is_mine(request) else "refused")
            await approvals.settle(connection, request.id, self._decided(RequestState.REFUSED, said))

    async def approve(self, request_id: int, progress: Progress | None = None) -> int | None:
        """Say yes, and do it: the number of the operation, where it is one."""
        request = await self.get(request_id)
        self._check(request)
        try:
            if request.act is RequestAct.RERATE:
                await self._recalculate(request)
                return None
            return await self._apply(request, progress)
        except _Void as void:
            async with self._database.writing() as connection:
                await _waiting(connection, request_id)
                await approvals.settle(connection, request_id, self._decided(RequestState.VOID, str(void)))
            raise Refused(f"{void}; the request is void") from None

    async def _apply(self, request: Request, progress: Progress | None) -> int | None:
        record, applying = record_named(request.record), _Applying(self, request)
        if request.act is RequestAct.CHANGE:
            async with self._database.writing() as connection:
                await applying.begin(connection)
                writing = Writing(repository_of(record), applying.who, datetime.now(UTC), approved=True)
                before, wanted = values(record, request.base), values(record, request.wanted)
                written = await writing.save(connection, request.ids[0], before, wanted)
                await applying.end(connection, written.operation_id)
            return written.operation_id
        bulk = BulkChanges(self._database, applying.who, record, applying)
        if request.act is RequestAct.DELETE:
            return (await bulk.delete(request.ids, progress)).operation_id
        return (await bulk.edit(request.ids, values(record, request.wanted), progress)).operation_id

    async def _recalculate(self, request: Request) -> None:
        """Calls lie in files: that it was approved is written down before, what became of it afterwards."""
        plan = await self._plan(request.wanted)
        if _seal_of_plan(plan) != request.seal:
            raise _Void(CHANGED)
        async with self._database.writing() as connection:
            self._check(await _waiting(connection, request.id))
            await approvals.settle(connection, request.id, self._decided(RequestState.APPLYING, ""))
        state, said = RequestState.VOID, "it failed"
        try:
            number = await self._calls().recalculating.apply(plan)
            state, said = RequestState.DONE, f"change {number} of calls" if number else ""
        except Refused as error:
            said = str(error)
            raise
        finally:
            async with self._database.writing() as connection:
                await approvals.settle(connection, request.id, self._decided(state, said))

    async def _plan(self, wanted: Mapping[str, str]) -> "Plan":
        return await self._calls().dry_run(_recalculation(wanted))

    async def _seal_of_calls(self, wish: Wish) -> str:
        return _seal_of_plan(await self._plan(wish.wanted))

    def _is_mine(self, request: Request) -> bool:
        """Whether the same person asked, or the same login of a database that has logins."""
        same_login = not self._database.on_sqlite and request.login == self._who.login
        return same_login or request.who.casefold() == self._who.name.casefold()

    def _check(self, request: Request) -> None:
        if request.state is not RequestState.WAITING:
            raise Refused(f"this request is {request.state.label.lower()} already")
        if request.expires_at <= datetime.now(UTC):
            raise Refused("this request has expired; ask again")
        if self._is_mine(request):
            raise Refused("who asked can't approve: another person has to, with a login of their own")

    def _decided(self, state: RequestState, said: str) -> dict[str, Any]:
        return {
            "state": state, "said": said[:1000], "decided_at": datetime.now(UTC),
            "decided_who": self._who.name[:120], "decided_origin": self._who.origin[:200],
            "decided_login": self._who.login[:63],
        }  # fmt: skip


class _Void(Exception):
    """What a request is based on is not as it was."""


class _Applying:
    """A request that is being carried out, in the transaction that does."""

    def __init__(self, of: Approvals, request: Request) -> None:
        self._of = of
        self._request = request
        mine = of._who
        self.who = Who(
            f"{request.who}, approved by {mine.name}", mine.origin, mine.host, mine.login, mine.role
        )

    async def begin(self, connection: AsyncConnection) -> None:
        """It is ours, and based on what it was based on; from here on the database lets it be done."""
        request = await _waiting(connection, self._request.id)
        self._of._check(request)
        await approvals.settle(connection, request.id, self._of._decided(RequestState.APPLYING, ""))
        wish = Wish(request.act, request.title, request.record, request.ids, request.base, request.wanted, "")
        if await _seal(connection, wish, lock=True) != request.seal:
            raise _Void(CHANGED)

    async def end(self, connection: AsyncConnection, operation_id: int | None) -> None:
        """It is done."""
        done = {**self._of._decided(RequestState.DONE, ""), "operation_id": operation_id}
        await approvals.settle(connection, self._request.id, done)


async def _waiting(connection: AsyncConnection, request_id: int) -> Request:
    request = await approvals.one(connection, request_id, lock=True)
    if request is None:
        raise NotFound(f"there is no request {request_id}; cx-tui approvals list shows them")
    if request.state is not RequestState.WAITING:
        raise Refused(f"this request is {request.state.label.lower()} already")
    return request


async def _seal(connection: AsyncConnection, wish: Wish, *, lock: bool = False) -> str:
    """Of the versions of the records, and of what is to become of them."""
    found = await approvals.versions(connection, wish.record, wish.ids, lock=lock)
    return _hashed([wish.act.value, wish.record, found, dict(wish.base), dict(wish.wanted)])


def _seal_of_plan(plan: "Plan") -> str:
    changes = [
        (one.customer_id, one.currency, one.calls, f"{one.before}", f"{one.after}") for one in plan.changes
    ]
    return _hashed([RequestAct.RERATE.value, plan.generation, changes])


def _hashed(what: Any) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _recalculation(wanted: Mapping[str, str]) -> Any:
    """What is to be recalculated, as the request keeps it."""
    from cx_tui.domain.calls.call import Release
    from cx_tui.domain.calls.recalculation import Operation, Recalculation

    return Recalculation(
        day=date.fromisoformat(wanted["day"]), operation=Operation.of_value(wanted["operation"]),
        customer_id=int(wanted["customer"]) if wanted.get("customer") else None,
        minimum_ms=int(wanted["minimum_ms"]), new_ms=int(wanted["new_ms"]),
        releases=tuple(Release.of_value(one) for one in wanted["releases"].split()),
    )  # fmt: skip


def wish_to_recalculate(plan: "Plan", why: str) -> Wish:
    """What is asked for when calls shall be recalculated."""
    asked = plan.asked
    before, after = (
        sum((getattr(one, side) for one in plan.changes), Decimal(0)) for side in ("before", "after")
    )
    wanted = {
        "day": f"{asked.day}", "operation": asked.operation.value, "customer": f"{asked.customer_id or ''}",
        "minimum_ms": f"{asked.minimum_ms}", "new_ms": f"{asked.new_ms}",
        "releases": " ".join(one.value for one in asked.releases), "charge": f"{after}",
    }  # fmt: skip
    title = f"{asked.operation.label} of {asked.day}: {len(plan.changes):,} customers"
    return Wish(RequestAct.RERATE, title, "calls", (), {"charge": f"{before}"}, wanted, why)
