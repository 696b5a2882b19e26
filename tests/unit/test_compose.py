"""An e-mail as bytes: read by Python's own parser as it was meant, whatever is in it."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.kinds import BadValue
from cx_tui.domain.templates import as_html as in_html
from cx_tui.domain.templates import compile_template
from cx_tui.messaging.compose import Attachment, Letter, Mailbox, compose, compose_body
from cx_tui.messaging.markdown import as_html
from cx_tui.messaging.unsubscribing import way_out

NOC = Mailbox("noc@acme.example", "Acme NOC")
ANA = Mailbox("ana@acme.example", "Ana Núñez")
DATE = datetime(2026, 6, 16, 11, 40, tzinfo=UTC)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
]  # fmt: skip
INJECTIONS = [
    "a\nBcc: x@evil.example",
    "a\rBcc: x@evil.example",
    "a\r\n\r\nbody",
    "a\r\n Bcc: x",
    "=?UTF-8?Q?=0A?=Bcc: x@evil.example",
    "=?UTF-8?B?Cg==?=Bcc: x",
    "a\u2028Bcc: x",
    "a\x85Bcc: x",
    "a\x00b",
    "a\x0bBcc: x",
]


def letter(body: bytes = b"Content-Type: text/plain\r\n\r\nx\r\n", **more: Any) -> Letter:
    usual: dict[str, Any] = {
        "sender": NOC,
        "to": ANA,
        "subject": "Outage",
        "message_id": "<1@acme.example>",
        "date": DATE,
    }
    return compose(body, **(usual | more))


def read(letter: Letter) -> EmailMessage:
    message = message_from_bytes(letter.head + letter.body, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def texts(body: bytes) -> dict[str, str]:
    """The texts of a body by their media type."""
    parts = read(letter(body)).walk()
    return {part.get_content_type(): part.get_content() for part in parts if not part.is_multipart()}


def test_a_letter_is_read_as_it_was_written() -> None:
    ours = letter(
        compose_body("Dear Ana,\nall is wéll.", "<p>all is wéll</p>"), unsubscribe="out@acme.example"
    )
    message = read(ours)
    assert dict(message.items()) == {
        "From": "Acme NOC <noc@acme.example>",
        "To": "Ana Núñez <ana@acme.example>",
        "Subject": "Outage",
        "Date": "Tue, 16 Jun 2026 11:40:00 +0000",
        "Message-ID": "<1@acme.example>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": "<mailto:out@acme.example?subject=unsubscribe>",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_alternative"',
    }
    assert (ours.sender, ours.recipient, ours.international) == (
        "noc@acme.example",
        "ana@acme.example",
        False,
    )
    assert texts(ours.body) == {
        "text/plain": "Dear Ana,\r\nall is wéll.\r\n",
        "text/html": "<p>all is wéll</p>\r\n",
    }


def test_the_same_letter_is_the_same_bytes() -> None:
    assert letter(compose_body("a", "b")) == letter(compose_body("a", "b"))


def test_answers_and_bounces_go_where_they_shall_and_the_list_has_a_name() -> None:
    ours = letter(
        reply_to=Mailbox("help@acme.example", "Help"), list_id="customers.acme.example",
        returns_to="bounces@acme.example",
    )  # fmt: skip
    message = read(ours)
    assert (message["Reply-To"], message["List-Id"]) == (
        "Help <help@acme.example>", "<customers.acme.example>",
    )  # fmt: skip
    assert ours.sender == "bounces@acme.example"


def test_a_web_address_that_does_not_say_who_asks_has_no_one_click() -> None:
    message = read(letter(unsubscribe="https://acme.example/out"))
    assert message["List-Unsubscribe"] == "<https://acme.example/out>"
    assert "List-Unsubscribe-Post" not in message


@pytest.mark.parametrize(
    ("setting", "address", "one_click"),
    [
        ("https://x.example/u", "https://x.example/u", False),
        ("https://x.example/u?t={{ token }}", "https://x.example/u?t=k7.12", True),
        ("https://x.example/{{contact.email}}", "https://x.example/a%2Bb%40c.example", True),
        ("out@x.example", "out@x.example", False),
    ],
)
def test_the_way_out_names_who_asks_where_the_settings_say(
    setting: str, address: str, one_click: bool
) -> None:
    assert way_out(setting, "a+b@c.example", "k7.12") == (address, one_click)


def test_who_may_leave_with_one_click_is_told_how() -> None:
    message = read(letter(unsubscribe="https://acme.example/out?c=7&t=x", one_click=True))
    assert message["List-Unsubscribe"] == "<https://acme.example/out?c=7&t=x>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with pytest.raises(BadValue):
        letter(unsubscribe="https://acme.example/>\r\nBcc: x")


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("place", ["subject", "to", "sender", "file"])
def test_no_header_can_be_slipped_in(text: str, place: str) -> None:
    def written() -> Letter:
        named = Mailbox("ana@acme.example", text)
        if place == "file":
            return letter(compose_body("x", attachments=[Attachment(text, b"x")]))
        return letter(**dict[str, Any]({place: text if place == "subject" else named}))

    if "=?" not in text:
        with pytest.raises(BadValue, match="can't hold the character"):
            written()
        return
    # An encoded word is harmless: it is shown as it was written.
    message = read(written())
    assert place == "file" or message.keys() == HEADERS
    shown = {
        "subject": message["Subject"],
        "to": message["To"].addresses[0].display_name,
        "sender": message["From"].addresses[0].display_name,
        "file": [part.get_filename() for part in message.walk()][-1],
    }
    assert shown[place] == text


@given(
    st.text(max_size=300), st.text(max_size=120), st.sampled_from(["", " ", "=?utf-8?q?=0D=0A?=", '"', "\\"])
)
def test_whatever_is_written_the_head_is_what_was_meant(subject: str, name: str, odd: str) -> None:
    try:
        ours = letter(subject=odd + subject, to=Mailbox("ana@acme.example", name + odd))
    except BadValue:
        return
    assert re.search(rb"[^\r]\n|\r[^\n]", ours.head) is None
    assert all(len(line) <= 998 for line in ours.head.split(b"\r\n"))
    message = read(ours)
    assert [key for key in message if key != "Subject"] == [key for key in HEADERS if key != "Subject"]
    assert (message["Subject"] or "") == (odd + subject).strip()
    [to] = message["To"].addresses
    assert to.addr_spec == "ana@acme.example"


@pytest.mark.parametrize("subject", ["word " * 400, "x" * 3000, "Störung " * 300, "👩‍💻 مرحبا " * 60])
def test_a_long_subject_is_folded(subject: str) -> None:
    ours = letter(subject=subject)
    assert max(len(line) for line in ours.head.split(b"\r\n")) <= 78
    assert read(ours)["Subject"] == subject.strip()


@pytest.mark.parametrize(
    "name", ['Acme, "Ltd"', "Ana (NOC)", "a\\b", "Ana <x@evil.example>,", "x@evil.example", ""]
)
def test_a_name_is_never_an_address(name: str) -> None:
    [to] = read(letter(to=Mailbox("ana@acme.example", name)))["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "ana@acme.example")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "a@b@c.example",
        "ana@acme.example NOTIFY=NEVER",
        "a@b.example,c@d.example",
        "ana@acme.example\r\n.x",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(BadValue):
        letter(to=Mailbox(address))


def test_domains_and_names_in_other_letters_are_sent_as_servers_know_them() -> None:
    ours = letter(to=Mailbox("ana@straße.example"))
    assert (ours.recipient, ours.international) == ("ana@xn--strae-oqa.example", False)
    other = letter(to=Mailbox("añá@acme.example", "Ana"))
    assert other.international
    assert read(other)["To"] == "Ana <añá@acme.example>"
    with pytest.raises(BadValue, match="is not an e-mail address"):
        letter(to=Mailbox("ana@a\u05d01.example"))


@pytest.mark.parametrize("id", ["", "1@acme.example", "<1@a> x", "<1@a>\r\nBcc: x", "<é@a>"])
def test_a_message_id_is_one(id: str) -> None:
    with pytest.raises(BadValue, match="is not a Message-ID"):
        letter(message_id=id)


@given(st.text(), st.text(min_size=1))
def test_a_body_is_read_as_it_was_written(plain: str, html: str) -> None:
    body = compose_body(plain, html)
    assert body.isascii()
    assert body.endswith(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 76
    wanted = "".join(line + "\r\n" for line in plain.encode("utf-8", "replace").decode().splitlines() or [""])
    assert texts(body)["text/plain"] == wanted


def test_files_go_with_it() -> None:
    files = [
        Attachment('räte "card.csv', b"a,b\r\n.\r\n" * 50),
        Attachment("x.pdf", bytes(range(256))),
        Attachment("x.eml", b"From: x", "message/rfc822"),
        Attachment("n" * 200 + ".bin", b""),
    ]
    message = read(letter(compose_body("a", "<p>b</p>", files)))
    found = list(message.iter_attachments())
    assert [part.get_filename() for part in found] == [file.name for file in files]
    assert [part.get_payload(decode=True) for part in found] == [file.content for file in files]
    types = ["text/csv", "application/pdf", "application/octet-stream", "application/octet-stream"]
    assert [part.get_content_type() for part in found] == types
    assert message.get_body(("html",)) is not None


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**Out** of _order_\nnow", "<p><strong>Out</strong> of <em>order</em><br />\nnow</p>"),
        ("<script>x</script> <b>", "<p>&lt;script&gt;x&lt;/script&gt; &lt;b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](data:text/html,x)", "<p>[x](data:text/html,x)</p>"),
        ("[x](HTTPS://a.example)", '<p><a href="HTTPS://a.example">x</a></p>'),
        ("<mailto:a@b.example>", '<p><a href="mailto:a@b.example">mailto:a@b.example</a></p>'),
        ("![x](https://a.example/spy.gif)", '<p>!<a href="https://a.example/spy.gif">x</a></p>'),
        ("|a|\n|-|\n|1|", "<table>\n<thead>\n<tr>\n<th>a</th>"),
    ],
)
def test_markdown_is_html_that_does_no_harm(markdown: str, html: str) -> None:
    assert html in as_html(markdown)


def test_fields_are_filled_into_the_page_and_are_no_markup_there() -> None:
    page = compile_template(as_html("Dear **{{ contact.name }}** `{{ customer.debit_limit }}`"), in_html)
    filled = page.fill({"contact.name": "<b>*Ana*", "customer.debit_limit": "1"})
    assert "<strong>&lt;b&gt;*Ana*</strong> <code>1</code>" in filled
    with pytest.raises(BadValue, match="can't be part of the address of a link"):
        as_html("[x](https://a.example/{{contact.id}})")
