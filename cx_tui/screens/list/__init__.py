"""One list for every kind of record: as a page of its own, or as a part of a card."""

from cx_tui.screens.list.page import RecordPage
from cx_tui.screens.list.record_list import RecordList
from cx_tui.screens.list.scope import Scope

__all__ = ["RecordList", "RecordPage", "Scope"]
