"""The invoice templates of the setup, and what an invoice looks like with them."""

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cx_tui.errors import CxError
from cx_tui.screens.list.record_list import RecordList
from cx_tui.services.loading import loaded
from cx_tui.terminal.in_order import OPENS


class TemplateList(RecordList):
    """The list of templates."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("P", "preview", "preview", id="templates.preview",
                tooltip="Write a sample invoice with this template as a PDF, to see what it looks like."),
    ]  # fmt: skip

    @work(group="act", name=OPENS)
    async def action_preview(self) -> None:
        """Write a sample with the template under the cursor."""
        from cx_tui.screens.ask_path import AskPath
        from cx_tui.services.money.sample import sample_of

        if self.row is None:
            return
        try:
            template = await (await self.cx.services()).records_of["invoice-template"].get(self.row.key)
            path = await self.app.push_screen_wait(
                AskPath("Write a sample invoice as", str(Path.cwd() / "sample-invoice.pdf"), (".pdf",))
            )
            if path is None:
                return
            printing = await loaded("cx_tui.services.money.printing")
            size = await asyncio.to_thread(printing.write_pdf, sample_of(template), path)
        except CxError as error:
            self.notify(f"Nothing was written: {error}.", severity="error", timeout=10)
            return
        self.notify(f"{path} has {size:,} bytes.  Change the template and write it again.")
