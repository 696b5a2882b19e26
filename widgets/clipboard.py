"""Text to the clipboard of the terminal (OSC 52), wrapped for what lies between: tmux or GNU screen."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Terminals drop a longer sequence silently; this is the size that all of them take.
LIMIT = 74_994
# GNU screen passes on strings of at most this many bytes, its own signs around them included.
SCREEN_CHUNK = 768

PLAIN: Mapping[str, str] = MappingProxyType({})
DCS, ST, BEL = "\x1bP", "\x1b\\", "\x07"


@dataclass(frozen=True, slots=True)
class Copied:
    """What to write to the terminal, how many characters of the text it sends, whether some are left out."""

    sequence: str
    sent: int
    cut: bool


def osc52(text: str, limit: int = LIMIT, env: Mapping[str, str] = PLAIN) -> Copied:
    """The sequence that copies a text of at most `limit` encoded bytes; `env` says what lies between."""
    kept = _kept(text, limit // 4 * 3)
    code = b64encode(kept.encode("utf-8", "replace")).decode("ascii")
    return Copied(_wrapped(f"\x1b]52;c;{code}{BEL}", env), len(kept), len(kept) < len(text))


def _kept(text: str, size: int) -> str:
    """As much of the text as `size` bytes hold: whole lines if there is one, else whole characters."""
    data = text.encode("utf-8", "replace")
    if len(data) <= size:
        return text
    kept = data[: max(0, size)].decode("utf-8", "ignore")
    if text[len(kept)] == "\n":
        return kept
    return kept[: kept.rfind("\n") + 1] or kept


def _wrapped(sequence: str, env: Mapping[str, str]) -> str:
    """The sequence as tmux or GNU screen passes it on to the terminal outside."""
    if env.get("TMUX"):
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        return f"{DCS}tmux;{doubled}{ST}"
    if env.get("STY") or env.get("TERM", "").startswith("screen"):
        size = SCREEN_CHUNK - len(DCS) - len(ST)
        pieces = (sequence[at : at + size] for at in range(0, len(sequence), size))
        return "".join(f"{DCS}{piece}{ST}" for piece in pieces)
    return sequence
