"""How the file of an upload is read, and what may be done with its rows: the choices of its keys."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cx_tui.screens.upload import upload_sentences
from cx_tui.screens.upload.files import typable
from cx_tui.screens.upload.source import shorter
from cx_tui.services.upload.order import Mode, upload_fields
from cx_tui.services.upload.record_keys import keys_of
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work
from widgets.menu import Item, Menu

if TYPE_CHECKING:
    from cx_tui.screens.upload.upload_screen import UploadScreen

FOUND_OUT = "Found out from the file"


class Choices(Duty):
    """Asks for them by menus, or turns them round."""

    host: "UploadScreen"

    @work(group="choose", exclusive=True, name=OPENS)
    async def action_encoding(self) -> None:
        """Choose the encoding of the file."""
        if not self.host.plan or not self.host.reading.head.encoding:
            self._only("Only a file of text has an encoding.")
            return
        chosen = await self.chosen_encoding("The file is written in")
        if chosen is not None:
            self.host.reading.read_as(replace(self.host.plan.how, encoding=chosen))

    async def chosen_encoding(self, title: str) -> str | None:
        """Ask for the encoding: those that are likely come first, each with a line as it reads in it."""
        likely = dict(self.host.reading.head.likely)
        items = [Item(name, upload_sentences.encoding(name), shorter(line)) for name, line in likely.items()]
        others = [name for name in upload_sentences.OFFERED if name not in likely]
        items += [] if likely else [Item("", FOUND_OUT)]
        items += [Item(name, upload_sentences.encoding(name)) for name in others]
        now = self.host.plan.how.encoding if self.host.plan else ""
        return await self._menu(title, items, now or next(iter(likely), ""))

    def action_header_or_none(self) -> None:
        """The start row is the header, or data already."""
        plan, reading = self.host.plan, self.host.reading
        if plan and reading.head.header_row:
            reading.read_as(replace(plan.how, has_header=not plan.how.has_header))

    def action_decimal(self) -> None:
        """Numbers have a decimal comma, or a point."""
        if plan := self.host.plan:
            self.host.reading.read_as(replace(plan.how, decimal="." if plan.how.decimal == "," else ","))

    @work(group="choose", exclusive=True, name=OPENS)
    async def action_delimiter(self) -> None:
        """Choose what separates cells."""
        if not self.host.plan or not self.host.reading.head.encoding:
            self._only("Only a file of text has delimiters.")
            return
        how = self.host.plan.how
        items = [Item("", FOUND_OUT)]
        items += [
            Item(sign, name, sign if sign.strip() else "")
            for sign, name in upload_sentences.DELIMITERS.items()
        ]
        chosen = await self._menu("Between cells there is a", items, how.delimiter)
        if chosen is not None:
            self.host.reading.read_as(replace(how, delimiter=chosen))

    @work(group="choose", exclusive=True, name=OPENS)
    async def action_sheet(self) -> None:
        """Choose the sheet of a spreadsheet."""
        if not self.host.plan or not self.host.reading.head.sheets:
            self._only("Only a spreadsheet has sheets.")
            return
        how = self.host.plan.how
        now = self.host.reading.head.sheet or self.host.reading.head.sheets[0]
        chosen = await self._menu(
            "The sheet", [Item(name, name) for name in self.host.reading.head.sheets], now
        )
        if chosen is not None:
            self.host.reading.read_as(replace(how, sheet=chosen, start_row=1))

    def _only(self, why: str) -> None:
        if self.host.plan:
            self.host.notify(why)

    @work(group="choose", exclusive=True, name=OPENS)
    async def action_mode(self) -> None:
        """Choose what may be done with rows."""
        if not self.host.plan:
            return
        notes = {
            Mode.CREATE: f"{self.host.declared.several} that are there already are rejected",
            Mode.UPDATE: f"found by {self._found_by()}; new ones are rejected",
            Mode.BOTH: f"found by {self._found_by()}",
        }
        items = [Item(mode.value, mode.label, notes[mode]) for mode in Mode]
        chosen = await self._menu("What may be done with the rows", items, self.host.plan.mode.value)
        if chosen is not None:
            mode = next(mode for mode in Mode if mode.value == chosen)
            self.host.reading.change(replace(self.host.plan, mode=mode))

    def _found_by(self) -> str:
        """What finds the record of a row, in words."""
        if self.host.record == "customer":
            return "name, or external id"
        fields = upload_fields(self.host.record)
        return ", or ".join(
            " + ".join(fields[name].label for name in key) for key in keys_of(self.host.record)
        )

    def action_all_or_nothing(self) -> None:
        """Good rows go in whatever the others are, or nothing does when one is rejected."""
        if self.host.plan:
            self.host.reading.change(
                replace(self.host.plan, all_or_nothing=not self.host.plan.all_or_nothing)
            )

    @work(group="choose", exclusive=True, name=OPENS)
    async def action_rejects(self) -> None:
        """Choose where rejected rows are written."""
        from cx_tui.screens.ask_path import AskPath

        plan = self.host.plan
        if not plan:
            return
        title = "Rejected rows are written, with their reasons, to"
        suffix = plan.path.suffix.lower()
        path = await self.host.app.push_screen_wait(
            AskPath(title, typable(plan.rejects), [suffix] if suffix else [], asks=False)
        )
        if path == plan.path:
            self.host.notify("That is the file itself; choose another name.", severity="warning")
        elif isinstance(path, Path):
            self.host.reading.change(replace(self.host.plan or plan, rejects=path))

    async def _menu(self, title: str, items: Sequence[Item], chosen: str) -> str | None:
        return await self.host.app.push_screen_wait(Menu(title, items, chosen, glyphs=self.host.cx.glyphs))
