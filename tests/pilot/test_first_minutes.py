"""What a newcomer does first: the first customer of one's own, the pane of a wide terminal, the tour."""

import re

from cx_tui.app.tour import THINGS
from tests.pilot.driver import opened
from tests.readme import ROOT

MOST_KEYS = 25


def keys_of_the_readme() -> list[str]:
    """The keys that the README tells for the first customer, as it tells them."""
    text = (ROOT / "README.md").read_text("utf-8")
    found = re.search(r"\*\*Make a customer\.\*\*(.*?)These are (\d+) keys", text, re.DOTALL)
    assert found, "the README tells of no first customer"
    said = " ".join(found[1].split())
    assert said == (
        "`+`, type `Acme`, `tab` seven times to the currency, type `EUR`, `enter` to choose it, `F10` to "
        "save, `enter` to agree to what will be written."
    )
    keys = ["plus", *"Acme", *["tab"] * 7, *"EUR", "enter", "f10", "enter"]
    assert len(keys) == int(found[2])
    return keys


async def test_the_first_customer_takes_no_more_keys_than_the_readme_says(empty_url: str) -> None:
    keys = keys_of_the_readme()
    assert len(keys) <= MOST_KEYS
    async with opened(empty_url) as cx:
        await cx.shows("There are no customers yet")
        for key in keys:
            await cx.press(key)
        await cx.shows("Saved Acme")
        await cx.until(lambda: cx.names() == ["Acme"], "the customer in the list")


async def test_a_wide_terminal_has_a_pane_and_the_tour_goes_on_with_its_keys(world_url: str) -> None:
    async with opened(world_url, size=(170, 40)) as cx:
        await cx.live()
        await cx.shows("Last changes")
        await cx.shows("Calls now")
        assert cx.app.cursor_position.y == cx.grid.region.y + 1, "the terminal's cursor is on the row"
        await cx.press("down")
        assert cx.app.cursor_position.y == cx.grid.region.y + 2
        cx.app.helping.begin_tour()
        await cx.says("Tour, 1 of 10")
        await cx.press("slash", "a", "enter")
        await cx.says(THINGS[1].says)
        await cx.press("escape")
        await cx.until(lambda: not any("Tour" in toast for toast in cx.toasts()), "the end of the tour")
