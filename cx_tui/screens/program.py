"""What screens need of the program that shows them."""

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual.screen import Screen

from cx_tui.config import Settings
from cx_tui.domain.rights import Rights
from cx_tui.services.workspace import Workspace
from widgets.grid import Glyphs
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.domain.news import News
    from cx_tui.services.session import Session


class Link(Protocol):
    """The way to the terminal, as far as screens know it."""

    def lag(self) -> float:
        """Seconds that the terminal took to take the last frame."""

    def keep_screen(self, screen: Screen[Any]) -> None:
        """Keep what this screen shows, to be shown at the next start before anything is loaded."""


class Program(Protocol):
    """The program, as far as its screens know it."""

    settings: Settings
    workspace: Workspace
    ascii: bool
    away: str
    """Why the database does not answer, as a sentence; "" when it does."""
    rights: Rights
    """What the login may do; all as long as that is not known."""
    typed_at: float
    """When the key came whose turn it is."""

    @property
    def link(self) -> Link:
        """The way to the terminal."""

    @property
    def counts_down(self) -> bool:
        """Whether the header says how long something lasts."""

    @property
    def glyphs(self) -> Glyphs:
        """The signs that the terminal can draw."""

    async def services(self) -> "Session":
        """What operators can do, when the database is open."""

    def started(self) -> None:
        """Live rows are on the screen."""

    def place(self) -> list[Part]:
        """Which database this is, and who sits here."""

    def database(self) -> Part:
        """Which database it is, for a question before something is done to it."""

    def quiet(self) -> bool:
        """Whether nobody is typing: what comes unasked would take keys that are not meant for it."""

    async def pause(self, seconds: float) -> None:
        """Wait, as for a pause in typing."""


@runtime_checkable
class Keeps(Protocol):
    """A screen that has something to keep when the program ends."""

    def keep(self) -> None:
        """Keep it, at once; CxError when that can't be done."""


@runtime_checkable
class Unsaved(Protocol):
    """A screen into which something may have been typed that is not saved."""

    def unsaved(self) -> int:
        """How many fields."""


@runtime_checkable
class Follows(Protocol):
    """A screen that shows what others do."""

    def follow(self, news: "News") -> None:
        """Others have done something."""

    def link_changed(self) -> None:
        """The database does not answer any more, or does again."""


@runtime_checkable
class Stops(Protocol):
    """A screen on which something may run that the operator waits for."""

    def stop(self) -> bool:
        """Stop it: whether anything did run."""
