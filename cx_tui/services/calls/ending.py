"""Ending calls that are up, as operators want it: at their switches, and noted in the log."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cx_tui.db import history
from cx_tui.db.calls import ended_calls
from cx_tui.db.engine import Database
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.live import LiveCall
from cx_tui.domain.history import Act, Change
from cx_tui.domain.who import Who
from cx_tui.errors import CxError
from cx_tui.services.calls.calls import Calls

AT_ONCE = 8
"""Calls that are ended at the same time."""


@dataclass(frozen=True)
class Ended:
    """What became of one call."""

    call: LiveCall
    ending: Ending | None
    why_not: str = ""

    @property
    def sentence(self) -> str:
        """It in words."""
        return self.ending.label if self.ending else f"Not ended: {self.why_not}"


async def end_calls(
    database: Database, who: Who, calls: Calls, wanted: Sequence[LiveCall]
) -> Sequence[Ended]:
    """Ask the switches to end these calls, and note in the log what became of each.

    That they are asked is noted before: whoever reads the records of these calls, in any process, knows by
    that who ended them.
    """
    operation = await _note(database, who, wanted)
    gate = asyncio.Semaphore(AT_ONCE)

    async def end(call: LiveCall) -> Ended:
        async with gate:
            try:
                return Ended(call, await calls.end_live(call))
            except CxError as error:
                return Ended(call, None, str(error))

    found = await asyncio.gather(*(end(call) for call in wanted))
    async with database.writing() as connection:
        for one in found:
            await ended_calls.note_outcome(connection, operation, _named(one.call), one.sentence)
    return found


async def _note(database: Database, who: Who, wanted: Sequence[LiveCall]) -> int:
    """Note that these calls are to be ended: the number of the operation."""
    number = len(wanted)
    title = f"End {number:,} calls" if number != 1 else f"End the call {_named(wanted[0])}"
    async with database.writing() as connection:
        operation = await history.begin(connection, who, Act.END, title, datetime.now(UTC), records=number)
        changes = [
            Change(
                operation_id=operation, record="customer", record_id=call.customer_id,
                customer_id=call.customer_id, act=Act.END, before={"call": _named(call)},
                after={"call": "Its switch was asked to end it."},
            )
            for call in wanted
            if call.customer_id is not None
        ]  # fmt: skip
        if changes:
            await history.note(connection, changes)
    return operation


def _named(call: LiveCall) -> str:
    key = ended_calls.key_text(call.source, call.source_key)
    return f"from {call.cli or 'no number'} to {call.dialled} {key}"
