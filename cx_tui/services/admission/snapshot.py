"""The whole world as one file, so that a server with a million customers starts within seconds.

A line that names the format, the length of a head, the head (JSON), and the columns as they lie in memory:
what is read is mapped, not copied.  Nothing in it can run.  It costs nothing but time to delete it.
"""

import json
import mmap
import os
import sys
from array import array
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zlib import crc32

from cx_tui.config.folders import private_dir
from cx_tui.db.schema import HEAD
from cx_tui.domain.admission import facts
from cx_tui.domain.admission.plain import Parts, shape
from cx_tui.domain.admission.shelf import Packing, Shelf
from cx_tui.domain.admission.world import World
from cx_tui.domain.rating.cards import Rate, RateCard, Side, Strategy
from cx_tui.domain.rating.price import Rules

FORMAT = b"cx-tui snapshot 1\n"
WIDTH = 8
"""Bytes of a number in a column."""


class Point(NamedTuple):
    """How far a world has come: its last operation, what tells it from another's, its place in the log."""

    version: int
    mark: str
    place: str


class Refused(Exception):
    """Why a snapshot is not taken, in words."""


def write(path: Path, world: World, point: Point) -> None:
    """Replace the file in one step."""
    packing = Packing(world.shelf.parts if world.shelf else None)
    if world.shelf:
        packing.add_shelf(world.shelf)
    for customer in dict.values(world.customers):
        packing.add(customer)
    bodies, columns = packing.done()
    places: list[tuple[str, int]] = []
    runs: list[bytes] = []
    for name, column in columns.items():
        for part in column if isinstance(column, tuple) else (column,):
            places.append((name, len(part)))
            runs.append(part.tobytes())
    parts = packing.parts
    head: dict[str, Any] = {
        "shape": shape(), "schema": HEAD, "order": sys.byteorder, "version": point.version,
        "mark": point.mark, "place": point.place, "columns": places, "setup": _setup(world, parts),
    }  # fmt: skip
    head["parts"] = parts.written()
    written = json.dumps(head, separators=(",", ":")).encode()
    written += b" " * (-len(written) % WIDTH)
    runs.append(bodies)
    check = crc32(written)
    for run in runs:
        check = crc32(run, check)
    numbers = array("Q", (len(written), check))
    private_dir(path.parent)
    new = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        with open(new, "xb", opener=_private) as file:
            for run in (FORMAT.ljust(24), numbers.tobytes(), written, *runs):
                file.write(run)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def read(path: Path) -> tuple[World, Point]:
    """The world of a file; `Refused` says why it is not taken."""
    try:
        with path.open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except FileNotFoundError:
        raise Refused("there is none yet") from None
    except (OSError, ValueError) as error:
        raise Refused(f"it can't be read: {error}") from None
    if bytes(whole[:24]).rstrip(b" ") != FORMAT:
        raise Refused("it is of another version of the program")
    length, check = array("Q", bytes(whole[24:40]))
    if crc32(whole[40:]) != check:
        raise Refused("it is damaged")
    head = json.loads(bytes(whole[40 : 40 + length]))
    if (head["shape"], head["schema"], head["order"]) != (shape(), HEAD, sys.byteorder):
        raise Refused("it is of another version of the program")
    parts = Parts(head["parts"])
    columns: dict[str, Any] = {}
    place = 40 + length
    for name, count in head["columns"]:
        end = place + count * WIDTH
        if name in ("ids", "ends"):
            columns[name] = whole[place:end].cast("q")
        elif name in columns:
            columns[name] = columns[name], whole[place:end].cast("q")
        else:
            columns[name] = whole[place:end].cast("Q")
        place = end
    world = World(shelf=Shelf(whole[place:], columns, parts))
    _put_setup(world, parts, head["setup"])
    return world, Point(head["version"], head["mark"], head["place"])


def _setup(world: World, parts: Parts) -> dict[str, Any]:
    return {
        "carriers": [parts.plain(one) for one in world.carriers.values()],
        "prefixes": [parts.plain(one) for one in world.prefix_sets.values()],
        "supply": [[card, parts.plain(several)] for card, several in world.supply.items()],
        "cards": [_card(one, parts) for one in world.cards.values()],
    }


def _card(card: RateCard, parts: Parts) -> list[Any]:
    own = (
        card.id, card.name, card.currency, card.side, card.rules, card.carrier_id, card.strategy,
        card.attempt_fee,
    )  # fmt: skip
    rates = [
        (one.id, one.prefix, parts.plain(one.tariff), one.destination, one.blocked, *map(_text, _valid(one)))
        for one in card.rates()
    ]
    return [parts.plain(own), list(zip(*rates, strict=True))]


def _valid(rate: Rate) -> tuple[datetime | None, datetime | None]:
    return rate.valid_from, rate.valid_to


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _put_setup(world: World, parts: Parts, setup: Mapping[str, Any]) -> None:
    for row in setup["carriers"]:
        world.put_carrier(parts.made(facts.Carrier, row))
    for row in setup["prefixes"]:
        world.put_prefix_set(parts.made(facts.PrefixSet, row))
    for card, several in setup["supply"]:
        world.put_supply(card, [parts.made(facts.Supply, one) for one in several])
    for (number, name, currency, side, rules, carrier, strategy, fee), columns in setup["cards"]:
        own: Rules = parts.part(rules)
        card = RateCard(
            number, name, currency, Side.of_value(side), own, carrier, Strategy.of_value(strategy), fee
        )
        for rate, prefix, tariff, destination, blocked, since, until in zip(*columns, strict=True):
            card.add(
                Rate(rate, prefix, parts.part(tariff), destination, blocked, _moment(since), _moment(until))
            )
        world.put_card(card)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
