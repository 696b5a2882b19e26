"""What comes over HTTP, right and wrong: each is answered, and nothing is taken for another request."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from cx_tui.decide import http
from cx_tui.decide.asked import NUMBERS, SWITCHES, TEXTS
from cx_tui.decide.description import DESCRIPTION
from cx_tui.decide.doors import Doors
from cx_tui.decide.sharing import Wish
from tests.decide.test_answers import QUESTION, answering
from tests.unit.telecoms import decided, world

BODY = json.dumps(QUESTION).encode()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server."""
    listener = http.Listener(Doors(answering()))
    ((_, port),) = await listener.open("127.0.0.1", 0, None)
    yield port
    await listener.close()


def request(body: bytes = BODY, head: bytes = b"", first: bytes = b"POST /admit HTTP/1.1") -> bytes:
    length = b"" if b"ength" in head or b"ncoding" in head else b"Content-Length: %d\r\n" % len(body)
    return first + b"\r\nHost: x\r\n" + length + head + b"\r\n" + body


async def asked(port: int, data: bytes, *, pieces: int = 0) -> list[tuple[int, bytes]]:
    """What the server says to some bytes until it hangs up: codes and bodies."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for place in range(0, len(data), pieces or len(data)):
        writer.write(data[place : place + (pieces or len(data))])
        await writer.drain()
        await asyncio.sleep(0)
    with suppress(OSError):  # the server may have hung up by now
        writer.write_eof()
    rest, found = await reader.read(), []
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        code = int(head.split(b" ")[1])
        length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0] or 0)
        found.append((code, rest[:length]))
        rest = rest[length:]
    writer.close()
    return found


@pytest.mark.parametrize("pieces", [0, 1, 7, 100])
async def test_questions_come_in_pieces_and_together(port: int, pieces: int) -> None:
    answers = await asked(port, request() * 3, pieces=pieces)
    assert [code for code, _ in answers] == [200] * 3
    assert json.loads(answers[2][1])["admitted"] is True


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (request(first=b"POST /admit HTTP/1.0") * 2, [200]),
        (request(head=b"Connection: close\r\n") * 2, [200]),
        (request(b"{"), [400]),
        (request(b"[" * 9_000), [400]),
        (request(b""), [400]),
        (request(head=b"Transfer-Encoding: chunked\r\n"), [411]),
        (request(head=b"Content-Length: 4\r\nContent-Length: 5\r\n"), [400]),
        (request(head=b"Content-Length: -1\r\n"), [400]),
        (request(head=b"Content-Length: 99999999\r\n"), [413]),
        (request(head=b"Content-Length : 2\r\n"), [400]),
        (b"x" * 20_000, [431]),
        (b"GET / FTP\r\n\r\n", [400]),
        (b"GET /health HTTP/1.1\r\n\r\n", [200]),
        (b"GET /admit HTTP/1.1\r\n\r\n", [405]),
        (b"GET /elsewhere HTTP/1.1\r\n\r\n", [404]),
        (request(head=b"Expect: 100-continue\r\n"), [200]),
    ],
)
async def test_what_is_asked_wrongly_is_refused_with_the_right_code(
    port: int, data: bytes, codes: list[int]
) -> None:
    assert [code for code, _ in await asked(port, data)] == codes


async def test_more_connections_than_may_be_are_told_to_come_again(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST", 1)
    first = await asyncio.open_connection("127.0.0.1", port)
    first[1].write(request())
    await first[0].readuntil(b"\r\n\r\n")
    assert [code for code, _ in await asked(port, b"GET /health HTTP/1.1\r\n\r\n")] == [503]
    first[1].close()


async def test_a_connection_that_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PATIENCE", 0.05)
    listener = http.Listener(Doors(answering()))
    ((_, port),) = await listener.open("127.0.0.1", 0, None)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /admit HTTP/1.1\r\n")
    assert await asyncio.wait_for(reader.read(), 10) == b""
    writer.close()
    await listener.close()


def test_the_description_tells_of_every_route_and_of_no_other() -> None:
    doors = Doors(answering(), "open sesame")
    paths = DESCRIPTION["paths"]
    assert doors.routes == {path: method for path, several in paths.items() for method in several}
    for path, several in paths.items():
        for method, told in several.items():
            code = doors.answer(method.upper().encode(), path.encode(), b"", b"{}")[0]  # type: ignore[index]
            assert (code == 401) == ("security" in told), path


def test_the_words_that_are_described_are_those_that_are_read() -> None:
    described = {
        path: one["post"]["requestBody"] for path, one in DESCRIPTION["paths"].items() if "post" in one
    }
    schemas = {path: one["content"]["application/json"]["schema"] for path, one in described.items()}
    assert set(schemas["/admit"]["properties"]) == {*TEXTS, *NUMBERS, *SWITCHES} - {"answered"}
    wish = Wish.of("a", decided(world()))
    assert wish is not None
    words = wish.words()
    assert set(words) == set(schemas["/reserve"]["properties"])
    for name in ("tariff", "rules"):
        assert set(words[name]) == set(schemas["/reserve"]["properties"][name]["properties"])
    code, _, body = Doors(answering()).answer(b"POST", b"/reserve", b"", json.dumps(words).encode())  # type: ignore[misc]
    assert (code, json.loads(body)) == (200, {"seconds": 7200})
    code, _, body = Doors(answering()).answer(b"POST", b"/end", b"", b'{"call": "a"}')  # type: ignore[misc]
    assert (code, json.loads(body)) == (200, {"known": False})
