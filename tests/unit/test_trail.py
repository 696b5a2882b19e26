"""The way to a page: which names of it are said in how much room."""

import pytest

from cx_tui.screens.header import trail
from widgets.grid import ASCII, UNICODE

WAY = ("Customers", "Acme Telecom", "Auth", "10.0.2.219")
LONG = ("Customers", "Abbas & Hassan Network Services LLC", "Routing")


@pytest.mark.parametrize(
    ("names", "room", "said"),
    [
        (WAY, 60, "Customers › Acme Telecom › Auth › 10.0.2.219 › "),
        (WAY, 40, "… › Acme Telecom › Auth › 10.0.2.219 › "),
        (WAY, 30, "… › Auth › 10.0.2.219 › "),
        (WAY, 20, "… › 10.0.2.219 › "),
        (WAY, 13, "10.0.2.219 › "),
        (WAY, 12, "10.0.2.2… › "),
        (WAY, 10, ""),
        (WAY, -5, ""),
        (LONG, 60, "Customers › Abbas & Hassan Network Services LLC › Routing › "),
        (LONG, 56, "Customers › Abbas & Hassan Network… › Routing › "),
        (LONG, 40, "… › Abbas & Hassan Network… › Routing › "),
        (("Customers", "電話サービス株式会社東京支店営業部"), 40, "Customers › 電話サービス株式会社東… › "),
    ],
)
def test_the_nearest_names_stay_longest_and_are_cut_before_they_are_left_out(
    names: tuple[str, ...], room: int, said: str
) -> None:
    assert trail(names, room, UNICODE) == said


def test_ascii_terminals_have_signs_of_their_own() -> None:
    assert trail(WAY, 40, ASCII) == "~ > Acme Telecom > Auth > 10.0.2.219 > "
