"""One connection to a mail server, and what each of its answers means for a letter."""

import time
from asyncio import Transport
from contextlib import suppress

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPException,
    SMTPHeloError,
    SMTPReadTimeoutError,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from cx_tui.config.text import visible
from cx_tui.errors import CxError, DeliveryFailed, Unavailable
from cx_tui.messaging.accounts import MailServer
from cx_tui.messaging.compose import Letter
from cx_tui.messaging.outcome import Gate, Later, Outcome, Refused, Sent, Unknown, in_words
from cx_tui.messaging.reach import unreachable
from cx_tui.messaging.talk import Talk
from cx_tui.messaging.verdicts import (
    FOR_EVER,
    GO_ON,
    LEAVING,
    TAKEN,
    About,
    sender_is_not_taken_now,
    verdict,
)


class Connection:
    """A conversation with the server, one letter after another; it begins with the first."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls == "implicit",
            # Never None, which sends in the clear to a server that offers no encryption.
            start_tls=server.tls == "starttls",
            tls_context=server.certificates,
            timeout=server.answers_within,
            local_hostname=server.ehlo or None,
        )
        self._talk: Talk | None = None
        self._letters = 0
        self._used = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the server can be talked to, as far as is known."""
        return self._talk is not None and self._talk.is_open

    async def begin(self) -> None:
        """Be ready for a letter, connecting where that is needed; raises when no letter can be sent."""
        try:
            await self._ready()
        except BaseException:
            self._hang_up()
            raise

    async def send(self, letter: Letter, gate: Gate = None) -> Outcome:
        """Hand over one letter on a connection that was begun."""
        try:
            if self._talk is None:
                return Later(f"{self._where} hung up")
            outcome = await self._hand_over(self._talk, letter, gate)
        except BaseException:
            self._hang_up()  # in the middle of something: nobody knows where
            raise
        self._letters += 1
        self._used = time.monotonic()
        return outcome

    async def test(self) -> str:
        """Go as far as a letter to ourselves would without sending one, and say how it went."""
        talk = await self._open()
        own = self._server.sender.on_the_wire
        sender = self._server.returns_to or own
        try:
            answer = await self._command(talk, f"MAIL FROM:<{sender}>")
            if answer.code // 100 != TAKEN:
                raise self._sender_refused(answer)
            answer = await self._command(talk, f"RCPT TO:<{own}>")
        except SMTPException as error:
            raise Unavailable(self._broke_off(error)) from error
        doubt = ""
        if answer.code // 100 != TAKEN:
            if _meets_all(answer, "RCPT"):
                raise self._sender_refused(answer)
            doubt = f"; a letter to {visible(own)} itself would not be taken now: {_said(answer)}"
        cipher = self._smtp.get_transport_info("cipher")
        how = f"encrypted with {cipher[1]}" if cipher else "not encrypted"
        login = f", logged in as {visible(self._server.user)}" if self._server.user else ""
        return f"{self._where} takes e-mail from {visible(sender)}: {how}{login}{doubt}"

    async def largest(self) -> int:
        """How many bytes a letter may have, as far as the server says; 0 is no limit that is known."""
        await self._open()
        said = self._smtp.esmtp_extensions.get("size", "")
        return int(said) if said.isascii() and said.isdigit() else 0

    async def close(self) -> None:
        """Say goodbye, however the server takes it."""
        if self._talk:
            with suppress(SMTPException):
                self._talk.command("QUIT")
                await self._talk.answer(within=1)
        self._hang_up()

    def _hang_up(self) -> None:
        self._talk = None
        self._smtp.close()

    async def _ready(self) -> Talk:
        if self._server.per_connection and self._letters >= self._server.per_connection:
            await self.close()
        talk = self._talk
        if talk and talk.is_open and time.monotonic() - self._used >= self._server.trusted_for:
            # The server may have hung up without a word, as after a firewall forgot us.
            try:
                await self._command(talk, "NOOP")
            except SMTPException:
                talk = None
        return talk if talk and talk.is_open else await self._open()

    async def _open(self) -> Talk:
        self._hang_up()
        self._letters = 0
        try:
            await self._smtp.connect()
            if self._smtp.is_ehlo_or_helo_needed:
                await self._smtp.ehlo()
            if self._server.user:
                await self._log_in()
            transport = self._smtp.transport
            if not isinstance(transport, Transport):
                raise SMTPServerDisconnected("it hung up")
        except (SMTPException, OSError, UnicodeError) as error:
            raise self._trouble(error) from error
        self._talk = Talk(transport)
        return self._talk

    async def _log_in(self) -> None:
        """By one way only: each refusal counts as an attempt to guess the password."""
        smtp = self._smtp
        ways = {"plain": smtp.auth_plain, "login": smtp.auth_login, "cram-md5": smtp.auth_crammd5}
        way = next((ways[name] for name in ways if name in smtp.server_auth_methods), None)
        if way is None:
            offered = ", ".join(smtp.server_auth_methods) or "none"
            raise DeliveryFailed(f"{self._where} offers no login that is known here (it offers {offered})")
        await way(self._server.user.encode(), self._server.password.encode())

    async def _hand_over(self, talk: Talk, letter: Letter, gate: Gate) -> Outcome:
        """MAIL, RCPT, DATA, and the letter; up to its first byte nothing was sent."""
        if letter.international and not self._smtp.supports_extension("smtputf8"):
            return Refused(f"{self._where} takes no address with such letters (no SMTPUTF8)")
        try:
            if refused := await self._announce(talk, letter):
                return refused
        except SMTPException as error:
            self._hang_up()
            return Later(self._broke_off(error))
        if gate is not None:
            await gate
        return await self._say(talk, letter)

    async def _announce(self, talk: Talk, letter: Letter) -> Outcome | None:
        """Say whose letter comes to whom; the outcome if that is not taken."""
        steps = (
            (f"MAIL FROM:<{letter.sender}>{self._options(letter)}", TAKEN),
            (f"RCPT TO:<{letter.recipient}>", TAKEN),
            ("DATA", GO_ON),
        )
        at_once = self._smtp.supports_extension("pipelining")
        if at_once:
            talk.command(*(step for step, _ in steps))
        for place, (step, wanted) in enumerate(steps, 1):
            if not at_once:
                talk.command(step)
            answer = await talk.answer(self._server.answers_within)
            if answer.code // 100 != wanted:
                return await self._not_taken(talk, answer, step, len(steps) - place if at_once else 0)
        return None

    async def _say(self, talk: Talk, letter: Letter) -> Outcome:
        """The letter itself: from here on it may have arrived, until an answer says more."""
        if not talk.is_open:
            self._hang_up()
            return Later(f"{self._where} hung up")
        try:
            # A dot at the beginning of a line would end the letter there.
            talk.say(letter.head + letter.body.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            answer = await talk.answer(self._server.takes_within)
        except SMTPException as error:
            self._hang_up()
            return Unknown(f"{self._broke_off(error)} after the whole message; it may have arrived")
        if answer.code // 100 == TAKEN:
            return Sent(_said(answer), letter.message_id)
        if answer.code == LEAVING:
            self._hang_up()
        return self._refusal(answer, "dot") or self._strange(Unknown, answer)

    async def _not_taken(self, talk: Talk, answer: SMTPResponse, step: str, to_come: int) -> Outcome:
        """The outcome of a refusal before the letter itself; raised when it would meet every letter."""
        if answer.code == LEAVING:
            self._hang_up()
        else:
            try:
                await self._begin_anew(talk, to_come)
            except SMTPException:
                self._hang_up()
        return self._refusal(answer, step.split()[0]) or self._strange(Later, answer)

    def _refusal(self, answer: SMTPResponse, step: str) -> Outcome | None:
        """The outcome of a refusal, raised when it would meet every letter; None for what is no refusal."""
        if _meets_all(answer, step):
            raise self._sender_refused(answer)
        match answer.code // 100:
            case 4 if sender_is_not_taken_now(answer.code, answer.message):
                raise Unavailable(f"{self._where} does not take our e-mail now: {_said(answer)}")
            case 4:
                return Later(_said(answer))
            case 5:
                about, kind = verdict(step, answer.code, answer.message)
                return Refused(_said(answer), kind, about is About.NO_MAILBOX)
        return None

    async def _begin_anew(self, talk: Talk, to_come: int) -> None:
        """After a refusal and the answers to what was said behind it: the server would take the next MAIL for
        a second one."""
        others = [await talk.answer(self._server.answers_within) for _ in range(to_come)]
        if any(each.code // 100 == GO_ON for each in others):
            # It waits for a letter to nobody; even an empty one might be passed on.
            self._hang_up()
        else:
            await self._command(talk, "RSET")

    def _strange(self, outcome: type[Outcome], answer: SMTPResponse) -> Outcome:
        """The outcome of an answer that is against the protocol: nobody knows what would come next."""
        self._hang_up()
        return outcome(_said(answer))

    async def _command(self, talk: Talk, line: str) -> SMTPResponse:
        talk.command(line)
        return await talk.answer(self._server.answers_within)

    def _options(self, letter: Letter) -> str:
        size = f" SIZE={len(letter.head) + len(letter.body)}" if self._smtp.supports_extension("size") else ""
        return size + (" SMTPUTF8" if letter.international else "")

    @property
    def _where(self) -> str:
        return f"{visible(self._server.host)} port {self._server.port}"

    def _sender_refused(self, answer: SMTPResponse) -> CxError:
        sender = visible(self._server.sender.address)
        return DeliveryFailed(f"{self._where} takes no e-mail from {sender}: {_said(answer)}")

    def _broke_off(self, error: SMTPException) -> str:
        if isinstance(error, SMTPTimeoutError):
            return f"{self._where} did not answer in time"
        if isinstance(error, SMTPResponseException):
            return f"{self._where} answered nonsense ({in_words(error.message)})"
        return f"{self._where} hung up"

    def _trouble(self, error: Exception) -> CxError:
        """What an error while connecting means for all letters."""
        where, user = self._where, visible(self._server.user)
        match error:
            case SMTPAuthenticationError(code=code) if code // 100 == FOR_EVER:
                return DeliveryFailed(f"{where} does not let {user} in: {_said(error)}")
            case SMTPAuthenticationError():
                return Unavailable(f"{where} can't let {user} in now: {_said(error)}")
            case SMTPHeloError():
                return Unavailable(f"{where} does not want to talk to this host: {_said(error)}")
            case SMTPConnectResponseError() if error.code > 0:
                return Unavailable(f"{where} takes no connections now: {_said(error)}")
            case SMTPResponseException() if error.code > 0:
                return Unavailable(f"{where} can't encrypt now: {_said(error)}")
            case SMTPResponseException():
                return Unavailable(f"{where} does not talk like a mail server: {_said(error)}")
            case SMTPReadTimeoutError() | SMTPServerDisconnected():
                return Unavailable(self._broke_off(error))
            case SMTPException() if "STARTTLS" in error.message:
                hint = "; if it does encrypt, try another port or tls" if self._server.port != 25 else ""
                return DeliveryFailed(f"{where} does not offer STARTTLS, so nothing is sent{hint}")
        # The library wraps what the network said.
        cause = error.__cause__ if isinstance(error, SMTPException) else error
        return unreachable(self._server.host, self._server.port, cause or error)


def _meets_all(answer: SMTPResponse, step: str) -> bool:
    """Whether a refusal is one of our sender, of our login, or of passing on anything."""
    return answer.code // 100 == FOR_EVER and verdict(step, answer.code, answer.message).about is About.US


def _said(answer: SMTPResponse | SMTPResponseException) -> str:
    return in_words(f"{answer.code} {answer.message}" if answer.code > 0 else answer.message)
