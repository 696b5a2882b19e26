"""What a question in SQL may read and call on PostgreSQL, judged by how the server itself has read it.

The text is made a view of this connection alone, which only a single question can be.  The server keeps it
as a tree of what it reads and calls, by numbers: no spelling, quoting or comment hides anything there.  It
may read the views that are offered and nothing beside them, and call functions that only compute.
"""

import re
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from cx_tui.db.views import view_names
from cx_tui.errors import Refused

SAID = re.IGNORECASE | re.DOTALL
ASKED = "cx_asked"
TREE = "SELECT ev_action::text FROM pg_rewrite WHERE ev_class = to_regclass('pg_temp.cx_asked')"
READ = re.compile(r":relid (\d+)")
CALLED = re.compile(r":(?:funcid|opfuncid|aggfnoid|winfnoid) (\d+)")
OTHERS = """
SELECT relname FROM pg_class WHERE oid = ANY($1::oid[])
AND oid <> to_regclass('pg_temp.cx_asked') AND NOT (relnamespace = pg_my_temp_schema() AND relname = ANY($2))
"""
FUNCTIONS = """
SELECT proname, provolatile = 'v'
OR (provolatile <> 'i' AND pronamespace <> 'pg_catalog'::regnamespace) AS acts
FROM pg_proc WHERE oid = ANY($1::oid[])
"""
LIMITS = ("client_connection_check_interval = '1s'", "temp_file_limit = '2GB'")
"""A server whose client was killed ends its work, and no sort fills its disk; if the login may say so."""
HARMLESS = {
    "random", "clock_timestamp", "timeofday", "gen_random_uuid", "pg_typeof", "pg_size_pretty",
    "pg_column_size", "pg_get_viewdef",
}  # fmt: skip
BEYOND = re.compile(r"pg_.*|lo_.*|txid_.*|.*_to_xml.*|current_setting|set_config|binary_upgrade.*|dblink.*")
"""Functions that read files, tables or settings beside the views, though the server thinks they only read."""


async def limit(driver: Any) -> None:
    """Bound what a question of this connection can take, beside its time."""
    from asyncpg import PostgresError

    for said in LIMITS:
        with suppress(PostgresError):
            await driver.execute(f"SET {said}")


async def check(driver: Any, text: str, views: Collection[str]) -> None:
    """Refused says what of a question can't be asked; what the server says of it is raised as it is."""
    question = text.rstrip().rstrip(";")
    columns = (await driver.prepare(question)).get_attributes()
    if not columns or not re.match(
        r"(?:--[^\n]*\n|/\*.*?\*/|[\s(])*(select|with|values|table)\b", question, SAID
    ):
        raise Refused("that is no question; only SELECT is answered")
    # A view has each name once.
    names = ", ".join(f"c{place}" for place in range(len(columns)))
    made = await driver.prepare(f"CREATE TEMPORARY VIEW {ASKED} ({names}) AS {question}")
    await made.fetch()
    tree = str(await driver.fetchval(TREE))
    if beside := await driver.fetch(OTHERS, _numbers(READ, tree), list(views)):
        there = ", ".join(view_names())
        raise Refused(f"{beside[0]['relname']} can't be read; only views can be read: {there}")
    for name, acts in await driver.fetch(FUNCTIONS, _numbers(CALLED, tree)):
        if name not in HARMLESS and (acts or BEYOND.fullmatch(name)):
            raise Refused(f"{name}() can't be used here: it reaches beyond the views, or waits")


def _numbers(pattern: re.Pattern[str], tree: str) -> list[int]:
    return sorted({int(number) for number in pattern.findall(tree)} - {0})
