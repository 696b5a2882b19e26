"""All that is done with money, as one person does it, and what is done of it by itself."""

from collections.abc import Awaitable, Callable
from functools import cached_property

from cx_tui.db.engine import Database
from cx_tui.domain.who import Who
from cx_tui.errors import CxError, Unavailable
from cx_tui.services.loading import loaded
from cx_tui.services.money.alerts import Alerts
from cx_tui.services.money.by_destination import CallsOf
from cx_tui.services.money.confirming import Confirming
from cx_tui.services.money.contracts import Contracts
from cx_tui.services.money.invoices import Invoices
from cx_tui.services.money.ledger import Ledger
from cx_tui.services.money.outlook import Outlooks
from cx_tui.services.money.packages import Packages


class Money:
    """Balances and what moves them."""

    def __init__(self, database: Database, who: Who, calls: CallsOf | None = None) -> None:
        self._database = database
        self._who = who
        self._calls = calls
        self._told: set[str] = set()

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
        return Invoices(self._database, self._who, self._calls)

    @cached_property
    def alerts(self) -> Alerts:
        """Alerts, and what becomes of them."""
        return Alerts(self._database, self._who, self._calls)

    @cached_property
    def contracts(self) -> Contracts:
        """Contracts that customers have signed, or have to sign."""
        return Contracts(self._database, self._who)

    @cached_property
    def outlooks(self) -> Outlooks:
        """How far a customer's credit goes, and what is charged next."""
        return Outlooks(self._database)

    async def send_invoice(self, number: str) -> int:
        """Have an invoice sent to the customer's contacts: to how many."""
        mailing = await loaded("cx_tui.services.money.mailing")
        document = await self.invoices.document(number)
        return int(await mailing.send(self._database, self._who, document, self._calls))

    async def run_due(self) -> list[str]:
        """Do what is due: whichever program runs does it, and it is done once.  What goes wrong with one part
        does not keep the others from being done; says what did, and what waits for a person."""
        wrong = []
        acts: dict[str, Callable[[], Awaitable[object]]] = {
            "calls were not booked": self.ledger.book_days,
            "packages were not charged": self.packages.run_due,
            "payments were not confirmed": Confirming(self._database, self._who).run_due,
            "alerts were not watched": self.alerts.run_due,
            "invoices were not made": self.invoices.run_due,
        }
        for what, act in acts.items():
            try:
                await act()
            except Unavailable:
                raise
            except CxError as error:
                wrong.append(f"{what}: {error}")
        for title, why in self.alerts.take_wrong():
            wrong.append(f'the alert "{title}" was not carried out: {why}')
        return wrong + self.packages.waiting_in_words()

    async def run_due_and_tell(self, tell: Callable[[str], None]) -> None:
        """The same, and tell what is wrong once as long as it stays so."""
        found = await self.run_due()
        for sentence in found:
            if sentence not in self._told:
                tell(sentence)
        self._told = set(found)
