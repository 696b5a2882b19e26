"""The link by which a recipient asks for no more e-mail: a web address of the settings, made theirs."""

from typing import NamedTuple
from urllib.parse import quote

from cx_tui.config.outside import PLACE


class WayOut(NamedTuple):
    """Where to ask for no more; with one click only where the address alone says who asks (RFC 8058)."""

    address: str
    one_click: bool


def way_out(setting: str, email: str, token: str) -> WayOut:
    """The way out for one recipient."""
    if not setting.startswith("https://"):
        return WayOut(setting, one_click=False)
    filled = PLACE.sub(lambda found: quote(token if "token" in found[0] else email, safe=""), setting)
    return WayOut(filled, one_click=filled != setting)
