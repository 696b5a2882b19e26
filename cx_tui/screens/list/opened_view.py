"""The view that was opened over a list: everything of its layout under a name, and what was changed since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cx_tui.domain.filters import BadFilter
from cx_tui.domain.view import View
from cx_tui.errors import CxError
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.list.host import ListHost


class OpenedView(Duty):
    """Opens views, and knows which is open."""

    host: ListHost
    view: View | None = None
    """The one that was opened last."""

    def now(self, name: str = "") -> View:
        """Everything as it is now, as a view."""
        base = self.view or View(name, shared=False)
        now = base.with_layout(self.host.query_now, self.host.arranging.arranged()).with_groups(
            self.host.grouping.grouped_by
        )
        return replace(now, name=name or base.name)

    def title(self) -> str:
        """The name of the opened view, with a sign when something was changed since."""
        if self.view is None:
            return ""
        changed = not self.now().same(
            self.view.with_layout(self.view.query, self.view.layout(self.host.arranging.usual()))
        )
        return f"{self.view.name}{'*' if changed else ''}"

    def show(self, view: View) -> None:
        """Open a view; what this version does not know of it is said."""
        from cx_tui.domain.filter_values import read_filter

        query = view.asked()
        try:
            if query.where:
                read_filter(query.where, query.record)
        except BadFilter as error:
            self.host.notify(
                f"The filter of {view.name} is not applied: {error.problems[0].sentence}.", severity="warning"
            )
            query = replace(query, where="")
        if unknown := view.unknown():
            self.host.notify(f"{view.name} shows columns that do not exist (any more): {', '.join(unknown)}.")
        self.view = view
        self.host.grouping.grouped_by = view.grouped
        layout = view.layout(self.host.arranging.usual())
        self.host.arranging.use(layout)
        now = self.host.query_now
        self.host.narrowing.narrow_to(replace(query, sort=layout.sort, owner_id=now.owner_id, of=now.of))

    @work(group="act", name=OPENS)
    async def action_view(self, key: int) -> None:
        """Open the view that is on a key."""
        try:
            view = await (await self.host.cx.services()).views.on_key(self.host.query_now.record, key)
        except CxError as error:
            self.host.notify(f"It can't be opened: {error}.", severity="error")
            return
        if view is None:
            self.host.notify(f"No view is on {key}; V keeps this list as a view and puts it on a key.")
            return
        self.show(view)

    @work(group="act", name=OPENS)
    async def action_views(self) -> None:
        """Open, keep, share, delete views."""
        from cx_tui.screens.list.views import choose_view

        try:
            await choose_view(self.host)
        except CxError as error:
            self.host.notify(f"It was not done: {error}.", severity="error")
