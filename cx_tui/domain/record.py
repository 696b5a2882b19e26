"""What every stored record has."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from cx_tui.domain import fields as field
from cx_tui.domain.declared import Declared
from cx_tui.domain.kinds import Integer, Moment


def kept(label: str, kind: Any, **more: Any) -> Any:
    """A field that the program itself keeps: shown, never typed, never uploaded."""
    return field.of_kind(label, kind, kept=True, upload=False, **more)


def noted(label: str, kind: Any, **more: Any) -> Any:
    """One that is kept for operators only."""
    return kept(label, kind, internal=True, **more)


@dataclass(kw_only=True)
class Record:
    """A record has a number, a version that grows with each change, and its times."""

    declared: ClassVar[Declared]

    id: int = kept("Id", Integer(), help="The record's number.")
    version: int = noted("Version", Integer(), default=1, help="Grows by one with every change.")
    created_at: datetime = noted("Created", Moment(), help="When the record was created (UTC).")
    changed_at: datetime = noted("Changed", Moment(), help="When the record was changed last (UTC).")
    deleted_at: datetime | None = noted("Deleted", Moment(), optional=True, help="When it was deleted (UTC).")

    def problems(self) -> dict[str, str]:
        """What is wrong between fields that are right by themselves: the sentence for each field."""
        return {}
