"""The modes that a program has set on its terminal, so that another terminal can go on in its place."""

import re

RESET = b"\x1bc"
MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
LONGEST = 64
"""Bytes of a sequence that may still be coming."""


class Modes:
    """Hears what a program writes, and knows which modes are on."""

    def __init__(self) -> None:
        self._on: dict[bytes, bool] = {}
        self._rest = b""

    def hear(self, data: bytes) -> None:
        """Take what the program wrote."""
        heard = self._rest + data
        end = 0
        for found in MODE.finditer(heard):
            end = found.end()
            for mode in found[1].split(b";"):
                self._on.pop(mode, None)
                self._on[mode] = found[2] == b"h"
        # A sequence that is cut in two is heard with what follows.
        start = heard.rfind(b"\x1b", end)
        self._rest = heard[start:][:LONGEST] if start >= 0 else b""

    def again(self) -> bytes:
        """What makes a new terminal like the one that was there."""
        parts = (b"\x1b[?%s%s" % (mode, b"h" if on else b"l") for mode, on in self._on.items())
        return RESET + b"".join(parts)
