"""The mail server and the SMS account of the settings, and what loads their libraries."""

import subprocess
import sys
from pathlib import Path

import pytest

from cx_tui.config import load
from cx_tui.errors import Misconfigured
from cx_tui.messaging.accounts import mail_server, sms_account
from cx_tui.messaging.compose import Mailbox
from tests.messaging.servers import PEM
from tests.patience import patient

ENV = {"HOME": "/nowhere", "SECRET": "s3cret"}
MAIL = {"mail.server": "mail.acme.example", "mail.from_address": "noc@acme.example"}
SMS = {"sms.account": "AC7", "sms.token": "env:SECRET", "sms.sender": "Acme"}


def test_a_server_is_that_of_the_settings_with_its_password() -> None:
    login = {
        "mail.user": "noc",
        "mail.password": "env:SECRET",
        "mail.from_name": "NOC",
        "mail.connections": "2",
    }
    server = mail_server(load(ENV, MAIL | login).settings, ENV)
    assert (server.host, server.port, server.tls) == ("mail.acme.example", 587, "starttls")
    assert (server.user, server.password, server.connections) == ("noc", "s3cret", 2)
    assert server.sender == Mailbox("noc@acme.example", "NOC")
    assert "s3cret" not in repr(server)


@pytest.mark.parametrize(
    ("tls", "port", "used"), [("implicit", 0, 465), ("none", 0, 25), ("none", 2525, 2525)]
)
def test_a_port_follows_from_tls_unless_it_is_given(tls: str, port: int, used: int) -> None:
    assert mail_server(load(ENV, MAIL | {"mail.tls": tls, "mail.port": port}).settings, ENV).port == used


def test_an_account_is_that_of_the_settings_with_its_token() -> None:
    account = sms_account(load(ENV, SMS | {"sms.base_url": "http://127.0.0.1:8080/"}).settings, ENV)
    assert (account.account, account.token, account.sender) == ("AC7", "s3cret", "Acme")
    assert account.base_url == "http://127.0.0.1:8080"
    assert "s3cret" not in repr(account)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "no e-mail can be sent without mail.server; set it in the settings file"),
        (
            {"mail.server": "x"},
            "no e-mail can be sent without mail.from_address; set it in the settings file",
        ),
        (
            MAIL | {"mail.user": "noc"},
            "no e-mail as mail.user can be sent without mail.password; set it in the settings file",
        ),
        (MAIL | {"mail.user": "noc", "mail.password": "env:NONE"}, "mail.password: env:NONE holds nothing"),
    ],
)
def test_what_is_missing_for_e_mail_is_said(given: dict[str, object], said: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        mail_server(load(ENV, given).settings, ENV)
    assert str(caught.value) == said


def test_names_addresses_and_certificates_are_those_of_the_settings() -> None:
    more = {
        "mail.ehlo": "cx.acme.example", "mail.reply_to": "help@acme.example", "mail.ca_file": str(PEM),
        "mail.returns_to": "bounces@acme.example", "mail.list_id": "customers.acme.example",
    }  # fmt: skip
    server = mail_server(load(ENV, MAIL | more).settings, ENV)
    assert (server.ehlo, server.returns_to, server.list_id) == (
        "cx.acme.example", "bounces@acme.example", "customers.acme.example",
    )  # fmt: skip
    assert server.reply_to == Mailbox("help@acme.example")
    assert "localhost" in str([one["subject"] for one in server.certificates.get_ca_certs()])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mail.ca_file": "/nowhere.pem"}, "mail.ca_file: /nowhere.pem can't be read: No such file or dir"),
        ({"mail.ca_file": __file__}, "holds no certificate in PEM form"),
        ({"mail.dkim_key": "env:SECRET"}, "can be sent without mail.dkim_selector"),
        (
            {"mail.dkim_key": "env:SECRET", "mail.dkim_selector": "s1"},
            "mail.dkim_key can't sign for acme.example: ",
        ),
    ],
)
def test_a_file_or_key_that_can_not_be_used_is_said(given: dict[str, object], said: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        mail_server(load(ENV, MAIL | given).settings, ENV)
    assert said in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("missing", SMS)
def test_what_is_missing_for_sms_is_said(missing: str) -> None:
    given = {key: value for key, value in SMS.items() if key != missing}
    with pytest.raises(Misconfigured, match=f"no SMS can be sent without {missing}"):
        sms_account(load(ENV, given).settings, ENV)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("mail.from_address", "noc"),
        ("mail.from_address", "noc@acme.example\r\nBcc: x@y.example"),
        ("mail.unsubscribe", "http://acme.example/out"),
        ("mail.unsubscribe", "https://acme.example/a b"),
        ("mail.unsubscribe", "https://acme.example/{{ contact.name }}"),
        ("mail.ehlo", "cx acme"),
        ("mail.ehlo", "cx\r\nRSET"),
        ("mail.list_id", "<a>"),
        ("mail.tls", "auto"),
        ("mail.port", 70000),
        ("sms.base_url", "http://api.twilio.com"),
        ("sms.base_url", "http://localhost.evil.example"),
        ("sms.base_url", "https://user:pw@api.example"),
        ("sms.base_url", "ftp://127.0.0.1"),
    ],
)
def test_a_setting_that_would_do_harm_is_refused(key: str, value: object) -> None:
    with pytest.raises(Misconfigured, match=key):
        load(ENV, {key: value})


def test_nothing_heavy_is_loaded_before_the_first_message() -> None:
    modules = (
        "accounts",
        "compose",
        "signing",
        "verdicts",
        "mail",
        "markdown",
        "outcome",
        "reach",
        "sms",
        "twilio_words",
    )
    program = (
        "".join(f"import cx_tui.messaging.{name}\n" for name in modules) + "import sys; print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        timeout=patient(60),
    )
    heavy = {"aiosmtplib", "twilio", "aiohttp", "markdown_it", "idna", "dkim", "textual", "sqlalchemy"}
    assert heavy & set(done.stdout.split()) == set()
