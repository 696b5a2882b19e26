"""What is done to invoices: booking, issuing, sending and taking them back, their PDFs and calls."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cx_tui.domain.kinds import BadValue, Money
from cx_tui.domain.records.invoice import Invoice, InvoiceStatus
from cx_tui.errors import CxError
from cx_tui.screens.read_only import may_write
from cx_tui.services.loading import loaded
from cx_tui.terminal.in_order import OPENS
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.screens.list.record_list import RecordList
    from cx_tui.services.session import Session

MONEY = Money()
MOST = 200
"""So many marked invoices are issued or mailed at once."""


class InvoiceActs(Duty):
    """The acts of one list."""

    host: "RecordList"

    @work(group="act", name=OPENS)
    async def action_book(self) -> None:
        """Make the invoices of a period."""
        from cx_tui.screens.money.booking import book

        if may_write(self.host.screen) and await book(self.host.screen, self.host.scope.owner_id):
            await self.host.finding.again()

    @work(group="act", name=OPENS)
    async def action_issue(self) -> None:
        """Give drafts their numbers."""
        chosen = await self._chosen(lambda one: one.status is InvoiceStatus.DRAFT, "is a draft")
        if not chosen:
            return
        from cx_tui.screens.confirm import Confirm

        lines = [_sentence(one) for one in chosen[:10]]
        lines.append("From then on they never change; a credit note takes one back.")
        what = "this draft" if len(chosen) == 1 else f"{len(chosen):,} drafts"
        if await self.host.app.push_screen_wait(Confirm(f"Issue {what}?", lines, "Issue", no="Leave")):
            await self._each(chosen, lambda session, one: session.money.invoices.issue(one.id), "issued")

    @work(group="act", name=OPENS)
    async def action_mail(self) -> None:
        """Send invoices to the customers' contacts."""
        issued = (InvoiceStatus.ISSUED, InvoiceStatus.PAID)
        chosen = await self._chosen(lambda one: one.status in issued, "has a number and is not void")
        if not chosen:
            return
        from cx_tui.screens.confirm import Confirm

        what = f"{chosen[0].number}" if len(chosen) == 1 else f"{len(chosen):,} invoices"
        lines = [_sentence(one) for one in chosen[:10]]
        lines.append("Each goes with its PDF to all contacts of its customer, through the outbox.")
        if await self.host.app.push_screen_wait(Confirm(f"Send {what}?", lines, "Send", no="Leave")):
            await self._each(
                chosen, lambda session, one: session.money.send_invoice(one.number or ""), "in the outbox"
            )

    @work(group="act", name=OPENS)
    async def action_credit(self) -> None:
        """Take an invoice back with a credit note."""
        from cx_tui.screens.ask import Ask, required
        from cx_tui.screens.confirm import Confirm

        one = await self._numbered()
        if one is None:
            return
        left = f"Net {MONEY.show(one.net)} {one.currency}; without an amount all that is left is taken back."
        amount = await self.host.app.push_screen_wait(
            Ask(
                f"Credit note for {one.number}: how much, before tax?", _amount, does="go on",
                example="empty is all of it", explains=left,
            )
        )  # fmt: skip
        if amount is None:
            return
        reason = await self.host.app.push_screen_wait(
            Ask(f"Credit note for {one.number}: why?", required, does="go on", example="printed on it")
        )
        if reason is None:
            return
        question = Confirm(
            "Does the balance get it?",
            ["Yes, unless new prices of the calls have given it to the customer already."],
            "It gets it", no="It has it",
        )  # fmt: skip
        gets = await self.host.app.push_screen_wait(question)
        number = one.number or ""
        await self._do(
            lambda session: session.money.invoices.credit(
                number, reason, amount or None, to_balance=bool(gets)
            ),
            lambda made: f"Credit note {made} was made.",
        )

    @work(group="act", name=OPENS)
    async def action_void(self) -> None:
        """Say that an invoice does not hold."""
        from cx_tui.screens.ask import Ask, required

        one = await self._numbered()
        if one is None:
            return
        reason = await self.host.app.push_screen_wait(
            Ask(
                f"Void {one.number}: why?", required, does="make it void",
                explains="It keeps its number; what it billed can be invoiced again.",
            )
        )  # fmt: skip
        if reason is not None:
            number = one.number or ""
            await self._do(
                lambda session: session.money.invoices.void(number, reason), lambda _: f"{number} is void."
            )

    @work(group="act", name=OPENS)
    async def action_pdf(self) -> None:
        """Write an invoice as a PDF; those that are marked into a folder."""
        from cx_tui.screens.ask_path import AskPath

        if self.host.grid.marks.rows and (selection := self.host.selection()):
            from cx_tui.screens.money.invoice_pdfs import write_pdfs

            await write_pdfs(self.host.screen, selection)
            return
        if self.host.row is None:
            return
        of = self.host.row.key
        name = self.host.row.cell("number").text.strip() or f"draft-{of}"
        path = await self.host.app.push_screen_wait(
            AskPath(f"Write {name} as", str(Path.cwd() / f"{name}.pdf"), (".pdf",))
        )
        if path is not None:

            async def write(session: "Session") -> int:
                printing = await loaded("cx_tui.services.money.printing")
                document = await session.money.invoices.document(invoice_id=of)
                return int(await asyncio.to_thread(printing.write_pdf, document, path))

            await self._do(write, lambda size: f"{path} has {size:,} bytes.", changes=False)

    @work(group="act", name=OPENS)
    async def action_calls(self) -> None:
        """Write the calls of an invoice into a file."""
        from cx_tui.screens.ask_path import AskPath

        one = await self._numbered(writes=False)
        if one is None:
            return
        path = await self.host.app.push_screen_wait(
            AskPath(
                f"Write the calls of {one.number} as", str(Path.cwd() / f"{one.number}-calls.csv"),
                (".csv", ".parquet"),
            )
        )  # fmt: skip
        if path is not None:

            async def write(session: "Session") -> int:
                from cx_tui.services.money.by_destination import write_calls_of

                return await write_calls_of(session.calls, one, path)

            await self._do(write, lambda calls: f"{path} has {calls:,} calls.", changes=False)

    def action_overdue(self) -> None:
        """Show only invoices that should have been paid by now, or all again."""
        wanted = f"status:Issued due_on<{datetime.now(UTC):%Y-%m-%d} total>0"
        self.host.search.value = "" if self.host.search.value == wanted else wanted
        self.host.query_one(".search").set_class(bool(self.host.search.value), "-open")

    # How they are done

    async def _chosen(self, fits: Callable[[Invoice], bool], what: str) -> list[Invoice]:
        """The marked invoices that an act is for, or the one under the cursor."""
        selection = self.host.selection()
        if selection is None or not may_write(self.host.screen):
            return []
        try:
            session = await self.host.cx.services()
            ids = await session.bulk_of(Invoice).chosen(selection)
            if len(ids) > MOST:
                self.host.notify(f"Those are {len(ids):,}; mark {MOST} at most.", severity="warning")
                return []
            found: list[Invoice] = [await session.records_of["invoice"].get(one) for one in ids]
        except CxError as error:
            self.host.notify(f"{error}", severity="error")
            return []
        fitting = [one for one in found if fits(one)]
        if not fitting:
            self.host.notify(f"None of them {what}.", severity="warning")
        return fitting

    async def _numbered(self, *, writes: bool = True) -> Invoice | None:
        """The invoice under the cursor, if it has a number."""
        if self.host.row is None or (writes and not may_write(self.host.screen)):
            return None
        try:
            found: Invoice = (
                await (await self.host.cx.services()).records_of["invoice"].get(self.host.row.key)
            )
        except CxError as error:
            self.host.notify(f"{error}", severity="error")
            return None
        if found.number is None:
            self.host.notify("This is a draft, which has no number yet; i issues it.", severity="warning")
            return None
        return found

    async def _do(
        self,
        act: "Callable[[Session], Awaitable[Any]]",
        words: Callable[[Any], str],
        *,
        changes: bool = True,
    ) -> None:
        """Do it, and say what became of it."""
        try:
            result = await act(await self.host.cx.services())
        except CxError as error:
            self.host.notify(f"Nothing was done: {error}.", severity="error", timeout=10)
            return
        self.host.notify(words(result))
        if changes:
            await self.host.finding.again()

    async def _each(
        self, chosen: list[Invoice], act: "Callable[[Session, Invoice], Awaitable[Any]]", done: str
    ) -> None:
        """Do it for each; what goes wrong with one does not keep the others from it."""
        session, wrong = await self.host.cx.services(), []
        for one in chosen:
            try:
                await act(session, one)
            except CxError as error:
                wrong.append(f"{one.number or f'draft #{one.id}'}: {error}")
        well = len(chosen) - len(wrong)
        said = f"{well:,} {'invoice is' if well == 1 else 'invoices are'} {done}."
        for sentence in wrong[:3]:
            said += f"\n{sentence}."
        if len(wrong) > 3:
            said += f"\n{len(wrong) - 3:,} more were not, for reasons like these."
        self.host.notify(said, severity="warning" if wrong else "information", timeout=15 if wrong else 5)
        await self.host.finding.again()


def _sentence(one: Invoice) -> str:
    """An invoice in a line."""
    name = one.number or f"Draft #{one.id}"
    period = f", {one.period_from} to {one.period_to}" if one.period_from else ""
    return f"{name}{period}: {MONEY.show(one.total)} {one.currency}"


def _amount(text: str) -> Decimal:
    """An amount above 0; 0 when nothing is typed."""
    if not text:
        return Decimal()
    amount = Decimal(MONEY.parse(text))
    if amount <= 0:
        raise BadValue("write an amount above 0")
    return amount
