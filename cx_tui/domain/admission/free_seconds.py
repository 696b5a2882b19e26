"""Free minutes as credit: how many billed seconds a customer's packages still pay."""

from datetime import date

from cx_tui.domain.admission.facts import Customer
from cx_tui.domain.money.free_minutes import left_in, that_hold


def free_seconds(customer: Customer, number: str | None, day: date) -> int:
    """Those that are left for a number on a day (UTC), or, without one, for any; what live calls may still
    take is not among them, whichever package pays for it."""
    if not customer.free:
        return 0
    account = customer.account
    if number is None:
        some = [(one, spell) for one in customer.free if (spell := one.period(day))]
    else:
        some = that_hold(customer.free, number, day)
    left = sum(left_in(one, spell, account.free_left) for one, spell in some)
    return max(0, left - account.free_reserved)


def in_minutes(seconds: int) -> str:
    """Seconds as they are said of free minutes: `12 min 30 s`."""
    minutes, rest = divmod(seconds, 60)
    return " ".join([f"{minutes:,} min"] * (minutes > 0) + [f"{rest} s"] * (rest > 0 or not minutes))
