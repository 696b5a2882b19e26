"""What a form tells its owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from .form import Form


@dataclass
class FormMessage(Message, namespace="form"):
    """Something a form tells; `control` is that form."""

    form: Form

    @property
    def control(self) -> Form:
        """The form that tells it."""
        return self.form


@dataclass
class Edited(FormMessage, namespace="form"):
    """The operator changed the text of a field."""

    name: str
    text: str


@dataclass
class Left(FormMessage, namespace="form"):
    """The operator left a field; it has been checked."""

    name: str


@dataclass
class TabShown(FormMessage, namespace="form"):
    """Another tab is shown."""

    tab: str
