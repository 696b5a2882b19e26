"""The program on the screen: themes, the palette, the help page; the screens do the rest."""

import asyncio
import gc
import signal
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Event, Key
from textual.screen import Screen

from cx_tui.app.marked_cells import CountsCells
from cx_tui.app.themes import DARK, LIGHT, WITHOUT_COLOR
from cx_tui.app.unconfirmed import countdown, may_leave
from cx_tui.config import Settings
from cx_tui.domain.rights import ALL_RIGHTS
from cx_tui.errors import CxError, Misconfigured
from cx_tui.screens.customers import CustomersScreen
from cx_tui.screens.program import Keeps
from cx_tui.screens.read_only import WRITE
from cx_tui.services.workspace import Workspace
from widgets.function_keys import HELP
from widgets.grid import ASCII, UNICODE, Glyphs
from widgets.line import Part
from widgets.text import visible

if TYPE_CHECKING:
    from cx_tui.app.tour import Tour
    from cx_tui.screens.reports.said_screen import Said
    from cx_tui.services.session import Session

WIDE = 110
"""From so many columns a header says more."""

SAID_KEPT = 200
"""So many messages can be read again."""

TOUR_STAYS = 3600.0
"""Seconds for which a step of the tour is shown: until it is done."""
TONES = {"red": "bad", "yellow": "warn", "green": "good", "blue": "accent"}
"""The tones of the colours that a database may have."""


