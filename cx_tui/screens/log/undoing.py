"""Undoing an operation: the question, the work, and what became of it."""

from typing import TYPE_CHECKING

from cx_tui.domain.history import Act, Operation
from cx_tui.errors import CxError
from cx_tui.screens.confirm import Confirm
from cx_tui.screens.log.undone import UndoneScreen, many, result_in_words
from cx_tui.screens.progress import Progress, Report
from cx_tui.screens.read_only import may_write
from cx_tui.screens.times import local
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.screens.log.log_screen import LogScreen
    from cx_tui.services.history.undo import Undone

MUST_BE_TYPED = 10
"""Above so many records the number must be typed."""


class Undoing(Duty):
    """Undoes the operation under the cursor of the log."""

    host: "LogScreen"

    # Not exclusive: a write is never called off by the next one.
    @work(group="undo", name=OPENS)
    async def action_undo(self) -> None:
        """Ask, undo, and say what became of it."""
        operation = self.host.operation_here()
        if operation is None or not may_write(self.host, "nothing can be undone"):
            return
        if reason := why_not(operation):
            self.host.notify(reason, severity="warning")
            return
        typed = f"{operation.records:,}" if operation.records > MUST_BE_TYPED else None
        question = Confirm(title_of(operation), list(meaning(operation)), "Undo", typed)
        if not await self.host.app.push_screen_wait(question):
            return
        try:
            log = (await self.host.cx.services()).log
        except CxError as error:
            self.host.explain(error)
            return

        async def undo(report: Report) -> "Undone":
            return await log.undo(operation.id, report)

        heading = f"Undoing {many(operation.records, 'record')}"
        result = await self.host.app.push_screen_wait(Progress(heading, undo))
        # Also when it was stopped or refused: somebody else may have been first.
        self.host.undone()
        if result and result.refused:
            await self.host.app.push_screen_wait(UndoneScreen(result))
        elif result:
            self.host.notify(f"Undone: {result_in_words(result)}")


def why_not(operation: Operation) -> str:
    """Why an operation can't be undone, as far as the list shows it."""
    if operation.undone_by is not None:
        return f"It was undone already, by operation #{operation.undone_by}."
    if not operation.records:
        return "It changed no records, so there is nothing to undo."
    return ""


def title_of(operation: Operation) -> str:
    """The question."""
    if operation.act is Act.UNDO:
        return f"Take back this undo of {many(operation.records, 'record')}?"
    return f"Undo this operation on {many(operation.records, 'record')}?"


MEANING = {
    Act.CREATE: "What was created is deleted again, if nobody changed it since.",
    Act.UPLOAD: "What was created is deleted again; what was changed gets the values that it had.",
    Act.DELETE: "What was deleted comes back.",
    Act.RESTORE: "What was brought back is deleted again.",
    Act.UNDO: "What was undone is done again.",
}


def meaning(operation: Operation) -> list[str | Part]:
    """What will happen, in sentences."""
    by = f" by {operation.who}" if operation.who else ""
    usual = (
        "Its fields get the values that they had."
        if operation.records == 1
        else ("Their fields get the values that they had.")
    )
    return [
        Part(f"#{operation.id}  {operation.act.label}: {operation.title}", "strong"),
        Part(f"{local(operation.at)}{by}", "dim"),
        "",
        MEANING.get(operation.act, usual),
        "What was changed since stays as it is, and is named afterwards.",
    ]
