"""Whom messages are handed to: the mail server and the SMS account of the settings, with their secrets.

Reading a secret may run a command, and certificates take a while: make these in a thread.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cx_tui.config import Settings
from cx_tui.config.secrets import read_secret
from cx_tui.config.text import visible
from cx_tui.errors import Misconfigured
from cx_tui.messaging.compose import Mailbox
from cx_tui.messaging.signing import Signer

PORTS = {"implicit": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where e-mail is handed over, and as whom."""

    host: str
    sender: Mailbox
    port: int = PORTS["starttls"]
    tls: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    certificates: ssl.SSLContext = field(
        default_factory=ssl.create_default_context, repr=False, compare=False
    )
    """Those that are trusted; OpenSSL's SSL_CERT_FILE names others than the machine's."""
    ehlo: str = ""
    """What we call ourselves there; without it the name of this machine."""
    returns_to: str = ""
    """The address that bounces come back to (the envelope's sender); without it the sender's."""
    reply_to: Mailbox | None = None
    """Where answers go; without it to the sender."""
    list_id: str = ""
    signer: Signer | None = None
    connections: int = 4
    per_connection: int = 0
    """How many letters to send before connecting anew; 0 means no limit."""
    answers_within: float = 60.0
    takes_within: float = 600.0
    """Seconds from the end of a letter to its answer: RFC 5321 asks for 10 minutes, against doubles."""
    trusted_for: float = 10.0
    """Seconds for which a connection that is not used counts as alive."""


@dataclass(frozen=True, kw_only=True)
class SmsAccount:
    """A Twilio account, and the number or messaging service that SMS come from."""

    account: str
    token: str = field(repr=False)
    sender: str = ""
    service: str = ""
    base_url: str = "https://api.twilio.com"
    answers_within: float = 30.0


def mail_server(settings: Settings, env: Mapping[str, str]) -> MailServer:
    """The mail server of the settings; Misconfigured when something is missing."""
    mail = settings.mail
    _needed("e-mail", {"mail.server": mail.server, "mail.from_address": mail.from_address})
    if mail.user:
        _needed("e-mail as mail.user", {"mail.password": mail.password})
    return MailServer(
        host=mail.server,
        sender=Mailbox(mail.from_address, mail.from_name),
        port=mail.port or PORTS[mail.tls],
        tls=mail.tls,
        user=mail.user,
        password=read_secret("mail.password", mail.password, env) if mail.user else "",
        ehlo=mail.ehlo,
        returns_to=Mailbox(mail.returns_to).on_the_wire if mail.returns_to else "",
        reply_to=Mailbox(mail.reply_to) if mail.reply_to else None,
        list_id=mail.list_id,
        signer=_signer(settings, env) if mail.dkim_key else None,
        certificates=_trusted(mail.ca_file),
        connections=mail.connections,
        per_connection=mail.per_connection,
    )


def _signer(settings: Settings, env: Mapping[str, str]) -> Signer:
    mail = settings.mail
    _needed("e-mail signed by mail.dkim_key", {"mail.dkim_selector": mail.dkim_selector})
    key = read_secret("mail.dkim_key", mail.dkim_key, env, whole=True)
    domain = mail.dkim_domain or Mailbox(mail.from_address).on_the_wire.rpartition("@")[2]
    return Signer(mail.dkim_selector, domain, key.encode())


def _trusted(ca_file: str) -> ssl.SSLContext:
    """The certificates that are trusted: the machine's, and those of a file beside them."""
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(Path(ca_file).expanduser())
        except ssl.SSLError:
            raise Misconfigured(
                f"mail.ca_file: {visible(ca_file)} holds no certificate in PEM form"
            ) from None
        except (OSError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise Misconfigured(f"mail.ca_file: {visible(ca_file)} can't be read: {reason}") from None
    return context


def sms_account(settings: Settings, env: Mapping[str, str]) -> SmsAccount:
    """The SMS account of the settings; Misconfigured when something is missing."""
    sms = settings.sms
    _needed("SMS", {"sms.account": sms.account, "sms.token": sms.token})
    _needed("SMS", {"sms.sender or sms.service": sms.sender or sms.service})
    return SmsAccount(
        account=sms.account,
        token=read_secret("sms.token", sms.token, env),
        sender=sms.sender,
        service=sms.service,
        base_url=sms.base_url,
    )


def _needed(what: str, values: Mapping[str, str]) -> None:
    for key, value in values.items():
        if not value:
            raise Misconfigured(f"no {what} can be sent without {key}; set it in the settings file")
