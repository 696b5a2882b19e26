"""Gates 2 to 7: the account itself.  They need no call."""

from cx_tui.domain.admission.asking import Asking, utc_day
from cx_tui.domain.admission.call import Finding, Said, Where, passed, refused
from cx_tui.domain.admission.facts import Contract, Customer
from cx_tui.domain.admission.free_seconds import in_minutes
from cx_tui.domain.rating.money import written
from cx_tui.domain.records.customer import Status
from cx_tui.domain.week import STEPS, in_words, step_of

MENDED = {
    Status.INACTIVE: "Set its status to Active to let it call.",
    Status.PENDING_APPROVAL: "Approve it: set its status to Active.",
    Status.PENALTY: "Set its status to Active to lift the penalty.",
}

# What is found of most customers is the same finding.
IS_ACTIVE = passed(lambda: Said("Active", "The customer is Active."))
PENALTY_OVER = passed(lambda: Said("Active", "The customer's penalty is over; its status is Active again."))
NOT_ASKED = passed(lambda: Said("nothing missing", "No verification is asked for."))
VERIFIED = passed(lambda: Said("nothing missing", "What has to be verified is verified."))
NO_CONTRACT = passed(lambda: Said("none due", "No contract has to be signed."))
ALWAYS = passed(lambda: Said("always", "Calls may be started at any time."))
NO_LIMIT = passed(lambda: Said("no limit", "There is no daily spend limit."))


def own(customer: Customer, field: str) -> Where:
    """A field of the customer, to change."""
    return Where("customer", customer.id, field)


def amount(customer: Customer, micros: int) -> str:
    """Money with its currency."""
    return f"{written(micros)} {customer.terms.currency}"


def status(asking: Asking) -> Finding:
    """Only an Active customer calls; a penalty lifts by itself."""
    customer = asking.customer
    now, penalty = customer.status, customer.penalty
    if now is Status.PENALTY and penalty is not None and penalty.until <= asking.moment:
        now = penalty.before
    if now is Status.ACTIVE:
        return IS_ACTIVE if customer.status is now else PENALTY_OVER
    return refused(403, lambda: Said(now.label, _stopped(customer, now), "", own(customer, "status")))


def _stopped(customer: Customer, now: Status) -> str:
    if now is Status.PENALTY and customer.penalty is not None:
        alert = f" by the alert {customer.penalty.alert}" if customer.penalty.alert else ""
        return (
            f"The customer is in Penalty{alert} until {customer.penalty.until:%Y-%m-%d %H:%M} UTC; it lifts "
            f"by itself.  {MENDED[now]}"
        )
    return f"The customer is {now.label}, not Active.  {MENDED.get(now, '')}"


def verification(asking: Asking) -> Finding:
    """The e-mail and the mobile number are verified where that is asked for."""
    customer = asking.customer
    terms = customer.terms
    email = terms.verify_email and not customer.email_verified
    mobile = terms.verify_mobile and not customer.mobile_verified
    if not email and not mobile:
        return VERIFIED if terms.verify_email or terms.verify_mobile else NOT_ASKED
    missing = " and ".join(["e-mail"] * email + ["mobile number"] * mobile)
    return refused(
        403,
        lambda: Said(
            f"{missing} not verified",
            f"No contact has a verified {missing}.  Verify one on the Main tab, or stop asking for it.",
            "",
            own(customer, "verify_email" if email else "verify_mobile"),
        ),
    )


def contract(asking: Asking) -> Finding:
    """No required contract is unsigned after its last day of grace (UTC)."""
    customer = asking.customer
    if not customer.contracts:
        return NO_CONTRACT
    today = utc_day(asking.moment)
    for one in customer.contracts:
        if one.overdue(today):
            return _overdue(one)
    waiting = [one for one in customer.contracts if one.required and not one.signed and one.grace_date]
    return passed(lambda: Said(f"{len(waiting)} waiting" if waiting else "all signed", _waiting(waiting)))


