"""The part of the send screen that counts: whom the message will reach, while one already writes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual import work

from cx_tui.domain.outbox import Way
from cx_tui.domain.selection import Selection
from cx_tui.errors import CxError
from cx_tui.screens.form.drafting import DraftingForm
from cx_tui.screens.header import Header
from cx_tui.screens.present import spaced
from cx_tui.screens.program import Program
from cx_tui.screens.send import send_sentences
from cx_tui.screens.send.keys import key_of
from cx_tui.screens.send.kinds import Sort
from cx_tui.screens.send.people import People
from cx_tui.screens.stakes import customers
from cx_tui.screens.window import Window
from cx_tui.services.sending.delivery import Delivery
from widgets.line import Line, Part

if TYPE_CHECKING:
    pass

SLICE = 2_000
"""So many customers are counted at a time: the program stays awake meanwhile."""


class CountingScreen(Window[bool], DraftingForm):
    """A screen that counts the contacts of some customers."""

    def __init__(self, selection: Selection) -> None:
        super().__init__()
        self.selection = selection
        self.ids: Sequence[int] | None = None
        self.by_way: dict[tuple[Way, bool], People] = {}
        self._counting: set[tuple[Way, bool]] = set()
        self._failed: set[tuple[Way, bool]] = set()
        self._post: Delivery | None = None

    @property
    def cx(self) -> Program:
        """The program."""
        return cast(Program, self.app)

    @property
    def sort(self) -> Sort:
        """What is written now."""
        raise NotImplementedError

    @property
    def people(self) -> People:
        """Whom it is for, as far as they are counted."""
        return self.by_way.get(self._for) or People()

    @property
    def service(self) -> bool:
        """Whether what is written now goes to those who have opted out, too."""
        raise NotImplementedError

    @property
    def _for(self) -> tuple[Way, bool]:
        return self.sort.way, self.service

    @work(group="count")
    async def count(self) -> None:
        """Count who can be reached by what is written now."""
        what = way, service = self._for
        if what in self._counting or (what in self.by_way and self.by_way[what].done):
            return
        self._counting.add(what)
        self._failed.discard(what)
        people = self.by_way[what] = People()
        try:
            session = await self.cx.services()
            self._post = session.delivery
            if self.ids is None:
                self.ids = await session.bulk.chosen(self.selection)
            for first in range(0, len(self.ids), SLICE):
                part = self.ids[first : first + SLICE]
                people.add(await session.outbox.recipients(way, part, service=service), len(part))
                self.show_people()
            people.done = True
        except CxError as error:
            self._failed.add(what)
            self.notify(f"The recipients can't be counted: {error}.", severity="error", timeout=10)
        finally:
            self._counting.discard(what)
        self.show_people()
        self.counted()

    def counted(self) -> None:
        """All are counted."""

    def show_people(self) -> None:
        """Say whom it is for."""
        number = customers(len(self.ids)) if self.ids is not None else "the marked customers"
        parts = [Part(f"Send to the contacts of {number}", "strong")]
        way = self.sort.way
        if self._post and not self._post.knows(way):
            parts.append(Part(f"! {send_sentences.not_set(way)}", "warn"))
        self.query_one(Header).say(*parts)
        people, line = self.people, self.query_one("#people", Line)
        said = send_sentences.reached(people, way)
        if people.done:
            line.show(*spaced(said))
        elif self._for in self._failed:
            key = key_of(self, "send.recipients")
            line.show(Part(f"not counted; {key} tries again", "bad"))
        elif people.looked:
            line.show(*spaced([*said, Part(f"counting, {customers(people.looked)} so far", "dim")]))
        else:
            line.show(Part("counting …", "dim"))
