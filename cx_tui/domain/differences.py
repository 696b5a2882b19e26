"""What a change does to a record, field by field: in words, as JSON, and as lines with - and +."""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.history import Act, Change
from cx_tui.domain.kinds import Secret
from cx_tui.domain.records import is_record, record_named

Texts = Mapping[str, str]

SHORT = 40
"""So much of a value is said in words."""

DONE = {Act.CREATE: "created", Act.DELETE: "deleted", Act.RESTORE: "brought back"}


@dataclass(frozen=True)
class Difference:
    """One field before and after; None where the record did not have it."""

    name: str
    label: str
    before: str | None
    after: str | None


def fields_named(record: str) -> Mapping[str, Field]:
    """The fields of a kind of record; none when this program does not know it (any more)."""
    return fields_of(record_named(record)) if is_record(record) else {}


def differences(record: str, before: Texts, after: Texts) -> list[Difference]:
    """The fields that were changed, in the order in which the record has them.

    A secret that was changed reads the same before and after.
    """
    every = fields_named(record)
    names = [name for name in every if name in before or name in after]
    names += sorted((before.keys() | after.keys()) - every.keys())
    return [
        Difference(name, every[name].label if name in every else name, before.get(name), after.get(name))
        for name in names
        if before.get(name) or after.get(name)
    ]


def shown(record: str, name: str, text: str | None) -> str:
    """A kept value as people read it; one that can't be read any more as it was kept."""
    if not text:
        return "empty"
    field = fields_named(record).get(name)
    try:
        if field is None or isinstance(field.kind, Secret):
            return text
        return str(field.kind.show(field.read(text))) or text
    except ValueError:
        return text


def in_words(record: str, before: Texts, after: Texts, *, arrow: str = "→") -> str:
    """What changes: "Channels 30 → 60, Status Active → Penalty"."""
    parts = []
    for one in differences(record, before, after):
        new = _short(shown(record, one.name, one.after))
        if one.before is None or one.before == one.after:
            parts.append(f"{one.label} {new}")
        else:
            parts.append(f"{one.label} {_short(shown(record, one.name, one.before))} {arrow} {new}")
    return ", ".join(parts)


def change_in_words(change: Change, *, arrow: str = "→") -> str:
    """What was done to one record."""
    words = in_words(change.record, change.before, change.after, arrow=arrow)
    done = DONE.get(change.act, "")
    return f"{done}: {words}" if done and words else done or words or "nothing"


def as_json(change: Change, **layout: Any) -> str:
    """A change as JSON, for people and scripts."""
    what = {
        "operation": change.operation_id, "record": change.record, "id": change.record_id,
        "customer": change.customer_id, "what": change.act.value,
        "before": dict(change.before), "after": dict(change.after),
    }  # fmt: skip
    return json.dumps(what, ensure_ascii=False, **layout)


def marked_lines(change: Change) -> list[tuple[str, str]]:
    """The difference of the JSON before and after, with signs: "-", "+", "#" for a label, or ""."""
    lines = [("", "{")]
    for one in differences(change.record, change.before, change.after):
        lines.append(("#", one.label))
        lines += _of_field(one)
    return [*lines, ("", "}")]


def _of_field(one: Difference) -> list[tuple[str, str]]:
    name = json.dumps(one.name, ensure_ascii=False)
    if "\n" in (one.before or "") + (one.after or ""):
        return [("", f"  {name}:"), *_of_lines(one.before or "", one.after or "")]
    both = (("-", one.before), ("+", one.after))[one.before == one.after :]
    return [
        (sign, f"  {name}: {json.dumps(text, ensure_ascii=False)}") for sign, text in both if text is not None
    ]


def _of_lines(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that differ of a text of several, with a line or two around them."""
    old, new = before.split("\n"), after.split("\n")
    lines = []
    for line in list(difflib.unified_diff(old, new, lineterm="", n=2))[2:]:
        if line.startswith("@@ -1"):
            continue
        text = "…" if line.startswith("@@") else json.dumps(line[1:], ensure_ascii=False)
        lines.append((line[:1].strip(" @"), f"    {text}"))
    return lines


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"
