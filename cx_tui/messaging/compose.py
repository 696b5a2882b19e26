"""An e-mail as bytes: a head for each recipient, and a body that is made once for all who get the same.

The head is written here because the `email` package takes most of a millisecond for it, and because CPython
3.11.7 lets an encoded word with a line break in it begin another header.  What was written is read again
before it leaves: exactly the headers that were meant, and no line break in any of them.
"""

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import encode_rfc2231, format_datetime, quote
from functools import cached_property, lru_cache

from cx_tui.domain.kinds import BadValue, Email
from cx_tui.domain.kinds import quote as quoted
from cx_tui.messaging.signing import Signer

LINE = 78
LONGEST_LINE = 998
MESSAGE_ID = re.compile(r"<[!#-'*+\-./-9=?A-Z^-~]{1,100}@[A-Za-z0-9.\-]{1,100}>")
HARMFUL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
HEADER = re.compile(rb"([A-Za-z-]+): [^\x00-\x1f\x7f]+(?:\r\n [^\x00-\x1f\x7f]+)*\r\n")
PLAIN_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 ._-]{0,59}")
PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+\-/=?^_`{|}~]+")
PART_HEADERS = ("Content-Type", "Content-Transfer-Encoding", "Content-Disposition")

# Neither can be in a body: after = quoted-printable has a hexadecimal digit, and base64 none of "_".
MIXED, ALTERNATIVE = b"=_mixed", b"=_alternative"


@dataclass(frozen=True)
class Mailbox:
    """Somebody who writes or reads: an address, and a name in any letters."""

    address: str
    name: str = ""

    @cached_property
    def on_the_wire(self) -> str:
        """The address as servers know it: its domain in ASCII; BadValue when it is none."""
        return _on_the_wire(self.address)


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content: bytes
    type: str = ""
    """Its media type; without it, a guess from its name."""

    @cached_property
    def part(self) -> bytes:
        """The file as a part of a body; BadValue when its name can't be sent."""
        _harmless("the name of a file", self.name)
        safe = PLAIN_FILE.fullmatch(self.name)
        name = f'filename="{self.name}"' if safe else f"filename*={encode_rfc2231(self.name, 'utf-8')}"
        head = (
            f"Content-Type: {_media_type(self)}\r\n"
            "Content-Transfer-Encoding: base64\r\n"
            f"Content-Disposition: attachment; {name}\r\n"
        ).encode()
        _verify(head, PART_HEADERS)
        return head + b"\r\n" + encodebytes(self.content).replace(b"\n", b"\r\n")


@dataclass(frozen=True)
class Letter:
    """An e-mail for one recipient, ready to be sent; many may share a body."""

    sender: str
    recipient: str
    message_id: str
    head: bytes
    body: bytes

    @property
    def international(self) -> bool:
        """Whether only a server with SMTPUTF8 can take it."""
        return not (self.sender + self.recipient).isascii()


def compose_body(plain: str, html: str = "", attachments: Iterable[Attachment] = ()) -> bytes:
    """The body: a text, also as HTML, with files.  It begins with headers of its own."""
    body = _text("plain", plain)
    if html:
        body = _multipart(b"alternative", ALTERNATIVE, [body, _text("html", html)])
    if parts := [file.part for file in attachments]:
        body = _multipart(b"mixed", MIXED, [body, *parts])
    return body


def compose(
    body: bytes,
    *,
    sender: Mailbox,
    to: Mailbox,
    subject: str,
    message_id: str,
    date: datetime,
    unsubscribe: str = "",
    one_click: bool = False,
    returns_to: str = "",
    reply_to: Mailbox | None = None,
    list_id: str = "",
    signer: Signer | None = None,
) -> Letter:
    """The letter to one recipient; BadValue when a part of its head can't be sent.

    `unsubscribe` is an address or a web address; with `one_click`, who is meant must follow from the address
    alone (RFC 8058).  A letter that is sent again keeps its `message_id`.  Bounces go to `returns_to`.
    """
    if not MESSAGE_ID.fullmatch(message_id):
        raise BadValue(f"{quoted(message_id)} is not a Message-ID")
    headers = [
        ("From", _mailbox("From", sender)),
        ("To", _mailbox("To", to)),
        ("Subject", _words("Subject", subject)),
        ("Date", _moment(date)),
        ("Message-ID", message_id),
        ("Reply-To", _mailbox("Reply-To", reply_to) if reply_to else ""),
        # Nobody's "I am on holiday" has to come back from it.
        ("Auto-Submitted", "auto-generated"),
        ("List-Id", f"<{list_id}>" if list_id else ""),
        *_ways_out(unsubscribe, one_click=one_click),
        ("MIME-Version", "1.0"),
    ]
    names = [name for name, value in headers if value]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers if value).encode()
    _verify(head, names)
    if signer:
        head = signer.signature(head, body, [*names, "Content-Type"]) + head
    return Letter(returns_to or sender.on_the_wire, to.on_the_wire, message_id, head, body)


def _verify(head: bytes, names: Iterable[str]) -> None:
    """Refuse a head that is not these headers, each once: somebody tried to add one, or Python did."""
    place, found = 0, []
    while header := HEADER.match(head, place):
        found.append(header[1].decode())
        place = header.end()
    if place != len(head) or sorted(found) != sorted(names):
        raise BadValue("the head of the message would hold a header that nobody meant; nothing is sent")
    if any(len(line) > LONGEST_LINE for line in head.split(b"\r\n")):
        raise BadValue("a line in the head of the message would be longer than mail allows")


def _harmless(what: str, text: str) -> None:
    if found := HARMFUL.search(text):
        raise BadValue(f"{what} can't hold the character U+{ord(found[0]):04X}; write it on one line")


@lru_cache(maxsize=1000)
def _words(header: str, text: str) -> str:
    """Any text as the value of a header: as it is when that is safe, or in encoded words, folded."""
    _harmless(f"the {header.lower()} of a message", text)
    text = text.strip()
    # "=?" could be taken for an encoded word, here and by the reader.
    if text.isascii() and "=?" not in text and len(header) + len(text) + 2 <= LINE:
        return text
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


@lru_cache(maxsize=100)
def _moment(date: datetime) -> str:
    return format_datetime(date.astimezone(UTC))


@lru_cache(maxsize=1000)
def _mailbox(header: str, mailbox: Mailbox) -> str:
    address = f"<{mailbox.on_the_wire}>"
    name = _words(header, mailbox.name)
    if not name:
        return mailbox.on_the_wire
    if name.startswith("=?") or PLAIN_NAME.fullmatch(name):
        return f"{name} {address}"
    return f'"{quote(name)}" {address}'


@lru_cache(maxsize=1000)
def _on_the_wire(address: str) -> str:
    local, _, domain = str(Email().parse(address)).rpartition("@")
    if domain.isascii():
        return f"{local}@{domain}"
    import idna  # imported here: few domains need it

    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        raise BadValue(f"{quoted(domain)} can't be the domain of an address") from None


def _ways_out(unsubscribe: str, *, one_click: bool) -> list[tuple[str, str]]:
    if not unsubscribe:
        return []
    if not unsubscribe.startswith("https://"):
        return [("List-Unsubscribe", f"<mailto:{_on_the_wire(unsubscribe)}?subject=unsubscribe>")]
    if not re.fullmatch(r"[!#-;=?-~]+", unsubscribe):
        raise BadValue(f"{quoted(unsubscribe)} is not a web address that fits into a message")
    header = [("List-Unsubscribe", f"<{unsubscribe}>")]
    return [*header, ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] if one_click else header


def _text(kind: str, text: str) -> bytes:
    """A text as a part, in quoted-printable: readable to people, never longer than its lines may be."""
    lines = "\n".join(text.splitlines()).encode("utf-8", "replace") + b"\n"
    content = b2a_qp(lines, istext=True).replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + content


def _multipart(kind: bytes, boundary: bytes, parts: Iterable[bytes]) -> bytes:
    head = b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n' % (kind, boundary)
    inner = b"".join(b"--%b\r\n%b\r\n" % (boundary, part) for part in parts)
    return head + inner + b"--%b--\r\n" % boundary


def _media_type(file: Attachment) -> str:
    from mimetypes import guess_type  # imported here: it reads the system's lists

    guess = file.type or guess_type(file.name)[0] or ""
    # Base64 is not for messages and multiparts; to name them so would be wrong.
    allowed = re.fullmatch(r"(?:application|audio|font|image|text|video)/[A-Za-z0-9.+-]+", guess)
    return guess if allowed else "application/octet-stream"
