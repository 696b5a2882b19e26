"""What a customer's money does: the balance day by day, how long it lasts, what is charged next."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import free_minutes, ledger, outlook, packages
from cx_tui.db.engine import Database
from cx_tui.domain.calls.figures import hour_of
from cx_tui.domain.money import periods
from cx_tui.domain.money.outlook import LATELY, MinutesLeft, Outlook, Upcoming, by_day
from cx_tui.domain.records.package import PackageType
from cx_tui.services.money.sold import Sold, dids_due, packages_of_rows

SHOWN = timedelta(days=60)
"""So many days of a balance are shown."""

AHEAD = timedelta(days=62)
"""What is charged later than that is not told."""

MOST = 1_000
ZERO = Decimal(0)


class Outlooks:
    """The outlooks of the customers of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, customer_id: int, now: datetime | None = None) -> Outlook:
        """How far a customer's money goes."""
        moment = now or datetime.now(UTC)
        today = moment.astimezone(UTC).date()
        since = hour_of(moment) - timedelta(hours=LATELY - 1)
        async with self._database.reading() as connection:
            balance = await ledger.balance_of(connection, customer_id)
            moves = await outlook.moves(connection, customer_id, today - SHOWN)
            lately = await outlook.spent_since(connection, customer_id, since)
            limit, spent = await outlook.daily(connection, customer_id, today)
            sold = await packages_of_rows(connection, await outlook.owned(connection, customer_id, today))
            dids = await dids_due(connection, today + AHEAD, 0, MOST, customer_id=customer_id)
            upcoming = [
                *(one for own in (*sold, *dids) if own.auto for one in _next(own, today)),
                *await _minimums(connection, sold, today),
            ]
            minutes = await _minutes(connection, sold, today)
        return Outlook(
            balance=balance, spent_lately=lately, daily_limit=limit, spent_today=spent, now=moment,
            days=by_day(balance.balance, moves, today - SHOWN, today), minutes=minutes,
            upcoming=sorted(upcoming, key=lambda one: (one.day, one.what)),
        )  # fmt: skip


def _next(own: Sold, today: date) -> list[Upcoming]:
    """The next charge of something sold: what is due already, or else the next day that comes."""
    if not own.package.retail:
        return []
    amount = periods.amount_of(own.package.retail, own.quantity)
    dues = periods.due_of(own.package, own.starts, own.ends, own.charged_to, today + AHEAD)
    return [Upcoming(own_id=own.id, what=own.package.name, day=due.day, amount=amount) for due in dues[:1]]


async def _minimums(connection: AsyncConnection, sold: Sequence[Sold], today: date) -> list[Upcoming]:
    """What would be charged at the end of this period as calls did not reach a minimum spend so far."""
    found = []
    for own in sold:
        if own.package.type is not PackageType.MINIMUM_SPEND or not own.auto:
            continue
        spell = periods.period_of_day(own.package, own.starts, own.ends, today)
        if spell is None or spell.last == date.max:
            continue
        spent = await packages.spent(connection, {own.customer_id}, spell.first, spell.last)
        minimum = periods.amount_of(own.package.minimum_spend, own.quantity)
        rest = periods.missing(minimum, spell.share, spent.get(own.customer_id, ZERO))
        if rest:
            day = spell.last + timedelta(days=1)
            found.append(Upcoming(own_id=own.id, what=own.package.name, day=day, amount=rest, at_most=True))
    return found


async def _minutes(connection: AsyncConnection, sold: Sequence[Sold], today: date) -> list[MinutesLeft]:
    free = {own.id: own for own in sold if own.package.type is PackageType.FREE_MINUTES}
    if not free:
        return []
    held = await free_minutes.held_by(connection, {own.customer_id for own in free.values()})
    used = await outlook.minutes(connection, list(free))
    found = []
    for one in (one for several in held.values() for one in several if one.own_id in free):
        own, spell = free[one.own_id], one.period(today)
        if spell is None:
            continue
        granted, taken = used.get((own.id, spell.first), (one.granted(spell), 0))
        last = None if spell.last == date.max else spell.last
        left = MinutesLeft(
            own_id=own.id, package=own.package.name, granted=granted, left=granted - taken, last=last
        )
        found.append(left)
    return found
