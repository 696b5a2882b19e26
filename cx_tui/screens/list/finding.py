"""Reading a list: a newer question makes the one before void, and what can't be read is said in its place."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.list.base_list import BaseList


class Finding(Duty):
    """Shows what is asked for."""

    host: "BaseList"
    is_awaited = True
    """Whether rows that were asked for are on their way: the first ones, or those of another question."""

    def find(self, *, wait: float = 0.0, keep: bool = False, asked: bool = True) -> None:
        """Show what is asked for.  What nobody asked for is not waited for by keys."""
        self.is_awaited = self.is_awaited or asked
        self._find(wait, keep)

    @work(exclusive=True, group="find")
    async def _find(self, wait: float, keep: bool) -> None:
        if wait:
            await self.host.cx.pause(wait)
        await self.show_list(keep=keep)

    async def show_list(self, *, keep: bool) -> None:
        """Show what is asked for."""
        of, grid = self.host, self.host.grid
        try:
            rows = await of.contents.read()
            await grid.show(rows, keep=keep)
            if grid.rows.source is not rows:
                return
            of.read_at = datetime.now(UTC)
            self.is_awaited = False
            number = await of.contents.number(rows)
            if number is not None:
                grid.set_total(number)
        except CxError as error:
            self.fails(error)
            return
        of.totals.show()
        if not grid.rows.total:
            grid.notice(of.contents.nothing_here(), "dim")
        of.post_message(of.Shown())

    def fails(self, error: Exception) -> None:
        """Say what is wrong with the database; what is not its fault is a bug and stays loud."""
        self.is_awaited = False
        if not isinstance(error, CxError):
            raise error
        self.host.grid.notice(f"{error}\n\npress r to try again", "bad")

    async def again(self) -> None:
        """Read the list again and stay where one is, as records were changed."""
        await self.show_list(keep=True)
        self.host.post_message(self.host.Changed())

    def action_refresh(self) -> None:
        """Read the list again, in its order."""
        self.find(keep=True)
