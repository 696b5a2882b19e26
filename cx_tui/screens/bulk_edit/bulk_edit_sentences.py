"""What bulk edit says: what is there now, what will be done, what was done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Areas
from cx_tui.screens.bulk_edit.fields import BulkFields
from cx_tui.screens.stakes import listed, live_calls, short
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.services.changes.bulk import Done
    from cx_tui.services.changes.selected import Stake

Values = Mapping[str, Any]

Found = Sequence[tuple[str, int]]
"""The values that a field has now, the most frequent first, and how many records have each."""

BESIDE, ALONE = 2, 5
"""So many of them are named beside a field, and in a line of their own."""


def now(found: Found, most: int) -> str:
    """The values that a field has now, at most so many of them."""
    names = [short(value, 24) or "empty" for value, _ in found]
    if len(found) == 1:
        return f"all {names[0]}" if found[0][1] > 1 else names[0]
    some = [f"{name} ({number:,})" for name, (_, number) in zip(names, found, strict=True)]
    more = [f"{len(found) - most:,} more"] if len(found) > most else []
    return listed([*some[:most], *more])


def by_area(found: Found) -> Found:
    """Of portal areas: how many customers have which area shown or hidden, whatever the others are."""
    counts: Counter[str] = Counter()
    for text, number in found:
        for part in filter(None, text.split(", ")):
            counts[part.replace("=", " ")] += number
    inherited = sum(number for text, number in found if not text)
    all_inherited = [("all inherited", inherited)] if inherited else []
    return [*all_inherited, *counts.most_common()]


def areas(states: Mapping[str, str], every: Sequence[str]) -> list[str]:
    """What portal areas are set to, those of the same state together."""
    by_state: dict[str, list[str]] = {}
    for area, state in states.items():
        by_state.setdefault(state, []).append(area)
    named = {
        state: "all portal areas" if len(some) == len(every) else
        f"portal area{'s' if len(some) > 1 else ''} {listed(some)}"
        for state, some in by_state.items()
    }  # fmt: skip
    return [f"{which} to {state}" for state, which in named.items()]


def fitting(found: Found, room: int) -> str:
    """As many of the values that a field has now as there is room for."""
    texts = [now(found, most) for most in range(ALONE, 0, -1)]
    return next((text for text in texts if len(text) <= room), texts[-1])


def pieces(fields: BulkFields, values: Values) -> tuple[list[str], list[str]]:
    """What is set, each with its new value, and what is made empty."""
    sets, empties = [], []
    for name, value in values.items():
        field = fields[name]
        if isinstance(field.kind, Areas):
            sets += areas(value, field.kind.areas)
        elif text := field.kind.show(value):
            sets.append(f"{field.label} to {short(text)}")
        else:
            empties.append(field.label)
    return sets, empties


def what(fields: BulkFields, values: Values) -> str:
    """What is done: "Set Status to Penalty and make Tags empty"."""
    sets, empties = pieces(fields, values)
    parts = [f"set {listed(sets)}"] * bool(sets) + [f"make {listed(empties)} empty"] * bool(empties)
    said = ", and ".join(parts)
    return said[:1].upper() + said[1:]


def summary(fields: BulkFields, values: Values, bad: Sequence[str]) -> list[Part]:
    """What will be done, as far as it is right."""
    wrong = [Part("   not right yet: ", "bad"), Part(listed([fields[name].label for name in bad]), "bad")]
    if not values:
        hint = Part("A field without a new value stays as it is.", "dim")
        return [hint, *wrong] if bad else [hint]
    return [Part(what(fields, values)), *wrong] if bad else [Part(what(fields, values))]


def question(kind: Declared, number: int) -> str:
    """The title of the question."""
    return f"Change {kind.so_many(number)}?"


def sentences(fields: BulkFields, values: Values, stake: "Stake") -> list[str]:
    """What will be done, and what it means."""
    live = f"; {live_calls(stake)}" if stake.has_calls else ""
    return [
        f"{what(fields, values)} for {stake.kind.so_many(stake.number)}{live}.",
        "All of it is one operation, which the log can undo.",
    ]


def result(kind: Declared, done: "Done", number: int) -> str:
    """What was done, and how to undo it."""
    same = number - done.changed
    if not done.changed:
        return f"Nothing changed: {kind.so_many(number)} had the values already."
    already = f", {same:,} had the values already" if same else ""
    return (
        f"{kind.so_many(done.changed)} changed{already}; undo it from the log: operation {done.operation_id}."
    )
