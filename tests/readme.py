"""Brings what is derived of README.md and docs/ up to date: `python -m tests.readme` (pages, picture)."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from cx_tui.bootstrap.demo import seed_database
from cx_tui.bootstrap.program import build_app
from cx_tui.config import load
from cx_tui.screens.customers import CustomersScreen
from cx_tui.services.seeding.story import tell
from cx_tui.services.session import open_session
from tests.reference import PAGES

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "tests" / "snapshots" / "readme.svg"
PICTURES = ROOT / "docs" / "pictures"
STEPS = (("why", ("down", "down", "W")), ("card", ("enter",)), ("log", ("Z",)), ("board", ("b",)))
SETTLES = 2.0
"""Seconds after which all is on a screen that was opened."""


async def pictures() -> dict[Path, str]:
    """The main screen at 120x36 with believable customers, and what the README tells of, as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/acme-prod.db"
        env = {**os.environ, "XDG_STATE_HOME": folder}
        await seed_database(url, 5000, 1, lambda done, of: None)
        made = {PICTURE: await first_picture(url, env)}
        async with running(url, env, (104, 26)) as pilot:
            for name, keys in STEPS:
                await pilot.press(*keys)
                await pilot.pause(SETTLES)
                made[PICTURES / f"{name}.svg"] = shot(pilot)
                await pilot.press("escape")
                await pilot.pause(SETTLES)
        async with running(url, env, (170, 30)) as pilot:
            await pilot.press(*["down"] * 4)
            await pilot.pause(SETTLES)
            made[PICTURES / "wide.svg"] = shot(pilot)
    return made


async def first_picture(url: str, env: Mapping[str, str]) -> str:
    """The list, before anybody has done anything; then colleagues have."""
    async with running(url, env, (120, 36)) as pilot:
        await pilot.press(*["down"] * 7, "space", "space", "down", "down")
        await pilot.pause()
        picture = shot(pilot)
    session = await open_session(url)
    await tell(session.database)
    await session.close()
    return picture


@asynccontextmanager
async def running(url: str, env: Mapping[str, str], size: tuple[int, int]) -> AsyncIterator[Pilot[int]]:
    """The program, with live rows on its first screen."""
    app = build_app(load(env, {"database.url": url, "database.label": "acme-prod"}), url, env)
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, CustomersScreen)
        while not screen.counts:
            await pilot.pause(0.05)
        yield pilot


def shot(pilot: Pilot[int]) -> str:
    """What is on the screen, without spaces that no eye sees."""
    lines = pilot.app.export_screenshot(title="cx-tui").splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


def main() -> None:
    """Write the pages that are made from the program, and the picture."""
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page(), "utf-8")
    PICTURES.mkdir(exist_ok=True)
    for path, picture in asyncio.run(pictures()).items():
        path.write_text(picture, "utf-8")
    print(f"{', '.join(PAGES)} and {PICTURE} are up to date, {datetime.now(UTC):%Y-%m-%d}")


if __name__ == "__main__":
    main()
