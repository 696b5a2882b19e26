"""Who may come in over HTTP: whoever has the token, under our own name, from our own page."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""The page loads nothing from elsewhere, and no other page holds it.  xterm.js writes its styles itself."""

STRANGER = (
    "This address works only with the token that cx-tui serve printed when it began. Open that address again."
)
WRONG_NAME = "This server does not answer to that name. Open the address that cx-tui serve printed."
FOREIGN = "Another page asked for this; only this server's own page may."


@dataclass(frozen=True)
class Address:
    """Where browsers find this server, and the token that opens it."""

    origins: frozenset[str]
    """Like http://127.0.0.1:8022."""
    token: str

    @property
    def hosts(self) -> frozenset[str]:
        """What browsers then say as Host."""
        return frozenset(urlsplit(origin).netloc for origin in self.origins)


class Doors:
    """Lets a request in, or says why not."""

    def __init__(self, address: Address) -> None:
        self._address = address
        # Another secret than the token: what a browser keeps is of no use after this server's end.
        self._cookie = secrets.token_urlsafe(32)
        name = hashlib.sha256("".join(sorted(address.origins)).encode()).hexdigest()[:8]
        self._name = f"cx-tui-{name}"  # cookies know no ports: two servers on a machine have two names

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Stand before every page."""
        if request.headers.get("Host", "").lower() not in self._address.hosts:
            return self._with_headers(web.Response(text=WRONG_NAME, status=421))
        if not self._is_own(request):
            return self._with_headers(web.Response(text=FOREIGN, status=403))
        if "token" in request.query:
            return self._with_headers(self._enter(request))
        if not _same(request.cookies.get(self._name, ""), self._cookie):
            return self._with_headers(web.Response(text=STRANGER, status=403))
        response = await handler(request)
        return response if response.prepared else self._with_headers(response)

    def _is_own(self, request: web.Request) -> bool:
        """Whether our own page asks; only a socket must say so, which browsers do for any page."""
        origin = request.headers.get("Origin")
        if origin is None:
            return request.path != "/terminal"
        return origin.lower() in self._address.origins

    def _enter(self, request: web.Request) -> web.Response:
        """Change the token for a cookie, and take it out of the address bar."""
        if not _same(request.query["token"], self._address.token):
            return web.Response(text=STRANGER, status=403)
        entered = web.Response(status=303, headers={"Location": "/"})
        secure = all(origin.startswith("https:") for origin in self._address.origins)
        entered.set_cookie(
            self._name, self._cookie, httponly=True, samesite="Strict", path="/", secure=secure
        )
        return entered

    @staticmethod
    def _with_headers(response: web.StreamResponse) -> web.StreamResponse:
        response.headers.update(HEADERS)
        return response


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())
