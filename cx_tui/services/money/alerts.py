"""Watching figures: each alert fires once, whichever program sees it first, and what follows is done with it.

What an alert does (its message, its penalty, and the change that lifts the penalty) is kept in the
transaction that notes that it fired: a program that is killed has done all of it or nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import alerts, delayed_changes
from cx_tui.db.calls import sources
from cx_tui.db.engine import Database
from cx_tui.db.outbox_tables import template
from cx_tui.db.records import CUSTOMERS
from cx_tui.domain.fields import fields_of
from cx_tui.domain.history import DelayedChange, texts
from cx_tui.domain.money.watching import Step, step
from cx_tui.domain.outbox import Reach, Way
from cx_tui.domain.records.alert import SAMPLED, Alert, Area
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.domain.templates import fields_in, known_fields
from cx_tui.domain.who import Who
from cx_tui.errors import CxError, NotFound, Refused, Unavailable
from cx_tui.services.money.by_destination import CallsOf
from cx_tui.services.records.writing import Writing
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.orders import Order
from cx_tui.services.sending.recipients import Recipient, contacts_of

if TYPE_CHECKING:
    from cx_tui.domain.money.replaying import Replay

AT_ONCE = 500
THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, kw_only=True)
class Watched:
    """An alert, its figure, and what becomes, or would become, of it."""

    alert: Alert
    customer: str
    status: Status
    value: Decimal | None
    step: Step
    to: Sequence[str] = ()

    @property
    def gets_penalty(self) -> bool:
        """Whether the customer may make no calls for a while: only who may make any now."""
        return self.step is Step.FIRES and self.alert.penalty > 0 and self.status is Status.ACTIVE


class Alerts:
    """The alerts of one database."""

    def __init__(self, database: Database, who: Who, calls: CallsOf | None = None) -> None:
        self._database = database
        self._who = who
        self._calls = calls
        self.wrong: dict[str, str] = {}
        """Alerts that could not be carried out, and why."""

    def take_wrong(self) -> Sequence[tuple[str, str]]:
        """The alerts that could not be carried out since this was asked last, and why."""
        found, self.wrong = tuple(self.wrong.items()), {}
        return found

    async def list(self, now: datetime | None = None) -> Sequence[Watched]:
        """All alerts, with their figures and what would become of them now."""
        found: list[Watched] = []
        moment, after = now or datetime.now(UTC), 0
        async with self._database.reading() as connection:
            while rows := await alerts.watched(connection, after, AT_ONCE, all_of=True):
                found += [await _watched(connection, row, moment) for row in rows]
                after = rows[-1].id
        return found

    async def test(self, title: str, now: datetime | None = None) -> Watched:
        """What would become of an alert now, and who would be told; nothing is done."""
        async with self._database.reading() as connection:
            row = await alerts.named(connection, title)
            if row is None:
                raise NotFound(f'there is no alert "{title}"; cx-tui alerts list shows their titles')
            found = await _watched(connection, row, now or datetime.now(UTC))
            people = await _recipients(connection, found.alert, contacts=True)
        return Watched(**{**vars(found), "to": [one.address for one in people]})

    async def replay(self, title: str, now: datetime | None = None) -> tuple[Alert, "Replay"]:
        """What an alert would have done in the last seven days."""
        from cx_tui.services.money.replay import replay

        if self._calls is None:
            raise Refused("calls can't be read here, so nothing can be replayed")
        alert = (await self.test(title, now)).alert
        return alert, await replay(self._database, self._calls(), alert, now)

    async def run_due(self, now: datetime | None = None) -> int:
        """Look at all alerts: of how many something became."""
        moment, after, changed = now or datetime.now(UTC), 0, 0
        while True:
            async with self._database.reading() as connection:
                rows = await alerts.watched(connection, after, AT_ONCE)
                seen = [await _watched(connection, row, moment) for row in rows]
            if not rows:
                return changed
            for one in seen:
                if one.step not in (Step.STAYS, Step.UNKNOWN):
                    changed += await self._acted(one.alert, moment)
            after = rows[-1].id

    async def _acted(self, alert: Alert, now: datetime) -> bool:
        """Do what follows; one alert that can't be carried out does not keep the others from it."""
        try:
            return await self._act(alert.id, now)
        except Unavailable:
            raise
        except CxError as error:
            self.wrong[alert.title] = str(error)
            return False

    async def _act(self, alert_id: int, now: datetime) -> bool:
        """Do what follows, if it still does once the alert is ours."""
        async with self._database.writing() as connection:
            row = await alerts.take(connection, alert_id)
            if row is None:
                return False
            one = await _watched(connection, row, now)
            if one.step in (Step.STAYS, Step.UNKNOWN):
                return False
            values: dict[str, Any] = {"told_at": now, "value": one.value}
            if one.step is Step.FIRES:
                values["fired_at"] = now
            elif one.step is Step.CLEARS:
                values = {"fired_at": None, "told_at": None, "value": None}
            await alerts.keep(connection, alert_id, values)
            if one.gets_penalty:
                await self._punish(connection, one, now)
            await self._tell(connection, one)
            return True

    async def _punish(self, connection: AsyncConnection, one: Watched, now: datetime) -> None:
        """Set Penalty, and order the change back.  When somebody changes the status meanwhile, that change
        back is held: a penalty that ends never lets a customer call whom an operator has stopped."""
        alert = one.alert
        before, after = {"status": Status.ACTIVE}, {"status": Status.PENALTY}
        by = Who(self._who.name, f"alert {alert.title}"[:200])
        await Writing(CUSTOMERS, by, now).save(connection, alert.customer_id, before, after)
        lifted = DelayedChange(
            customer_id=alert.customer_id, due_at=now + timedelta(minutes=alert.penalty), created_at=now,
            who=by.name[:120], origin=by.origin, base=texts(Customer, after), wanted=texts(Customer, before),
        )  # fmt: skip
        await delayed_changes.order(connection, lifted)

    async def _tell(self, connection: AsyncConnection, one: Watched) -> None:
        if one.step is Step.CLEARS and one.alert.told_at is None:
            return
        wanted = await _letter(connection, one)
        people = await _recipients(connection, one.alert, contacts=True)
        if "contact." in "".join(fields_in(wanted.body + wanted.subject)):
            people = [person for person in people if person.contact_id > 0]
        if people:
            await Order(wanted, self._who, _go_on).within(connection, people)


