"""SMS by Twilio: handed over once, then asked for until their end is known."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from cx_tui.domain.sms import LONGEST, is_e164
from cx_tui.errors import DeliveryFailed, NotFound, Unavailable
from cx_tui.messaging.accounts import SmsAccount
from cx_tui.messaging.outcome import Outcome, Refused, Sent, Unknown, in_words
from cx_tui.messaging.twilio_words import Answered, Broken, Delivery, delivery

if TYPE_CHECKING:
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.message import MessageInstance

T = TypeVar("T")

CLOCKS_DIFFER = timedelta(minutes=1)
LAST_MESSAGES = 200


@dataclass(frozen=True)
class Posted:
    """An SMS that Twilio has."""

    reference: str
    to: str
    text: str
    created_at: datetime
    delivery: Delivery


class Sms:
    """Sends SMS and asks what became of them; close it at the end."""

    def __init__(self, account: SmsAccount) -> None:
        from cx_tui.messaging.twilio_api import Http, client  # imported here: it loads the library

        self._account = account
        self._http = Http(account.base_url, account.answers_within)
        self._client: Client = client(account, self._http)

    async def send(self, to: str, text: str) -> Outcome:
        """Hand over one SMS, once; Unavailable or DeliveryFailed when none can be."""
        if not is_e164(to):
            return Refused(f"{in_words(to)} is not an international number, like +447700900123")
        if not 0 < len(text) <= LONGEST:
            return Refused(f"an SMS has 1 to {LONGEST} characters, this text has {len(text)}")
        service = self._account.service
        source = {"messaging_service_sid": service} if service else {"from_": self._account.sender}
        try:
            message = await self._client.messages.create_async(to=to, body=text, **source)
        except Answered as answer:
            return answer.outcome()
        except Broken as broken:
            return Unknown(f"{broken}; the message may have been sent", trouble=Unavailable(str(broken)))
        if not message.sid:
            return Unknown("Twilio took it without giving it a name; it may have been sent")
        return Sent(f"Twilio took it: {in_words(message.status)}", message.sid)

    async def look_up(self, reference: str) -> Delivery:
        """What became of an SMS; NotFound when Twilio has none of this reference."""
        try:
            message = await _asked(self._client.messages(reference).fetch_async())
        except DeliveryFailed as trouble:
            if isinstance(trouble.__cause__, Answered) and trouble.__cause__.status == 404:
                raise NotFound(f"Twilio has no message {in_words(reference)}") from None
            raise
        return _delivery(message)

    async def find(self, to: str, since: datetime) -> list[Posted]:
        """The SMS that Twilio got for a number since a moment, and a minute before: clocks differ.

        Not narrowed by the time of sending, as Twilio could: those that still wait there have none.
        """
        found = await _asked(self._client.messages.list_async(to=to, limit=LAST_MESSAGES))
        posted = map(_posted, found)
        return [each for each in posted if each.created_at >= since - CLOCKS_DIFFER]

    async def test_connection(self) -> str:
        """One sentence about what works; an exception, with one about what does not."""
        account = await _asked(self._client.api.v2010.accounts(self._account.account).fetch_async())
        name, status = in_words(account.friendly_name), in_words(account.status)
        if status != "active":
            raise DeliveryFailed(f'the Twilio account "{name}" is {status}, not active')
        return f'Twilio knows the account "{name}", which is active'

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


async def _asked(question: Awaitable[T]) -> T:
    """The answer to a question that changes nothing."""
    try:
        return await question
    except Answered as answer:
        raise answer.trouble() from answer
    except Broken as broken:
        raise Unavailable(str(broken)) from broken


def _delivery(message: "MessageInstance") -> Delivery:
    return delivery(message.status, message.error_code, message.error_message)


def _posted(message: "MessageInstance") -> Posted:
    # Without a time it counts as new: better to look at one too many.
    created_at = message.date_created or datetime.max.replace(tzinfo=UTC)
    return Posted(message.sid or "", message.to or "", message.body or "", created_at, _delivery(message))
