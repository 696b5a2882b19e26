"""The finished calls of a past day, for filling a database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from cx_tui.domain.calls.call import Call
from cx_tui.ingest.many import calls_of
from cx_tui.ingest.simulator.making import NAMES, Admit, Maker, everybody
from cx_tui.ingest.simulator.population import Population

BATCH = 5_000
AN_HOUR = 3_600_000_000


def finished_calls(
    population: Population,
    day: date,
    count: int,
    *,
    seed: int = 1,
    source: str = "simulator",
    admit: Admit = everybody,
    until: datetime | None = None,
) -> Iterator[list[Call]]:
    """So many calls that begin on a day, in the order of their begin, in batches; those that are not over
    at `until` are left out."""
    if not len(population):
        return
    random = Random(f"{seed} {day}")
    maker = Maker(source, seed, admit, random)
    midnight = datetime.combine(day, time(), UTC)
    rows, number = [], 0
    for hour, many in enumerate(population.by_hour(midnight, count)):
        begin = midnight + timedelta(hours=hour)
        draw = random.random
        for offset in sorted([int(draw() * AN_HOUR) for _ in range(many)]):
            invited = begin + timedelta(0, 0, offset)
            number += 1
            rows.append(maker.values(population.pick(random, invited), f"{day:%Y%m%d}-{number}", invited))
            if len(rows) == BATCH:
                yield _calls(rows, until)
                rows = []
    if rows:
        yield _calls(rows, until)


def _calls(rows: list[tuple[object, ...]], until: datetime | None) -> list[Call]:
    calls = list(calls_of(dict(zip(NAMES, zip(*rows, strict=True), strict=True))))
    return calls if until is None else [one for one in calls if one.ended_at <= until]
