"""The commands of what is watched and signed: alerts, contracts."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cx_tui.commands.money_parts import OK, AddShared, finish, group, only_reads, show, talk

if TYPE_CHECKING:
    from cx_tui.services.money.alerts import Watched
    from cx_tui.services.session import Session

WATCHED = ("title", "customer", "area", "fires", "value", "level", "state")
UNSIGNED = ("id", "customer", "contract", "revision", "grace_date", "required")


def add_commands(commands: Any, add_shared: AddShared) -> None:
    """Teach a parser these commands."""
    watched = group(commands, "alerts", "what is watched, and what would happen now")
    finish(
        watched.add_parser("list", help="all alerts with their figures"),
        _list_alerts,
        add_shared,
        writes=only_reads,
    )
    test = watched.add_parser("test", help="what an alert would do now; it does nothing")
    test.add_argument("name", metavar="NAME", help="its title")
    finish(test, _test_alert, add_shared, writes=only_reads)
    replay = watched.add_parser("replay", help="what an alert would have done in the last 7 days")
    replay.add_argument("name", metavar="NAME", help="its title")
    finish(replay, _replay_alert, add_shared, writes=only_reads)
    signed = group(commands, "contracts", "whose calls stop on which day, and signatures")
    listing = signed.add_parser(
        "list", help="contracts that wait for a signature, the next to stop calls first"
    )
    finish(listing, _list_contracts, add_shared, writes=only_reads)
    sign = signed.add_parser("sign", help="write down a signature")
    sign.add_argument("contract", metavar="ID", type=int, help="as `contracts list` shows it")
    sign.add_argument("--by", metavar="NAME", required=True, help="who signed it")
    sign.add_argument("--from", dest="origin", metavar="ADDRESS", default="", help="from where it was signed")
    finish(sign, _sign, add_shared)


async def _list_alerts(session: "Session", options: argparse.Namespace) -> int:
    rows = [_alert(one) for one in await session.money.alerts.list()]
    show(rows, WATCHED, options)
    return OK


async def _test_alert(session: "Session", options: argparse.Namespace) -> int:
    one = await session.money.alerts.test(options.name)
    row = {**_alert(one), "would": one.step.value, "to": list(one.to), "penalty": one.gets_penalty}
    if options.json:
        show([row], tuple(row), options)
        return OK
    known = "not known" if one.value is None else f"{one.value:f}"
    print(f"{one.alert.area.label} of {one.customer} is {known}: {one.step.label}")
    print(f"told: {', '.join(one.to) or 'nobody'}")
    if one.gets_penalty:
        print(f"the status would be Penalty for {one.alert.penalty:,} minutes")
    return OK


async def _replay_alert(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.domain.money.replaying import in_words

    alert, found = await session.money.alerts.replay(options.name)
    if not options.json:
        print("\n".join(in_words(alert, found)))
        return OK
    rows: list[Mapping[str, Any]] = [
        {"at": one.at, "step": one.step.value, "value": one.value} for one in found.events
    ]
    show(rows, ("at", "step", "value"), options)
    return OK


def _alert(one: "Watched") -> dict[str, Any]:
    alert = one.alert
    state = (
        f"fired {alert.fired_at:%Y-%m-%d %H:%M}" if alert.fired_at else "ready" if alert.enabled else "off"
    )
    return {
        "title": alert.title, "customer": one.customer, "area": alert.area.value,
        "fires": f"{alert.operator.label.lower()} {alert.threshold.normalize():f}", "value": one.value,
        "level": alert.level.value, "state": state,
    }  # fmt: skip


async def _list_contracts(session: "Session", options: argparse.Namespace) -> int:
    found = await session.money.contracts.unsigned()
    show([vars(one) for one in found], UNSIGNED, options)
    return OK


async def _sign(session: "Session", options: argparse.Namespace) -> int:
    await session.money.contracts.sign(options.contract, options.by, options.origin)
    talk(f"contract #{options.contract} is signed by {options.by}")
    return OK
