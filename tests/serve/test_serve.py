"""The server behind the browser: who comes in, what a page gets, what becomes of a program without one."""

from pathlib import Path

import aiohttp
import pytest

from cx_tui.commands.main import make_parser
from cx_tui.commands.serve import passed_on
from cx_tui.config.listening import Place
from cx_tui.config.settings import Serve
from cx_tui.errors import Misconfigured
from cx_tui.serve.child import Child
from cx_tui.serve.modes import RESET, Modes
from cx_tui.serve.server import check, environment, origins_of
from tests.serve.served import TOKEN, serving

OPEN = Path("/proc/self/fd")


async def test_only_the_token_opens_the_door_and_it_leaves_the_address_bar() -> None:
    async with serving() as served:
        for path in (
            "/",
            "/page.js",
            "/xterm.mjs",
            "/terminal",
            "/?token=",
            "/?token=wrong",
            "/?token=%C3%A4",
        ):
            assert (await served.get(path))[0] == 403, path
        status, _, headers = await served.get(f"/?token={TOKEN}")
        assert (status, headers["Location"]) == (303, "/")
        cookie = headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert TOKEN not in cookie
        status, text, headers = await served.get()
        assert status == 200
        assert "/page.js" in text
        assert "script-src 'self';" in headers["Content-Security-Policy"]
        assert (await served.get("/page.js"))[2]["Content-Type"].startswith("text/javascript")
        for path in ("/index.html", "/static", "/../pages.py", "/LICENSE-xterm.txt"):
            assert (await served.get(path))[0] == 404, path


async def test_another_host_name_and_another_page_are_refused_even_with_the_cookie() -> None:
    async with serving() as served:
        await served.enter()
        assert (await served.get(Host="evil.example"))[0] == 421
        assert (await served.get(f"/?token={TOKEN}", Host="evil.example:8022"))[0] == 421
        assert (await served.get(Origin="http://evil.example"))[0] == 403
        assert (await served.get(Origin="null"))[0] == 403
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {}):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await served.browser.ws_connect(f"{served.base}/terminal", headers=headers)
            assert refused.value.status == 403
        assert len(served.sessions) == 0


async def test_a_page_types_and_sees_and_has_the_size_of_its_terminal() -> None:
    async with serving("stty size; " + 'read line; echo "heard $line"; stty size; exit 3') as served:
        await served.enter()
        page = await served.page(columns=91, lines=33)
        await page.until(b"33 91")
        await page.socket.send_str('{"columns": 120, "lines": 50}')
        await page.socket.send_str("nonsense")
        await page.socket.send_bytes("ä€\r".encode())
        await page.until("heard ä€".encode())
        await page.until(b"50 120")
        assert await page.end() == "ended 3"
        assert len(served.sessions) == 0


async def test_a_program_goes_on_without_its_page_and_the_next_page_takes_it_up() -> None:
    async with serving() as served:
        await served.enter()
        first = await served.page()
        await first.until(b"ready")
        session = await first.known()
        await first.socket.close()
        second = await served.page(session)
        await second.until(b"\x1bc\x1b[?1049h\x1b[?2004h")
        assert await second.known() == session
        third = await served.page(session)
        assert await third.known() == session
        assert await second.end() == "taken"
        await third.socket.send_bytes(b"still here\r")
        await third.until(b"heard still here")
        await third.socket.close()
        await served.nobody_looks()
        fourth = await served.page()
        assert await fourth.known() == session, "a page that knows none gets what was left"
        fifth = await served.page()
        assert await fifth.known() != session, "but never what another page shows"


async def test_a_program_without_a_page_ends_when_its_time_is_over() -> None:
    async with serving() as served:
        await served.enter()
        page = await served.page()
        await page.until(b"ready")
        served.clock.now = 100
        served.sessions.expire()
        assert len(served.sessions) == 1, "it is shown"
        await page.socket.close()
        await served.nobody_looks()
        served.clock.now = 161
        served.sessions.expire()
        await served.until(lambda: len(served.sessions) == 0)


async def test_there_are_only_so_many_programs_and_the_sentence_says_what_to_do() -> None:
    async with serving(most=1) as served:
        await served.enter()
        first = await served.page()
        await first.until(b"ready")
        assert "serve.sessions" in await (await served.page()).end()
        async with served.browser.ws_connect(
            f"{served.base}/terminal", headers={"Origin": served.base}
        ) as odd:
            await odd.send_str("[]")
            assert "reload it" in (await odd.receive_str())


def test_modes_are_heard_in_pieces_and_said_again_in_their_order() -> None:
    modes = Modes()
    for piece in (b"text\x1b[?10", b"49h\x1b[?25", b"l\x1b[?1000;1006h\x1b[?25h", b"\x1b[?1000l"):
        modes.hear(piece)
    assert modes.again() == RESET + b"\x1b[?1049h\x1b[?1006h\x1b[?25h\x1b[?1000l"


def test_programs_get_what_they_read_and_nothing_of_the_terminal_that_serves() -> None:
    read = {"HOME": "/h", "CX_TUI_LOOK_ASCII": "on", "SMTP": "x"}
    given = {**read, "SSH_AUTH_SOCK": "/s", "TMUX": "1", "TERM": "dumb"}
    assert environment(given, ["SMTP"]) == {**read, "TERM": "xterm-256color", "COLORTERM": "truecolor"}


def test_the_password_of_a_database_is_on_no_command_line() -> None:
    url = "postgresql://ana:secret@db1/cx"
    options = make_parser().parse_args(
        ["serve", "--db", url, "--ascii", "--set", "search.wait=1", "--read-only"]
    )
    arguments, variables = passed_on(options)
    assert arguments == ["--read-only", "--ascii", "--set", "search.wait=1"]
    assert set(variables.values()) == {url}


def test_beyond_this_machine_a_certificate_is_needed_and_a_token_is_no_word() -> None:
    with pytest.raises(Misconfigured, match=r"serve\.certificate"):
        check(Place("192.0.2.1", 8022), Serve(), "")
    with pytest.raises(Misconfigured, match="at least 16"):
        check(Place("127.0.0.1", 8022), Serve(), "short")
    check(Place("192.0.2.1", 8022), Serve(certificate="cert.pem"), "a token of the settings")


def test_a_browser_may_use_the_names_of_this_machine_and_that_of_a_proxy() -> None:
    own = Serve(address="https://CX.example.org/")
    found = origins_of(Place("127.0.0.1", 0), 8022, own)
    assert {"http://127.0.0.1:8022", "http://localhost:8022", "https://cx.example.org"} <= found
    assert origins_of(Place("192.0.2.1", 443), 443, Serve(certificate="c")) == {
        "https://192.0.2.1:443", "https://192.0.2.1",
    }  # fmt: skip


def test_nothing_stays_open_when_a_program_can_not_begin() -> None:
    before = len([*OPEN.iterdir()])
    with pytest.raises(FileNotFoundError):
        Child(("/nowhere/program",), {}, (80, 24))
    assert len([*OPEN.iterdir()]) == before
