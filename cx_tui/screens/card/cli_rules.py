"""The CLI rules of a customer: the first one blocks all that is not listed, which is said before."""

from collections.abc import Mapping
from typing import Any

from cx_tui.domain.selection import Selection
from cx_tui.screens.list.acts import Foresee, RecordActs
from cx_tui.screens.list.record_list import RecordList


class CliRuleActs(RecordActs):
    """What a change of the rules means is said before it is done."""

    def foresees(self, record: Any) -> Foresee | None:
        customer_id = getattr(record, "customer_id", None) or self.host.scope.owner_id
        if customer_id is None:
            return None

        async def foresee(values: Mapping[str, Any]) -> list[str]:
            session = await self.host.cx.services()
            return await session.cli_rule_foreseen(customer_id, record.id if record else None, values)

        return foresee

    async def may_delete(self, selection: Selection) -> bool:
        from cx_tui.screens.confirm import Confirm

        if self.host.scope.owner_id is None or len(selection.ids) != 1 or selection.all_but:
            return True
        (rule_id,) = selection.ids
        session = await self.host.cx.services()
        lines = await session.cli_rule_foreseen(self.host.scope.owner_id, rule_id, None)
        asked = Confirm("Delete this CLI rule?", [*lines], yes="Go on", no="Keep")
        return not lines or (await self.host.app.push_screen_wait(asked)) is True


class CliRuleList(RecordList):
    """The list of rules."""

    ACTS = CliRuleActs
