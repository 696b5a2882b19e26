"""A whole database copied into another one, such as SQLite to PostgreSQL: resumable, and verified."""

from dataclasses import dataclass, field

from cx_tui.db import schema, table_copy
from cx_tui.db.calls.tables import call_stored
from cx_tui.db.engine import Database, connect
from cx_tui.db.table_copy import Progress
from cx_tui.errors import Misconfigured


@dataclass
class Copied:
    """What a copy came to: rows of each table, and where the two databases differ."""

    rows: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    went_on: bool = False
    """Whether it went on with a copy that was broken off."""


async def copy_database(source_url: str, target_url: str, progress: Progress) -> Copied:
    """Copy everything; what is there already is not copied again.  The source must have the newest tables
    and not be written to meanwhile: what was, is found as a difference."""
    if source_url == target_url:
        raise Misconfigured("--from and --to are the same database")
    source = connect(source_url, read_only=True)
    target = connect(target_url)
    try:
        if schema.is_new(source):
            raise Misconfigured("there is no database at --from")
        await schema.ready(source)
        await schema.upgrade(target)
        return await _copy(source, target, progress)
    finally:
        await source.close()
        await target.close()


async def _copy(source: Database, target: Database, progress: Progress) -> Copied:
    copied = Copied(went_on=await table_copy.begin(target))
    hot = await table_copy.copy_days(source, target, progress)
    every = table_copy.tables()
    for table in every:
        if table is not call_stored:
            await table_copy.copy_table(source, target, table, progress)
    await table_copy.copy_stored(source, target)
    for table in (*every, *hot):
        theirs = await table_copy.figures_of(source, table)
        ours = await table_copy.figures_of(target, table)
        copied.rows[table.name] = ours["rows"]
        for name, value in theirs.items():
            if ours[name] != value:
                what = "rows" if name == "rows" else f"the sum of {name}"
                copied.differences.append(f"{table.name}: {what} is {value} there and {ours[name]} here")
    if not copied.differences:
        await table_copy.finish(source, target)
    return copied
