"""How many records an act is for, and what goes with them, in words."""

from collections.abc import Sequence

from cx_tui.domain.declared import Declared
from cx_tui.services.changes.selected import Stake
from widgets.text import visible

FREELY = 10
"""For more records than this their number has to be typed."""


LONGEST = 60


def counted(number: int, one: str, many: str = "") -> str:
    """A number of things: "1 customer", "3,204 customers"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


GONE = "None of these customers is left: they have been deleted; the log says by whom."


def customers(number: int) -> str:
    """So many customers."""
    return counted(number, "customer")


def gone(kind: Declared) -> str:
    """What is said when none of the records is there any more."""
    return f"None of these {kind.several} is left: they have been deleted; the log says by whom."


def live_calls(stake: Stake) -> str:
    """What happens to calls that are up."""
    if not stake.live:
        return "no call is live now"
    return f"{counted(stake.live, 'call')} {'is' if stake.live == 1 else 'are'} live now and " + (
        "goes on" if stake.live == 1 else "go on"
    )


def to_type(number: int) -> str | None:
    """What has to be typed before so many records are changed."""
    return f"{number:,}" if number > FREELY else None


def listed(words: Sequence[str]) -> str:
    """Words one after another: "a, b and c"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def short(text: str, longest: int = LONGEST) -> str:
    """A text in one line that is safe to show and not too long to read."""
    one_line = visible(" / ".join(text[: 4 * longest].splitlines()))
    return one_line if len(one_line) <= longest else one_line[: longest - 1] + "…"
