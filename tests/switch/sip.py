"""SIP over UDP, as little as telephones and carriers of tests need: they may say anything, right or wrong."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

PATIENCE = 8.0
T1 = 0.5
BREATH = 0.05
"""Seconds between two replies of a carrier."""
SDP = "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"


@dataclass
class Message:
    """A request or a reply."""

    first: str
    headers: list[tuple[str, str]]
    body: str = ""

    @classmethod
    def read(cls, data: bytes) -> "Message":
        """A message from its bytes."""
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        headers = [
            (name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)
        ]
        return cls(first, headers, body)

    def all(self, name: str) -> list[str]:
        """The values of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name: str) -> str:
        """The first value of a header, "" when there is none."""
        return next(iter(self.all(name)), "")

    @property
    def code(self) -> int:
        """The code of a reply; 0 of a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        """The method of a request, or that which a reply answers."""
        return self.one("CSeq").split()[1] if self.code else self.first.split()[0]

    def written(self) -> bytes:
        """Its bytes."""
        lines = [f"{name}: {value}" for name, value in self.headers]
        body = self.body.encode()
        return (
            "\r\n".join([self.first, *lines, f"Content-Length: {len(body)}", "", ""]).encode(
                "utf-8", "surrogateescape"
            )
            + body
        )


def reply(request: Message, code: int, phrase: str, host: str, port: int, body: str = "") -> Message:
    """An answer to a request."""
    copied = [
        (name, value) for name, value in request.headers if name.lower() in ("via", "from", "call-id", "cseq")
    ]
    routes = [("Record-Route", value) for value in request.all("Record-Route")]
    to = request.one("To")
    tag = "" if "tag=" in to or code == 100 else f";tag=c{abs(hash(request.one('Call-ID'))) % 10**8}"
    more = [("To", to + tag), ("Contact", f"<sip:carrier@{host}:{port}>")]
    if body:
        more.append(("Content-Type", "application/sdp"))
    return Message(f"SIP/2.0 {code} {phrase}", [*copied, *routes, *more], body)


class Carrier(asyncio.DatagramProtocol):
    """What it does is told by the last three digits of the number: 503 and so on refuse, 999 rings for ever,
    998 says nothing, anything else is answered."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.port = 0
        self.invites: list[Message] = []
        """Every new call that came."""
        self.up: set[str] = set()
        """Calls that are answered and not over, by their Call-IDs."""
        self.cancelled: set[str] = set()
        """Calls that were cancelled, by their Call-IDs."""
        self._transport: asyncio.DatagramTransport | None = None
        self._known: dict[str, list[Message]] = {}

    async def open(self) -> None:
        """Take calls."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self.host, 0))
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def close(self) -> None:
        """Take no calls any more."""
        if self._transport:
            self._transport.close()

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        """A message of the switch."""
        message = Message.read(data)
        if message.code:
            return
        key = message.one("Via") + message.one("Call-ID")
        if message.method == "INVITE":
            if key not in self._known:
                self.invites.append(message)
                self._known[key] = self._behave(message)
            loop = asyncio.get_running_loop()
            for place, answer in enumerate(self._known[key]):
                # Not in one breath: the workers of a switch would overtake each other.
                loop.call_later(place * BREATH, self._send, answer, address)
        elif message.method == "CANCEL":
            self.cancelled.add(message.one("Call-ID"))
            self._send(reply(message, 200, "OK", self.host, self.port), address)
            if invite := next((one for one in self.invites if one.one("Via") == message.one("Via")), None):
                over = reply(invite, 487, "Request Terminated", self.host, self.port)
                self._known[key] = [over]
                self._send(over, address)
        elif message.method == "BYE":
            self.up.discard(message.one("Call-ID"))
            self._send(reply(message, 200, "OK", self.host, self.port), address)

    def hang_up(self) -> None:
        """What it would do when it fails: nothing is answered any more."""
        self._known.clear()

    def _behave(self, invite: Message) -> list[Message]:
        def say(code: int, phrase: str, body: str = "") -> Message:
            return reply(invite, code, phrase, self.host, self.port, body)

        match = re.match(r"INVITE sip:[^@]*?(\d{3})@", invite.first)
        ends = int(match[1]) if match else 0
        if ends == 998:
            return []
        if ends in (404, 486, 480, 403, 500, 503):
            return [say(100, "Trying"), say(ends, "Refused")]
        if ends == 999:
            return [say(100, "Trying"), say(180, "Ringing")]
        self.up.add(invite.one("Call-ID"))
        return [say(180, "Ringing"), say(200, "OK", SDP.format(host=self.host))]

    def _send(self, message: Message, address: tuple[str, int]) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.sendto(message.written(), address)


@dataclass
class Outcome:
    """What became of a call."""

    code: int = 0
    phrase: str = ""
    reason: str = ""
    """The Reason header: the gate."""
    cut: bool = False
    """Whether the switch ended it."""
    talked: float = 0.0
    rang: float = 0.0
    """Seconds until it rang first."""
    key: str = ""
    codes: list[int] = field(default_factory=list)


class Phone(asyncio.DatagramProtocol):
    """Calls through a switch; any number at the same time."""

    def __init__(self, host: str, switch: tuple[str, int]) -> None:
        self.host = host
        self.port = 0
        self.switch = switch
        self._transport: asyncio.DatagramTransport | None = None
        self._calls: dict[str, asyncio.Queue[Message]] = {}

    async def open(self) -> None:
        """Be there."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self.host, 0))
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def close(self) -> None:
        """Be gone."""
        if self._transport:
            self._transport.close()

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        """A message of the switch: it belongs to one of the calls."""
        message = Message.read(data)
        if queue := self._calls.get(message.one("Call-ID")):
            queue.put_nowait(message)

    async def call(
        self,
        number: str,
        cli: str = "441632960000",
        *,
        talk: float = 0.05,
        headers: Sequence[tuple[str, str]] = (),
        user: str = "",
        password: str = "",
        cancels: bool = False,
        cancels_at: int = 180,
        again_at: float = 0.0,
    ) -> Outcome:
        """Call, talk for some seconds, and hang up; or cancel as soon as it rings, or hears any other reply.

        With `again_at`, the call is renewed by an INVITE within it after so many seconds.
        """
        key = f"{secrets.token_hex(8)}@{self.host}"
        queue = self._calls[key] = asyncio.Queue()
        try:
            dialling = _Dialling(self, key, queue, number, cli, list(headers))
            dialling.cancels_at = cancels_at
            return await dialling.done(talk, user, password, cancels, again_at)
        finally:
            del self._calls[key]

    async def register(self, user: str, password: str, contact: str, claims: str = "") -> Message:
        """Say where a user is; `claims` is whose name it says, when that is another."""
        key = f"{secrets.token_hex(8)}@{self.host}"
        queue = self._calls[key] = asyncio.Queue()
        uri = f"sip:{self.switch[0]}:{self.switch[1]}"
        named = f"<sip:{claims or user}@{self.host}>"
        try:
            proof: list[tuple[str, str]] = []
            for number in (1, 2):
                via = f"SIP/2.0/UDP {self.host}:{self.port};branch=z9hG4bK{secrets.token_hex(6)}"
                self.send(
                    Message(
                        f"REGISTER {uri} SIP/2.0",
                        [
                            ("Via", via), ("From", f"{named};tag={secrets.token_hex(4)}"), ("To", named),
                            ("Call-ID", key), ("CSeq", f"{number} REGISTER"), ("Max-Forwards", "70"),
                            ("Contact", f"<{contact}>"), ("Expires", "60"), *proof,
                        ],
                    )
                )  # fmt: skip
                answer = await asyncio.wait_for(queue.get(), PATIENCE)
                if answer.code != 401 or not password:
                    break
                challenge = answer.one("WWW-Authenticate")
                proof = [("Authorization", digest(challenge, user, password, "REGISTER", uri))]
            return answer
        finally:
            del self._calls[key]

    def send(self, message: Message) -> None:
        """To the switch."""
        assert self._transport
        self._transport.sendto(message.written(), self.switch)


