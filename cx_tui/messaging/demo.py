"""The demo's own servers: all that it sends is caught on this machine, whatever the settings say."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from cx_tui.config import Settings
from cx_tui.messaging.catcher import Catcher, Caught
from cx_tui.messaging.stand_in import StandIn

NOTICE = "What this demo sends is caught here: nothing leaves this machine."
SOON = 1.0
"""Seconds for which messages are gathered before a word is said of them."""
TOKEN = "CX_TUI_DEMO_TOKEN"  # noqa: S105  # the name of a variable


class DemoServers:
    """A mail server and an SMS stand-in; `say` is told what was caught."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.catcher = Catcher(self._caught)
        self.stand_in = StandIn(self._came)
        self._say = say
        self._last = ""
        self._telling: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Begin to catch."""
        await self.catcher.start()
        await self.stand_in.start()

    async def close(self) -> None:
        """Catch no more."""
        if self._telling:
            self._telling.cancel()
        await self.catcher.close()
        await self.stand_in.close()

    def settings(self, settings: Settings) -> Settings:
        """The settings, but with these servers."""
        mail = replace(
            settings.mail, server="127.0.0.1", port=self.catcher.port, tls="none", user="", password="",
            from_address=settings.mail.from_address or "noc@demo.example",
        )  # fmt: skip
        sms = replace(
            settings.sms, account="ACdemo", token=f"env:{TOKEN}", sender="Demo", service="",
            base_url=self.stand_in.url,
        )  # fmt: skip
        return replace(settings, mail=mail, sms=sms)

    @staticmethod
    def env(env: Mapping[str, str]) -> Mapping[str, str]:
        """The environment, with what the settings ask for."""
        return {**env, TOKEN: "demo"}

    def _caught(self, letter: Caught) -> None:
        self._tell(f'"{letter.subject}" to {", ".join(letter.recipients)}')

    def _came(self, to: str, text: str) -> None:
        self._tell(f'"{text[:40]}" to {to}')

    def _tell(self, last: str) -> None:
        self._last = last
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(SOON, self._tell_now)

    def _tell_now(self) -> None:
        self._telling = None
        letters, texts = self.catcher.count, len(self.stand_in.messages)
        mails = "e-mail" if letters == 1 else "e-mails"
        caught = [f"{letters:,} {mails}"] * bool(letters) + [f"{texts:,} SMS"] * bool(texts)
        self._say(f"The demo has caught {' and '.join(caught)}; the last: {self._last}")
