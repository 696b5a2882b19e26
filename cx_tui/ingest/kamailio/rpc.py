"""Asking Kamailio by JSON-RPC, over HTTP or its UNIX datagram socket."""

import asyncio
import json
import os
import socket
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from cx_tui.errors import NotFound, Refused, Unavailable

PATIENCE = 5.0
LARGEST_DATAGRAM = 2**20


class Rpc:
    """One Kamailio: `address` is http://host:port/RPC or unix:/path/of/the/socket."""

    def __init__(self, address: str, patience: float = PATIENCE) -> None:
        self.address = address
        self._patience = patience
        self._session: Any = None

    async def call(self, method: str, *params: str | int) -> Any:
        """The result; NotFound when what is asked about is not there, Unavailable when nobody answers."""
        question = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        body = json.dumps(question).encode()
        if self.address.startswith("unix:"):
            answer = await asyncio.to_thread(self._by_socket, body)
        else:
            answer = await self._by_http(body)
        # The answer about 30,000 calls has megabytes.
        said = await asyncio.to_thread(_read, answer) if len(answer) > 100_000 else _read(answer)
        if not isinstance(said, dict):
            raise Unavailable(f"{self.address} answers, but not as Kamailio does; is jsonrpcs loaded there?")
        if "error" in said:
            raise self._refusal(method, said["error"])
        return said.get("result")

    async def close(self) -> None:
        """Give the connection back."""
        if self._session:
            await self._session.close()
            self._session = None

    def _refusal(self, method: str, error: Any) -> Exception:
        code = error.get("code") if isinstance(error, dict) else None
        words = error.get("message", error) if isinstance(error, dict) else error
        if code == 404:
            return NotFound(str(words))
        return Refused(f"Kamailio refuses {method}: {words} ({code})")

    async def _by_http(self, body: bytes) -> bytes:
        from aiohttp import ClientError, ClientSession, ClientTimeout

        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=self._patience))
        try:
            # A refusal comes as HTTP 404 or 500, with what it says as JSON in its body.
            async with self._session.post(self.address, data=body) as answer:
                read: bytes = await answer.read()
                return read
        except (ClientError, TimeoutError, OSError) as error:
            why = str(error) or "it takes too long to answer"
            raise Unavailable(f"Kamailio at {self.address} can't be asked: {why}") from None

    def _by_socket(self, body: bytes) -> bytes:
        mine = Path(tempfile.gettempdir(), f"cx-tui-{os.getpid()}-{os.urandom(4).hex()}.sock")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
            try:
                link.bind(str(mine))
                # Kamailio runs as a user of its own, and answers to this name.
                mine.chmod(0o666)
                link.settimeout(self._patience)
                link.sendto(body, self.address.removeprefix("unix:"))
                return link.recv(LARGEST_DATAGRAM)
            except TimeoutError:
                raise Unavailable(
                    f"Kamailio at {self.address} does not answer; with many calls its answer is too large for"
                    " this socket: use http://"
                ) from None
            except OSError as error:
                raise Unavailable(
                    f"Kamailio at {self.address} can't be asked: {error.strerror or error}"
                ) from None
            finally:
                with suppress(OSError):
                    mine.unlink()


def _read(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except ValueError:
        return None
