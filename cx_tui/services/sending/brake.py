"""The brake: a job whose messages are refused one after another for the same reason is stopped, and asks."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cx_tui.domain.outbox import Message
from cx_tui.messaging.outcome import Outcome, Refused

ASKS = "send them again when the cause is put right, or cancel them"


@dataclass(frozen=True)
class _Row:
    """Refusals of one kind, one after another."""

    kind: str
    long: int


class Brake:
    """Watches the jobs of one way; `stop_after` like refusals in a row stop one, 0 never."""

    def __init__(self, stop_after: int) -> None:
        self._stop_after = stop_after
        self._rows: dict[int, _Row] = {}
        self._stopped: dict[int, datetime] = {}

    def why_stop(self, message: Message, outcome: Outcome) -> str:
        """Why the job of this message is to be stopped now, if it is."""
        job = message.job_id
        if not isinstance(outcome, Refused):
            self._rows.pop(job, None)
            return ""
        kind = outcome.kind or outcome.answer
        before = self._rows.get(job)
        row = self._rows[job] = _Row(kind, before.long + 1 if before and before.kind == kind else 1)
        if not self._stop_after or row.long != self._stop_after:
            return ""
        self._stopped[job] = datetime.now(UTC)
        del self._rows[job]
        return f"stopped after {row.long} refusals in a row, the last: {outcome.answer}; {ASKS}"

    def is_on(self, message: Message) -> bool:
        """Whether the job of a message was stopped after it was claimed."""
        stopped = self._stopped.get(message.job_id)
        return stopped is not None and (message.claimed_at is None or message.claimed_at <= stopped)
