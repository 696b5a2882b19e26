"""Live calls as they are looked at: their keys in an order, how many are how far, a few in full."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls.live import among, call_of
from cx_tui.db.calls.put import on_sqlite
from cx_tui.db.calls.tables import live_call
from cx_tui.db.engine import ask
from cx_tui.domain.calls.live import LiveCall, State
from cx_tui.domain.calls.live_query import SEARCHED, LiveQuery

OWN = live_call.c
STATES = tuple(State)

STATE = case(
    (OWN.ghost.is_not(None), STATES.index(State.GHOST)),
    (OWN.answered.is_not(None), STATES.index(State.ANSWERED)),
    (OWN.ringing.is_not(None), STATES.index(State.RINGING)),
    else_=STATES.index(State.STARTED),
)
"""How far a call is, as the place of its state."""

BY: dict[str, ColumnElement[Any]] = {"state": STATE, "length": func.coalesce(OWN.answered, OWN.invited)}
TURNED = ("length",)
"""The longest is that which began first."""


async def keys_of(connection: AsyncConnection, query: LiveQuery) -> list[int]:
    """The keys of live calls in their order: so few bytes of each that there may be very many.

    They come as one value: to make a row of each would keep keys waiting that are pressed meanwhile.
    """
    order = [
        column.desc() if one.descending != (one.column in TURNED) else column.asc()
        for one in query.sort
        for column in (BY.get(one.column, OWN.get(one.column)),)
        if column is not None
    ]
    wanted = _asked(select(OWN.key), query).order_by(*order, OWN.key).subquery()
    if on_sqlite(connection):
        (row,) = await ask(connection, select(func.json_group_array(wanted.c.key)))
        return list(json.loads(row[0]))
    (row,) = await ask(connection, select(func.array_agg(wanted.c.key)))
    return list(row[0] or ())


async def number_by_state(connection: AsyncConnection, query: LiveQuery) -> dict[State, int]:
    """How many calls are how far."""
    asked = _asked(select(STATE.label("state"), func.count().label("number")), query)
    return {STATES[row.state]: row.number for row in await ask(connection, asked.group_by(STATE))}


async def begun_since(connection: AsyncConnection, moment: datetime) -> int:
    """How many of the calls that are up were begun since then."""
    question = select(func.count()).select_from(live_call).where(OWN.invited >= moment)
    return int((await ask(connection, question))[0][0])


async def calls_of(connection: AsyncConnection, keys: Collection[int]) -> dict[int, LiveCall]:
    """Those of these calls that are up."""
    rows = await ask(connection, select(live_call).where(among(connection, keys)))
    return {row.key: call_of(row) for row in rows}


def _asked(question: Select[Any], query: LiveQuery) -> Select[Any]:
    if query.customer_id is not None:
        question = question.where(OWN.customer_id == query.customer_id)
    if query.search:
        text = query.search.lower()
        having = (func.lower(OWN[name]).contains(text, autoescape=True) for name in SEARCHED)
        question = question.where(or_(*having))
    return question
