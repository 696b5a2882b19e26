"""The commands that ask the engine: `cx-tui why`, `simulate` and `lint`."""

import argparse
import asyncio
import json
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cx_tui.commands import querying
from cx_tui.config import Loaded
from cx_tui.domain.kinds import BadValue, ZonedMoment
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from cx_tui.domain.admission.call import Call, Step
    from cx_tui.services.admission.admission import Admission, Standing
    from cx_tui.services.session import Session

SIGNS = {"passed": "ok", "refused": "NO", "not reached": "--"}


def add_commands(commands: Any, add_shared: Callable[[argparse.ArgumentParser], None]) -> None:
    """Teach a parser these commands."""
    parser = commands.add_parser("why", help="why a customer can't call: every gate in order")
    parser.add_argument(
        "customers", metavar="CUSTOMER", nargs="+",
        help="the whole name, or the number like #12; of several, one a line: who is stopped by what",
    )  # fmt: skip
    finish(parser, _why, add_shared)

    parser = commands.add_parser("simulate", help="whether a call would pass, and every gate on its way")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--source", metavar="IP", default="", help="the address that it comes from")
    source.add_argument("--user", metavar="NAME", default="", help="the SIP user who makes it")
    parser.add_argument("--dialled", metavar="NUMBER", required=True, help="the number that is dialled")
    parser.add_argument("--cli", metavar="NUMBER", default="", help="the caller's number")
    parser.add_argument("--paid", metavar="NUMBER", default="", help="the P-Asserted-ID")
    parser.add_argument(
        "--direction", choices=["termination", "origination"], default="termination",
        help="a call of the customer, or one to a DID; usually termination",
    )  # fmt: skip
    parser.add_argument("--at", metavar="TIME", default="", help="when it is made; without a zone in UTC")
    parser.add_argument(
        "--as-it-was", action="store_true",
        help="with whose call it is as it was at --at, by the log; the balance is that of now",
    )  # fmt: skip
    parser.add_argument("--channels", metavar="N", type=int, help="as if N calls were up")
    parser.add_argument("--cps", metavar="N", type=int, help="as if N calls had begun in this second")
    parser.add_argument(
        "--keep",
        action="store_true",
        help="keep it among the calls, as simulated; else nothing is kept",
    )
    finish(parser, _simulate, add_shared)

    parser = commands.add_parser("lint", help="what is wrong with any customer's setup")
    parser.set_defaults(record="customer")
    parser.add_argument("--rule", metavar="NAME", default="", help="look for this only")
    querying.add_query(parser)
    # For the program's own page: how far it is, and where each problem is mended.
    parser.add_argument("--events", action="store_true", help=argparse.SUPPRESS)
    finish(parser, _lint, add_shared)


def finish(
    parser: argparse.ArgumentParser,
    do: Callable[[argparse.Namespace, Loaded], int],
    add_shared: Callable[[argparse.ArgumentParser], None],
) -> None:
    """What every command that asks the engine takes."""
    parser.add_argument("--json", action="store_true", help="JSON lines, for programs")
    add_shared(parser)
    parser.set_defaults(do=do)


def run(loaded: Loaded, ask: "Callable[[Session], Coroutine[Any, Any, int]]", *, writes: bool = False) -> int:
    """Ask the engine of the database that the settings name."""
    from cx_tui.bootstrap.opening import asking, database_url

    url = database_url(loaded, os.environ)
    return asyncio.run(asking(loaded, url, os.environ, ask, writes=writes))


def _why(options: argparse.Namespace, loaded: Loaded) -> int:
    async def ask(session: "Session") -> int:
        admission = session.admission
        found = await admission.why([await admission.customer_named(one) for one in options.customers])
        if len(options.customers) == 1:
            tell_steps(found[0].steps, as_json=options.json)
        for one in found if len(options.customers) > 1 else ():
            _tell_standing(one, as_json=options.json)
        return 0 if all(one.can_call for one in found) else 1

    return run(loaded, ask)


