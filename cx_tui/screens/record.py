"""Every field of one customer, to read."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from cx_tui.domain.columns import list_columns
from cx_tui.errors import CxError
from cx_tui.screens.as_command import words_of
from cx_tui.screens.present import ALWAYS, credit_in_words, full_text, warnings_of
from widgets.line import Line, Part
from widgets.picker import LineList

if TYPE_CHECKING:
    from cx_tui.services.lists.listing import Listing

LABEL_WIDTH = 22


class RecordScreen(ModalScreen[None]):
    """A sheet with all values, by group, and the warnings on top."""

    CSS_PATH = "record.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "Close", id="record.close", tooltip="Back to the list."),
    ]

    sheet = getters.query_one("#sheet", LineList)

    def __init__(self, listing: "Listing", customer_id: int) -> None:
        super().__init__()
        self._listing = listing
        self._customer_id = customer_id

    def command(self) -> str:
        """The same as a command."""
        return words_of(
            "list",
            None,
            "--where",
            f"id={self._customer_id}",
            "--columns",
            ",".join(list_columns()),
            "--json",
        )

    def compose(self) -> ComposeResult:
        """The title and the sheet."""
        with Vertical():
            yield Line(id="title")
            yield LineList(cursor=False, id="sheet")

    def on_mount(self) -> None:
        """Read the record."""
        self.set_focus(self.sheet)
        self.read()

    @work(exclusive=True)
    async def read(self) -> None:
        """Read the record and show it."""
        title = self.query_one("#title", Line)
        try:
            found = await self._listing.again([self._customer_id], (*ALWAYS, *list_columns()))
        except CxError as error:
            title.show(Part(str(error), "bad"))
            return
        if self._customer_id not in found:
            title.show(Part("This customer has been deleted in the meantime.", "warn"))
            return
        values = found[self._customer_id]
        title.show(Part(values["name"], "strong"), f"   #{values['id']}", right=[Part("esc closes", "dim")])
        self.sheet.show_lines(_sheet(values))

    def action_leave(self) -> None:
        """Back to the list."""
        self.dismiss(None)


def _sheet(values: Any) -> list[list[tuple[Part, int]]]:
    lines = [[(Part(""), 0)], *([(one, 0)] for one in warnings_of(values["warning_mask"]))]
    lines.append([(Part(credit_in_words(values)), 0)])
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, column in list_columns().items():
        label = "Warnings" if name == "warnings" else column.label
        groups.setdefault(column.group, []).append((label, full_text(values, name).strip()))
    for group, entries in groups.items():
        lines += [[(Part(""), 0)], [(Part(group, "strong"), 0)]]
        lines += [[(Part(label, "dim"), LABEL_WIDTH), (Part(text), 0)] for label, text in entries]
    return lines
