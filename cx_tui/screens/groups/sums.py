"""Totals of several groups in one line: amounts by currency, all else in one."""

from collections.abc import Sequence

from cx_tui.domain.groups import Total, is_money
from cx_tui.domain.rolling import Group, Groups, as_one, by_currency
from cx_tui.screens.present import spaced
from widgets.line import LineText, Part


def apart(groups: Sequence[Group]) -> list[Group]:
    """These groups without those that are within another of them: nothing is counted twice."""
    there = {(group.currency, group.key) for group in groups}
    return [
        group
        for group in groups
        if not any((group.currency, group.key[:depth]) in there for depth in range(len(group.key)))
    ]


def sums_line(
    title: str, found: Groups, groups: Sequence[Group], totals: Sequence[Total], *, tone: str = ""
) -> LineText:
    """The totals of these groups.  How many different values there are does not add up: it is left out."""
    parts = [Part(title, "strong")]
    if others := [total for total in totals if not is_money(total)]:
        parts.append(Part(_said(others, as_one(found.names, groups)), tone))
    if amounts := [total for total in totals if is_money(total)]:
        each = by_currency(found.names, groups)
        parts += [Part(f"{one.currency or ''} {_said(amounts, one)}".strip(), tone) for one in each]
    return LineText(spaced([part for part in parts if part.text]))


def _said(totals: Sequence[Total], group: Group) -> str:
    there = [total for total in totals if total.act != "distinct" or total.value(group.parts) is not None]
    return ", ".join(f"{total.title.lower()} {total.shown(group.parts) or '-'}" for total in there)
