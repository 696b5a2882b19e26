"""Letters against a real Postfix on loopback, in a folder of its own: what it takes it throws away."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cx_tui.db.engine import Database
from cx_tui.domain.outbox import Job, State, Way
from cx_tui.errors import DeliveryFailed, Refused
from cx_tui.services.sending.draft_message import DraftMessage
from cx_tui.services.sending.opt_outs import OptOuts
from cx_tui.services.session import Session
from tests.db.sessions import ANA, add, add_contact
from tests.messaging.deliveries import mailing, sent, session_of, states

STARTS_WITHIN = 20.0

pytestmark = [
    pytest.mark.skipif(not shutil.which("postfix"), reason="Postfix is not installed"),
    pytest.mark.skipif(os.geteuid() != 0, reason="Postfix is started by root alone"),
    pytest.mark.parametrize("kind", ["sqlite"]),
]

KNOWN = "inline:{noc@acme.example=x, p0@acme.example=x, p2@acme.example=x, p3@acme.example=x}"
SERVICES = """\
127.0.0.1:{port} inet n - n - 20 smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """A Postfix of the tests: how it is reached, and what it is told."""

    folder: Path
    port: int
    options: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> None:
        """Run `postfix` for this instance."""
        command = ["postfix", "-c", str(self.folder / "etc"), *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=60)

    def set(self, **options: str) -> None:
        """Give it other options, at once."""
        self.options |= options
        (self.folder / "etc" / "main.cf").write_text("".join(f"{k} = {v}\n" for k, v in self.options.items()))
        self.run("reload")


@pytest.fixture
def postfix() -> Iterator[Postfix]:
    """A Postfix that takes letters for acme.example, and knows only a few mailboxes of it."""
    # Its daemons are not root, and pytest's own folders are for root alone.
    folder = Path(tempfile.mkdtemp(prefix="cx-tui-postfix-", dir="/var/tmp"))  # the same
    folder.chmod(0o755)
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    ours = Postfix(
        folder, port,
        {
            "compatibility_level": "3.6", "inet_interfaces": "127.0.0.1", "inet_protocols": "ipv4",
            "queue_directory": str(folder / "queue"), "data_directory": str(folder / "data"),
            "maillog_file": str(folder / "log"), "myhostname": "mx.acme.example",
            "mydestination": "", "relay_domains": "acme.example", "mynetworks": "192.0.2.0/24",
            "relay_recipient_maps": KNOWN,
            "default_transport": "discard", "relay_transport": "discard", "smtpd_relay_restrictions":
            "permit_mynetworks, reject_unauth_destination", "message_size_limit": "200000",
            "smtpd_client_event_limit_exceptions": "", "alias_maps": "",
        },
    )  # fmt: skip
    etc = folder / "etc"
    (etc / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in ours.options.items()))
    (etc / "master.cf").write_text(SERVICES.format(port=port))
    ours.run("start")
    try:
        _wait_for(port)
        yield ours
    finally:
        ours.run("stop")
        shutil.rmtree(folder)


def _wait_for(port: int) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connected:
                assert connected.recv(3) == b"220"
                return
        except OSError:
            assert time.monotonic() < end, "Postfix did not start"


@pytest.fixture
def session(database: Database) -> Session:
    return session_of(database)


async def to(session: Session, *addresses: str) -> list[int]:
    """A customer with contacts who have these addresses; says the customers."""
    one = await add(session, f"Customer of {addresses[0]}")
    for address in addresses:
        await add_contact(session, one.id, address.partition("@")[0], email=address)
    return [one.id]


async def order(session: Session, customers: list[int]) -> Job:
    return await session.outbox.order(
        DraftMessage(Way.EMAIL, "Hello", "Outage"), await session.outbox.recipients(Way.EMAIL, customers)
    )


async def test_a_mailbox_that_is_not_known_is_refused_and_opted_out_and_the_others_get_it(
    postfix: Postfix, session: Session
) -> None:
    job = await order(session, await to(session, "p0@acme.example", "relay@acme.example", "p2@acme.example"))
    async with mailing(session.database, postfix.port) as post:
        assert str((await post.run_due())[Way.EMAIL]) == "1 failed, 2 sent"
        assert "takes e-mail from noc@acme.example" in await post.test_connection(Way.EMAIL)
    refused = next(one for one in await sent(session, job) if one.state is State.FAILED)
    assert refused.answer.startswith(
        "550 5.1.1 <relay@acme.example>: Recipient address rejected: User unknown"
    )
    assert [one.email for one in await OptOuts(session.database, ANA).listed()] == ["relay@acme.example"]


@pytest.mark.parametrize(
    ("options", "address", "said"),
    [
        ({}, "x@other.example", "554 5.7.1 <x@other.example>: Relay access denied"),
        (
            {"smtpd_sender_restrictions": "check_sender_access inline:{noc@acme.example=REJECT}"},
            "p0@acme.example",
            "554 5.7.1 <noc@acme.example>: Sender address rejected: Access denied",
        ),
        (
            {"smtpd_helo_required": "yes", "smtpd_helo_restrictions": "reject_non_fqdn_helo_hostname"},
            "p0@acme.example",
            "504 5.5.2 <box>: Helo command rejected: need fully-qualified hostname",
        ),
        (
            {"smtpd_client_restrictions": "check_client_access inline:{127.0.0.1=REJECT}"},
            "p0@acme.example",
            "Client host rejected: Access denied",
        ),
    ],
)
async def test_what_would_meet_everybody_pauses_the_way(
    postfix: Postfix, session: Session, options: dict[str, str], address: str, said: str
) -> None:
    if options:
        postfix.set(**options)
    job = await order(session, await to(session, address, "p2@acme.example", "p3@acme.example"))
    async with mailing(session.database, postfix.port, mail__ehlo="box", mail__connections=1) as post:
        tally = (await post.run_due())[Way.EMAIL]
        if options:  # that nothing is relayed only a letter to elsewhere shows
            with pytest.raises(DeliveryFailed, match="takes no e-mail from noc@acme"):
                await post.test_connection(Way.EMAIL)
    assert isinstance(tally.trouble, DeliveryFailed)
    assert said in str(tally.trouble)
    assert (await states(session, job)).get(State.FAILED) is None


async def test_a_limit_of_connections_costs_no_message_an_attempt(postfix: Postfix, session: Session) -> None:
    postfix.set(smtpd_client_connection_count_limit="1")
    customers = [one for place in (0, 2, 3) for one in await to(session, f"p{place}@acme.example")]
    job = await order(session, customers)
    async with mailing(session.database, postfix.port, mail__connections=3) as post:
        assert str((await post.run_due())[Way.EMAIL]) == "3 sent"
    assert {one.attempts for one in await sent(session, job)} == {1}
    assert await session.outbox.pauses() == {}


async def test_what_is_larger_than_the_server_takes_is_refused_before_it_is_queued(
    postfix: Postfix, session: Session
) -> None:
    async with mailing(session.database, postfix.port) as post:
        large = DraftMessage(Way.EMAIL, "x", "x", files=(("a.bin", b"x" * 180_000),))
        with pytest.raises(Refused, match="the mail server takes 200 kB at most"):
            await post.refuse_too_large(large)
        await post.refuse_too_large(replace(large, files=(("a.bin", b"x" * 1000),)))
