"""From a gate to the record that it looks at: its form, or the tab of the card where one is missing."""

from typing import Any, cast

from textual.screen import Screen

from cx_tui.domain.admission.call import Where
from cx_tui.errors import CxError
from cx_tui.screens.program import Program


async def open_where(screen: Screen[Any], where: Where, customer_id: int) -> None:
    """Open what a gate says is to be changed; to be awaited in a worker."""
    from cx_tui.screens.card import CardScreen
    from cx_tui.screens.card.tabs import tab_of_record
    from cx_tui.screens.form import CustomerForm, RecordForm

    session = await cast(Program, screen.app).services()
    if where.id is None:
        await screen.app.push_screen_wait(CardScreen(customer_id, tab=tab_of_record(where.record)))
        return
    records: Any = session.records if where.record == "customer" else session.records_of[where.record]
    try:
        record = await records.get(where.id)
    except CxError as error:
        screen.notify(f"It can't be opened: {error}.", severity="error")
        return
    if where.record == "customer":
        form: RecordForm = CustomerForm(session, record)
    else:
        form = RecordForm(records, records.record.declared.one, record)
    form.first = where.field
    await screen.app.push_screen_wait(form)
