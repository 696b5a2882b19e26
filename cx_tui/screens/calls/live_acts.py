"""Ending calls that are up."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cx_tui.domain.calls.key import key_of
from cx_tui.domain.calls.live import LiveCall, State
from cx_tui.errors import CxError
from cx_tui.screens.calls.live_rows import LiveRow
from cx_tui.screens.read_only import may_write
from cx_tui.screens.stakes import counted, to_type
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work
from widgets.grid import Marks
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.screens.calls.live_list import LiveList

NAMED = 8
"""So many calls are named before they are ended."""


class LiveActs(Duty):
    """Ends the calls of one list, when the operator agrees."""

    host: "LiveList"

    @work(group="act", name=OPENS)
    async def action_end(self) -> None:
        """End the marked calls, or the one under the cursor."""
        from cx_tui.screens.confirm import Confirm

        wanted = await self._chosen_calls()
        if not wanted or not may_write(self.host.screen, "no call can be ended"):
            return
        number = len(wanted)
        title = f"End {counted(number, 'call')}?"
        lines = self._stakes(wanted)
        asked = Confirm(title, lines, yes="End", no="Let them talk", typed=to_type(number))
        if not await self.host.app.push_screen_wait(asked):
            return
        # Meanwhile some have ended by themselves.
        session = await self.host.cx.services()
        try:
            up = await self.host.showing.live.calls([key_of(call.source, call.source_key) for call in wanted])
            still = list(up.values())
            found = await session.end_calls(still) if still else ()
        except CxError as error:
            self.host.notify(f"The log does not say that calls were ended: {error}.", severity="error")
            return
        said = Counter(one.sentence for one in found)
        said["Ended by itself"] += number - len(still)
        words = "; ".join(f"{sentence}: {many:,}" for sentence, many in said.items() if many)
        sure = all(one.ending and one.ending.value == "ended" for one in found)
        self.host.notify(words, severity="information" if sure else "warning")
        self.host.grid.marks.rows = Marks.NONE
        self.host.finding.find(keep=True)

    async def _chosen_calls(self) -> list[LiveCall]:
        marks, row = self.host.grid.marks.rows, self.host.grid.cursor.row
        if marks:
            return list(
                (
                    await self.host.showing.live.calls(
                        [key for key in self.host.showing.live.order if key in marks]
                    )
                ).values()
            )
        return [row.call] if isinstance(row, LiveRow) and row.call else []

    def _stakes(self, wanted: Sequence[LiveCall]) -> list[str | Part]:
        """What it means: who talks, and for how many customers."""
        customers = {call.customer_id for call in wanted}
        talking = sum(call.state is State.ANSWERED for call in wanted)
        ghosts = sum(call.state is State.GHOST for call in wanted)
        lines: list[str | Part] = [
            f"{counted(talking, 'call')} of {counted(len(customers), 'customer')} "
            f"{'is' if talking == 1 else 'are'} being talked on: both sides are cut off."
        ]
        if ghosts:
            lines.append(f"{counted(ghosts, 'ghost')}: up at no switch any more, so only forgotten here.")
        lines += [
            f"from {call.cli or 'no number'} to {call.dialled}, {call.state.label.lower()}"
            for call in wanted[:NAMED]
        ]
        if len(wanted) > NAMED:
            lines.append(Part(f"and {len(wanted) - NAMED:,} more", "dim"))
        return lines
