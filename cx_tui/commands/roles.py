"""The command that makes the roles of a PostgreSQL database: `cx-tui db roles`."""

import asyncio
import json
import sys


def make(url: str, *, dry_run: bool, as_json: bool) -> int:
    """Make the roles, or say what would make them; says the exit code."""
    return asyncio.run(_make(url, dry_run=dry_run, as_json=as_json))


async def _make(url: str, *, dry_run: bool, as_json: bool) -> int:
    from cx_tui.db.engine import connect
    from cx_tui.services import roles

    database = connect(url)
    try:
        plan = await roles.plan(database)
        if as_json:
            for one in roles.declared():
                print(json.dumps(one))
        elif dry_run:
            for statement in plan.statements:
                print(f"{statement.strip()};")
        if not dry_run:
            await roles.carry_out(database, plan)
    finally:
        await database.close()
    for login, role in plan.given.items():
        _say(f"{login} {'would be' if dry_run else 'is'} {role}")
    for note in plan.notes:
        _say(note)
    if not dry_run:
        _say("the roles are made; run this again after an upgrade, and when users change")
    return 0


def _say(text: str) -> None:
    print(f"cx-tui: {text}", file=sys.stderr)
