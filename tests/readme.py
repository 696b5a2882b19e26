"""Brings the derived parts of README.md up to date: `python -m tests.readme` (keys, settings, picture)."""

import asyncio
import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from textual.binding import Binding

from cx_tui.app.program import CxApp
from cx_tui.app.terminal_state import Connected
from cx_tui.bootstrap import build_app, seed_database
from cx_tui.config import load, settings_table
from cx_tui.screens.customers import CustomersScreen
from widgets.column_chooser import ColumnChooser
from widgets.grid import Grid
from widgets.key_line import key_name

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "tests" / "snapshots" / "readme.svg"


def key_table() -> str:
    """The keys of the main screen, from their bindings."""
    groups = (
        ("The list", Grid),
        ("The page", CustomersScreen),
        ("The columns panel", ColumnChooser),
        ("Everywhere", CxApp),
        ("The terminal", Connected),
    )
    lines = ["| key | id | what it does |", "|---|---|---|"]
    for title, owner in groups:
        lines.append(f"| **{title}** | | |")
        for binding in owner.BINDINGS:
            if isinstance(binding, Binding) and binding.tooltip:
                keys = " ".join(f"`{key_name(key.strip())}`" for key in binding.key.split(","))
                lines.append(f"| {keys} | {binding.id} | {binding.tooltip} |")
    return "\n".join(lines)


def setting_table() -> str:
    """The settings, from their definitions."""
    lines = ["| setting | takes | usual | environment | flag | |", "|---|---|---|---|---|---|"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in settings_table()]
    return "\n".join(lines)


def with_tables(text: str) -> str:
    """The text of the README with its tables made anew."""
    for name, table in (("keys", key_table()), ("settings", setting_table())):
        found = re.search(rf"<!-- {name}: .*? -->\n(.*?)<!-- end of {name} -->", text, flags=re.DOTALL)
        assert found, f"the README has no place for {name}"
        text = text[: found.start(1)] + table + "\n" + text[found.end(1) :]
    return text


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
    """Write the README and its picture."""
    readme = ROOT / "README.md"
    readme.write_text(with_tables(readme.read_text("utf-8")), "utf-8")
    PICTURE.write_text(asyncio.run(picture()), "utf-8")
    print(f"{readme} and {PICTURE} are up to date, {datetime.now(UTC):%Y-%m-%d}")


if __name__ == "__main__":
    main()
