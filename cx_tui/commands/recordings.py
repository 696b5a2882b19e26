"""The command of recorded calls: `cx-tui recordings list`, and `expire`, which keeps to the retention."""

import argparse
import asyncio
import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cx_tui.config import Loaded

if TYPE_CHECKING:
    from cx_tui.services.audio.recordings import Recording
    from cx_tui.services.session import Session


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser these commands."""
    parser = commands.add_parser("recordings", help="recordings of calls: list them, delete expired ones")
    which = parser.add_subparsers(metavar="ACTION", title="actions", required=True)
    listing = which.add_parser("list", help="the recordings of a customer's latest calls")
    listing.add_argument("customer", metavar="CUSTOMER", help="a name, or #number")
    expire = which.add_parser("expire", help="those older than their customers' retention")
    expire.add_argument("--apply", action="store_true", help="delete them; without it they are only listed")
    for action, expires in ((listing, False), (expire, True)):
        action.add_argument("--json", action="store_true", help="one object a line")
        add_shared(action)
        action.set_defaults(do=_doing(expires=expires))


def _doing(*, expires: bool) -> Callable[[argparse.Namespace, Loaded], int]:
    def do(options: argparse.Namespace, loaded: Loaded) -> int:
        from cx_tui.bootstrap.opening import asking, database_url

        async def ask(session: "Session") -> int:
            await (_expire if expires else _list)(session, options)
            return 0

        writes = expires and options.apply
        return asyncio.run(asking(loaded, database_url(loaded, os.environ), os.environ, ask, writes=writes))

    return do


async def _list(session: "Session", options: argparse.Namespace) -> None:
    for one in await session.recordings.of_customer(await session.calls.customer_named(options.customer)):
        _print(one, as_json=options.json)


async def _expire(session: "Session", options: argparse.Namespace) -> None:
    now, number = datetime.now(UTC), 0
    for customer_id, days in await session.recordings.retentions():
        found: Sequence[Recording] = await session.recordings.expired(customer_id, days, now)
        for one in found:
            _print(one, as_json=options.json)
        if options.apply and found:
            await session.recordings.delete(found)
        number += len(found)
    if not options.json:
        said = "deleted" if options.apply else "would be deleted; --apply deletes them"
        print(f"{number:,} {'recording' if number == 1 else 'recordings'} {said}")


def _print(one: "Recording", *, as_json: bool) -> None:
    call, began = one.call, one.call.invited_at.astimezone(UTC)
    told = {
        "file": str(one.path), "customer_id": call.customer_id, "call": call.source_key,
        "began": began.isoformat(), "cli": call.cli or call.cli_in,
        "dialled": call.dialled, "seconds": None if one.seconds is None else round(one.seconds, 1),
        "bytes": one.size,
    }  # fmt: skip
    if as_json:
        print(json.dumps(told))
    else:
        print(f"{began:%Y-%m-%d %H:%M}  #{call.customer_id}  {told['cli']} -> {call.dialled}  {one.path}")
