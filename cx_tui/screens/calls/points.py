"""What is plotted of each period: made of sums, of peaks and balances, and of the calls themselves."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from cx_tui.domain.calls.figures import Figures
from cx_tui.domain.calls.query import Condition
from cx_tui.screens.calls.figures import period_in_short, period_text
from cx_tui.screens.calls.plotted import Plotted, Span
from widgets.plot import Point

if TYPE_CHECKING:
    from cx_tui.services.calls.over_time import Course
    from cx_tui.services.calls.stats import Stats as Found
    from cx_tui.services.calls.summaries import Period, Summary

Drawn: TypeAlias = tuple[str, list[Point], Plotted]
"""A plot: its title, its points, and how their values are written."""

READING = "reading …"
NONE = "none"
NAMELESS = {"carrier": "no carrier", "sip_code": "no code"}


def name_of(by: str, value: str) -> str:
    """What a carrier or a SIP code is called above its plot."""
    if value == NONE:
        return NAMELESS[by]
    return f"SIP {value}" if by == "sip_code" else value


def conditions_of(by: str, value: str) -> tuple[Condition, ...]:
    """How the calls of a carrier or a SIP code are asked for; those without a code can't be."""
    if not by or (by == "sip_code" and value == NONE):
        return ()
    wanted = int(value) if by == "sip_code" else "" if value == NONE else value
    return (Condition(by, "=", wanted),)


def of_all(
    found: "Found",
    begins: Sequence[datetime],
    plotted: Sequence[Plotted],
    known: "Sequence[Course] | None",
    now: datetime,
) -> Iterator[Drawn]:
    """Some figures of all calls, one beneath the other; `known` is what the calls themselves told."""
    currency = currency_of(found.summaries)
    spans = spans_of(found, begins, "", now, known[0] if known else None)
    in_currency = spans_of(found, begins, currency, now)
    for each in plotted:
        one = replace(each, none=READING) if each.of_calls and known is None else each
        unit = currency if one.money else one.unit
        shown = in_currency if one.money else spans
        points = [point_of(found.period, span, one, unit, now) for span in shown]
        yield f"{one.label} {unit}".strip(), points, one


def of_each(
    found: "Found",
    begins: Sequence[datetime],
    by: str,
    known: "Sequence[Course]",
    wanted: range,
    one: Plotted,
    now: datetime,
) -> Iterator[Drawn]:
    """The same figure of some carriers or codes, by their places; nothing where there are no more."""
    every, courses = known[:1], known[1:]
    for place in wanted:
        if place >= len(courses):
            yield "", [], one
            continue
        spans = spans_of_course(found.period, begins, every[0], courses[place], now)
        points = [point_of(found.period, span, one, one.unit, now) for span in spans]
        yield f"{name_of(by, courses[place].value)}   {one.label} {one.unit}".strip(), points, one


def spans_of_course(
    period: "Period", begins: Sequence[datetime], every: "Course", one: "Course", now: datetime
) -> list[Span]:
    """What is known of each period of one carrier or code, beside all calls."""
    from cx_tui.services.calls.summaries import end_of

    found = []
    for at in begins:
        own, whole = one.moments.get(at), every.moments.get(at)
        sums, pdd = (own.sums, own.pdd) if own else (None, ())
        found.append(
            Span(at, min(now, end_of(period, at)), sums, None, None, pdd, whole.sums if whole else None)
        )
    return found


def currency_of(found: Sequence["Summary"]) -> str:
    """The currency of most calls: amounts of others can't be added to it."""
    calls: Counter[str] = Counter()
    for one in found:
        calls[one.currency] += one.sums.attempts
    return calls.most_common(1)[0][0] if calls else ""


def spans_of(
    found: "Found", begins: Sequence[datetime], currency: str, now: datetime, course: "Course | None" = None
) -> list[Span]:
    """What is known of each period, its sums in one currency or in all."""
    from cx_tui.services.calls.summaries import end_of

    sums = _sums(found.summaries, currency)
    moments = course.moments if course else {}
    return [
        Span(
            at, min(now, end_of(found.period, at)), sums.get(at), found.peaks.get(at), found.balances.get(at),
            moments[at].pdd if at in moments else (),
        )
        for at in begins
    ]  # fmt: skip


def point_of(period: "Period", span: Span, one: Plotted, unit: str, now: datetime) -> Point:
    """What is plotted of a period; what is not known is a gap."""
    value = one.of(span)
    text = one.none if value is None else f"{one.show(value)} {unit}".strip()
    so_far = " so far" if span.ends == now else ""
    label, short = period_text(period, span.begins) + so_far, period_in_short(period, span.begins)
    return Point(label, short, None if value is None else float(value), text)


def _sums(found: Sequence["Summary"], currency: str) -> dict[datetime, Figures]:
    """The sums of periods, of one currency or of all."""
    sums: dict[datetime, Figures] = {}
    for one in found:
        if not currency or one.currency == currency:
            sums.setdefault(one.begins, Figures()).add(one.sums)
    return sums