def _overdue(one: Contract) -> Finding:
    return refused(
        403,
        lambda: Said(
            f"{one.name}, due {one.grace_date}",
            f"The contract {one.name} was to be signed by {one.grace_date} (24:00 UTC) and is not.  Have it "
            "signed, or move its grace date.",
            f"contract {one.id}",
            Where("contract", one.id, "grace_date"),
        ),
    )


def _waiting(waiting: list[Contract]) -> str:
    if not waiting:
        return "Every contract that is required is signed."
    first = min(waiting, key=lambda one: str(one.grace_date))
    return f"The contract {first.name} must be signed by {first.grace_date} (24:00 UTC)."


def times(asking: Asking) -> Finding:
    """The moment is inside the allowed times, on the clock of the customer's zone."""
    customer = asking.customer
    week, zone = customer.terms.allowed_times, customer.terms.time_zone
    if week is None:
        return ALWAYS
    step = step_of(asking.moment, zone)
    if step is None:
        return refused(
            403,
            lambda: Said(
                zone, f"The time zone {zone} is not known here; choose another one.", "",
                own(customer, "time_zone"),
            ),
        )  # fmt: skip
    if week.bits >> (STEPS - 1 - step) & 1:
        return passed(lambda: Said("allowed now", in_words(week, zone)))
    return refused(
        403,
        lambda: Said(
            "not allowed now",
            f"{in_words(week, zone)}  It is outside of that now; widen the allowed times to let calls pass.",
            "",
            own(customer, "allowed_times"),
        ),
    )


def credit(asking: Asking) -> Finding:
    """Something is left to spend, or free minutes pay for the call; where the customer may receive at zero,
    incoming calls need nothing."""
    customer = asking.customer
    left = asking.credit()
    if left > 0:
        return passed(lambda: Said(amount(customer, left), f"{amount(customer, left)} are left to spend."))
    if asking.at_zero:
        return passed(
            lambda: Said(amount(customer, left), "No credit is left, but incoming calls pass without any.")
        )
    if free := asking.free():
        return passed(lambda: Said(in_minutes(free), f"No credit is left, but {_free(asking, free)}."))
    return refused(
        402, lambda: Said(amount(customer, left), _used_up(customer), "", own(customer, "debit_limit"))
    )


def _free(asking: Asking, free: int) -> str:
    """What free minutes do for the call, or for a customer."""
    if asking.entry is None:
        return f"{in_minutes(free)} are still free in its packages; only calls that these cover pass"
    return f"{in_minutes(free)} are still free for this number"


def _used_up(customer: Customer) -> str:
    account = customer.account
    reserved = f", and {amount(customer, account.reserved)} are reserved for calls that are up" * (
        account.reserved > 0
    )
    return (
        f"No credit is left: the balance is {amount(customer, account.balance)}, the debit limit "
        f"{amount(customer, customer.debit_limit)}{reserved}.  Add a payment or raise the debit limit."
    )


def daily_limit(asking: Asking) -> Finding:
    """Today's spend (UTC) is below the daily limit, or free minutes pay for the call."""
    customer = asking.customer
    left = asking.daily_left()
    if left is None:
        return NO_LIMIT
    limit = customer.daily_limit or 0
    if left > 0:
        return passed(
            lambda: Said(
                amount(customer, left),
                f"{amount(customer, left)} of the daily limit of {amount(customer, limit)} are left until "
                "24:00 UTC.",
            )
        )
    if free := asking.free():
        return passed(
            lambda: Said(in_minutes(free), f"The daily limit is reached, but {_free(asking, free)}.")
        )
    return refused(
        402,
        lambda: Said(
            f"{amount(customer, limit - left)} of {amount(customer, limit)}",
            f"The daily spend limit of {amount(customer, limit)} is reached.  Calls pass again at 00:00 UTC, "
            "or when the limit is raised.",
            "",
            own(customer, "daily_limit"),
        ),
    )
