"""Asking for a second person, when an act needs one."""

from typing import Any, cast

from textual.screen import Screen

from cx_tui.domain.approvals import Wish
from cx_tui.domain.differences import in_words
from cx_tui.errors import CxError, NeedsApproval
from cx_tui.screens.ask import Ask
from cx_tui.screens.program import Program


async def ask_for_approval(screen: Screen[Any], need: NeedsApproval) -> bool:
    """Ask for a second person when the operator wants that: whether it was asked."""
    if need.wish is None:
        screen.notify(f"{need}.", severity="warning", timeout=10)
        return False
    reason = await screen.app.push_screen_wait(_question(screen, need.wish))
    if reason is None:
        return False
    try:
        number = await (await cast(Program, screen.app).services()).approvals.ask(need.wish, reason)
    except CxError as error:
        screen.notify(f"Not asked for: {error}.", severity="error", timeout=10)
        return False
    screen.app.notify(f"Asked for: request {number} waits for another person, for 24 hours (:approvals).")
    return True


def _question(screen: Screen[Any], wish: Wish) -> Ask[str]:
    """What needs a second person and why; a reason may be typed for who decides."""
    arrow = "->" if cast(Program, screen.app).ascii else "→"
    what = in_words(wish.record, wish.base, wish.wanted, arrow=arrow) or wish.act.label
    return Ask(
        "Ask for approval?", str, does="ask", example="the reason, for who decides",
        explains=f"{wish.title}: {what}\n\n{wish.why[:1].upper()}{wish.why[1:]}.",
    )  # fmt: skip
