"""The groups of a list: by the column under the cursor, with totals; the rows behind one narrow the list."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from cx_tui.domain import narrowing
from cx_tui.domain.view import GroupedBy
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.list.host import ListHost


class Grouping(Duty):
    """Opens the page of groups."""

    host: ListHost
    grouped_by = GroupedBy()
    """The groups that were looked at last."""

    @work(group="act", name=OPENS)
    async def action_groups(self) -> None:
        """Group by the column under the cursor; rows behind a group are shown when it is opened."""
        from cx_tui.screens.groups import GroupsPage
        from cx_tui.screens.groups.choosing import first_to_group, usual_totals
        from cx_tui.services.lists.grouping import may_group_by

        column = self.host.grid.cursor.column
        record = self.host.query_now.record
        grouped = self.grouped_by
        if not grouped.by:
            name = column.key if column and may_group_by(record, column.key) else first_to_group(record)
            grouped = GroupedBy((name,), ("count", *usual_totals(record)))
        page = GroupsPage(self.host.query_now, grouped)
        behind = cast(str | None, await self.host.app.push_screen_wait(page))
        self.grouped_by = page.written
        if behind:
            self.host.narrowing.narrow_to(narrowing.add(self.host.query_now, behind))
