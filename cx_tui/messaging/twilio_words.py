"""What Twilio says, in our words: refusals of a new SMS, and how far one has come."""

from dataclasses import dataclass

from cx_tui.errors import CxError, DeliveryFailed, Unavailable
from cx_tui.messaging.outcome import Later, Outcome, Refused, Unknown, in_words

ACCOUNT_IS_WRONG = frozenset(
    {20003, 20005, 20404, 21212, 21603, 21606, 21656, 21659, 21660, 21701, 21703, 21705, 63038}
)
"""Errors of the account, its number, its service or its limits: every message would meet them."""

OF_THE_MESSAGE = frozenset({21211, 21408, 21608, 21610, 21612, 21614, 21617, 21635})
"""Errors of one message or number, whatever status they come with."""

NO_MORE_TO_ME = 21610
"""The recipient has answered STOP."""

QUEUE_IS_FULL = frozenset({21611, 30001})
NOT_ALLOWED = frozenset({401, 402, 403})
"""HTTP: no login, no money, no permission."""

ERRORS = {
    20003: "the account or its token is wrong",
    20005: "the account is not active",
    20404: "there is no such account",
    21211: "this is not a phone number",
    21212: "sms.sender is not a number or name to send from",
    21408: "the account may not send to this country",
    21606: "sms.sender is not a number of the account that can send SMS",
    21608: "a trial account sends to verified numbers only",
    21610: "the recipient has asked for no more messages",
    21611: "too many messages wait for this sender",
    21612: "this number can't be reached from ours",
    21614: "this is not a mobile number",
    21617: "the text is too long",
    21635: "this is a landline, which takes no SMS",
    21656: "the service does not take what this program sends",
    21659: "sms.sender is not a number of Twilio",
    21660: "sms.sender is not a number of this account",
    21703: "the messaging service has no number to send from",
    30001: "too many messages wait for this sender",
    30003: "the phone is off or out of reach",
    30004: "the message was blocked",
    30005: "this number is not in use",
    30006: "this is a landline, or its network takes no SMS",
    30007: "the network took it for spam",
    30008: "the network did not say why",
    30034: "the sender is not registered for this country",
    63038: "the account has sent as many messages as it may in a day",
}

STATES = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}
ENDS = frozenset({"delivered", "undelivered", "failed"})


class Answered(Exception):
    """Twilio answered, but not with what was asked for; `after` are seconds to wait, if it said so."""

    def __init__(self, status: int, code: int, message: str, after: float = 0.0) -> None:
        super().__init__(in_words(f"{ERRORS[code]} ({message})" if code in ERRORS else message))
        self.status = status
        self.code = code
        self.after = after

    def outcome(self) -> Outcome:
        """What it means for a new SMS; raised when it would meet every one."""
        if self.status == 429 or self.code in QUEUE_IS_FULL:
            return Later(str(self), self.after, trouble=Unavailable(str(self)))
        if self.status >= 500:
            return Unknown(f"{self}; it may have been sent", trouble=Unavailable(str(self)))
        of_all = self.code in ACCOUNT_IS_WRONG or self.status in NOT_ALLOWED
        if self.code in OF_THE_MESSAGE or (self.code and not of_all):
            return Refused(str(self), str(self.code), self.code == NO_MORE_TO_ME)
        raise self.trouble() from self

    def trouble(self) -> CxError:
        """What it means when nothing was to be sent."""
        passes = self.status == 429 or self.status >= 500
        return Unavailable(str(self)) if passes else DeliveryFailed(str(self))


class Broken(Exception):
    """The request went out, and no answer to it that can be read came back."""


@dataclass(frozen=True)
class Delivery:
    """How far an SMS has come: queued, sent, delivered, undelivered or failed."""

    state: str
    answer: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDS


def delivery(status: str | None, code: object, message: str | None) -> Delivery:
    """How far an SMS has come, by what Twilio keeps of it."""
    state = STATES.get(status or "", "queued")  # a new word can't be an end that we know of
    if not code:
        return Delivery(state, in_words(status))
    words = ERRORS.get(code) if isinstance(code, int) else None
    return Delivery(state, in_words(": ".join(filter(None, (f"error {code}", words or message)))))
