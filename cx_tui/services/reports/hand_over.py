"""What the next shift must know: what was changed, which alerts fired, what is pending, which notes were
written."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import approvals, delayed_changes, history, log_pages
from cx_tui.db.engine import Database, ask
from cx_tui.db.history_tables import change
from cx_tui.db.outbox_tables import message, pause
from cx_tui.db.tables import customer, table_named
from cx_tui.domain.approvals import RequestState
from cx_tui.domain.differences import in_words
from cx_tui.domain.history import DelayedState, LogQuery, Operation
from cx_tui.domain.outbox import State

MOST = 500
"""So many operations are told one by one; how many more there are is said."""

NOTES = ("private_notes", "public_notes")
UNSENT = (State.HELD, State.FAILED, State.UNKNOWN)
NOTES_AT_ONCE = 5_000
AT = "%d %b %H:%M"


@dataclass(frozen=True)
class Entry:
    """One line of a hand-over, with what a program reads of it."""

    at: datetime | None
    text: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class HandOver:
    """A hand-over: sections by their titles."""

    since: datetime
    until: datetime
    changes: Sequence[Entry]
    more: int
    """So many changes are not told one by one."""
    alerts: Sequence[Entry]
    pending: Sequence[Entry]
    notes: Sequence[Entry]

    @property
    def sections(self) -> Mapping[str, Sequence[Entry]]:
        """What there is to tell, in the order in which it is told."""
        return {"Pending": self.pending, "Alerts": self.alerts, "Notes": self.notes, "Changes": self.changes}

    def as_text(self) -> str:
        """All of it as text for a ticket, by the clock of this machine."""
        lines = [f"Hand-over from {local(self.since)} to {local(self.until)} ({_zone(self.until)})"]
        for title, entries in self.sections.items():
            number = len(entries) + (self.more if title == "Changes" else 0)
            lines += ["", f"{title}: {f'{number:,}' if number else 'none'}"]
            for one in entries:
                at = f"{one.at.astimezone():{AT}}  " if one.at else ""
                lines.append(f"- {at}{one.text}")
            if title == "Changes" and self.more:
                lines.append(f"- and {self.more:,} more; the log shows them")
        return "\n".join(lines) + "\n"

    def as_objects(self) -> list[dict[str, Any]]:
        """An object an entry."""
        return [
            {
                "section": title.lower(),
                "at": one.at.isoformat() if one.at else None,
                "text": one.text,
                **one.facts,
            }
            for title, entries in self.sections.items()
            for one in entries
        ]


def local(moment: datetime) -> str:
    """By the clock of this machine, to the minute."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def _zone(moment: datetime) -> str:
    return moment.astimezone().tzname() or "local time"


async def hand_over(database: Database, since: datetime, now: datetime | None = None) -> HandOver:
    """What happened since a moment, and what is open now."""
    until = now or datetime.now(UTC)
    async with database.reading() as connection:
        done = await history.operations(connection, LogQuery(since=since), MOST)
        number = await _number_since(connection, since)
        return HandOver(
            since,
            until,
            [_operation(one) for one in reversed(done)],
            number - len(done),
            await _alerts(connection),
            [
                *await _requests(connection, until),
                *await _delayed(connection),
                *await _messages(connection),
            ],
            await _notes(connection, since),
        )


async def _number_since(connection: AsyncConnection, since: datetime) -> int:
    counted = await history.matching(connection, select(func.count()), LogQuery(since=since))
    return int((await ask(connection, counted))[0][0])


def _operation(one: Operation) -> Entry:
    records = f" ({one.records:,} records)" if one.records > 1 else ""
    undone = f", undone by #{one.undone_by}" if one.undone_by else ""
    text = f"{one.who or 'nobody known'}: {one.act.label} {one.title}{records} [#{one.id}{undone}]"
    facts = {"operation": one.id, "who": one.who, "what": one.act.value, "title": one.title}
    return Entry(one.at, text, {**facts, "records": one.records, "undone_by": one.undone_by})


