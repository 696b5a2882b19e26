"""Conditions on the totals of groups: `count>100 sum:credit<0`.  In SQL they are called HAVING."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from cx_tui.domain.filter_values import Span
from cx_tui.domain.groups import Total
from cx_tui.domain.kinds import BadValue
from cx_tui.domain.rolling import Group

CONDITION = re.compile(
    r'(?P<total>[\w-]+(?::[\w-]+)?)\s*(?P<op><=|>=|<|>|=)\s*(?P<value>"[^"]*"|[^\s,]+)(?:\s*,|\s+AND\b)?\s*'
)


@dataclass(frozen=True)
class Having:
    """A condition on a total of a group: its value lies in a span."""

    total: Total
    op: str
    value: str
    span: Span

    def holds(self, group: Group) -> bool:
        """Whether a group is so; of a total that it does not have, nothing holds."""
        if self.span.currency and self.span.currency != group.currency:
            return False
        value = _comparable(self.total.value(group.parts))
        low, high = self.span.low, self.span.high
        return value is not None and (
            (low is None or value > low or (self.span.with_low and value == low))
            and (high is None or value < high or (self.span.with_high and value == high))
        )

    def written(self) -> str:
        """The one way to write it."""
        return f"{self.total.name}{self.op}{self.value}"

    def in_words(self) -> str:
        """The condition as a chip says it."""
        return f"{self.total.title} {self.op} {self.value}"


def pieces(text: str) -> Iterator[tuple[str, str, str]]:
    """The conditions of a text: the total, how it is compared, the value; BadValue says what is none."""
    at, text = 0, text.strip()
    while at < len(text):
        found = CONDITION.match(text, at)
        if found is None:
            raise BadValue(
                f'"{text[at:]}" is no condition on a total; write them like count>100 or sum:credit<0'
            )
        at = found.end()
        yield found["total"], found["op"], found["value"].strip('"')


def written(conditions: Iterable[Having]) -> str:
    """The one way to write conditions of which all hold."""
    return " ".join(condition.written() for condition in conditions)


def _comparable(value: Any) -> Any:
    """A value that can be compared with the ends of a span."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(), UTC)
    return Decimal(repr(value)) if isinstance(value, float) else value
