"""What can go wrong, as a tree.

CxError                 anything a person should read as a sentence
├── Misconfigured       settings or command line (exit code 2)
├── NotFound            the record is not there (any more)
├── Conflict            somebody else saved first
├── Invalid             a value its field can't take
├── Refused             not allowed for this operator or this database
│   └── NeedsApproval   not allowed for one person alone
├── Unavailable         a database or server is away; trying again may help (exit code 3)
└── DeliveryFailed      a server refuses all that we send, until a person changes something
"""

from collections.abc import Collection, Mapping
from typing import Any


class CxError(Exception):
    """The message is one sentence that says what is wrong and what to do."""


class Misconfigured(CxError):
    """A setting or an argument is wrong."""


class NotFound(CxError):
    """The record that was asked for is not there."""


class Conflict(CxError):
    """Somebody else changed these fields of the record since it was read; `theirs` is how it is now."""

    def __init__(self, message: str, *, theirs: Any, fields: Collection[str]) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.fields = tuple(fields)


class Invalid(CxError):
    """Values that their fields can't take, a sentence for each."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


class Refused(CxError):
    """This operator, or this database, does not allow it."""


class NeedsApproval(Refused):
    """One person alone may not do it; `wish` is what can be asked for, where that can be."""

    def __init__(self, message: str, wish: Any) -> None:
        super().__init__(message)
        self.wish = wish


class Unavailable(CxError):
    """A database or server does not answer."""


class DeliveryFailed(CxError):
    """A mail or SMS server refuses all that we send; trying again does not help."""