def _simulate(options: argparse.Namespace, loaded: Loaded) -> int:
    call = _call(options)

    async def ask(session: "Session") -> int:
        decision = await session.admission.simulate(call, as_it_was=options.as_it_was)
        if options.keep:
            await session.keep_simulated(call, decision)
        said = decision.as_dict()
        if options.json:
            said["trace"] = [step.as_dict() for step in decision.trace]
            print(json.dumps(said, ensure_ascii=False))
            return 0 if decision.admitted else 1
        tell_steps(decision.trace, as_json=False)
        code = f" ({decision.code})" if decision.code else ""
        print(f"\n{decision.sentence}{code}")
        for name in ("customer", "auth", "route", "number", "cli", "paid"):
            if said[name]:
                print(f"{name:<9} {said[name]}")
        if decision.admitted and decision.seconds:
            print(f"{'seconds':<9} {decision.seconds:,} at most")
        for carrier in said["carriers"]:
            print(f"{'carrier':<9} {carrier['name']}  {carrier['rate']}/min  cost {carrier['cost']}")
        return 0 if decision.admitted else 1

    return run(loaded, ask, writes=options.keep)


def _call(options: argparse.Namespace) -> "Call":
    from cx_tui.domain.admission.call import Call
    from cx_tui.domain.admission.facts import Direction

    if not (options.source or options.user) and options.direction == "termination":
        raise Misconfigured("say who calls: --source ADDRESS, or --user NAME")
    try:
        moment = ZonedMoment().parse(options.at) if options.at else datetime.now(UTC)
    except BadValue as error:
        raise Misconfigured(f"--at: {error}") from None
    return Call(
        dialled=options.dialled, moment=moment, source=options.source, user=options.user, cli=options.cli,
        paid=options.paid, direction=Direction.of_value(options.direction), channels=options.channels,
        cps=options.cps,
    )  # fmt: skip


def _lint(options: argparse.Namespace, loaded: Loaded) -> int:
    from cx_tui.domain.admission.lint import RULES, UNUSED
    from cx_tui.domain.query import Query

    if options.rule not in ("", UNUSED, *RULES):
        raise Misconfigured(f'there is no rule "{options.rule}"; there are {", ".join([*RULES, UNUSED])}')

    if options.events:
        return run(loaded, lambda session: _lint_events(session.admission, options.rule))

    view = querying.view_of(options, loaded)
    query = querying.query_of(options, view)
    chosen = query if query.which != Query().which else None

    async def ask(session: "Session") -> int:
        found = 0
        async for problem in session.admission.lint(options.rule, chosen=chosen):
            found += 1
            name = problem.customer.name if problem.customer else ""
            if options.json:
                said = {"rule": problem.rule, "customer": name, "sentence": problem.sentence}
                said |= {"customer_id": problem.customer.id} if problem.customer else {}  # type: ignore[dict-item]  # a number
                print(json.dumps(said, ensure_ascii=False))
            else:
                print(f"{name or '(setup)'}: {problem.sentence}  [{problem.rule}]")
        return 1 if found else 0

    return run(loaded, ask)


async def _lint_events(admission: "Admission", rule: str) -> int:
    """What is wrong, and how far it is, as events for the program's own page."""
    of = await admission.number_of_customers()

    def say(event: str, **more: Any) -> None:
        print(json.dumps({"event": event, **more}, ensure_ascii=False), flush=True)

    found = 0
    async for problem in admission.lint(rule, lambda done: say("progress", done=done, of=of)):
        found += 1
        whose = problem.customer
        say(
            "problem", rule=problem.rule, sentence=problem.sentence, where=problem.where,
            customer=whose.name if whose else "", customer_id=whose.id if whose else None,
        )  # fmt: skip
    say("done", found=found, of=of)
    return 0


def _tell_standing(one: "Standing", *, as_json: bool) -> None:
    """How one of several customers stands."""
    stopped = one.stopped_by
    gates, first = [step.gate for step in stopped], stopped[0].sentence if stopped else ""
    if as_json:
        said = {"customer_id": one.customer.id, "customer": one.customer.name, "stopped_by": gates}
        print(json.dumps({**said, "sentence": first}, ensure_ascii=False))
    else:
        sign = SIGNS["refused" if stopped else "passed"]
        print(f"{sign}  {one.customer.name}: {', '.join(gates) or 'nothing'}{first and f'; {first}'}")


def tell_steps(steps: "Iterable[Step]", *, as_json: bool) -> None:
    """Every gate on a line."""
    for step in steps:
        if as_json:
            print(json.dumps(step.as_dict(), ensure_ascii=False))
        else:
            print(f"{SIGNS[step.state]}  {step.gate:<16} {step.value:<24} {step.sentence}")
