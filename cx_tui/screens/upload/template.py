"""A file to fill in, with all columns and one example row."""

import asyncio
from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from cx_tui.screens.upload.files import file_name_of
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.upload.upload_screen import UploadScreen


class Template(Duty):
    """Writes one."""

    host: "UploadScreen"

    @work(group="choose", exclusive=True, name=OPENS)
    async def action_template(self) -> None:
        """Write a file with all columns and one example row."""
        from cx_tui.screens.ask_path import AskPath
        from cx_tui.services.export.exporting import write_template

        folder = self.host.reading.start_folder()
        title = "Write a file with all columns and one example row to"
        path = await self.host.app.push_screen_wait(
            AskPath(title, f"{folder}{file_name_of(self.host.declared)}-template.csv", [".csv", ".xlsx"])
        )
        if path is None:
            return
        try:
            await asyncio.to_thread(write_template, path, self.host.record)
        except CxError as error:
            self.host.notify(f"It was not written: {error}.", severity="error", timeout=10)
        else:
            self.host.notify(f"All columns with one example row are in {path}.")
            self.host.picker.look_again()
