"""Counting whom a message will reach, while one already writes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cx_tui.domain.outbox import Way
from cx_tui.domain.selection import Selection
from cx_tui.errors import CxError
from cx_tui.screens.header import Header
from cx_tui.screens.present import spaced
from cx_tui.screens.send import send_sentences
from cx_tui.screens.send.keys import key_of
from cx_tui.screens.send.people import People
from cx_tui.screens.stakes import customers
from cx_tui.services.sending.delivery import Delivery
from widgets.duties import Duty, work
from widgets.line import Line, Part

if TYPE_CHECKING:
    from cx_tui.screens.send.send_screen import SendScreen

SLICE = 2_000
"""So many customers are counted at a time: the program stays awake meanwhile."""


class Counting(Duty):
    """Counts the contacts of some customers, for each way once, and says how many there are."""

    host: "SendScreen"

    def __init__(self, host: "SendScreen", selection: Selection) -> None:
        super().__init__(host)
        self.selection = selection
        self.ids: Sequence[int] | None = None
        self._by_way: dict[tuple[Way, bool], People] = {}
        self._counting: set[tuple[Way, bool]] = set()
        self._failed: set[tuple[Way, bool]] = set()
        self._delivery: Delivery | None = None

    @property
    def people(self) -> People:
        """Whom it is for, as far as they are counted."""
        return self._by_way.get(self._for) or People()

    @property
    def is_awaited(self) -> bool:
        """Whether nobody is known yet of those who get what is written now."""
        return not (self.people.looked or self.people.done or self._for in self._failed)

    @property
    def _for(self) -> tuple[Way, bool]:
        return self.host.writing.sort.way, self.host.writing.service

    @work(group="count")
    async def count(self) -> None:
        """Count who can be reached by what is written now."""
        what = way, service = self._for
        if what in self._counting or (what in self._by_way and self._by_way[what].done):
            return
        self._counting.add(what)
        self._failed.discard(what)
        people = self._by_way[what] = People()
        try:
            session = await self.host.cx.services()
            self._delivery = session.delivery
            if self.ids is None:
                self.ids = await session.bulk.chosen(self.selection)
            for first in range(0, len(self.ids), SLICE):
                part = self.ids[first : first + SLICE]
                people.add(await session.outbox.recipients(way, part, service=service), len(part))
                self.show()
            people.done = True
        except CxError as error:
            self._failed.add(what)
            self.host.notify(f"The recipients can't be counted: {error}.", severity="error", timeout=10)
        finally:
            self._counting.discard(what)
        self.show()
        self.host.writing.measure_again()

    def show(self) -> None:
        """Say whom it is for."""
        number = customers(len(self.ids)) if self.ids is not None else "the marked customers"
        parts = [Part(f"Send to the contacts of {number}", "strong")]
        way = self.host.writing.sort.way
        if self._delivery and not self._delivery.knows(way):
            parts.append(Part(f"! {send_sentences.not_set(way)}", "warn"))
        self.host.query_one(Header).say(*parts)
        people, line = self.people, self.host.query_one("#people", Line)
        said = send_sentences.reached(people, way)
        if people.done:
            line.show(*spaced(said))
        elif self._for in self._failed:
            key = key_of(self.host, "send.recipients")
            line.show(Part(f"not counted; {key} tries again", "bad"))
        elif people.looked:
            line.show(*spaced([*said, Part(f"counting, {customers(people.looked)} so far", "dim")]))
        else:
            line.show(Part("counting …", "dim"))
