"""The number blocks of a customer: the next free one is given out, nobody types it."""

from cx_tui.errors import CxError
from cx_tui.screens.list.acts import RecordActs
from cx_tui.screens.list.record_contents import RecordContents
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.read_only import may_write
from cx_tui.terminal.in_order import OPENS
from widgets.duties import work


class NumberBlockActs(RecordActs):
    """Blocks are given out, not typed."""

    @work(group="act", name=OPENS)
    async def action_new(self) -> None:  # type: ignore[override]  # a worker, as it asks first
        """Give the customer the next free block."""
        from cx_tui.screens.confirm import Confirm

        if not may_write(self.host.screen):
            return
        asked = Confirm("Give the customer the next free number block?", [], yes="Give", no="Leave")
        if not await self.host.app.push_screen_wait(asked):
            return
        try:
            given = await (await self.host.cx.services()).assign_number_block(self.host.scope.owner_id or 0)
        except CxError as error:
            self.host.notify(f"No block was assigned: {error}.", severity="error", timeout=10)
            return
        block = given.block
        before = "  Another customer had it before." if given.had_before else ""
        self.host.notify(f"The numbers {block.first} to {block.last} are the customer's now.{before}")
        await self.host.finding.again()


class NumberBlockContents(RecordContents):
    """Nobody types a block."""

    def nothing_here(self) -> str:
        return "There are no number blocks here yet.\n\n+ gives the customer the next free one"


class NumberBlockList(RecordList):
    """The list of blocks."""

    CONTENTS = NumberBlockContents
    ACTS = NumberBlockActs

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("new", "delete"):
            return self.scope.owned
        return super().check_action(action, parameters)
