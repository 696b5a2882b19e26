"""What can be asked of the server over HTTP, and by whom."""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from cx_tui.decide import metrics
from cx_tui.decide.answering import Answer, Answering
from cx_tui.decide.asked import checked
from cx_tui.decide.description import DESCRIPTION
from cx_tui.decide.sharing import Wish
from cx_tui.errors import CxError, Invalid

Reply: TypeAlias = tuple[int, bytes, bytes]
"""The code, the type of the body, the body."""
JSON, TEXT = b"application/json", b"text/plain; charset=utf-8"
OPEN = (b"/health", b"/openapi.json")
"""What anybody may ask: it says nothing of a customer."""
WRITER = json.JSONEncoder(ensure_ascii=False)


class Doors:
    """Answers requests, by method and path."""

    def __init__(self, answering: Answering, token: str = "") -> None:
        self._answering = answering
        self._token = f"Bearer {token}".encode() if token else b""
        self._posts: dict[bytes, Callable[[bytes], Reply | Awaitable[Reply]]] = {
            b"/admit": self._admit, b"/end": self._end, b"/reserve": self._reserve,
        }  # fmt: skip
        self._gets: dict[bytes, Callable[[], Reply]] = {
            b"/metrics": self._metrics, b"/health": self._health, b"/openapi.json": lambda: said(DESCRIPTION),
        }  # fmt: skip

    @property
    def routes(self) -> dict[str, str]:
        """All paths, each with its method."""
        posts, gets = dict.fromkeys(self._posts, "post"), dict.fromkeys(self._gets, "get")
        return {path.decode(): method for path, method in (posts | gets).items()}

    def answer(
        self, method: bytes, path: bytes, authorization: bytes, body: bytes
    ) -> Reply | Awaitable[Reply]:
        """The reply to one request; what goes wrong in it is a reply too."""
        if self._token and path not in OPEN and not hmac.compare_digest(authorization, self._token):
            return refusal(401, "send the token of decide.token as Authorization: Bearer TOKEN")
        try:
            if method == b"POST" and (post := self._posts.get(path)):
                return post(body)
            if method in (b"GET", b"HEAD") and (get := self._gets.get(path)):
                return get()
        except CxError as error:
            return refusal(400, str(error))
        if path in self._posts or path in self._gets:
            return refusal(
                405, f"{path.decode(errors='replace')} takes {'POST' if path in self._posts else 'GET'}"
            )
        return refusal(404, f"there are {', '.join(self.routes)}")

    def _admit(self, body: bytes) -> Reply | Awaitable[Reply]:
        words = checked(_words(body))
        found = self._answering.ask(words)
        if isinstance(found, Answer):
            return said(self._answering.said(words, found))
        return self._later(words, found)

    async def _later(self, words: Mapping[str, Any], coming: Awaitable[Answer]) -> Reply:
        return said(self._answering.said(words, await coming))

    def _reserve(self, body: bytes) -> Reply:
        try:
            wish = Wish.read(_words(body))
        except ValueError as error:
            raise Invalid({"": str(error)}) from None
        return said({"seconds": self._answering.reserve(wish)})

    def _end(self, body: bytes) -> Reply:
        return said({"known": self._answering.end(checked(_words(body)))})

    def _health(self) -> Reply:
        found = self._answering.health()
        return said(found, 200 if found["well"] else 503)

    def _metrics(self) -> Reply:
        return 200, TEXT, metrics.text(self._answering).encode()


def _words(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid({"": "the question is not JSON"}) from None


def said(what: Any, code: int = 200) -> Reply:
    """A reply in JSON."""
    return code, JSON, WRITER.encode(what).encode(errors="replace")


def refusal(code: int, sentence: str) -> Reply:
    """Why there is no answer."""
    return said({"error": sentence}, code)
