"""The commands of acts that need a second person: `cx-tui approvals`."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from cx_tui.domain.approvals import Request
    from cx_tui.services.session import Session

AddShared = Callable[[argparse.ArgumentParser], None]
Work = Callable[["Session", argparse.Namespace], Awaitable[int]]
RULES = ("credit", "penalty", "rerate", "delete")


def add_commands(commands: Any, add_shared: AddShared) -> None:
    """Teach a parser these commands."""
    parser = commands.add_parser("approvals", help="requests for what needs a second person, and the rules")
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)
    listing = actions.add_parser("list", help="requests that wait")
    listing.add_argument("--all", action="store_true", help="those that were decided, too")
    _finish(listing, _list, add_shared, writes=False)
    for name, work, meant in (
        ("approve", _approve, "do what was asked for; not by who asked"),
        ("refuse", _refuse, "say no, or take one's own request back"),
    ):
        action = actions.add_parser(name, help=meant)
        action.add_argument("request", metavar="ID", type=int, help="as `approvals list` shows it")
        if name == "refuse":
            action.add_argument("--reason", metavar="TEXT", default="", help="why")
        _finish(action, work, add_shared)
    rules = actions.add_parser("rules", help="which acts need a second person, for everybody")
    rules.add_argument("--on", dest="rule", metavar="RULE", choices=RULES, help=", ".join(RULES))
    rules.add_argument(
        "--above", metavar="N", help="credit: a debit limit above it; delete: more records than it"
    )
    rules.add_argument("--off", metavar="RULE", choices=RULES, help="the rule holds no longer")
    _finish(rules, _rules, add_shared)
    confirm = actions.add_parser("confirm", help="have a change stay that would be turned back")
    confirm.add_argument("change", metavar="ID", type=int, help="as `approvals unconfirmed` shows it")
    _finish(confirm, _confirm, add_shared)
    _finish(
        actions.add_parser("unconfirmed", help="changes that will be turned back unless confirmed"),
        _unconfirmed,
        add_shared,
        writes=False,
    )


def _finish(
    parser: argparse.ArgumentParser, work: Work, add_shared: AddShared, *, writes: bool = True
) -> None:
    parser.add_argument("--json", action="store_true", help="one object a line")
    add_shared(parser)

    def do(options: argparse.Namespace, loaded: Loaded) -> int:
        from cx_tui.bootstrap.opening import open_money

        if writes and loaded.settings.database.read_only:
            raise Misconfigured("this changes the database; leave out --read-only")

        async def worked() -> int:
            async with open_money(loaded, os.environ, read_only=not writes) as session:
                return await work(session, options)

        return asyncio.run(worked())

    parser.set_defaults(do=do)


async def _list(session: "Session", options: argparse.Namespace) -> int:
    for one in await session.approvals.list(decided=options.all):
        found = request_object(one)
        if options.json:
            print(json.dumps(found, ensure_ascii=False))
        else:
            change = f": {found['change']}" if found["change"] else ""
            what = f"{one.act.label} {one.title}{change}"
            print(f"{one.id:>5}  {one.state.label:<9} {one.who:<12} {what}")
    return 0


def request_object(one: "Request") -> dict[str, Any]:
    """A request as programs read it."""
    from cx_tui.domain.differences import in_words

    return {
        "id": one.id, "state": one.state.value, "what": one.act.value, "title": one.title,
        "change": in_words(one.record, one.base, one.wanted, arrow="->"), "records": len(one.ids),
        "why": one.why, "reason": one.reason, "who": one.who, "origin": one.origin, "login": one.login,
        "at": one.at.isoformat(), "expires_at": one.expires_at.isoformat(),
        "decided_by": one.decided_who, "said": one.said, "operation": one.operation_id,
    }  # fmt: skip


async def _approve(session: "Session", options: argparse.Namespace) -> int:
    number = await session.approvals.approve(options.request)
    done = {"request": options.request, "operation": number}
    print(json.dumps(done) if options.json else f"done{f', operation {number}' if number else ''}")
    return 0


async def _refuse(session: "Session", options: argparse.Namespace) -> int:
    await session.approvals.refuse(options.request, options.reason)
    print(json.dumps({"request": options.request, "state": "refused"}) if options.json else "refused")
    return 0


async def _rules(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.domain.approvals import Rule

    if options.rule:
        rule = Rule.of_value(options.rule)
        if rule.has_limit and options.above is None:
            raise Misconfigured(f"say above which number the rule {rule.value} holds: --above N")
        await session.approvals.set_rule(rule, _amount(options.above))
    if options.off:
        await session.approvals.set_rule(Rule.of_value(options.off), None)
    held = await session.approvals.rules()
    for rule in Rule:
        above = held.get(rule)
        if options.json:
            print(
                json.dumps(
                    {
                        "rule": rule.value,
                        "holds": rule in held,
                        "above": None if above is None else f"{above:f}",
                    }
                )
            )
        else:
            said = "off" if above is None else f"above {rule.written(above)}" if rule.has_limit else "on"
            print(f"{rule.value:<8} {rule.label:<40} {said}")
    return 0


def _amount(text: str | None) -> Decimal:
    try:
        found = Decimal(text or 0)
    except InvalidOperation:
        found = Decimal(-1)
    if not 0 <= found < 10**12:
        raise Misconfigured(f"--above takes a number from 0, not {text}")
    return found


async def _confirm(session: "Session", options: argparse.Namespace) -> int:
    await session.delayed.confirm(options.change)
    print(json.dumps({"change": options.change, "state": "confirmed"}) if options.json else "confirmed")
    return 0


async def _unconfirmed(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.domain.differences import in_words
    from cx_tui.domain.history import DelayedState

    for one, name in await session.delayed.board([DelayedState.WAITING]):
        if one.reverts is None:
            continue
        change = in_words("customer", one.wanted, one.base, arrow="->")
        if options.json:
            found = {"id": one.id, "customer": name, "change": change, "due_at": one.due_at.isoformat()}
            print(json.dumps({**found, "who": one.who, "operation": one.reverts}, ensure_ascii=False))
        else:
            print(f"{one.id:>5}  {name}: {change}, turned back at {one.due_at:%Y-%m-%d %H:%M:%S} UTC")
    if not options.json:
        print("cx-tui: approvals confirm ID has a change stay", file=sys.stderr)
    return 0