class _Dialling:
    """One call."""

    def __init__(
        self, phone: Phone, key: str, queue: "asyncio.Queue[Message]", number: str, cli: str,
        headers: list[tuple[str, str]],
    ) -> None:  # fmt: skip
        self.phone, self.queue, self.headers = phone, queue, headers
        self.outcome = Outcome(key=key)
        switch = f"{phone.switch[0]}:{phone.switch[1]}"
        self.uri = f"sip:{number}@{switch}"
        self.caller = f"<sip:{cli}@{phone.host}:{phone.port}>;tag={secrets.token_hex(4)}"
        self.sequence = 0
        self.cancels_at = 180

    async def done(
        self, talk: float, user: str, password: str, cancels: bool, again_at: float = 0.0
    ) -> Outcome:
        invite = self._request("INVITE", self.uri, f"<{self.uri}>", self.headers)
        final = await self._answer(invite, cancels)
        if final.code == 407 and user:
            self._acknowledge(invite, final)
            proof = digest(final.one("Proxy-Authenticate"), user, password, "INVITE", self.uri)
            headers = [*self.headers, ("Proxy-Authorization", proof)]
            invite = self._request("INVITE", self.uri, f"<{self.uri}>", headers)
            final = await self._answer(invite, cancels)
        outcome = self.outcome
        outcome.code, outcome.phrase = final.code, final.first.split(" ", 2)[2]
        outcome.reason = final.one("Reason")
        self._acknowledge(invite, final)
        if 200 <= final.code < 300:
            if again_at:
                await asyncio.sleep(again_at)
                renewed = self._within("INVITE", final)
                answer = await self._answer(renewed, cancels=False)
                self._acknowledge(renewed, answer)
            await self._talk(final, talk)
        return outcome

    def _request(self, method: str, uri: str, to: str, headers: Sequence[tuple[str, str]] = ()) -> Message:
        self.sequence += method != "ACK"
        phone = self.phone
        via = f"SIP/2.0/UDP {phone.host}:{phone.port};branch=z9hG4bK{secrets.token_hex(6)}"
        body = SDP.format(host=phone.host) if method == "INVITE" else ""
        return Message(
            f"{method} {uri} SIP/2.0",
            [
                ("Via", via), ("From", self.caller), ("To", to), ("Call-ID", self.outcome.key),
                ("CSeq", f"{self.sequence} {method}"), ("Max-Forwards", "70"),
                ("Contact", f"<sip:caller@{phone.host}:{phone.port}>"), *headers,
                *([("Content-Type", "application/sdp")] if body else []),
            ],
            body,
        )  # fmt: skip

    async def _answer(self, invite: Message, cancels: bool) -> Message:
        """The last reply; the request is said again until there is a first one."""
        self.phone.send(invite)
        loop, heard = asyncio.get_running_loop(), False
        began = loop.time()
        end, wait = began + PATIENCE, T1
        while loop.time() < end:
            try:
                message = await asyncio.wait_for(self.queue.get(), PATIENCE if heard else wait)
            except TimeoutError:
                self.phone.send(invite)
                wait *= 2
                continue
            if message.one("CSeq") != invite.one("CSeq"):
                continue
            heard = True
            self.outcome.codes.append(message.code)
            if message.code == 180 and not self.outcome.rang:
                self.outcome.rang = loop.time() - began
            if message.code >= 200:
                return message
            if cancels and message.code >= self.cancels_at:
                cancels = False
                kept = [
                    one
                    for one in invite.headers
                    if one[0] in ("Via", "From", "To", "Call-ID", "Max-Forwards")
                ]
                cseq = ("CSeq", f"{self.sequence} CANCEL")
                self.phone.send(Message(invite.first.replace("INVITE", "CANCEL", 1), [*kept, cseq]))
        raise TimeoutError(f"no final reply to {invite}; there were {self.outcome.codes}")

    def _acknowledge(self, invite: Message, final: Message) -> None:
        if final.code < 300:
            ack = self._within("ACK", final)
        else:
            ack = self._request("ACK", self.uri, final.one("To"))
            ack.headers[0] = ("Via", invite.one("Via"))
        ack.headers = [
            (name, f"{self.sequence} ACK") if name == "CSeq" else (name, value) for name, value in ack.headers
        ]
        self.phone.send(ack)

    def _within(self, method: str, final: Message) -> Message:
        target = final.one("Contact").strip("<>")
        routes = [("Route", one) for one in reversed(final.all("Record-Route"))]
        return self._request(method, target, final.one("To"), routes)

    async def _talk(self, final: Message, talk: float) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while (left := began + talk - loop.time()) > 0:
            try:
                message = await asyncio.wait_for(self.queue.get(), left)
            except TimeoutError:
                break
            if message.first.startswith("BYE "):
                self.phone.send(reply(message, 200, "OK", self.phone.host, self.phone.port))
                self.outcome.cut, self.outcome.talked = True, loop.time() - began
                return
        self.outcome.talked = loop.time() - began
        bye = self._within("BYE", final)
        self.phone.send(bye)
        for _ in range(6):
            try:
                message = await asyncio.wait_for(self.queue.get(), T1)
            except TimeoutError:
                self.phone.send(bye)
                continue
            if message.code and message.one("CSeq") == bye.one("CSeq"):
                return
        raise TimeoutError("nobody answered the BYE")


def digest(challenge: str, user: str, password: str, method: str, uri: str) -> str:
    """A Proxy-Authorization that answers a challenge."""
    said = dict(re.findall(r'(\w+)="?([^",]*)"?', challenge.partition(" ")[2]))

    def hashed(text: str) -> str:
        if said.get("algorithm") == "SHA-256":
            return hashlib.sha256(text.encode()).hexdigest()
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    secret, what = hashed(f"{user}:{said['realm']}:{password}"), hashed(f"{method}:{uri}")
    parts = {"username": user, "realm": said["realm"], "nonce": said["nonce"], "uri": uri}
    chain = [secret, said["nonce"]]
    more = ""
    if "qop" in said:
        chain += ["00000001", "0a4f113b", "auth"]
        more = ', qop=auth, nc=00000001, cnonce="0a4f113b"'
    if "algorithm" in said:
        more += f", algorithm={said['algorithm']}"
    parts["response"] = hashed(":".join([*chain, what]))
    return "Digest " + ", ".join(f'{name}="{value}"' for name, value in parts.items()) + more
