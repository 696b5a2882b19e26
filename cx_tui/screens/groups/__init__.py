"""Groups of a list, with totals, bars, a pivot and a plot."""

from cx_tui.screens.groups.groups_page import GroupsPage

__all__ = ["GroupsPage"]
