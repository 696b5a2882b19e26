"""What the program has said: messages stay for seconds only, and some are worth reading twice."""

from collections.abc import Sequence
from datetime import datetime

from cx_tui.screens.reports.report_screen import ReportScreen

Said = tuple[datetime, str, str]
"""When something was said, how bad it was, and the text."""


class SaidScreen(ReportScreen):
    """The messages of this session, the last one first."""

    def __init__(self, said: Sequence[Said]) -> None:
        super().__init__("Messages of this session", "messages.txt")
        self._said = said

    def action_refresh(self) -> None:  # type: ignore[override]  # no worker: nothing is read
        """Show those that came since, too."""
        self.text = "\n".join(map(_line, reversed(self._said))) or "Nothing has been said yet."
        self.show_text(self.text)


def _line(said: Said) -> str:
    at, how, text = said
    level = "" if how == "information" else f"{how}: "
    return f"{at.astimezone():%H:%M:%S}  {level}{' '.join(text.split())}"
