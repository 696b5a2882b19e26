"""What a form holds: the texts, what they were, and what is wrong with them.  It knows no screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from .field import FormField

# A text longer than this is checked when its field is left, not at every key.
LONG = 2_000
FIXED = "can't be changed"


class Note(NamedTuple):
    """What is said beside a field."""

    text: str = ""
    tone: Literal["dim", "bad"] = "dim"


class Draft:
    """The texts of all fields, whether they are on the screen or not."""

    def __init__(self, fields: Sequence[FormField]) -> None:
        self.fields = {field.name: field for field in fields}
        self.base = dict.fromkeys(self.fields, "")
        self.values = dict(self.base)
        self._found: dict[str, str] = {}
        self._told: dict[str, str] = {}
        # Fields that were wrong once are checked while one types.
        self._watched: set[str] = set()

    def begin(self, values: Mapping[str, str]) -> None:
        """Begin anew with these texts; a field that isn't named is empty."""
        self.base = {name: values.get(name, "") for name in self.fields}
        self.values = dict(self.base)
        self._found, self._told, self._watched = {}, {}, set()

    def set(self, name: str, text: str) -> bool:
        """Another text of a field: whether it differs from the one before."""
        if self.values[name] == text:
            return False
        self.values[name] = text
        if self._told.pop(name, None):
            self._watched.add(name)
        if name in self._watched and len(text) <= LONG:
            self._check(name)
        return True

    def check(self, name: str) -> None:
        """Check a field that was left."""
        self._check(name)

    def check_all(self) -> dict[str, str]:
        """Check every field: what is wrong, without what was said from outside."""
        for name in self.fields:
            self._check(name)
        return self._in_order(self._found)

    def tell(self, errors: Mapping[str, str]) -> None:
        """Take errors from outside; each stays until its field is changed."""
        self._told = {name: sentence for name, sentence in errors.items() if name in self.fields}

    @property
    def errors(self) -> dict[str, str]:
        """What is known to be wrong, in the order of the fields."""
        return self._in_order({**self._found, **self._told})

    @property
    def changed(self) -> dict[str, str]:
        """The texts that differ from what they were."""
        return {name: text for name, text in self.values.items() if self.is_changed(name)}

    def is_changed(self, name: str) -> bool:
        """Whether a text differs from what it was."""
        return self.values[name] != self.base[name]

    def error(self, name: str) -> str:
        """What is known to be wrong with a field."""
        return self._told.get(name) or self._found.get(name, "")

    def note(self, name: str) -> Note:
        """What is said beside a field: its error, or what its text means."""
        if error := self.error(name):
            return Note(f"! {error}", "bad")
        field, text = self.fields[name], self.values[name]
        if field.means and len(text) <= LONG and field.check(text) is None and (means := field.means(text)):
            return Note(means)
        return Note(FIXED if field.fixed else "")

    def _check(self, name: str) -> None:
        """Keep what is wrong with a field."""
        wrong = self.fields[name].wrong(self.values[name])
        if wrong:
            self._found[name] = wrong
            self._watched.add(name)
        else:
            self._found.pop(name, None)

    def _in_order(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Errors in the order of the fields."""
        return {name: errors[name] for name in self.fields if name in errors}
