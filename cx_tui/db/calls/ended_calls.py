"""Calls that operators had ended, as the log knows them: their switches often do not say who ended them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, Text, cast, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.engine import ask
from cx_tui.db.history_tables import change, operation
from cx_tui.domain.calls.call import Call, Release
from cx_tui.domain.history import Act

BEFORE = timedelta(minutes=2)
"""So long before its end a call may have been asked to end."""


def key_text(source: str, source_key: str) -> str:
    """How the log writes which call it is."""
    return f"({source} {source_key})"


async def note_outcome(connection: AsyncConnection, operation_id: int, named: str, outcome: str) -> None:
    """Write beside a call that was to be ended what became of it."""
    own = change.c
    found: Sequence[Any] = await ask(
        connection, select(own.id, own.before).where(own.operation_id == operation_id)
    )
    ids = [one for one, before in found if before.get("call") == named]
    if ids:
        done = update(change).where(own.id.in_(ids)).values(after={"call": outcome})
        await connection.execute(done)


async def told_by(connection: AsyncConnection, calls: Sequence[Call]) -> list[Call]:
    """The same calls; those whose record says nothing of who ended them, and that an operator had ended, were
    ended by the operator."""
    silent = [call for call in calls if call.release is Release.UNKNOWN and call.customer_id is not None]
    if not silent:
        return list(calls)
    own = change.c
    asked: Select[Any] = select(cast(own.before, Text)).join(operation, operation.c.id == own.operation_id)
    asked = asked.where(
        own.customer_id.in_({call.customer_id for call in silent}),
        own.act == Act.END,
        operation.c.at >= min(call.ended_at for call in silent) - BEFORE,
    )
    texts = [row[0] for row in await ask(connection, asked)]
    if not texts:
        return list(calls)
    return [
        replace(call, release=Release.OPERATOR)
        if call.release is Release.UNKNOWN and _is_among(call, texts)
        else call
        for call in calls
    ]


def _is_among(call: Call, texts: Iterable[str]) -> bool:
    key = key_text(call.source, call.source_key)
    return any(key in text for text in texts)
