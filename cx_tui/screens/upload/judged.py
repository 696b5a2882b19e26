"""What became of the rows of a file, or would become of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cx_tui.screens.upload.files import Stamp
from cx_tui.screens.upload.plan import Plan
from cx_tui.services.upload.order import Verdict


@dataclass(frozen=True)
class Result:
    """What became, or would become, of the rows of a file."""

    counts: Mapping[Verdict, int]
    warnings: int = 0
    rejected: int = 0
    written: bool = False
    created: int = 0
    updated: int = 0
    operation: int | None = None

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Result":
        """As the command line tells it."""
        return cls(
            {verdict: int(event["counts"].get(verdict.value, 0)) for verdict in Verdict},
            int(event["warnings"]), int(event["rejected"]), bool(event["written"]),
            int(event["created"]), int(event["updated"]), event["operation"],
        )  # fmt: skip

    @property
    def writes(self) -> int:
        """How many records are created or changed."""
        return self.counts[Verdict.CREATE] + self.counts[Verdict.UPDATE]


@dataclass(frozen=True)
class Judged:
    """What a plan came to, of the file as it was then; `done` when it was no dry run."""

    plan: Plan
    stamp: Stamp | None
    result: Result
    done: bool = False
