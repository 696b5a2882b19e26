"""The manifest: which files hold the calls of which day.  It alone says what counts."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls.tables import call_change, call_file, call_stored
from cx_tui.db.engine import ask
from cx_tui.domain.calls import figures
from cx_tui.domain.calls.figures import Figures


@dataclass(frozen=True, kw_only=True)
class CallFile:
    """A file of calls."""

    first_day: date
    last_day: date
    generation: int
    first_customer: int
    last_customer: int
    path: str
    bytes: int
    checksum: str
    sums: Figures


def _file_of(row: object) -> CallFile:
    values = dict(row._mapping)  # type: ignore[attr-defined]
    sums = Figures(**{name: values.pop(name) for name in figures.NAMES})
    return CallFile(
        **{name: values[name] for name in CallFile.__dataclass_fields__ if name != "sums"}, sums=sums
    )


_HOLDS = and_(
    call_file.c.first_day <= call_stored.c.day,
    call_file.c.last_day >= call_stored.c.day,
    call_file.c.generation == call_stored.c.generation,
)


async def files_of(connection: AsyncConnection, days: Iterable[date]) -> dict[date, list[CallFile]]:
    """The files that hold the calls of days, by customers; a hot day has none."""
    wanted = sorted(set(days))
    question = (
        select(call_stored.c.day, call_file)
        .join(call_file, _HOLDS)
        .where(call_stored.c.day.in_(wanted))
        .order_by(call_stored.c.day, call_file.c.first_customer)
    )
    found: dict[date, list[CallFile]] = {}
    for row in await ask(connection, question):
        found.setdefault(row.day, []).append(_file_of(row))
    return found


async def holding(connection: AsyncConnection, day: date, generation: int) -> Sequence[CallFile]:
    """The files that hold a day's calls as of a generation, whether it counts or not."""
    own = call_file.c
    question = select(call_file).where(
        own.first_day <= day, own.last_day >= day, own.generation == generation
    )
    return [_file_of(row) for row in await ask(connection, question.order_by(own.first_customer))]


async def next_generation(connection: AsyncConnection, days: Collection[date]) -> int:
    """A generation that no file of these days has yet."""
    first, last = min(days), max(days)
    theirs = and_(call_file.c.first_day <= last, call_file.c.last_day >= first)
    (found,) = await ask(connection, select(func.max(call_file.c.generation)).where(theirs))
    return int(found[0] or 0) + 1


async def note(connection: AsyncConnection, files: Iterable[CallFile], by: str) -> None:
    """Put files into the manifest."""
    rows = [
        {
            **{name: getattr(one, name) for name in CallFile.__dataclass_fields__ if name != "sums"},
            **dict(zip(figures.NAMES, one.sums.values(), strict=True)),
            "made_at": datetime.now(UTC),
            "made_by": by,
        }
        for one in files
    ]
    await connection.execute(insert(call_file), rows)


async def turn(connection: AsyncConnection, days: Collection[date], generation: int) -> None:
    """From now on the files of this generation hold the calls of these days."""
    these = update(call_stored).where(call_stored.c.day.in_(sorted(days)))
    await connection.execute(these.values(generation=generation))


async def unused(connection: AsyncConnection) -> list[CallFile]:
    """Files that hold no day's calls any more and that no change can turn back to."""
    needed = select(call_change.c.day).where(
        call_change.c.undone_at.is_(None),
        call_change.c.day == call_file.c.first_day,
        or_(
            call_change.c.before == call_file.c.generation, call_change.c.generation == call_file.c.generation
        ),
    )
    held = select(call_stored.c.day).where(_HOLDS)
    question = select(call_file).where(~held.exists(), ~needed.exists())
    return [_file_of(row) for row in await ask(connection, question)]


async def forget(connection: AsyncConnection, files: Iterable[CallFile]) -> None:
    """Take files out of the manifest."""
    for path in [one.path for one in files]:
        await connection.execute(delete(call_file).where(call_file.c.path == path))
