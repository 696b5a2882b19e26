"""Deleting records: what goes is said first, and afterwards how they can be brought back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from cx_tui.domain.selection import Selection
from cx_tui.screens.approvals.ask import ask_for_approval
from cx_tui.screens.confirm import Confirm
from cx_tui.screens.progress import Progress
from cx_tui.screens.read_only import may_write
from cx_tui.screens.stakes import counted, gone, listed, live_calls, short, to_type
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.services.changes.bulk import BulkChanges, Done
    from cx_tui.services.changes.selected import Stake

LOG = "customers.log_of_all"
NAMED = 3
"""So many of them are named."""


@dataclass(frozen=True)
class Doomed:
    """The records that would go, the names of the first of them, and what goes with them."""

    ids: Sequence[int]
    names: Sequence[str]
    stake: "Stake"


async def delete_records(screen: Screen[Any], together: "BulkChanges", selection: Selection) -> "Done | None":
    """Delete records when the operator agrees; to be awaited in a worker that is not exclusive.

    None when nothing was deleted, which the operator has then chosen or read.
    """
    app = screen.app
    if not may_write(screen, need=("delete", together.record.declared.name)):
        return None
    doomed = await app.push_screen_wait(
        Progress(
            "Looking at what would go", lambda _: look(together, selection), stopped="Nothing was deleted."
        )
    )
    if doomed is None:
        return None
    if not doomed.ids:
        screen.notify(gone(doomed.stake.kind), severity="warning")
        return None
    number = len(doomed.ids)
    agreed = await app.push_screen_wait(
        Confirm(title(doomed), what_goes(doomed), yes="Delete", typed=to_type(number), no="Keep")
    )
    if not agreed:
        return None
    progress = Progress(
        f"Deleting {doomed.stake.kind.so_many(number)}",
        lambda report: together.delete(doomed.ids, report),
        stopped="It was stopped; nothing was deleted.",
    )
    done = await app.push_screen_wait(progress)
    if progress.need:
        await ask_for_approval(screen, progress.need)
    if done:
        app.notify(deleted(done, doomed, _log_key(screen)))
    return done


async def look(together: "BulkChanges", selection: Selection) -> Doomed:
    """What would go."""
    ids = await together.chosen(selection)
    stake = await together.stake(ids)
    names = [name for name, _ in await together.distinct(ids[:NAMED], stake.kind.names)]
    return Doomed(ids, sorted(names, key=str.casefold), stake)


def title(doomed: Doomed) -> str:
    """The question."""
    kind = doomed.stake.kind
    if len(doomed.ids) == 1:
        what = "" if doomed.stake.has_calls else f"the {kind.one} "
        return f'Delete {what}"{short(doomed.names[0])}"?'
    return f"Delete {kind.so_many(len(doomed.ids))}?"


def what_goes(doomed: Doomed) -> list[str | Part]:
    """What goes, in sentences."""
    number, stake = len(doomed.ids), doomed.stake
    lines: list[str | Part] = []
    if number > 1:
        names = [short(name, 40) for name in doomed.names]
        more = [f"{number - len(names):,} more"] if number > len(names) else []
        lines.append(f"{listed([*names, *more])}.")
    them = "it" if number == 1 else "them"
    if stake.contacts:
        lines.append(f"{counted(stake.contacts, 'contact goes', 'contacts go')} with {them}.")
    if stake.waiting:
        waiting = counted(stake.waiting, "delayed change that waits", "delayed changes that wait")
        lines.append(Part(f"{waiting} will not be made.", "warn"))
    if stake.has_calls:
        lines.append(Part(f"{live_calls(stake).capitalize()}.", "bad" if stake.live else "dim"))
    lines += stake.says
    stay = "It stays" if number == 1 else "They stay"
    lines.append(Part(f"{stay} in the log, which can bring {them} back.", "dim"))
    return lines


def deleted(done: "Done", doomed: Doomed, log_key: str = "") -> str:
    """What was done, and how to undo it."""
    if not done.changed:
        return gone(doomed.stake.kind)
    what = f'"{short(doomed.names[0])}"' if len(doomed.ids) == 1 else doomed.stake.kind.so_many(done.changed)
    already = len(doomed.ids) - done.changed
    more = f", {already:,} had gone already" if already else ""
    where = f"the log (key {log_key})" if log_key else "the log"
    return f"{what} deleted{more}; undo it from {where}: operation {done.operation_id}."


def _log_key(screen: Screen[Any]) -> str:
    """The key that opens the log of all operations, as it is bound now."""
    bindings = (active.binding for active in screen.active_bindings.values())
    return next((screen.app.get_key_display(each) for each in bindings if each.id == LOG), "")
