"""The number blocks of a customer: the next free one is given out, nobody types it."""

from textual import work

from cx_tui.errors import CxError
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.in_order import OPENS


class NumberBlockList(RecordList):
    """The list of blocks."""

    def nothing_here(self) -> str:
        return "There are no number blocks here yet.\n\n+ gives the customer the next free one"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("new", "delete"):
            return self.scope.owned
        return super().check_action(action, parameters)

    @work(group="act", name=OPENS)
    async def action_new(self) -> None:  # type: ignore[override]  # a worker, as it asks first
        """Give the customer the next free block."""
        from cx_tui.screens.confirm import Confirm

        if not may_write(self.screen):
            return
        asked = Confirm("Give the customer the next free number block?", [], yes="Give", no="Leave")
        if not await self.app.push_screen_wait(asked):
            return
        try:
            given = await (await self.cx.services()).assign_number_block(self.scope.owner_id or 0)
        except CxError as error:
            self.notify(f"No block was assigned: {error}.", severity="error", timeout=10)
            return
        block = given.block
        before = "  Another customer had it before." if given.had_before else ""
        self.notify(f"The numbers {block.first} to {block.last} are the customer's now.{before}")
        await self.again()
