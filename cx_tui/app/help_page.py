"""The page of keys, from which the guide is one key away."""

from typing import Any, ClassVar

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType

from cx_tui.errors import CxError
from cx_tui.terminal.in_order import OPENS
from widgets.function_keys import HELP
from widgets.grid import UNICODE, Glyphs
from widgets.key_help import HelpPage


class Help(HelpPage):
    """The keys of a page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(f"{HELP},d", "guide", "guide", show=False, id="help.guide",
                tooltip="Choose a page of the documentation, and read it here."),
    ]  # fmt: skip

    @work(name=OPENS)
    async def action_guide(self) -> None:
        """Choose a page of the guide."""
        await choose_page(self.app)


async def choose_page(app: App[Any], glyphs: Glyphs = UNICODE) -> None:
    """Have a page of the guide chosen, and show it."""
    from cx_tui.app.guide import PageScreen, pages, title_of
    from widgets.menu import Item, Menu

    try:
        found = pages()
    except CxError as error:
        app.notify(str(error), severity="warning")
        return
    items = [Item(name, title_of(path)) for name, path in found.items()]
    chosen = await app.push_screen_wait(Menu("Guide", items, glyphs=glyphs))
    if chosen is not None:
        await app.push_screen_wait(PageScreen(found[chosen]))