class CxApp(CountsCells):
    """CX TUI."""

    TITLE = "CX TUI"
    ENABLE_COMMAND_PALETTE = False
    # The first screen's sheet is read together with the house rules: reading twice costs 10 ms.
    CSS_PATH: ClassVar[list[str | PurePath]] = ["app.tcss", "../screens/customers/customers.tcss"]

    BINDINGS: ClassVar[list[BindingType]] = [
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
        self._session: asyncio.Task[Session] | None = None
        self._place = place
        self._colored = colored
        self.rights = ALL_RIGHTS
        self._tour: Tour | None = None
        self.said: deque[Said] = deque(maxlen=SAID_KEPT)
        self._dress()

    def get_default_screen(self) -> Screen[Any]:
        """The program begins at the customers."""
        return CustomersScreen()

    def on_mount(self) -> None:
        """End in order when the terminal or the system says so."""
        for ending in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGABRT):
            # Textual would die without giving the terminal back.
            asyncio.get_running_loop().add_signal_handler(ending, self._end, 128 + ending)
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

    def _end(self, code: int) -> None:
        self.exit(return_code=code)

    async def services(self) -> "Session":
        """What operators can do; the first caller opens the database, a failed one may try again."""
        if self._session is None or (self._session.done() and self._session.exception()):
            self._session = asyncio.ensure_future(self._connect())
        try:
            session = await asyncio.shield(self._session)
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
        if self._services:
            await self._services.close()

    def started(self) -> None:
        """Live rows are on the screen: garbage is collected again, and others are heard from now on."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        if self._services:
            self.start_following(self._services)

    @property
    def glyphs(self) -> Glyphs:
        """The signs that the terminal can draw."""
        return ASCII if self.ascii else UNICODE

    def notify(self, message: str, **more: Any) -> None:
        """Say something at the edge of the screen; it may hold a customer's name, which is text."""
        self.said.append((datetime.now(UTC), more.get("severity", "information"), visible(message)))
        super().notify(visible(message), **{**more, "markup": False})

    def refuses(self, binding_id: str | None) -> bool:
        """Whether this session refuses what a key does: it is shown dim then."""
        return self.settings.database.read_only and binding_id in WRITE

    def place(self) -> list[Part]:
        """Which database this is, and who sits here."""
        label, user = self._place
        who = f"{user} ({self.rights.role})" if self.rights.role not in ("", "owner") else user
        # The list of customers says it with the time.
        away = self.away and not isinstance(self.screen, CustomersScreen)
        gone = [Part("the database is away", "bad", keep=True)] if away else []
        place = [Part(label, self.database_tone, keep=True), Part(who, "dim")]
        return [*gone, *self.link_parts(), *self._countdown(), *place]

    async def may_end(self) -> bool:
        """Ask, when somebody has to stay for what is not confirmed."""
        return await may_leave(self, self._services)

    @property
    def _services(self) -> "Session | None":
        """The services, when they are there."""
        ready = self._session and self._session.done() and not self._session.exception()
        return self._session.result() if self._session and ready else None

    @property
    def counts_down(self) -> bool:
        """Whether the header says how long something lasts."""
        return bool(self._countdown())

    def _countdown(self) -> list[Part]:
        return countdown(self._services, wide=self.size.width >= WIDE)

    @property
    def database_tone(self) -> str:
        """How the name of the database is shown everywhere."""
        return TONES.get(self.settings.database.color, "strong")

    def database(self) -> Part:
        """Which database it is, for a question before something is done to it."""
        return Part(self._place[0], self.database_tone, keep=True)

    async def pause(self, seconds: float) -> None:
        """Wait, as for a pause in typing."""
        await asyncio.sleep(seconds)

    def action_command_palette(self) -> None:
        """Find what can be done here, and do it."""
        from cx_tui.app.palette import found_here
        from widgets.palette import Palette

        if isinstance(self.screen, Palette):
            return
        here, recent = found_here(self, self.screen), self.workspace.done_lately()

        def do(place: int | None) -> None:
            if place is None:
                return
            entry, act = here[place]
            self.workspace.keep_done_lately([entry.name, *(name for name in recent if name != entry.name)])
            act()

        self.push_screen(Palette([entry for entry, _ in here], recent, glyphs=self.glyphs), do)

    def action_change_theme(self) -> None:
        """Choose the colours, until the program ends."""
        from widgets.menu import Item, Menu

        def dress(chosen: str | None) -> None:
            self.theme = chosen or self.theme

        themes = [Item(name, name) for name in sorted(self.available_themes)]
        self.push_screen(Menu("Colours", themes, self.theme, glyphs=self.glyphs), dress)

    def open_guide(self) -> None:
        """Have a page of the documentation chosen, and show it."""
        from cx_tui.app.help_page import choose_page

        self.run_worker(choose_page(self, self.glyphs))

    def begin_tour(self) -> None:
        """Lead through ten things with their keys."""
        from cx_tui.app.tour import Tour

        self._tour = Tour(self._say_tour)

    def _say_tour(self, sentence: str) -> None:
        """Show a step in place of the one before."""
        self.clear_notifications()
        if sentence:
            self.notify(sentence, timeout=TOUR_STAYS)

    async def on_event(self, event: Event) -> None:
        """Let the tour hear keys, which go on to where they are meant for."""
        if self._tour and isinstance(event, Key) and not event.is_forwarded:
            self._tour.heard(event.key)
        await super().on_event(event)

    def action_copy_command(self) -> None:
        """Copy what this screen shows as a command."""
        from cx_tui.screens.as_command import command_of
        from cx_tui.terminal.clipboard import copy

        try:
            said = command_of(self.screen)
        except CxError as error:
            self.notify(f"There is no command for this: {error}.", severity="warning")
            return
        if said is None:
            self.notify("No command prints what this screen shows.", severity="warning")
            return
        copy(self, said, self.settings.clipboard.limit)
        self.notify(f"Sent to the clipboard of your terminal: {said}")

    def act(self, action: str, node: object) -> None:
        """Do what a key would do there."""
        self.run_worker(self.run_action(action, node))  # type: ignore[arg-type]  # a widget, screen or app

    def action_help(self) -> None:
        """Show the keys of this page."""
        from cx_tui.app.help_page import Help
        from widgets.key_help import HelpPage, groups_of

        page = self.screen.title or "this page"
        if not isinstance(self.screen, HelpPage):
            self.push_screen(Help(f"Keys of {page}", groups_of(self.screen)))
