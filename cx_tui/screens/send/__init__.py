"""Writing to the contacts of the chosen customers: e-mail, SMS, referral."""

from cx_tui.screens.send.send_screen import SendScreen

__all__ = ["SendScreen"]
