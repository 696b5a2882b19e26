"""The program follows its database: what others do is told to the screens, and who is here to the others."""

import asyncio
from datetime import UTC, datetime, timedelta
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING

from cx_tui.app.terminal_state import Connected
from cx_tui.config import Settings
from cx_tui.screens.program import Follows

if TYPE_CHECKING:
    from cx_tui.domain.news import News
    from cx_tui.services.session import Session

READ_FOR = 60
"""Seconds that a message of another operator stays on the screen; the log keeps it."""


class Followed(Connected):
    """A program that others are seen in."""

    settings: Settings
    away = ""
    """Why the database does not answer, as a sentence; "" when it does."""
    _is_listening = False

    def start_following(self, session: "Session") -> None:
        """Hear what others do from now on; what that needs is loaded beside the first rows."""
        if self.settings.refresh.seconds and not self._is_listening:
            self._is_listening = True
            self.run_worker(self._listen(session), group="follow")

    async def _listen(self, session: "Session") -> None:
        await asyncio.to_thread(import_module, "cx_tui.services.following.following")
        from cx_tui.services.following.following import Listener

        session.here.doing = self._doing
        name = session.who.name
        # In the program's own turn: an error of a screen is the program's, and not swallowed with its task.
        listener = Listener(
            news=lambda news: self.call_later(self._heard, news, name),
            lost=lambda why: self.call_later(self._link_changed, why),
            back=lambda: self.call_later(self._link_changed, ""),
        )
        session.follow(listener, self.settings.refresh.seconds)

    def _doing(self) -> tuple[str, datetime]:
        """What is on the screen, and when a key was pressed last."""
        pages = [screen for screen in self.opened if not screen.is_modal and screen.title]
        page = pages[-1].title or "" if pages else ""
        pressed = self.pressed_at or monotonic()
        return page, datetime.now(UTC) - timedelta(seconds=monotonic() - pressed)

    def _heard(self, news: "News", name: str) -> None:
        for message in news.messages():
            if message.is_for(name):
                self.notify(message.text, title=f"{message.who} writes", timeout=READ_FOR)
        for screen in self.opened:
            if isinstance(screen, Follows):
                screen.follow(news)

    def _link_changed(self, why: str) -> None:
        self.away = why
        for screen in self.opened:
            if isinstance(screen, Follows):
                screen.link_changed()
