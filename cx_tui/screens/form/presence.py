"""Who else has a customer open: others are told that it is open here."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from cx_tui.domain.history import Editor, open_by
from cx_tui.errors import CxError
from widgets.duties import Duty, work
from widgets.line import Part

if TYPE_CHECKING:
    from cx_tui.screens.form.customer import CustomerForm


class Presence(Duty):
    """Looks who else is here, and says that this form is open or closed."""

    host: "CustomerForm"

    def __init__(self, host: "CustomerForm", version: int) -> None:
        super().__init__(host)
        self._others: Sequence[Editor] = []
        self._newest = version
        self._is_looking = self._has_to_look = False

    def begin(self, version: int) -> None:
        """Another customer is in the form."""
        self._others, self._newest = [], version

    def said(self) -> list[Part]:
        """Who else is here, and whether somebody has saved it."""
        form, parts = self.host, []
        if self._others:
            parts.append(Part(f"! {open_by(self._others)}", "warn", keep=True))
        if form.base and self._newest > form.base.version and not form.saved_meanwhile():
            parts.append(Part("! saved by others meanwhile", "warn", keep=True))
        return parts

    @work(group="presence")
    async def look_around(self) -> None:
        """Say that this form is open, and see who else has the customer open or has saved it.

        One look after the other: where nothing answers, each would take another connection."""
        self._has_to_look = True
        if self._is_looking:
            return
        self._is_looking = True
        try:
            while self._has_to_look:
                self._has_to_look = False
                with suppress(CxError):  # the save will say it, should it still be so
                    await self._look()
        finally:
            self._is_looking = False

    async def _look(self) -> None:
        if self.host.base is None or self.host.cx.settings.database.read_only:
            return
        self._others = await self.host.session.presence.at(self.host.base.id)
        self._newest = (await self.host.records.get(self.host.base.id)).version
        self.host.show_header()

    async def leave(self) -> None:
        """Say that this session has nothing open; a database that is away forgets it by itself."""
        if self.host.base is not None and not self.host.cx.settings.database.read_only:
            with suppress(CxError, TimeoutError):
                await asyncio.wait_for(self.host.session.presence.leave(), 1.0)
