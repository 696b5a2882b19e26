"""The commands of money: balance, payments, packages; those of invoices and of what is watched are beside."""

import argparse
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cx_tui.commands import invoices, watching
from cx_tui.commands.money_parts import (
    FAILED,
    OK,
    AddShared,
    amount,
    day,
    finish,
    group,
    show,
    talk,
    unless_simulated,
)
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from cx_tui.services.money.packages import Charge
    from cx_tui.services.session import Session

CHARGED = ("customer", "package", "period", "day", "amount", "currency", "state")
STATUSES = ("pending", "completed", "cancelled")


def add_commands(commands: Any, add_shared: AddShared) -> None:
    """Teach a parser these commands."""
    balance = commands.add_parser("balance", help="what a customer has and why, or a correction of it")
    balance.add_argument("customer", metavar="CUSTOMER", help="the whole name, or #number")
    balance.add_argument(
        "--entries", metavar="N", type=int, default=0, help="the last entries of the ledger, too"
    )
    balance.add_argument("--correct", metavar="AMOUNT", type=amount, help="move the balance by so much")
    balance.add_argument("--reason", metavar="TEXT", default="", help="why it is corrected")
    finish(balance, _balance, add_shared, writes=lambda options: options.correct is not None)
    _add_payments(group(commands, "payments", "top-ups, purchases and refunds"), add_shared)
    _add_packages(group(commands, "packages", "what is sold at regular times"), add_shared)
    invoices.add_commands(commands, add_shared)
    watching.add_commands(commands, add_shared)


def _add_payments(actions: Any, add_shared: AddShared) -> None:
    add = actions.add_parser("add", help="write down a payment")
    add.add_argument("customer", metavar="CUSTOMER", help="the whole name, or #number")
    add.add_argument(
        "total", metavar="TOTAL", type=amount, help="in the customer's currency; negative is a refund"
    )
    add.add_argument(
        "--status", choices=STATUSES, default="completed", help="only a completed one counts (completed)"
    )
    add.add_argument(
        "--description", metavar="TEXT", default="", help="what stands after # is for operators only"
    )
    add.add_argument("--fee", metavar="AMOUNT", type=amount, default=Decimal(0), help="for reference only")
    finish(add, _add_payment, add_shared)
    status = actions.add_parser("status", help="complete or cancel a payment")
    status.add_argument("payment", metavar="ID", type=int)
    status.add_argument("status", choices=STATUSES)
    finish(status, _set_payment, add_shared)


def _add_packages(actions: Any, add_shared: AddShared) -> None:
    run = actions.add_parser("run", help="charge what is due, each period once")
    run.add_argument("--date", metavar="D", type=day, help="as of this day (today, UTC)")
    run.add_argument("--customer", metavar="CUSTOMER", default="", help="only of this one")
    run.add_argument("--simulate", action="store_true", help="say what would be charged, and charge nothing")
    run.add_argument(
        "--catch-up", action="store_true", help="charge what waits as many periods are missing, too"
    )
    finish(run, _run_packages, add_shared, writes=unless_simulated)


async def _balance(session: "Session", options: argparse.Namespace) -> int:
    of = await session.admission.customer_named(options.customer)
    ledger = session.money.ledger
    if options.correct is not None:
        await ledger.correct(of, options.correct, options.reason)
    elif options.reason:
        raise Misconfigured("--reason belongs to --correct AMOUNT; write both")
    found = await ledger.balance(of)
    names = ("balance", "debit_limit", "available", "currency", "ledger_sum", "unbooked")
    show([{name: getattr(found, name) for name in names}], names, options)
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
        show(rows, columns, options)
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
    show([row], tuple(row), options)
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
    charged = [_charge(one, state) for one in ran.charged]
    waiting = [_charge(one, one.waits + "; --catch-up charges them" * one.only_asks) for one in ran.waiting]
    show(charged + waiting, CHARGED, options)
    talk(f"{len(ran.charged):,} {state}, {len(ran.waiting):,} wait")
    return OK


def _charge(one: "Charge", state: str) -> dict[str, Any]:
    return {
        "customer": one.customer, "package": one.package, "period": one.key, "day": one.day,
        "amount": one.amount, "currency": one.currency, "state": state,
    }  # fmt: skip
