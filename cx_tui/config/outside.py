"""Kinds of settings about the world outside: addresses, ports, APIs."""

import re

from cx_tui.config.kinds import TEXT, Kind, number

LOOPBACK = r"localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]"
SAFE = re.compile(rf"https://[^\s/?#@]+(/[^\s?#]*)?|http://(?:{LOOPBACK})(?::[0-9]{{1,5}})?(/[^\s?#]*)?")

WAREHOUSE_URL = re.compile(r"https?://[^\s/?#]+(/\w*)?")

HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}\.)*[A-Za-z0-9_-]{0,62}|\[[0-9A-Fa-f:.]{2,45}\]"
)
PLACE = re.compile(r"\{\{ *(?:contact\.email|token) *\}\}")
"""What becomes the recipient's in the address for unsubscribing: who asks for no more must be known there."""


def _check_address(value: object) -> object:
    from cx_tui.domain.kinds import BadValue, Email  # imported here: most starts send nothing

    address = TEXT.check(value)
    try:
        return Email().parse(str(address)) if address else address
    except BadValue:
        raise ValueError(f"give {ADDRESS.takes}") from None


def _check_unsubscribe(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"https://[^\s<>,{}]+", PLACE.sub("x", value)):
        return value
    try:
        return _check_address(value)
    except ValueError:
        raise ValueError(f"give {UNSUBSCRIBE.takes}") from None


def _check_host(value: object) -> object:
    name = TEXT.check(value)
    if name and not HOST_NAME.fullmatch(str(name)):
        raise ValueError(f"give {HOST.takes}")
    return name


def _check_api(value: object) -> object:
    if isinstance(value, str) and SAFE.fullmatch(value):
        return value.rstrip("/")
    # The token goes there with every request.
    raise ValueError(f"give {API.takes}")


def _check_warehouse(value: object) -> object:
    if isinstance(value, str) and (not value or WAREHOUSE_URL.fullmatch(value)):
        return value
    raise ValueError(f"give {WAREHOUSE.takes}")


def _check_page(value: object) -> object:
    return value if value == "" else _check_api(value)


PORT = number(int, "a port", 1, 65535, zero="the usual one of its tls")
ADDRESS = Kind("an e-mail address, like noc@acme.example", _check_address)
WAREHOUSE = Kind("https://user:password@host:8443/database", _check_warehouse)
HOST = Kind("a host name, like mail.acme.example", _check_host)
UNSUBSCRIBE = Kind(
    "an e-mail address, or a web address with https, in which {{ token }} and {{ contact.email }} may stand",
    _check_unsubscribe,
)
API = Kind("a web address with https, or with http on this machine", _check_api)
PAGE = Kind(API.takes, _check_page)
"""The same, or nothing."""
