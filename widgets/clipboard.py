"""Text to the clipboard of the terminal (OSC 52), wrapped for what lies between: tmux or GNU screen."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

SCREEN_CHUNK = 768
"""GNU screen passes on strings of at most this many bytes."""


@dataclass(frozen=True)
class Copied:
    """What to write to the terminal, how many characters that sends, and whether some were left out."""

    sequence: str
    sent: int
    cut: bool


def osc52(text: str, limit: int, env: Mapping[str, str]) -> Copied:
    """The sequence that copies a text of at most `limit` encoded bytes; a longer one is cut at a line."""
    kept = _fitting(text, limit // 4 * 3)
    code = b64encode(kept.encode()).decode()
    return Copied(_wrapped(f"\x1b]52;c;{code}\x07", env), len(kept), len(kept) < len(text))


def _fitting(text: str, size: int) -> str:
    data = text.encode("utf-8", "replace")
    if len(data) <= size:
        return data.decode()
    kept = data[:size].decode("utf-8", "ignore")
    end = kept.rfind("\n")
    return kept[: end + 1] if end > 0 else kept


def _wrapped(sequence: str, env: Mapping[str, str]) -> str:
    if env.get("TMUX"):
        doubled = sequence.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{doubled}\x1b\\"
    if env.get("STY") or env.get("TERM", "").startswith("screen"):
        pieces = [sequence[at : at + SCREEN_CHUNK] for at in range(0, len(sequence), SCREEN_CHUNK)]
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
