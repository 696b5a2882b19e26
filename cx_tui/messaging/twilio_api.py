"""The HTTP beneath the Twilio client: its time-outs, its refusals with all that they say, and no retries.

The library's own ignores its time-out, drops Retry-After, sends a message up to three times when the server
fails, and logs what is sent.  So this one does the whole request itself.
"""

import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, encode_basic_auth
from aiohttp.client_exceptions import ClientConnectorCertificateError, ConnectionTimeoutError, InvalidURL
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from cx_tui.messaging.accounts import SmsAccount
from cx_tui.messaging.reach import unreachable
from cx_tui.messaging.twilio_words import Answered, Broken

NOT_SENT = (
    ClientConnectorError,
    ClientConnectorCertificateError,
    ConnectionTimeoutError,
    InvalidURL,
    UnicodeError,
)
"""Errors before there is a connection; after any other the request may have arrived."""


def client(account: SmsAccount, http: "Http") -> Client:
    """The Twilio client of an account, over our HTTP."""
    return Client(account.account, account.token, http_client=http)


class Http(AsyncTwilioHttpClient):  # type: ignore[misc]  # it has no types
    """One request is one request."""

    def __init__(self, base_url: str, answers_within: float) -> None:
        # No session of the library's: that one would have no time-out.
        super().__init__(pool_connections=False, timeout=answers_within)
        self._session: ClientSession | None = None
        self._base_url = base_url
        self._patience = ClientTimeout(
            total=3 * answers_within, connect=answers_within, sock_read=answers_within
        )

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the library's own argument
        allow_redirects: bool = False,
    ) -> Response:
        """Ask, and give back a good answer; Answered, Broken, Unavailable or DeliveryFailed otherwise."""
        if self._session is None:
            self._session = ClientSession(timeout=self._patience)
        asked: dict[str, Any] = {"params": params, "data": data, "headers": dict(headers or {})}
        if auth:
            asked["headers"]["Authorization"] = encode_basic_auth(*auth)
        try:
            async with self._session.request(
                method, self._here(url), allow_redirects=False, **asked
            ) as answer:
                text = (await answer.read()).decode("utf-8", "replace")
                return _checked(answer.status, text, answer.headers)
        except NOT_SENT as error:
            raise unreachable(*self._server(), _reason(error)) from error
        except (ClientError, TimeoutError, OSError) as error:
            what = "did not answer in time" if isinstance(error, TimeoutError) else "hung up"
            raise Broken("{} port {} {}".format(*self._server(), what)) from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    def _here(self, url: str) -> str:
        """The same request to the server of the settings."""
        asked = urlsplit(url)
        return self._base_url + asked.path + ("?" + asked.query if asked.query else "")

    def _server(self) -> tuple[str, int]:
        server = urlsplit(self._base_url)
        return server.hostname or "", server.port or (443 if server.scheme == "https" else 80)


def _checked(status: int, text: str, headers: Any) -> Response:
    content: Any = None
    with suppress(ValueError, RecursionError):
        content = json.loads(text)
    if 200 <= status < 300 and isinstance(content, dict):
        return Response(status, text, headers)
    if 200 <= status < 300:
        raise Broken("Twilio answered nonsense")
    said = content if isinstance(content, dict) else {}
    code = said.get("code")
    words = f"HTTP {status}: {said.get('message') or 'this is not how Twilio answers'}"
    raise Answered(status, code if isinstance(code, int) else 0, words, _seconds(headers))


def _seconds(headers: Any) -> float:
    asked = str(headers.get("Retry-After", ""))
    return float(asked) if asked.isascii() and asked.isdigit() else 0.0


def _reason(error: Exception) -> BaseException:
    """What the network itself said."""
    if isinstance(error, ClientConnectorCertificateError):
        return error.certificate_error
    return error.os_error if isinstance(error, ClientConnectorError) else error
