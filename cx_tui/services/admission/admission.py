"""What operators ask: why can this customer not call, would this call pass, what is wrong anywhere."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import Database, ask
from cx_tui.db.tables import customer as customers
from cx_tui.db.tables import table_named
from cx_tui.domain.admission.call import Call, Step
from cx_tui.domain.admission.engine import Decision, decide, why
from cx_tui.domain.admission.facts import Customer, Direction, SipUser
from cx_tui.domain.admission.lint.problems import Problem
from cx_tui.domain.admission.networks import held, network_of, network_of_address, network_text
from cx_tui.domain.admission.number_trace import NumberStep, entries_of, follow_number
from cx_tui.domain.admission.numbers import number_in, same_form
from cx_tui.domain.calls.call import Call as Finished
from cx_tui.domain.query import Query
from cx_tui.domain.search import key_of
from cx_tui.errors import NotFound
from cx_tui.services.admission.as_it_was import customer_at
from cx_tui.services.admission.linting import Progress, lint
from cx_tui.services.admission.worlds import put_setup_of, world_of
from cx_tui.services.lists.customers import Customers


@dataclass(frozen=True)
class Standing:
    """How a customer stands: every gate that needs no call."""

    customer: Customer
    steps: Sequence[Step]

    @property
    def can_call(self) -> bool:
        """Whether nothing stops them."""
        return not self.stopped_by

    @property
    def stopped_by(self) -> list[Step]:
        """The gates that refuse."""
        return [step for step in self.steps if step.state == "refused"]


@dataclass(frozen=True)
class NumberTrace:
    """A number through every step, by one of a customer's addresses and SIP users."""

    steps: Sequence[NumberStep]
    entry: str = ""
    place: int = 0
    entries: int = 0


@dataclass(frozen=True)
class ThenAndNow:
    """What becomes of a call with the records as they were, and as they are."""

    then: Decision
    now: Decision


