"""The most channels and calls a second are kept as they happen: no record says later how many were up.

Who takes calls knows what is kept already, so that only what rises is written.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db.calls import peaks
from cx_tui.db.calls.peaks import EVERYBODY
from cx_tui.domain.calls.figures import hour_of
from cx_tui.domain.calls.peak import Peak

EVERY = 2.0
"""Seconds between two counts of all calls that are up."""


class Peaks:
    """What one program has kept of the peaks of this hour."""

    def __init__(self) -> None:
        self._hour: datetime | None = None
        self._kept: dict[int, Peak] = {}
        self._coming: dict[int, Peak] = {}
        self._counted_at = -EVERY

    async def note(
        self, connection: AsyncConnection, customers: Collection[int], cps: float, now: datetime | None = None
    ) -> None:
        """Keep what these customers, whose calls have changed, and all together use now."""
        now = now or datetime.now(UTC)
        first = self._hour != hour_of(now)
        if first:
            self._hour, self._kept = hour_of(now), {}
        found: dict[int, Peak] = {}
        if first or customers:
            found = await peaks.in_use(connection, None if first else customers)
        if first or monotonic() - self._counted_at > EVERY:
            self._counted_at = monotonic()
            found[EVERYBODY] = Peak(await peaks.channels(connection), cps)
        kept = {of: self._kept.get(of) for of in found}
        self._coming = {
            of: most for of, one in found.items() if (most := one.with_other(kept[of] or Peak())) != kept[of]
        }
        await peaks.keep(connection, now, self._coming)

    def are_kept(self) -> None:
        """What was noted last is in the database for good."""
        self._kept.update(self._coming)
        self._coming = {}

    def are_not_kept(self) -> None:
        """What was noted last is not there."""
        self._hour, self._coming = None, {}