async def _alerts(connection: AsyncConnection) -> list[Entry]:
    """Those that still fire; of one that is over, the changes have the letter that said so."""
    own = table_named("alert").c
    columns = (own.id, own.title, own.area, own.fired_at, own.value, customer.c.name)
    wanted = select(*columns).join_from(own.id.table, customer, customer.c.id == own.customer_id)
    wanted = wanted.where(own.deleted_at.is_(None), own.enabled, own.fired_at.is_not(None))
    found = []
    for row in await ask(connection, wanted.order_by(own.fired_at, own.id)):
        value = f" at {row.value:,.2f}" if row.value is not None else ""
        text = f"{row.name}: {row.title} ({row.area.label}), still firing{value}"
        facts = {"alert": row.title, "customer": row.name, "state": "fired"}
        found.append(Entry(row.fired_at, text, facts))
    return found


async def _requests(connection: AsyncConnection, now: datetime) -> list[Entry]:
    """What waits for a second person."""
    found = []
    for one in await approvals.listed(connection, [RequestState.WAITING], MOST):
        if one.expires_at > now:
            change = in_words(one.record, one.base, one.wanted) or one.act.label
            text = f"request {one.id} of {one.who}: {one.title}: {change} ({one.reason or one.why}; expires)"
            facts = {"request": one.id, "who": one.who, "title": one.title, "state": "asked"}
            found.append(Entry(one.expires_at, text, facts))
    return found


async def _delayed(connection: AsyncConnection) -> list[Entry]:
    """Changes that wait for their time, or for a person."""
    found = []
    for one, name in await delayed_changes.board(connection, (DelayedState.HELD, DelayedState.WAITING)):
        held = one.state is DelayedState.HELD
        state = f"held, {one.said}" if held else "due"
        state = "turns back unless confirmed" if one.reverts and not held else state
        text = f"{name}: {in_words('customer', one.base, one.wanted)} ({state}; ordered by {one.who})"
        facts = {"delayed": one.id, "customer": name, "state": one.state.value, "who": one.who}
        found.append(Entry(one.due_at, text, facts))
    return found


async def _messages(connection: AsyncConnection) -> list[Entry]:
    """Messages that a person has to look at, and ways on which nothing is sent."""
    own = message.c
    counted = select(own.state, func.count().label("number")).where(own.state.in_(UNSENT)).group_by(own.state)
    found = Counter({row.state: int(row.number) for row in await ask(connection, counted)})
    entries = [
        Entry(None, f"messages: {found[state]:,} {state.label.lower()}",
              {"messages": found[state], "state": state.value})
        for state in UNSENT if found[state]
    ]  # fmt: skip
    paused = await ask(connection, select(pause))
    entries += [
        Entry(row.since, f"nothing is sent by {row.way}: {row.said}", {"way": row.way, "state": "paused"})
        for row in paused
    ]
    return entries


async def _notes(connection: AsyncConnection, since: datetime) -> list[Entry]:
    """Notes of customers that were written since; of each the last."""
    done = await history.operations(connection, LogQuery(since=since), NOTES_AT_ONCE)
    by = {one.id: one for one in done if one.records == 1}
    if not by:
        return []
    wanted = select(change).where(change.c.operation_id >= min(by), change.c.record == "customer")
    written: dict[tuple[int, str], tuple[Operation, str]] = {}
    for row in await ask(connection, wanted.order_by(change.c.id)):
        for name in NOTES:
            if row.operation_id in by and (text := row.after.get(name)):
                written[row.customer_id, name] = by[row.operation_id], text
    names = await log_pages.names(connection, sorted({one for one, _ in written}))
    return [
        Entry(
            one.at,
            f"{names.get(whose, f'#{whose}')} ({one.who}): {' / '.join(text.split(chr(10)))}",
            {"customer": names.get(whose, ""), "who": one.who, "field": name, "note": text},
        )
        for (whose, name), (one, text) in written.items()
    ]
