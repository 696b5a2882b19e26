"""The list of customers, the program's main screen."""

from cx_tui.screens.customers.customers_screen import CustomersScreen

__all__ = ["CustomersScreen"]
