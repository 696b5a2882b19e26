"""The program follows its database: what others do is told to the screens, and who is here to the others."""

import asyncio
from datetime import UTC, datetime, timedelta
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING

from cx_tui.screens.program import Follows
from widgets.duties import Duty

if TYPE_CHECKING:
    from cx_tui.app.program import CxApp
    from cx_tui.domain.news import News
    from cx_tui.services.session import Session

READ_FOR = 60
"""Seconds that a message of another operator stays on the screen; the log keeps it."""


class FollowingOthers(Duty):
    """Hears what others do, and tells the screens."""

    host: "CxApp"
    _is_listening = False

    def begin(self, session: "Session") -> None:
        """Hear what others do from now on; what that needs is loaded beside the first rows."""
        if self.host.settings.refresh.seconds and not self._is_listening:
            self._is_listening = True
            self.host.run_worker(self._listen(session), group="follow")

    async def _listen(self, session: "Session") -> None:
        await asyncio.to_thread(import_module, "cx_tui.services.following.following")
        from cx_tui.services.following.following import Listener

        session.here.doing = self._doing
        name = session.who.name
        # In the program's own turn: an error of a screen is the program's, and not swallowed with its task.
        listener = Listener(
            news=lambda news: self.host.call_later(self._heard, news, name),
            lost=lambda why: self.host.call_later(self.link_changed, why),
            back=lambda: self.host.call_later(self.link_changed, ""),
        )
        session.follow(listener, self.host.settings.refresh.seconds)

    def _doing(self) -> tuple[str, datetime]:
        """What is on the screen, and when a key was pressed last."""
        pages = [screen for screen in self.host.opened if not screen.is_modal and screen.title]
        page = pages[-1].title or "" if pages else ""
        pressed = self.host.pressed_at or monotonic()
        return page, datetime.now(UTC) - timedelta(seconds=monotonic() - pressed)

    def _heard(self, news: "News", name: str) -> None:
        for message in news.messages():
            if message.is_for(name):
                self.host.notify(message.text, title=f"{message.who} writes", timeout=READ_FOR)
        for screen in self.host.opened:
            if isinstance(screen, Follows):
                screen.follow(news)

    def link_changed(self, why: str) -> None:
        """The database does not answer any more, for this reason; or does again."""
        self.host.away = why
        for screen in self.host.opened:
            if isinstance(screen, Follows):
                screen.link_changed()