class Admission:
    """The engine over the records of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def why(self, ids: Sequence[int], moment: datetime | None = None) -> list[Standing]:
        """How these customers stand."""
        async with self._database.reading() as connection:
            world = await world_of(connection, ids)
        moment = moment or datetime.now(UTC)
        found = (world.customers.get(one) for one in ids)
        return [Standing(one, why(world, one, moment)) for one in found if one]

    async def simulate(self, call: Call, *, as_it_was: bool = False) -> Decision:
        """Whether a call would pass; nothing is changed by asking.  Whose call it may be is taken as of now,
        or as it was at the moment of the call, with what has been deleted since."""
        async with self._database.reading() as connection:
            ids = await self._callers(connection, call, deleted=as_it_was)
            then = {one: await customer_at(connection, one, call.moment) for one in ids if as_it_was}

            async def decided(numbers: Sequence[str]) -> Decision:
                world = await world_of(connection, ids, numbers)
                for one, customer in then.items():
                    world.drop(one)
                    if customer is not None:
                        world.put(customer)
                if then:
                    await put_setup_of(connection, world, numbers)
                return decide(world, call)

            decision = await decided([call.dialled])
            number = decision.number
            if number not in ("", call.dialled):
                # With the rates of what the number becomes on its way.
                decision = await decided([call.dialled, number])
        return decision

    async def then_and_now(self, call: Finished) -> ThenAndNow:
        """What becomes of a finished call as its customer was when it came, and as it is now."""
        now = datetime.now(UTC)
        asked = asked_as(call)
        async with self._database.reading() as connection:
            whose = call.customer_id
            if whose is None:
                raise NotFound("it is not known whose call it was; simulate it by its address")
            before = await customer_at(connection, whose, call.invited_at)
            if before is None:
                raise NotFound("the customer was not there then, as far as the log says")
            if not asked.source and not asked.user and asked.direction is Direction.TERMINATION:
                asked = _from_entry(asked, before)
            numbers = [call.dialled, call.number]
            then = await world_of(connection, [whose], numbers)
            # Others who share an address are as they are now.
            then.put(before)
            await put_setup_of(connection, then, numbers)
            ids = sorted({whose, *await self._callers(connection, asked)})
            today = await world_of(connection, ids, numbers)
        return ThenAndNow(decide(then, asked), decide(today, replace(asked, moment=now)))

    async def follow_number(self, customer_id: int, dialled: str, by: int = 0) -> NumberTrace:
        """A number of a customer through every step, by one of the entries: they are counted round."""
        async with self._database.reading() as connection:
            world = await world_of(connection, [customer_id], [dialled])
            if (whose := world.customers.get(customer_id)) is None:
                raise NotFound("the customer no longer exists")
            entries = entries_of(whose)
            entry = entries[by % len(entries)] if entries else None
            moment = datetime.now(UTC)
            steps = list(follow_number(world, whose, entry, dialled, moment))
            reached = {one.number for one in steps} - {dialled}
            if reached:
                # With the rates of what the number becomes on its way.
                world = await world_of(connection, [customer_id], [dialled, *reached])
                steps = list(follow_number(world, whose, entry, dialled, moment))
        if entry is None:
            return NumberTrace(steps)
        named = f"user {entry.username}" if isinstance(entry, SipUser) else f"{network_of_address(entry)}"
        return NumberTrace(steps, named, by % len(entries), len(entries))

    async def _callers(
        self, connection: AsyncConnection, call: Call, *, deleted: bool = False
    ) -> Sequence[int]:
        """The customers whose call it may be; also by records that have been deleted, if they count."""
        if call.user:
            own = table_named("sip-user").c
            which = own.username == call.user
        elif call.direction is Direction.ORIGINATION:
            own = table_named("did").c
            number = same_form(number_in(call.dialled))
            which = own.number.in_([number, f"+{number}", f"00{number}"])
        elif (network := network_of(call.source)) is not None:
            own = table_named("ip").c
            holding = (held(network, length) for length in range(network.length + 1))
            which = own.address.in_(set(map(network_text, holding)))
        else:
            return []
        kept = true() if deleted else own.deleted_at.is_(None)
        rows = await ask(connection, select(own.customer_id).where(which, kept).distinct())
        return [row[0] for row in rows]

    async def lint(
        self, only: str = "", progress: Progress = lambda done: None, *, chosen: Query | None = None
    ) -> AsyncIterator[Problem]:
        """What is wrong anywhere, or with the customers of a query, customer by customer."""
        wanted: frozenset[int] | None = None
        if chosen:
            listing = await Customers(self._database).list(chosen)
            wanted = frozenset(await listing.every_id())
        async for problem in lint(self._database, only, progress, wanted):
            yield problem

    async def number_of_customers(self) -> int:
        """How many customers there are to look at."""
        kept = select(func.count()).select_from(customers).where(customers.c.deleted_at.is_(None))
        async with self._database.reading() as connection:
            return int((await ask(connection, kept))[0][0])

    async def customer_named(self, text: str) -> int:
        """The number of the customer that a command names: by name, or as #12."""
        async with self._database.reading() as connection:
            which = customers.c.name_key == key_of(text)
            if text.startswith("#") and text[1:].isdecimal():
                which = customers.c.id == int(text[1:])
            asked = select(customers.c.id).where(which, customers.c.deleted_at.is_(None))
            found = await ask(connection, asked)
        if not found:
            raise NotFound(f'there is no customer "{text}"; write the whole name, or the number like #12')
        return int(found[0][0])


def asked_as(call: Finished) -> Call:
    """The question that a finished call was."""
    kind, _, user = call.auth.partition(" ")
    return Call(
        dialled=call.dialled, moment=call.invited_at, source=call.src_ip,
        user=user if kind == "user" else "", cli=call.cli_in or call.cli, paid=call.paid,
        direction=Direction.of_value(call.direction),
    )  # fmt: skip


def _from_entry(asked: Call, customer: Customer) -> Call:
    """The same call from the customer's first address or user: the record does not say where it came from."""
    if customer.addresses:
        network = network_text(network_of_address(customer.addresses[0]))
        return replace(asked, source=network.partition("/")[0])
    return replace(asked, user=customer.sip_users[0].username) if customer.sip_users else asked
