"""The commands that follow one number or one call: `cx-tui follow` and `cx-tui compare`."""

import argparse
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cx_tui.commands.admission import SIGNS, finish, run
from cx_tui.commands.calls import add_query, query_of
from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from cx_tui.domain.admission.call import Step
    from cx_tui.services.session import Session


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser these commands."""
    parser = commands.add_parser("follow", help="what every rule, route and rate does with a number")
    parser.add_argument("customer", metavar="CUSTOMER", help="the whole name, or the number like #12")
    parser.add_argument("number", metavar="NUMBER", help="the number as it is dialled")
    parser.add_argument(
        "--entry", metavar="N", type=int, default=1, help="from the customer's Nth address or SIP user (1)"
    )
    finish(parser, _follow, add_shared)

    parser = commands.add_parser("compare", help="a finished call, simulated as it was and as of now")
    add_query(parser)
    parser.add_argument("--all", action="store_true", help="also gates that say the same then and now")
    finish(parser, _compare, add_shared)


def _follow(options: argparse.Namespace, loaded: Loaded) -> int:
    if options.entry < 1:
        raise Misconfigured("--entry is 1 for the first address or SIP user, 2 for the next")

    async def ask(session: "Session") -> int:
        customer_id = await session.admission.customer_named(options.customer)
        found = await session.admission.follow_number(customer_id, options.number, options.entry - 1)
        if found.entry and not options.json:
            print(f"by {found.entry}, {found.place + 1} of {found.entries}")
        for one in found.steps:
            said = {"step": one.step, "number": one.number, "did": one.did, "sentence": one.sentence}
            if options.json:
                print(json.dumps({**said, "entry": found.entry}, ensure_ascii=False))
            else:
                print(f"{'*' if one.did else ' '} {one.step:<18} {one.number:<20} {one.sentence}".rstrip())
        return 0

    return run(loaded, ask)


def _compare(options: argparse.Namespace, loaded: Loaded) -> int:
    async def ask(session: "Session") -> int:
        calls = await session.calls.list(await query_of(session.calls, options)).rows(0, 1)
        if not calls:
            raise Misconfigured("no finished call is so; --where 'source_key = …' names one by its key")
        found = await session.admission.then_and_now(calls[0])
        for then, now in zip(found.then.trace, found.now.trace, strict=True):
            same = (then.state, then.value, then.sentence) == (now.state, now.value, now.sentence)
            if same and not options.all:
                continue
            if options.json:
                said = {"gate": then.gate, "then": then.as_dict(), "now": now.as_dict()}
                print(json.dumps(said, ensure_ascii=False))
            else:
                print(f"{then.gate:<16} then {_in_words(then)}\n{'':<16} now  {_in_words(now)}")
        if not options.json:
            print(f"as it was: {found.then.sentence}\nas of now: {found.now.sentence}")
        return 0 if found.now.admitted else 1

    return run(loaded, ask)


def _in_words(step: "Step") -> str:
    return f"{SIGNS[step.state]}  {step.value}  {step.sentence}".rstrip()
