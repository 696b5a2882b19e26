"""The forms in which records are made and changed, and what they ask before and after a save."""

from cx_tui.screens.form.customer import CustomerForm
from cx_tui.screens.form.record import RecordForm

__all__ = ["CustomerForm", "RecordForm"]
