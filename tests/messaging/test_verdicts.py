"""What refusals of mail servers are about: the letter, its mailbox, or all that we would send."""

import pytest

from cx_tui.messaging.verdicts import About, sender_is_not_taken_now, verdict

LETTER, NO_MAILBOX, US = About.LETTER, About.NO_MAILBOX, About.US


@pytest.mark.parametrize(
    ("step", "answer", "about"),
    [
        # The mailbox, whatever it is called
        ("RCPT", "550 5.1.1 <relay@acme.example>: Recipient address rejected: User unknown", NO_MAILBOX),
        ("RCPT", "550 <relay@acme.example>: User unknown", LETTER),
        ("RCPT", "550 5.1.1 <a@b.example>: User unknown in relay recipient table", NO_MAILBOX),
        ("RCPT", "550 <a@b.example>: User unknown in relay recipient table, not permitted", LETTER),
        ("RCPT", '550 5.7.1 "relaying denied"@acme.example is not known here', LETTER),
        ("RCPT", "554 5.7.1 relay.denied@acme.example: Recipient address rejected: Access denied", LETTER),
        ("RCPT", "554 5.7.1 <ana@acme.example>: Recipient address rejected: Access denied", LETTER),
        ("RCPT", "550 5.1.10 <a@b.example>: Recipient address rejected: Domain has no MX", NO_MAILBOX),
        ("RCPT", "550 5.2.1 The email account that you tried to reach is disabled", NO_MAILBOX),
        ("RCPT", "552 5.2.2 mailbox full", LETTER),
        ("RCPT", "550 5.4.1 Recipient address rejected: Access denied", LETTER),
        ("RCPT", "553 5.1.3 bad address syntax", LETTER),
        ("RCPT", "501 5.1.3 Bad recipient address syntax", LETTER),
        ("RCPT", "550 no such user", LETTER),
        ("RCPT", "550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission", LETTER),
        # The letter
        ("MAIL", "552 5.3.4 Message size exceeds fixed limit", LETTER),
        ("RCPT", "552 5.3.4 too large for this mailbox", LETTER),
        ("MAIL", "553 5.6.7 SMTPUTF8 is needed", LETTER),
        ("DATA", "554 5.5.1 Error: no valid recipients", LETTER),
        ("dot", "554 5.7.1 Message rejected as spam; see relay policy, sender rejected", LETTER),
        ("dot", "554 5.7.0 Reject, id=1-2 - SPAM", LETTER),
        ("dot", "550 5.1.1 no such user", LETTER),
        # Everything of ours
        ("MAIL", "550 5.7.1 not from you", US),
        ("MAIL", "501 5.1.7 Bad sender address syntax", US),
        ("MAIL", "553 sorry, your envelope sender is in my badmailfrom list", US),
        ("RCPT", "554 5.7.1 <ana@acme.example>: Relay access denied", US),
        ("RCPT", "550 5.7.1 Unable to relay", US),
        ("RCPT", "550 5.7.1 <ana@acme.example>... Relaying denied. IP name lookup failed", US),
        ("RCPT", "550 relay not permitted", US),
        ("RCPT", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", US),
        ("RCPT", "553 5.7.1 <noc@acme.example>: Sender address rejected: not owned by user noc", US),
        ("RCPT", "553 5.7.1 not yours", US),
        ("RCPT", "550 5.1.8 <noc@acme.example>: Sender address rejected: Domain not found", US),
        ("RCPT", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.example", US),
        ("RCPT", "554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied", US),
        ("RCPT", "504 5.5.2 <box>: Helo command rejected: need fully-qualified hostname", US),
        ("RCPT", "550 5.7.1 <box>: Helo command rejected: You are not you", US),
        ("RCPT", "530 5.7.0 Must issue a STARTTLS command first", US),
        ("RCPT", "503 AUTH first (#5.5.1)", US),
        ("RCPT", "550 Authentication is required for relay", US),
        ("RCPT", "535 5.7.8 Error: authentication failed", US),
        ("dot", "550 5.7.26 Unauthenticated email from acme.example is not accepted", US),
        ("dot", "530 5.7.1 Authentication required", US),
    ],
)  # fmt: skip
def test_a_refusal_is_judged_by_its_step_and_codes_and_never_by_an_address(
    step: str, answer: str, about: About
) -> None:
    code, _, text = answer.partition(" ")
    assert verdict(step, int(code), text).about is about


def test_refusals_of_the_same_kind_have_one_name() -> None:
    first = verdict("RCPT", 550, "5.1.1 <a@b.example>: User unknown")
    second = verdict("RCPT", 550, "5.1.1 <c@d.example>: User unknown")
    assert first.kind == second.kind == "RCPT 550 5.1.1"
    assert verdict("dot", 554, "spam").kind == "dot 554"


@pytest.mark.parametrize(
    ("answer", "all_of_them"),
    [
        ("450 4.1.8 <noc@acme.example>: Sender address rejected: Domain not found", True),
        ("451 4.7.1 Greylisted", False),
        ("450 4.2.0 mailbox busy", False),
    ],
)
def test_a_sender_that_is_not_taken_for_now_is_told_from_a_letter_that_is_not(
    answer: str, all_of_them: bool
) -> None:
    code, _, text = answer.partition(" ")
    assert sender_is_not_taken_now(int(code), text) is all_of_them
