"""Text to the operator's own clipboard, through whatever lies between."""

import os
from typing import Any

from textual.app import App

from widgets.clipboard import Copied, osc52


def copy(app: App[Any], text: str, limit: int) -> Copied:
    """Send the text to the terminal's clipboard; says how much of it was sent."""
    copied = osc52(text, limit, os.environ)
    driver = app._driver
    if driver is not None:
        driver.write(copied.sequence)
        driver.flush()
    return copied