async def _watched(connection: AsyncConnection, row: Any, now: datetime) -> Watched:
    alert = Alert(**{name: getattr(row, name) for name in fields_of(Alert)})
    value = await _figure(connection, alert, row, now)
    return Watched(
        alert=alert, customer=row.customer_name, status=row.status, value=value, step=step(alert, value, now)
    )


async def _figure(connection: AsyncConnection, alert: Alert, row: Any, now: datetime) -> Decimal | None:
    """The figure that an alert watches; none when there are too few calls to speak of, or nobody tells of
    calls."""
    if alert.area in SAMPLED:
        sums = await alerts.sample(connection, alert.customer_id, now, alert.sample)
        if sums.attempts < max(1, alert.minimum_calls):
            return None
        ratio = {Area.ASR: sums.asr, Area.ACD: sums.acd, Area.PDD: sums.pdd}[alert.area]
        return None if ratio is None else Decimal(ratio).quantize(THOUSANDTH)
    match alert.area:
        case Area.BALANCE:
            return Decimal(row.balance)
        case Area.CHANNELS | Area.CPS if await sources.silent(connection, now):
            return None
        case Area.CHANNELS:
            return Decimal(row.live)
        case Area.CPS:
            return Decimal(row.cps).quantize(THOUSANDTH)
    spent_today = row.day == now.astimezone(UTC).date()
    return Decimal(row.day_spend) if spent_today else Decimal(0)


async def _recipients(connection: AsyncConnection, alert: Alert, *, contacts: bool) -> list[Recipient]:
    """Who is told: the contacts if it says so, and the addresses that stand in it, each once."""
    people = []
    if alert.contacts and contacts:
        found = await contacts_of(connection, Way.EMAIL, [alert.customer_id], service=True)
        people = [one for one in found if one.reach is Reach.WILL]
    known = {one.address.casefold() for one in people}
    for place, address in enumerate(alert.recipients, 1):
        if address.casefold() not in known:
            # Nobody's contact: its number only keeps its message apart from the others'.
            people.append(Recipient(-place, alert.customer_id, address, address, Reach.WILL))
            known.add(address.casefold())
    return people


async def _letter(connection: AsyncConnection, one: Watched) -> DraftMessage:
    """The message of its template, or the usual one.  Braces in names are no fields."""
    alert = one.alert
    what = (
        "is over"
        if one.step is Step.CLEARS
        else alert.level.label
        if alert.level.value != "none"
        else "Alert"
    )
    title, name = (text.replace("{{", "{ {").replace("}}", "} }") for text in (alert.title, one.customer))
    subject = f"{title}: {name} {what}" if one.step is Step.CLEARS else f"{what}: {title}, {name}"
    body = (
        (
            f'{alert.area.label} of {name} is {one.value:f}; the alert "{title}" fires when it is '
            f"{alert.operator.label.lower()} {alert.threshold.normalize():f}."
        )
        if one.value is not None
        else ""
    )
    if one.step is Step.CLEARS:
        body += "\n\nIt is ready again."
    elif one.gets_penalty:
        body += f"\n\nThe customer has the status Penalty for {alert.penalty:,} minutes."
    if alert.template and one.step is not Step.CLEARS:
        mine = (template.c.name == alert.template) & (template.c.way == Way.EMAIL)
        row = (await connection.execute(select(template).where(mine))).first()
        if row is not None and not set(fields_in(row.subject + row.body)) - set(known_fields()):
            subject, body = row.subject, row.body
    return DraftMessage(Way.EMAIL, body, subject[:300], service=True)


def _go_on() -> None:
    """Nobody stops it halfway."""
