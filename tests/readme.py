"""Brings what is derived of README.md and docs/ up to date: `python -m tests.readme` (pages, picture)."""

import asyncio
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from cx_tui.bootstrap import build_app, seed_database
from cx_tui.config import load
from cx_tui.screens.customers import CustomersScreen
from tests.reference import PAGES

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "tests" / "snapshots" / "readme.svg"


async def picture() -> str:
    """The main screen at 120x36 with believable customers, as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/acme-prod.db"
        env = {**os.environ, "XDG_STATE_HOME": folder}
        await seed_database(url, 5000, 1, lambda done, of: None)
        app = build_app(load(env, {"database.url": url, "database.label": "acme-prod"}), url, env)
        async with app.run_test(size=(120, 36)) as pilot:
            screen = app.screen
            assert isinstance(screen, CustomersScreen)
            while not screen.counts:
                await pilot.pause(0.05)
            await pilot.press(*["down"] * 7, "space", "space", "down", "down")
            await pilot.pause()
            return app.export_screenshot(title="cx-tui")


def main() -> None:
    """Write the pages that are made from the program, and the picture."""
    for name, page in PAGES.items():
        (ROOT / "docs" / name).write_text(page(), "utf-8")
    PICTURE.write_text(asyncio.run(picture()), "utf-8")
    print(f"{', '.join(PAGES)} and {PICTURE} are up to date, {datetime.now(UTC):%Y-%m-%d}")


if __name__ == "__main__":
    main()
