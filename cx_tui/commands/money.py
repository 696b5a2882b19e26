"""The commands of money: balance, payments, packages, invoices, contracts, alerts."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cx_tui.config import Loaded
from cx_tui.domain.kinds import BadValue
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from cx_tui.services.money.alerts import Watched
    from cx_tui.services.money.invoices import Made
    from cx_tui.services.money.packages import Charge
    from cx_tui.services.session import Session

OK, FAILED = 0, 1

Work = Callable[["Session", argparse.Namespace], Awaitable[int]]
AddShared = Callable[[argparse.ArgumentParser], None]

INVOICED = ("number", "customer", "date", "due", "net", "tax", "total", "currency", "status")
CHARGED = ("customer", "package", "period", "day", "amount", "currency", "state")
WATCHED = ("title", "customer", "area", "fires", "value", "level", "state")
UNSIGNED = ("id", "customer", "contract", "revision", "grace_date", "required")
STATUSES = ("pending", "completed", "cancelled")


def add_commands(commands: Any, add_shared: AddShared) -> None:
    """Teach a parser these commands."""
    balance = commands.add_parser("balance", help="what a customer has and why, or a correction of it")
    balance.add_argument("customer", metavar="CUSTOMER", help="the whole name, or #number")
    balance.add_argument(
        "--entries", metavar="N", type=int, default=0, help="the last entries of the ledger, too"
    )
    balance.add_argument("--correct", metavar="AMOUNT", type=_amount, help="move the balance by so much")
    balance.add_argument("--reason", metavar="TEXT", default="", help="why it is corrected")
    _finish(balance, _balance, add_shared, writes=lambda options: options.correct is not None)
    _add_payments(_group(commands, "payments", "top-ups, purchases and refunds"), add_shared)
    _add_packages(_group(commands, "packages", "what is sold at regular times"), add_shared)
    _add_invoices(
        _group(commands, "invoices", "make, issue, list, print, send and take back invoices"), add_shared
    )

    watched = _group(commands, "alerts", "what is watched, and what would happen now")
    _finish(
        watched.add_parser("list", help="all alerts with their figures"),
        _list_alerts,
        add_shared,
        writes=_only_reads,
    )
    test = watched.add_parser("test", help="what an alert would do now; it does nothing")
    test.add_argument("name", metavar="NAME", help="its title")
    _finish(test, _test_alert, add_shared, writes=_only_reads)
    signed = _group(commands, "contracts", "whose calls stop on which day, and signatures")
    listing = signed.add_parser(
        "list", help="contracts that wait for a signature, the next to stop calls first"
    )
    _finish(listing, _list_contracts, add_shared, writes=_only_reads)
    sign = signed.add_parser("sign", help="write down a signature")
    sign.add_argument("contract", metavar="ID", type=int, help="as `contracts list` shows it")
    sign.add_argument("--by", metavar="NAME", required=True, help="who signed it")
    sign.add_argument("--from", dest="origin", metavar="ADDRESS", default="", help="from where it was signed")
    _finish(sign, _sign, add_shared)


def _group(commands: Any, name: str, help: str) -> Any:
    parser = commands.add_parser(name, help=help)
    return parser.add_subparsers(metavar="ACTION", title="actions", required=True)


def _finish(
    parser: argparse.ArgumentParser,
    work: Work,
    add_shared: AddShared,
    *,
    writes: Callable[[argparse.Namespace], bool] = lambda _: True,
) -> None:
    parser.add_argument("--json", action="store_true", help="one object a line")
    add_shared(parser)

    def do(options: argparse.Namespace, loaded: Loaded) -> int:
        from cx_tui.bootstrap import open_money

        async def worked() -> int:
            read_only = loaded.settings.database.read_only
            if read_only and writes(options):
                raise Misconfigured("this changes the database; leave out --read-only")
            async with open_money(loaded, os.environ, read_only=not writes(options)) as session:
                return await work(session, options)

        return asyncio.run(worked())

    parser.set_defaults(do=do)


def _only_reads(options: argparse.Namespace) -> bool:
    return False


def _unless_simulated(options: argparse.Namespace) -> bool:
    return not options.simulate


def _add_payments(actions: Any, add_shared: AddShared) -> None:
    add = actions.add_parser("add", help="write down a payment")
    add.add_argument("customer", metavar="CUSTOMER", help="the whole name, or #number")
    add.add_argument(
        "total", metavar="TOTAL", type=_amount, help="in the customer's currency; negative is a refund"
    )
    add.add_argument(
        "--status", choices=STATUSES, default="completed", help="only a completed one counts (completed)"
    )
    add.add_argument(
        "--description", metavar="TEXT", default="", help="what stands after # is for operators only"
    )
    add.add_argument("--fee", metavar="AMOUNT", type=_amount, default=Decimal(0), help="for reference only")
    _finish(add, _add_payment, add_shared)
    status = actions.add_parser("status", help="complete or cancel a payment")
    status.add_argument("payment", metavar="ID", type=int)
    status.add_argument("status", choices=STATUSES)
    _finish(status, _set_payment, add_shared)


def _add_packages(actions: Any, add_shared: AddShared) -> None:
    run = actions.add_parser("run", help="charge what is due, each period once")
    run.add_argument("--date", metavar="D", type=_day, help="as of this day (today, UTC)")
    run.add_argument("--customer", metavar="CUSTOMER", default="", help="only of this one")
    run.add_argument("--simulate", action="store_true", help="say what would be charged, and charge nothing")
    run.add_argument(
        "--catch-up", action="store_true", help="charge what waits as many periods are missing, too"
    )
    _finish(run, _run_packages, add_shared, writes=_unless_simulated)


def _add_invoices(actions: Any, add_shared: AddShared) -> None:
    make = actions.add_parser("make", help="make and issue the invoices of a period")
    make.add_argument("customer", metavar="CUSTOMER", nargs="?", default="", help="only of this one")
    make.add_argument(
        "--period", metavar="P", required=True, help="2026-06, 2026-W25, 2026-06-01..2026-06-15"
    )
    make.add_argument("--date", metavar="D", type=_day, help="the day on its head (today, UTC)")
    make.add_argument("--draft", action="store_true", help="leave them as drafts, without numbers")
    make.add_argument("--simulate", action="store_true", help="say what would be made, and make nothing")
    _finish(make, _make_invoices, add_shared, writes=_unless_simulated)
    listing = actions.add_parser("list", help="invoices, the newest first")
    listing.add_argument("customer", metavar="CUSTOMER", nargs="?", default="", help="only of this one")
    listing.add_argument(
        "--overdue", action="store_true", help="only those that should have been paid by now"
    )
    listing.add_argument("--limit", metavar="N", type=int, default=100, help="how many (100)")
    _finish(listing, _list_invoices, add_shared, writes=_only_reads)
    pdf = actions.add_parser("pdf", help="write an invoice as a PDF")
    pdf.add_argument("number", metavar="NUMBER")
    pdf.add_argument("file", metavar="FILE", type=Path)
    _finish(pdf, _print_invoice, add_shared, writes=_only_reads)
    send = actions.add_parser("send", help="send an invoice to the customer's contacts, through the outbox")
    send.add_argument("number", metavar="NUMBER")
    _finish(send, _send_invoice, add_shared)
    issue = actions.add_parser("issue", help="give a draft its number; from then on it never changes")
    issue.add_argument("draft", metavar="ID", type=int)
    _finish(issue, _issue_invoice, add_shared)
    for name, what, work in (
        ("void", "say that an invoice does not hold; it keeps its number", _void_invoice),
        ("credit", "take an invoice back with a credit note, in whole or in part", _credit_invoice),
    ):
        action = actions.add_parser(name, help=what)
        action.add_argument("number", metavar="NUMBER")
        action.add_argument("--reason", metavar="TEXT", required=True)
        if name == "credit":
            action.add_argument(
                "--amount", metavar="NET", type=_amount, help="before tax; without it all that is left"
            )
        _finish(action, work, add_shared)


async def _balance(session: "Session", options: argparse.Namespace) -> int:
    of = await session.admission.customer_named(options.customer)
    ledger = session.money.ledger
    if options.correct is not None:
        await ledger.correct(of, options.correct, options.reason)
    elif options.reason:
        raise Misconfigured("--reason belongs to --correct AMOUNT; write both")
    found = await ledger.balance(of)
    names = ("balance", "debit_limit", "available", "currency", "ledger_sum", "unbooked")
    _show([{name: getattr(found, name) for name in names}], names, options)
    if options.entries > 0:
        columns = ("at", "kind", "amount", "total", "source", "reason", "who")
        rows = [
            {
                **{name: getattr(one, name) for name in columns},
                "kind": one.kind.value,
                "at": f"{one.at:%Y-%m-%d %H:%M}",
            }
            for one in await ledger.entries(of, options.entries)
        ]
        _show(rows, columns, options)
    return OK if found.balance == found.ledger_sum else FAILED


async def _add_payment(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.domain.records.payment import PaymentStatus

    of = await session.admission.customer_named(options.customer)
    values = {
        "customer_id": of, "total": options.total, "fee": options.fee, "description": options.description,
        "status": PaymentStatus.of_value(options.status),
    }  # fmt: skip
    made = (await session.records_of["payment"].create(values)).record
    return await _tell_payment(session, made, options)


async def _set_payment(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.domain.records.payment import PaymentStatus

    payments = session.records_of["payment"]
    wanted = {"status": PaymentStatus.of_value(options.status)}
    made = (await payments.save(await payments.get(options.payment), wanted)).record
    return await _tell_payment(session, made, options)


async def _tell_payment(session: "Session", made: Any, options: argparse.Namespace) -> int:
    found = await session.money.ledger.balance(made.customer_id)
    row = {
        "id": made.id, "total": made.total, "status": made.status.value, "currency": found.currency,
        "balance": found.balance,
    }  # fmt: skip
    _show([row], tuple(row), options)
    return OK


async def _run_packages(session: "Session", options: argparse.Namespace) -> int:
    of = await session.admission.customer_named(options.customer) if options.customer else None
    day = options.date or datetime.now(UTC).date()
    packages = session.money.packages
    if options.simulate:
        ran = await packages.simulate(day, of, catch_up=options.catch_up)
    else:
        ran = await packages.run(day, of, catch_up=options.catch_up)
    state = "would be charged" if options.simulate else "charged"
    _show([_charge(one, one.waits or state) for one in (*ran.charged, *ran.waiting)], CHARGED, options)
    _talk(f"{len(ran.charged):,} {state}, {len(ran.waiting):,} wait")
    return OK


def _charge(one: "Charge", state: str) -> dict[str, Any]:
    return {
        "customer": one.customer, "package": one.package, "period": one.key, "day": one.day,
        "amount": one.amount, "currency": one.currency, "state": state,
    }  # fmt: skip


async def _make_invoices(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.domain.money.invoicing import period_of

    try:
        period = period_of(options.period)
    except ValueError as error:
        raise Misconfigured(f"--period: {error}") from None
    today = options.date or datetime.now(UTC).date()
    how = {"simulate": options.simulate, "draft": options.draft}
    invoices = session.money.invoices
    if options.customer:
        of = await session.admission.customer_named(options.customer)
        found = [await invoices.make(of, period, today, **how)]
    else:
        found = [one async for one in invoices.make_all(period, today, **how)]
    _show([_invoice(one) for one in found if not one.why_not], INVOICED, options)
    for one in found:
        if one.why_not:
            _talk(f"{one.customer}: {one.why_not}")
    return OK if not options.customer or not found[0].why_not else FAILED


def _invoice(one: "Made") -> dict[str, Any]:
    return {
        "number": one.number or None, "customer": one.customer, "date": one.issued_on, "due": one.due_on,
        "net": one.net, "tax": one.tax, "total": one.total, "currency": one.currency, "status": one.status,
        **({"id": one.invoice_id} if one.invoice_id else {}),
    }  # fmt: skip


async def _list_invoices(session: "Session", options: argparse.Namespace) -> int:
    of = await session.admission.customer_named(options.customer) if options.customer else None
    today = datetime.now(UTC).date() if options.overdue else None
    found = await session.money.invoices.list(of, options.limit, overdue_on=today)
    _show([_invoice(one) for one in found], INVOICED, options)
    return OK


async def _print_invoice(session: "Session", options: argparse.Namespace) -> int:
    from cx_tui.services.money.printing import pdf_of

    written = pdf_of(await session.money.invoices.document(options.number))
    try:
        options.file.write_bytes(written)
    except OSError as error:
        raise Misconfigured(f"{options.file} can't be written: {error.strerror}") from None
    _talk(f"{options.file} has {len(written):,} bytes")
    return OK


async def _send_invoice(session: "Session", options: argparse.Namespace) -> int:
    messages = await session.money.send_invoice(options.number)
    if options.json:
        print(json.dumps({"number": options.number, "messages": messages}))
    else:
        _talk(f"{options.number} goes to {messages:,} contacts; the next worker or program sends it")
    return OK


async def _issue_invoice(session: "Session", options: argparse.Namespace) -> int:
    number = await session.money.invoices.issue(options.draft)
    _tell_number(number, options)
    return OK


async def _void_invoice(session: "Session", options: argparse.Namespace) -> int:
    await session.money.invoices.void(options.number, options.reason)
    _talk(f"{options.number} is void")
    return OK


async def _credit_invoice(session: "Session", options: argparse.Namespace) -> int:
    number = await session.money.invoices.credit(options.number, options.reason, options.amount)
    _tell_number(number, options)
    return OK


def _tell_number(number: str, options: argparse.Namespace) -> None:
    print(json.dumps({"number": number}) if options.json else number)


async def _list_alerts(session: "Session", options: argparse.Namespace) -> int:
    rows = [_alert(one) for one in await session.money.alerts.list()]
    _show(rows, WATCHED, options)
    return OK


async def _test_alert(session: "Session", options: argparse.Namespace) -> int:
    one = await session.money.alerts.test(options.name)
    row = {**_alert(one), "would": one.step.value, "to": list(one.to), "penalty": one.gets_penalty}
    if options.json:
        _show([row], tuple(row), options)
        return OK
    known = "not known" if one.value is None else f"{one.value:f}"
    print(f"{one.alert.area.label} of {one.customer} is {known}: {one.step.label}")
    print(f"told: {', '.join(one.to) or 'nobody'}")
    if one.gets_penalty:
        print(f"the status would be Penalty for {one.alert.penalty:,} minutes")
    return OK


def _alert(one: "Watched") -> dict[str, Any]:
    alert = one.alert
    state = (
        f"fired {alert.fired_at:%Y-%m-%d %H:%M}" if alert.fired_at else "ready" if alert.enabled else "off"
    )
    return {
        "title": alert.title, "customer": one.customer, "area": alert.area.value,
        "fires": f"{alert.operator.label.lower()} {alert.threshold.normalize():f}", "value": one.value,
        "level": alert.level.value, "state": state,
    }  # fmt: skip


async def _list_contracts(session: "Session", options: argparse.Namespace) -> int:
    found = await session.money.contracts.unsigned()
    _show([vars(one) for one in found], UNSIGNED, options)
    return OK


async def _sign(session: "Session", options: argparse.Namespace) -> int:
    await session.money.contracts.sign(options.contract, options.by, options.origin)
    _talk(f"contract #{options.contract} is signed by {options.by}")
    return OK


def _amount(text: str) -> Decimal:
    from cx_tui.domain.kinds import Money

    try:
        found = Money("-999999999999").parse(text)
    except BadValue as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if not isinstance(found, Decimal):
        raise argparse.ArgumentTypeError("write an amount, such as 12.50")
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day; write one like 2026-06-16") from None


def _show(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], options: argparse.Namespace) -> None:
    """Objects as JSON lines, or their columns as a table."""
    if options.json:
        for row in rows:
            print(
                json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False),
                flush=True,
            )
        return
    cells = [[_cell(row.get(name)) for name in columns] for row in rows]
    if cells:
        widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
        for line in (columns, *cells):
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _plain(value: Any) -> Any:
    """A value as JSON has it: amounts as texts, as no digit may be lost."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _cell(value: Any) -> str:
    text = "" if value is None else str(_plain(value))
    return "".join(sign if sign.isprintable() else "�" for sign in text)


def _talk(text: str) -> None:
    print(f"cx-tui: {text}", file=sys.stderr)
