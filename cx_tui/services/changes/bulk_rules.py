"""The rules of a kind of record, asked before many records are changed or deleted at once: all or none."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.records import repository_of
from cx_tui.domain.fields import fields_of
from cx_tui.domain.record import Record
from cx_tui.errors import Refused
from cx_tui.services.records.rules import RULES, Wish, refused, sentence_of

NAMED = 3
"""So many that stand in the way are named."""


async def keep_to(
    connection: AsyncConnection, record: type[Record], ids: Sequence[int], values: Mapping[str, Any] | None
) -> None:
    """Refuse to give these records new values, or with none to delete them, if any of them may not."""
    declared = record.declared
    if declared.name not in RULES or not ids:
        return
    found = await repository_of(record).some(connection, ids)
    there = [found[one] for one in sorted(found) if found[one].deleted_at is None]
    wishes = [Wish(None if values is None else replace(one, **values), one) for one in there]
    why = await refused(connection, declared.name, wishes)
    if not why:
        return
    labels = {name: field.label for name, field in fields_of(record).items()}
    said = [f"#{there[place].id}: {sentence_of(why[place], labels)}" for place in sorted(why)[:NAMED]]
    more = f"; and {len(why) - NAMED:,} more" if len(why) > NAMED else ""
    raise Refused(f"nothing was changed, as {declared.so_many(len(why))} may not be: {'; '.join(said)}{more}")
