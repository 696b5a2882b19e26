"""What was sent: the jobs, and the messages of each."""

from cx_tui.screens.outbox.found import FoundScreen
from cx_tui.screens.outbox.job import JobScreen
from cx_tui.screens.outbox.outbox_screen import OutboxScreen

__all__ = ["FoundScreen", "JobScreen", "OutboxScreen"]
