"""All that is done with money, as one person does it, and what is done of it by itself."""

from functools import cached_property

from cx_tui.db.engine import Database
from cx_tui.domain.who import Who
from cx_tui.errors import CxError, Unavailable
from cx_tui.services.money.alerts import Alerts
from cx_tui.services.money.contracts import Contracts
from cx_tui.services.money.invoices import Invoices
from cx_tui.services.money.ledger import Ledger
from cx_tui.services.money.packages import Packages


class Money:
    """Balances and what moves them."""

    def __init__(self, database: Database, who: Who) -> None:
        self._database = database
        self._who = who

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger: balances, entries, corrections."""
        return Ledger(self._database, self._who)

    @cached_property
    def packages(self) -> Packages:
        """Packages that customers have."""
        return Packages(self._database, self._who)

    @cached_property
    def invoices(self) -> Invoices:
        """Invoices and credit notes."""
        return Invoices(self._database, self._who)

    @cached_property
    def alerts(self) -> Alerts:
        """Alerts, and what becomes of them."""
        return Alerts(self._database, self._who)

    @cached_property
    def contracts(self) -> Contracts:
        """Contracts that customers have signed, or have to sign."""
        return Contracts(self._database, self._who)

    async def send_invoice(self, number: str) -> int:
        """Have an invoice sent to the customer's contacts: to how many."""
        from cx_tui.services.money.mailing import send

        return await send(self._database, self._who, await self.invoices.document(number))

    async def run_due(self) -> list[str]:
        """Do what is due: whichever program runs does it, and it is done once.  What goes wrong with one part
        does not keep the others from being done; says what did."""
        wrong = []
        for act in (
            self.ledger.book_days, self.packages.run_due, self.alerts.run_due, self.invoices.run_due,
        ):  # fmt: skip
            try:
                await act()
            except Unavailable:
                raise
            except CxError as error:
                wrong.append(str(error))
        return wrong
