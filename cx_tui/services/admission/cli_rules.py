"""What a change of CLI rules would do: what flips, and what would have become of the last day's calls."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from cx_tui.db import admission_rows as rows
from cx_tui.db.engine import Database
from cx_tui.domain.admission.cli_rules import Caller
from cx_tui.domain.admission.facts import CliRule, Direction
from cx_tui.domain.admission.replay import flip, replay
from cx_tui.domain.calls.query import CallQuery
from cx_tui.services.admission.facts import cli_rule
from cx_tui.services.calls.calls import Calls

LAST = timedelta(hours=24)
MOST = 100_000
"""So many calls are tried at most, the newest."""
PART = 5_000


async def foreseen(
    database: Database, calls: Calls, customer_id: int, changed: int | None, values: Mapping[str, Any] | None
) -> list[str]:
    """What a new rule (no number), a changed one, or a deleted one (no values) means, in sentences."""
    async with database.reading() as connection:
        found = await rows.of_customers(connection, "cli-rule", [customer_id])
        dids = await rows.of_customers(connection, "did", [customer_id])
    before = [cli_rule(row) for row in found.get(customer_id, [])]
    after = _changed(before, changed, values)
    direction = _direction(before, after, changed)
    said = flip(before, after, direction)
    if not said and values is None:
        return []
    callers = await _callers(calls, customer_id)
    numbers = [row.number for row in dids.get(customer_id, [])]
    if not callers or not after:
        return [said] if said else []
    tried = replay(after, callers, numbers, direction)
    lines = [said] if said else []
    lines.append(f"Tried on the calls of the last 24 hours.  {tried.sentence}")
    lines += [
        f"Blocked, for example: {sample.caller.cli or 'no number'} to {sample.caller.dialled}."
        for sample in tried.samples["blocked"][:3]
    ]
    return lines if said or tried.counts["blocked"] else []


def _changed(
    before: Sequence[CliRule], changed: int | None, values: Mapping[str, Any] | None
) -> list[CliRule]:
    """The rules as they would be."""
    if values is None:
        return [rule for rule in before if rule.id != changed]
    given = {name: _fact(value) for name, value in values.items() if name in _NAMES}
    own = {_NAMES[name]: value for name, value in given.items()}
    if changed is None:
        return [*before, CliRule(0, **own)]
    return [CliRule(**{**asdict(rule), **own}) if rule.id == changed else rule for rule in before]


_NAMES = {
    "cli": "cli", "paid_match": "paid", "rewrite_cli": "rewrite_cli", "rewrite_paid": "rewrite_paid",
    "forced": "forced", "direction": "direction", "dialled": "dialled", "use_did": "use_did",
}  # fmt: skip
"""The fields of the record, and what the engine calls them."""


def _fact(value: Any) -> Any:
    from cx_tui.domain.admission import facts
    from cx_tui.domain.records.cli_rule import UseDid
    from cx_tui.domain.records.signalling import Traffic

    match value:
        case Traffic():
            return facts.Direction.of_value(value.value)
        case UseDid():
            return facts.UseDid.of_value(value.value)
    return value


def _direction(before: Sequence[CliRule], after: Sequence[CliRule], changed: int | None) -> Direction:
    """The direction of the rule that is new, changed or gone."""
    one = next((rule for rule in (*after, *before) if rule.id == (changed or 0)), None)
    return one.direction if one else Direction.TERMINATION


async def _callers(calls: Calls, customer_id: int) -> list[Caller]:
    """Who called whom in the last day."""
    since = datetime.now(UTC) - LAST
    listed = calls.list(CallQuery(customer_id=customer_id, first=since))
    found: list[Caller] = []
    for start in range(0, MOST, PART):
        some = await listed.rows(start, PART)
        found += [Caller(one.cli_in or one.cli, one.paid, one.dialled) for one in some]
        if len(some) < PART:
            break
    return found
