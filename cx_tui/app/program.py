"""The program on the screen: themes, the palette, the help page; the screens do the rest."""

import asyncio
import gc
import signal
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.events import Event, Key
from textual.screen import Screen

from cx_tui.app.cells_of_any_grid import CellsOfAnyGrid
from cx_tui.app.following import FollowingOthers
from cx_tui.app.hasty_keys import Staying
from cx_tui.app.helping import Helping
from cx_tui.app.quitting import Quitting
from cx_tui.app.terminal_link import TerminalLink
from cx_tui.app.themes import DARK, LIGHT, WITHOUT_COLOR
from cx_tui.app.unconfirmed import countdown
from cx_tui.config import Settings
from cx_tui.domain.rights import ALL_RIGHTS
from cx_tui.errors import CxError, Misconfigured
from cx_tui.screens.customers import CustomersScreen
from cx_tui.screens.program import Keeps
from cx_tui.screens.read_only import WRITE
from cx_tui.services.workspace import Workspace
from widgets.duties import has_duties
from widgets.function_keys import HELP, LINK
from widgets.grid import ASCII, UNICODE, Glyphs, Grid
from widgets.line import Part
from widgets.text import visible

if TYPE_CHECKING:
    from cx_tui.screens.reports.said_screen import Said
    from cx_tui.services.session import Session

WIDE = 110
"""From so many columns a header says more."""

SAID_KEPT = 200
"""So many messages can be read again."""

TONES = {"red": "bad", "yellow": "warn", "green": "good", "blue": "accent"}
"""The tones of the colours that a database may have."""


