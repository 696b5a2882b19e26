"""Writing the PDFs of the marked invoices into a folder, while keys are answered."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from textual.screen import Screen

from cx_tui.domain.kinds import BadValue
from cx_tui.domain.records.invoice import Invoice
from cx_tui.domain.selection import Selection
from cx_tui.errors import CxError
from cx_tui.screens.ask import Ask
from cx_tui.screens.program import Program
from cx_tui.screens.progress import Progress, Report


async def write_pdfs(screen: Screen[Any], selection: Selection) -> None:
    """Ask for a folder, and print these invoices into it."""
    app = screen.app
    try:
        session = await cast(Program, app).services()
        ids = await session.bulk_of(Invoice).chosen(selection)
    except CxError as error:
        screen.notify(f"{error}", severity="error")
        return
    what = "1 PDF" if len(ids) == 1 else f"{len(ids):,} PDFs"
    folder = await app.push_screen_wait(
        Ask(
            f"Write {what} into which folder?", _folder, does="write them",
            text=str(Path.cwd() / "invoices"), explains="Each file is named by its number.",
        )
    )  # fmt: skip
    if folder is None:
        return
    written = await app.push_screen_wait(
        Progress(
            f"Writing {what}", lambda report: _write(session, ids, folder, report),
            stopped="It was stopped; the PDFs that were written stay.",
        )
    )  # fmt: skip
    if written is not None:
        screen.notify(f"{written:,} {'PDF is' if written == 1 else 'PDFs are'} in {folder}.")


async def _write(session: Any, ids: Sequence[int], folder: Path, report: Report) -> int:
    from cx_tui.services.money.printing_many import PrintingMany

    async with PrintingMany(session.money.invoices, folder) as printing:
        for one in ids:
            await printing.add(one)
            report(printing.printed, len(ids))
    return printing.printed


def _folder(text: str) -> Path:
    """A folder that is there, or can be made in one that is."""
    folder = Path(text).expanduser()
    if not text:
        raise BadValue("name a folder")
    if folder.exists() and not folder.is_dir():
        raise BadValue("that is a file; name a folder")
    if not folder.parent.is_dir():
        raise BadValue(f"there is no folder {folder.parent}")
    return folder
