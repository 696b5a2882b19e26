"""The keys of the list of customers."""

from textual.binding import Binding, BindingType

from cx_tui.screens.list.narrowing import NARROWING_KEYS

KEYS: list[BindingType] = [
    Binding("slash", "search", "search", id="customers.search", tooltip="Find customers while typing."),
    Binding("plus,insert", "new", "new", id="customers.new", tooltip="Make a new customer."),
    Binding("e", "edit", "edit", id="customers.bulk_edit",
            tooltip="Change fields of the marked customers at once, or of this one in its form."),
    Binding("x,delete", "delete", "delete", show=False, id="customers.delete",
            tooltip="Delete the marked customers, or this one; asks first, and can be undone."),
    Binding("z", "log", "log", id="customers.log", tooltip="Show what was done to this customer."),
    Binding("Z", "log_of_all", "log of all", show=False, id="customers.log_of_all",
            tooltip="Show everything that was done, by whom and when; undo it."),
    Binding("b", "board", "board", show=False, id="customers.board",
            tooltip="Show the changes that wait for their time."),
    Binding("s", "send", "send", id="customers.send",
            tooltip="Send e-mail or SMS to the contacts of the marked customers, or of this one."),
    Binding("m", "outbox", "outbox", show=False, id="customers.outbox",
            tooltip="Show what was sent, how far it is, and what went wrong."),
    Binding("u", "upload", "upload", id="customers.upload",
            tooltip="Create and update customers from a CSV or XLSX file."),
    Binding("E", "export", "export", show=False, id="customers.export",
            tooltip="Write the marked customers, or the list, into a file."),
    Binding("n", "contacts", "contacts", show=False, id="customers.contacts",
            tooltip="Show the contacts of this customer."),
    Binding("i", "open_record", "sheet", show=False, id="customers.sheet",
            tooltip="Show every field of this customer on one sheet."),
    Binding("t", "status_filter", "status", id="customers.status", tooltip="Show one status only."),
    Binding("c", "columns", "columns", id="customers.columns", tooltip="Choose and arrange the columns."),
    Binding(
        "r,f5", "refresh", "refresh", id="customers.refresh", tooltip="Read the list again, in its order."
    ),
    *NARROWING_KEYS,
    Binding("Q", "sql", "SQL", show=False, id="customers.sql",
            tooltip="Ask the database in SQL, which only reads."),
    Binding("y", "copy_cell", "copy", id="customers.copy_cell",
            tooltip="Copy this cell, or the marked cells."),
    Binding(
        "Y", "copy_rows", "copy rows", show=False, id="customers.copy_rows",
        tooltip="Copy the marked cells or rows with their titles, or this row.",
    ),
    Binding("W", "why", "why no calls", show=False, id="customers.why",
            tooltip="Show why the marked customers, or this one, can't call: every gate in order."),
    Binding("w", "warnings", "warnings", show=False, id="customers.warnings",
            tooltip="Show the warnings of this customer in words."),
    Binding("p", "pause", "pause", show=False, id="customers.pause",
            tooltip="Stop automatic refreshing, or go on with it."),
    Binding("ctrl+o", "jump", "jump", show=False, id="customers.jump",
            tooltip="Go to a part of the screen or a column by one letter."),
    Binding("escape", "step_back", "back", show=False, id="customers.back",
            tooltip="Leave the search box, clear the search, the status, and pressed twice the marks."),
]  # fmt: skip
