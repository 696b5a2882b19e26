"""Indexes that are made anew: without them while very many rows are added, and then of all rows at once."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

HIGHEST = text("SELECT max(customer_id) FROM found_by")

# FTS5 keeps what it has read of so many bytes before it writes a part of its index, and joins the parts.
SEARCH_MEMORY = text("INSERT INTO search (search, rank) VALUES ('hashsize', :bytes)")
USUAL_MEMORY, MUCH_MEMORY = 2**20, 2**23

SQLITE_INDEXES = text(
    "SELECT name, type = 'trigger' AS always, 'DROP ' || type || ' ' || name AS away, sql AS again"
    " FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN :tables"
    " AND (type = 'index' OR type = 'trigger' AND name LIKE 'search\\_%' ESCAPE '\\') ORDER BY rowid DESC"
).bindparams(bindparam("tables", expanding=True))

# Keys are indexes too: to put each of a million rows into its own takes a third of a COPY, and to look its
# customer up longer than all the rest.  What has keys to these tables goes first and comes last.
POSTGRESQL_INDEXES = text(
    """
    WITH wanted AS (SELECT to_regclass(name) AS id FROM unnest(CAST(:tables AS text[])) AS name),
    keys AS (
        SELECT conname AS name, contype AS kind, conindid AS index,
            format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS away,
            format('ALTER TABLE %s ADD CONSTRAINT %I ', conrelid::regclass, conname) AS add,
            pg_get_constraintdef(oid) AS definition
        FROM pg_constraint WHERE contype = 'f' AND (conrelid IN (TABLE wanted) OR confrelid IN (TABLE wanted))
        OR contype = 'p' AND conrelid IN (TABLE wanted)
    )
    SELECT name, turn = 1 AS always, away, again FROM (
        SELECT 1, name, away, add || definition FROM keys WHERE kind = 'f'
        UNION ALL
        SELECT 2, name, away, format('%sPRIMARY KEY USING INDEX %I', add, name) FROM keys WHERE kind = 'p'
        UNION ALL
        SELECT 3, relname, CASE WHEN name IS NULL THEN 'DROP INDEX ' || indexrelid::regclass END,
            pg_get_indexdef(indexrelid)
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        LEFT JOIN keys ON keys.index = indexrelid AND kind = 'p'
        WHERE indrelid IN (TABLE wanted)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('u', 'x'))
    ) AS found (turn, name, away, again) ORDER BY turn
    """
)

# What a plan asks: columns that are in an index or in its condition.  The others' statistics take three
# times as long, and PostgreSQL makes them by itself soon.
POSTGRESQL_PLANNED = text(
    """
    SELECT string_agg(DISTINCT quote_ident(attname), ', ') FROM pg_index
    JOIN pg_depend ON objid = indexrelid AND refobjid = indrelid
    JOIN pg_attribute ON attrelid = indrelid AND attnum = refobjsubid
    WHERE indrelid = to_regclass(:table)
    """
)


@asynccontextmanager
async def without_indexes(
    connection: AsyncConnection, table_names: Collection[str], only: Collection[str] | None = None
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Rows are added without indexes, or without only some of them, and without search on SQLite; these
    are made again at once from all rows.

    It is part of the transaction: when something fails, all is as it was.  Who has other work to do
    meanwhile may call what is given, to put the customers that were added so far into the search.
    """
    on_sqlite = connection.dialect.name == "sqlite"
    found = SQLITE_INDEXES if on_sqlite else POSTGRESQL_INDEXES
    gone = [
        row
        for row in await connection.execute(found, {"tables": list(table_names)})
        if row.always or only is None or row.name in only
    ]
    highest = (await connection.execute(HIGHEST)).scalar() or 0
    if not on_sqlite:
        await connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '256MB'")
    for row in gone:
        if row.away:
            await connection.exec_driver_sql(row.away)
    by_hand = on_sqlite and any(row.always for row in gone)
    if by_hand:
        await _give_search(connection, MUCH_MEMORY)

    async def find_added() -> None:
        nonlocal highest
        if by_hand:
            added = (
                "INSERT INTO search (rowid, document)"
                " SELECT customer_id, document FROM found_by WHERE customer_id > ?"
            )
            await connection.exec_driver_sql(added, (highest,))
            highest = (await connection.execute(HIGHEST)).scalar() or 0

    yield find_added
    await find_added()
    if by_hand:
        await _give_search(connection, USUAL_MEMORY)
    for row in reversed(gone):
        await connection.exec_driver_sql(row.again)
    for name in table_names:
        await _analyze(connection, name)


async def _analyze(connection: AsyncConnection, table: str) -> None:
    if connection.dialect.name == "sqlite":
        # All of it and no sample: a sample takes a table for larger than it is, and sorting the customers
        # by a counter would then read and sort them all instead of walking that counter's index.
        await connection.exec_driver_sql(f"ANALYZE {table}")
    else:
        planned = (await connection.execute(POSTGRESQL_PLANNED, {"table": table})).scalar()
        await connection.exec_driver_sql(f"ANALYZE {table} ({planned})")


async def _give_search(connection: AsyncConnection, memory: int) -> None:
    await connection.execute(SEARCH_MEMORY, {"bytes": memory})
    # FTS5 has its table open until a savepoint is made; who breaks the transaction off while it has could
    # not turn it back.
    async with connection.begin_nested():
        pass
