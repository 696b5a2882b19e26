"""Texts in SQL as filters compare them: without accents, by regular expressions, as networks.

SQLite has none of these: each of its connections is taught functions of Python, which are asked only of rows
that need them.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, and_, case, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from cx_tui.domain.search import plain_letters

PLAIN, FOUND, OVERLAP = "cx_plain", "cx_found", "cx_overlap"


class plain_text(FunctionElement[str]):  # noqa: N801  # it is a function of SQL
    """A text in small letters without accents."""

    type = String()
    inherit_cache = True


@compiles(plain_text, "sqlite")
def _plain_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    text = compiler.process(element.clauses, **more)
    # Nearly all texts are ASCII: only the others are handed to Python.
    same = f"length({text}) = length(CAST({text} AS BLOB))"
    return f"CASE WHEN {same} THEN lower({text}) ELSE {PLAIN}({text}) END"


@compiles(plain_text)
def _plain(element: Any, compiler: Any, **more: Any) -> str:
    text = compiler.process(element.clauses, **more)
    folded = f"lower(regexp_replace(normalize({text}, NFKD), U&'[\\0300-\\036F]', '', 'g'))"
    return f"CASE WHEN octet_length({text}) = char_length({text}) THEN lower({text}) ELSE {folded} END"


class found_in(FunctionElement[bool]):  # noqa: N801  # it is a function of SQL
    """Whether a regular expression (the first argument) is found in a text."""

    type = Boolean()
    inherit_cache = True


@compiles(found_in, "sqlite")
def _found_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"({FOUND}({compiler.process(element.clauses, **more)}) = 1)"


@compiles(found_in)
def _found(element: Any, compiler: Any, **more: Any) -> str:
    pattern, text = (compiler.process(one, **more) for one in element.clauses)
    return f"({text} ~* {pattern})"


class overlaps_with(FunctionElement[bool]):  # noqa: N801  # it is a function of SQL
    """Whether an address of IPv6 (the first argument) overlaps a network."""

    type = Boolean()
    inherit_cache = True


@compiles(overlaps_with, "sqlite")
def _overlaps_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"({OVERLAP}({compiler.process(element.clauses, **more)}) = 1)"


@compiles(overlaps_with)
def _overlaps(element: Any, compiler: Any, **more: Any) -> str:
    text, network = (compiler.process(one, **more) for one in element.clauses)
    return f"(CAST({text} AS inet) && CAST({network} AS inet))"


def overlapping(address: ColumnElement[str], network: str) -> ColumnElement[bool]:
    """Whether an address, or a network, overlaps a network: what is inside of it, and what holds it."""
    wanted = ip_network(network)
    holding: list[str] = []
    around: IPv4Network | IPv6Network = wanted
    while True:
        holding.append(str(around))
        if around.prefixlen == 0:
            break
        around = around.supernet()
    if wanted.prefixlen == wanted.max_prefixlen:
        holding.append(str(wanted.network_address))
    held: ColumnElement[bool] = address.in_(holding)
    if isinstance(wanted, IPv6Network):
        is_six = and_(address.contains(":"), address.not_like("%::ffff:%.%"))
        return or_(held, case((is_six, overlaps_with(address, network)), else_=False))
    return or_(held, *_inside(address, wanted))


def _inside(address: ColumnElement[str], wanted: IPv4Network) -> list[ColumnElement[bool]]:
    """An address of IPv4 is inside of a network when it begins with one of these."""
    whole, rest = divmod(wanted.prefixlen, 8)
    octets = str(wanted.network_address).split(".")
    if whole == 4:
        return []
    if whole == 0 and rest == 0:
        return [_is_four(address)]
    if not rest:
        return [address.startswith(".".join(octets[:whole]) + ".")]
    first = int(octets[whole])
    begins = [".".join([*octets[:whole], str(first + step)]) for step in range(2 ** (8 - rest))]
    if whole == 3:
        return [address.in_(begins), *(address.startswith(f"{one}/") for one in begins)]
    return [address.startswith(f"{one}.") for one in begins]


def _is_four(address: ColumnElement[str]) -> ColumnElement[bool]:
    return (
        address.like("%_._%._%._%")
        & address.not_like("%:%")
        & ~or_(*(address.contains(letter) for letter in "abcdefghijklmnopqrstuvwxyz"))
    )


async def teach(create_function: Callable[..., Awaitable[None]]) -> None:
    """Teach a connection of SQLite these functions."""
    await create_function(PLAIN, 1, _plain_of, deterministic=True)
    await create_function(FOUND, 2, _found_of, deterministic=True)
    await create_function(OVERLAP, 2, _overlap_of, deterministic=True)


def _plain_of(text: Any) -> Any:
    return plain_letters(text) if isinstance(text, str) else text


def _found_of(pattern: str, text: Any) -> int | None:
    return None if text is None else int(_compiled(pattern).search(str(text)) is not None)


@lru_cache(32)
def _compiled(pattern: str) -> Any:
    import re2

    return re2.compile(f"(?i){pattern}")


def _overlap_of(address: str, network: str) -> int:
    try:
        return int(ip_network(address, strict=False).overlaps(_network(network)))
    except (TypeError, ValueError):
        return 0


@lru_cache(32)
def _network(text: str) -> Any:
    return ip_network(text)
