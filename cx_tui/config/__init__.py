"""The settings, one definition each, and how they are read.

Parsing, validation, environment variables, flags, `cx-tui info` and the README's table follow from the fields
of Settings.  Layers, the weakest first: defaults, system file, the operator's file, environment, flags.
"""

from cx_tui.config.layers import Loaded, load
from cx_tui.config.settings import SETTINGS, Settings
from cx_tui.config.show import describe, label_of, paths, settings_table
from cx_tui.config.text import without_secret

__all__ = [
    "SETTINGS",
    "Loaded",
    "Settings",
    "describe",
    "label_of",
    "load",
    "paths",
    "settings_table",
    "without_secret",
]
