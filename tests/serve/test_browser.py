"""The real program in a real browser: open, search, edit, save, copy, come back.

Needs Chromium and its driver (Debian: chromium, chromium-driver) and selenium.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import made, run
from tests.patience import patient

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
TEXT = "return [...document.querySelectorAll('.xterm-rows > div')].map(row => row.textContent).join('\\n')"
READ_CLIPBOARD = "navigator.clipboard.readText().then(arguments[0], () => arguments[0]('refused'))"
ENTER, F10 = "\ue007", "\ue03a"


@pytest.fixture
def chromium() -> Iterator["Chrome"]:
    """A browser without a window."""
    if not (CHROMIUM and DRIVER):
        pytest.skip("needs Chromium and its driver: apt install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium: pip install selenium")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1200,700"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield browser
    browser.quit()


@pytest.fixture
def address(tmp_path: Path, home: Path) -> Iterator[str]:
    """The address that `cx-tui serve` prints."""
    url = f"sqlite:///{tmp_path / 'cx.db'}"
    run(made(url, 40))
    command = [sys.executable, "-m", "cx_tui", "serve", "--db", url, "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, env=dict(os.environ), stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        said = server.stderr.readline()
        found = re.search(r"http://\S+", said)
        assert found, said
        yield found[0]
        server.terminate()
        assert server.wait(patient(20)) == 0


class Shown:
    """A page with the program in it."""

    def __init__(self, browser: "Chrome") -> None:
        self.browser = browser

    def text(self) -> str:
        """What the terminal shows."""
        return str(self.browser.execute_script(TEXT)).replace("\xa0", " ")

    def shows(self, pattern: str) -> None:
        """Wait until the terminal shows this."""
        self.until(lambda: re.search(pattern, self.text()), pattern)

    def says(self, sentence: str) -> None:
        """Wait until the page says this beneath the terminal."""
        said = "return document.getElementById('notice').textContent"
        self.until(lambda: sentence in str(self.browser.execute_script(said)), sentence)

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait until this holds."""
        from selenium.common import TimeoutException
        from selenium.webdriver.support.wait import WebDriverWait

        try:
            WebDriverWait(self.browser, patient(20), 0.1).until(lambda _: holds())
        except TimeoutException:
            raise AssertionError(f"not seen: {what}\n{self.text()}") from None

    def press(self, *keys: str) -> None:
        """Press keys."""
        from selenium.webdriver import ActionChains

        ActionChains(self.browser).send_keys(*keys).perform()

    def copied(self) -> str:
        """What is on the clipboard."""
        return str(self.browser.execute_async_script(READ_CLIPBOARD))


def test_an_operator_works_in_the_browser_and_comes_back_to_the_same_program(
    chromium: "Chrome", address: str
) -> None:
    chromium.get(address)
    assert "token" not in chromium.current_url
    page = Shown(chromium)
    page.shows(r"Customers\s+40")
    # Open, write, save.
    page.press("+")
    page.shows("New customer")
    page.press("Browsed Telecom", F10)
    page.shows("Currency is required")
    page.press(ENTER, "EUR", ENTER, F10)
    page.shows("(?i)will be written|write this|is new")
    page.press(ENTER)
    page.shows(r"Customers\s+41")
    # Search.
    page.press("/", "browsed", ENTER)
    page.shows(r"1 of 41|Browsed Telecom")
    # Copy, to this machine's clipboard.
    chromium.set_permissions("clipboard-read", "granted")
    page.press("y")
    page.until(lambda: page.copied() == "Browsed Telecom", "the name on the clipboard")
    # Come back: the same program, where it was.
    chromium.refresh()
    page.shows("Browsed Telecom")
    # Another size is the program's size.
    chromium.set_window_size(900, 500)
    page.shows("Last call›")
    if picture := os.environ.get("CX_BROWSER_PICTURE"):
        chromium.save_screenshot(picture)
    page.press("q")
    page.says("The program has been left.")
