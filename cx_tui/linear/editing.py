"""Changing a customer field by field, and making one; nothing is written that was not agreed to."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cx_tui.domain.fields import Field, fields_of
from cx_tui.domain.kinds import BadValue, Choice, Lines, Secret, Toml
from cx_tui.domain.records.customer import Customer
from cx_tui.errors import Conflict, Invalid
from cx_tui.linear.talk import Left, Talk

if TYPE_CHECKING:
    from cx_tui.services.session import Session

EMPTY = "empty"
LONG = (Lines, Toml)
"""Kinds whose text has several lines."""


def typed_fields() -> dict[str, Field]:
    """The fields of a customer that can be typed here.  Passwords are not: they would stay on the screen."""
    every = fields_of(Customer).items()
    return {name: one for name, one in every if not (one.kept or isinstance(one.kind, Secret))}


class Editing:
    """Writes customers."""

    def __init__(self, session: "Session", talk: Talk, *, read_only: bool) -> None:
        self._session = session
        self._talk = talk
        self._read_only = read_only
        self._fields = typed_fields()

    async def make(self) -> int | None:
        """Make a new customer: its number, if it was made."""
        if self._may_not_write():
            return None
        wanted: dict[str, Any] = {}
        for name, field in self._fields.items():
            if field.required and not self._typed(field, "", wanted, name):
                self._talk.say("No customer was made.")
                return None
        while True:
            self._tell({}, wanted)
            if not self._talk.agree("Make this customer?"):
                self._talk.say("No customer was made.")
                return None
            try:
                made = (await self._session.records.create(wanted)).record
            except Invalid as error:
                if not self._mend(error.problems, wanted):
                    return None
                continue
            self._talk.say(f"Made {made.name}, customer {made.id}.")
            return made.id

    async def edit(self, customer_id: int) -> None:
        """Change fields of a customer."""
        if self._may_not_write():
            return
        base = await self._session.records.get(customer_id)
        wanted: dict[str, Any] = {}
        try:
            self._change(base, wanted)
            if wanted:
                await self._save(base, wanted)
            else:
                self._talk.say("Nothing was changed.")
        except Left:
            self._talk.say("Nothing was written.")
            raise

    def _change(self, base: Customer, wanted: dict[str, Any]) -> None:
        """Ask for one field after another, until that is all."""
        names = [name for name, field in self._fields.items() if not field.fixed]
        while True:
            entries = [f"{self._fields[name].label}: {self._now(base, wanted, name)}" for name in names]
            chosen = self._talk.choose("Which field?", entries, "ends, and asks whether to write")
            if chosen is None:
                break
            name = names[chosen]
            now = self._now(base, wanted, name)
            self._typed(self._fields[name], "" if now == EMPTY else now, wanted, name)

    async def _save(self, base: Customer, wanted: dict[str, Any]) -> None:
        before = {name: self._fields[name].write(getattr(base, name)) for name in wanted}
        while True:
            self._tell(before, wanted)
            if not self._talk.agree("Write this?"):
                self._talk.say("Nothing was written.")
                return
            try:
                await self._session.records.save(base, wanted)
            except Conflict as conflict:
                if not conflict.fields:
                    raise
                base = conflict.theirs
                self._tell_conflict(conflict)
                continue
            except Invalid as error:
                if not self._mend(error.problems, wanted):
                    return
                continue
            self._talk.say("Saved. The log of the full screen can undo it.")
            return

    def _tell_conflict(self, conflict: Conflict) -> None:
        self._talk.say("Somebody else has changed the same fields in the meantime:")
        for name in conflict.fields:
            theirs = self._fields[name].write(getattr(conflict.theirs, name))
            self._talk.say(f"{self._fields[name].label} is now: {theirs or 'empty'}")

    def _mend(self, problems: Mapping[str, str], wanted: dict[str, Any]) -> bool:
        """Have what was refused typed anew: whether it was."""
        for name, sentence in problems.items():
            self._talk.say(f"Not right yet: {sentence}.")
            field = self._fields.get(name)
            if field is None or not self._typed(field, field.write(wanted.get(name)), wanted, name):
                self._talk.say("Nothing was written.")
                return False
        return True

    def _typed(self, field: Field, now: str, wanted: dict[str, Any], name: str) -> bool:
        """Have a field typed until it is right, or until nothing is typed: whether it was."""
        if field.help:
            self._talk.say(f"{field.label}: {field.help}")
        if isinstance(field.kind, Choice):
            labels = [one.label for one in field.kind.choices]
            chosen = self._talk.choose(f"{field.label}, now {now or 'empty'}:", labels, "leaves it")
            if chosen is not None:
                wanted[name] = [*field.kind.choices][chosen]
            return chosen is not None
        while text := self._text(field, now):
            try:
                wanted[name] = field.parse("" if text == "-" else text)
            except BadValue as error:
                self._talk.say(f"Not right yet: {error}.")
                continue
            return True
        return False

    def _text(self, field: Field, now: str) -> str:
        empties = "" if field.required else "; a single - empties it"
        shown = f", now {', '.join(now.splitlines())}" if now else ""
        if field.required and not now:
            return self._talk.ask(f"{field.label}. It is needed; empty gives up:")
        if not isinstance(field.kind, LONG):
            return self._talk.ask(f"{field.label}{shown}. New value; empty leaves it{empties}:")
        self._talk.say(f"{field.label}{shown}. Type its lines, and a single dot after the last one{empties}.")
        lines: list[str] = []
        while (line := self._talk.ask(f"Line {len(lines) + 1}:")) != ".":
            lines.append(line)
            if line == "-" and len(lines) == 1:
                break
        return "\n".join(lines)

    def _now(self, base: Customer, wanted: Mapping[str, Any], name: str) -> str:
        return self._fields[name].write(wanted[name] if name in wanted else getattr(base, name)) or EMPTY

    def _tell(self, before: Mapping[str, str], wanted: Mapping[str, Any]) -> None:
        self._talk.say("This will be written:")
        for name, value in wanted.items():
            old = f"{before[name] or 'empty'} becomes " if name in before else ""
            self._talk.say(f"{self._fields[name].label}: {old}{self._fields[name].write(value) or 'empty'}")

    def _may_not_write(self) -> bool:
        if self._read_only:
            self._talk.say(
                "The database is open to read only. Start without --read-only to change something."
            )
        return self._read_only