@has_duties
class CxApp(Staying):
    """CX TUI."""

    TITLE = "CX TUI"
    ENABLE_COMMAND_PALETTE = False
    # The first screen's sheet is read together with the house rules: reading twice costs 10 ms.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "../screens/customers/customers.tcss"]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy_cells", "copy", show=False, id="app.copy_cells",
                tooltip="Copy this cell, or the marked cells."),
        Binding(f"question_mark,{HELP}", "help", "help", id="app.help",
                tooltip="Show the keys of this page."),
        Binding("colon,ctrl+p", "command_palette", "palette", show=False, id="app.palette",
                tooltip="Find anything that can be done, by its name."),
        Binding("C", "copy_command", "as command", show=False, id="app.command",
                tooltip="Copy what this screen shows as a command that prints the same."),
        Binding("q", "quit", "quit", show=False, id="app.quit", tooltip="Leave the program."),
        # Textual's own key for this, everywhere: over a dialog and in a box one types into, too.
        Binding("ctrl+q", "quit", "quit", show=False, priority=True, id="app.quit_anywhere",
                tooltip="Leave the program from any screen."),
        Binding("ctrl+c", "stop", "stop", show=False, id="app.stop",
                tooltip="Stop a search that runs; what is selected is copied. It never ends the program."),
        Binding(LINK, "link", "link", show=False, id="app.link",
                tooltip="Show the bytes and the round trip of the last key, or hide them."),
        Binding("ctrl+l", "repaint", "repaint", show=False, id="app.repaint",
                tooltip="Draw the screen again."),
    ]  # fmt: skip

    def __init__(
        self,
        settings: Settings,
        workspace: Workspace,
        connect: Callable[[], Awaitable["Session"]],
        *,
        place: tuple[str, str] = ("", ""),
        ascii: bool = False,
        colored: bool = True,
    ) -> None:
        super().__init__(ansi_color=not colored)
        self.settings = settings
        self.workspace = workspace
        self.ascii = ascii
        self._connect = connect
        self._opening_database: asyncio.Task[Session] | None = None
        self._place = place
        self._colored = colored
        self.rights = ALL_RIGHTS
        self.away = ""
        """Why the database does not answer, as a sentence; "" when it does."""
        self.link = TerminalLink(self)
        self.following = FollowingOthers(self)
        self.cells = CellsOfAnyGrid(self)
        self.helping = Helping(self)
        self.quitting = Quitting(self)
        self.duties = (self.link, self.cells, self.helping, self.quitting)
        self.said: deque[Said] = deque(maxlen=SAID_KEPT)
        self._dress()

    def get_default_screen(self) -> Screen[Any]:
        """The program begins at the customers."""
        return CustomersScreen()

    def on_mount(self) -> None:
        """End in order when the terminal or the system says so."""
        for ending in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGABRT):
            # Textual would die without giving the terminal back.
            asyncio.get_running_loop().add_signal_handler(
                ending, partial(self.exit, return_code=128 + ending)
            )
        if self._colored and self.settings.look.theme not in self.available_themes:
            themes = ", ".join(sorted(self.available_themes))
            self.notify(f'There is no theme "{self.settings.look.theme}"; there are {themes}.')

    def _dress(self) -> None:
        """Put the theme on before anything is drawn: changing it later reads every sheet again."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        wanted = self.settings.look.theme if self._colored else WITHOUT_COLOR
        self.theme = wanted if wanted in self.available_themes else DARK.name
        if self.settings.keys:
            self.set_keymap(dict(self.settings.keys))

    def exit(self, *given: Any, **more: Any) -> None:
        """End; what was on the screen, and what was typed, is kept for the next start."""
        try:
            for screen in self.opened:
                if isinstance(screen, Keeps):
                    with suppress(CxError):  # who leaves was told before
                        screen.keep()
        finally:
            super().exit(*given, **more)
            # What still reads would come back to a screen that is no longer there.
            self.workers.cancel_all()

    async def services(self) -> "Session":
        """What operators can do; the first caller opens the database, a failed one may try again."""
        if self._opening_database is None or (
            self._opening_database.done() and self._opening_database.exception()
        ):
            self._opening_database = asyncio.ensure_future(self._connect())
        try:
            session = await asyncio.shield(self._opening_database)
        except Misconfigured as error:
            # Trying again would not help; the sentence says what to do before the next start.
            self.exit(return_code=2, message=f"cx-tui: {visible(str(error))}")
            raise
        if self.rights != session.rights and not self.settings.database.read_only:
            self.rights = session.rights
            self.screen.refresh_bindings()
        return session

    async def on_unmount(self) -> None:
        """Give the database back."""
        if self.session:
            await self.session.close()

    def started(self) -> None:
        """Live rows are on the screen: garbage is collected again, and others are heard from now on."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        if self.session:
            self.following.begin(self.session)

    @property
    def glyphs(self) -> Glyphs:
        """The signs that the terminal can draw."""
        return ASCII if self.ascii else UNICODE

    def notify(self, message: str, **more: Any) -> None:
        """Say something at the edge of the screen; it may hold a customer's name, which is text."""
        self.said.append((datetime.now(UTC), more.get("severity", "information"), visible(message)))
        super().notify(visible(message), **{**more, "markup": False})

    @on(Grid.CellsMarked)
    def cells_marked(self, event: Grid.CellsMarked) -> None:
        """Say what the marked cells come to, where the screen of their grid does not."""
        self.cells.say(event.grid)

    def on_link_measured(self) -> None:
        """Say how the link fares."""
        self.link.measured()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Cells are copied where a grid has the focus."""
        return isinstance(self.focused, Grid) if action == "copy_cells" else True

    def refuses(self, binding_id: str | None) -> bool:
        """Whether this session refuses what a key does: it is shown dim then."""
        return self.settings.database.read_only and binding_id in WRITE

    def place(self) -> list[Part]:
        """Which database this is, and who sits here."""
        user = self._place[1]
        who = f"{user} ({self.rights.role})" if self.rights.role not in ("", "owner") else user
        # The list of customers says it with the time.
        away = self.away and not isinstance(self.screen, CustomersScreen)
        gone = [Part("the database is away", "bad", keep=True)] if away else []
        place = [self.database(), Part(who, "dim")]
        return [*gone, *self.link.parts(), *countdown(self.session, wide=self.size.width >= WIDE), *place]

    @property
    def session(self) -> "Session | None":
        """The services, when they are there."""
        ready = (
            self._opening_database
            and self._opening_database.done()
            and not self._opening_database.exception()
        )
        return self._opening_database.result() if self._opening_database and ready else None

    @property
    def counts_down(self) -> bool:
        """Whether the header says how long something lasts."""
        return bool(countdown(self.session, wide=False))

    def database(self) -> Part:
        """Which database it is, for a question before something is done to it."""
        return Part(self._place[0], TONES.get(self.settings.database.color, "strong"), keep=True)

    async def pause(self, seconds: float) -> None:
        """Wait, as for a pause in typing."""
        await asyncio.sleep(seconds)

    async def on_event(self, event: Event) -> None:
        """Let the tour hear keys, which go on to where they are meant for."""
        if (tour := self.helping.tour) and isinstance(event, Key) and not event.is_forwarded:
            tour.heard(event.key)
        await super().on_event(event)

    # In place of Textual's own

    async def action_quit(self) -> None:
        """Leave the program; ask first, once, when something is not saved."""
        self.quitting.begin()

    def action_command_palette(self) -> None:
        """Find what can be done here, and do it."""
        self.helping.open_palette()

    def action_change_theme(self) -> None:
        """Choose the colours, until the program ends."""
        self.helping.choose_theme()

    def act(self, action: str, node: object) -> None:
        """Do what a key would do there."""
        self.run_worker(self.run_action(action, node))  # type: ignore[arg-type]  # a widget, screen or app
