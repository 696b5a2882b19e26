"""Writes what a Kamailio needs to have its calls decided here: configuration, tables, fallback."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from cx_tui.decide.for_kamailio import BETWEEN, HEADER, places_of
from cx_tui.domain.admission.facts import Endpoint
from cx_tui.domain.admission.networks import network_of_address
from cx_tui.domain.admission.world import World
from cx_tui.domain.records.customer import Status
from cx_tui.errors import Misconfigured

UNHEARD = 32
"""Seconds that a call is up without the ACK of its caller: 64 times T1, as long as carriers wait for it."""


@dataclass(frozen=True)
class Wanted:
    """What the operator wants of the switch."""

    folder: Path
    sip: str = "127.0.0.1:5060"
    rpc: str = "127.0.0.1:5080"
    evapi: str = "127.0.0.1:5191"
    records: str = ""
    """The database of the records; "" is a file in the folder."""
    children: int = 8
    longest: int = 7_200
    unheard: int = UNHEARD
    digest: str = "MD5"
    """How SIP users prove themselves: MD5, or SHA-256, which not every telephone can."""

    @property
    def file_url(self) -> str:
        """The file beside the configuration, as this program names it."""
        return f"sqlite:///{self.folder.resolve() / 'records.db'}"

    @property
    def spare(self) -> str:
        """The folder of records that are written while the server of records is away; "" with a file."""
        return str(self.folder.resolve() / "spare") if self.records.startswith("postgresql:") else ""

    @property
    def records_url(self) -> str:
        """The database of the records, as this program names it."""
        return self.records or self.file_url


def write(wanted: Wanted, known: World | None = None) -> list[Path]:
    """Write the files; with a world, calls of known addresses pass while nobody decides.  Says which."""
    folder = wanted.folder
    folder.mkdir(parents=True, exist_ok=True)
    if wanted.spare:
        Path(wanted.spare).mkdir(exist_ok=True)
    on_sqlite = wanted.records_url.startswith("sqlite:")
    made = {"kamailio.cfg": _configuration(wanted, known), "tables.sql": _tables(on_sqlite)}
    if known:
        made["addresses.txt"] = "\n".join(_addresses(known)) + "\n"
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")
    _make_file(_file_of(wanted), _tables(on_sqlite=True))
    return [folder / name for name in made]


def _configuration(wanted: Wanted, known: World | None) -> str:
    places = {name: _place(name, getattr(wanted, name)) for name in ("sip", "rpc", "evapi")}
    hops = list(_hops(known)) if known else []
    on_sqlite = wanted.records_url.startswith("sqlite:")
    return _filled(
        "kamailio.cfg",
        SIP_ADDRESS=places["sip"],
        RPC_ADDRESS=places["rpc"],
        RPC_PORT=places["rpc"].rpartition(":")[2],
        EVAPI=places["evapi"],
        FILE=_file_of(wanted),
        RECORDS=f"sqlite:///{_file_of(wanted)}" if on_sqlite else _for_kamailio(wanted.records_url),
        SERVER="# (the file: #!define RECORDS_SERVER is not here)"
        if on_sqlite
        else "#!define RECORDS_SERVER",
        SPARE=wanted.spare,
        FOLDER=str(wanted.folder.resolve()),
        FALLBACK="#!define PASS_KNOWN" if known else "# (refused: #!define PASS_KNOWN is not here)",
        PASS_HOPS=BETWEEN.join(uri for _, _, uri in hops),
        PASS_CARRIERS=BETWEEN.join(name for _, name, _ in hops),
        PASS_IDS=BETWEEN.join(number for number, _, _ in hops),
        CHILDREN=str(wanted.children),
        LONGEST=str(wanted.longest),
        UNHEARD=str(wanted.unheard),
        DIGEST="" if wanted.digest == "MD5" else wanted.digest,
    )


def _tables(on_sqlite: bool) -> str:
    return _filled(
        "tables.sql",
        ID="INTEGER" if on_sqlite else "SERIAL",
        REAL="REAL" if on_sqlite else "DOUBLE PRECISION",
    )


def _filled(template: str, **words: str) -> str:
    text = files("cx_tui.decide.kamailio").joinpath(template).read_text("utf-8")
    for name, value in words.items():
        text = text.replace(f"@{name}@", value)
    return text


def _place(name: str, text: str) -> str:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal():
        raise Misconfigured(
            f'--{name}: "{text}" is not an address with a port; write one like 127.0.0.1:5060'
        )
    return text


def _file_of(wanted: Wanted) -> str:
    """The file of SQLite: of the records, or beside the server that has them."""
    on_sqlite = wanted.records_url.startswith("sqlite:")
    return (wanted.records_url if on_sqlite else wanted.file_url).removeprefix("sqlite:///")


def _for_kamailio(url: str) -> str:
    """A PostgreSQL URL as Kamailio writes it."""
    parts = urlsplit(url)
    if parts.scheme != "postgresql" or not parts.hostname or len(parts.path) < 2:
        raise Misconfigured("--records: write sqlite:///path or postgresql://user:password@host/name")
    password = f":{parts.password}" if parts.password else ""
    user = f"{parts.username}{password}@" if parts.username else ""
    return f"postgres://{user}{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"


def _make_file(path: str, tables: str) -> None:
    with sqlite3.connect(path) as connection:
        # Kamailio's workers write at the same time; set by each of them, it would lock the others out.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(tables)
    connection.close()


def _addresses(world: World) -> Iterator[str]:
    """The addresses of Active customers as the module permissions reads them; those that need a tech prefix
    to be told apart are not known by themselves."""
    for customer in world.customers.values():
        if customer.status is not Status.ACTIVE:
            continue
        for address in customer.addresses:
            terms = address.terms
            if terms.enabled and terms.direction is Endpoint.SENDS and not terms.tech_prefix:
                network = network_of_address(address)
                text = str(network).partition("/")[0]
                yield f"1 {text} {network.length} 0 {customer.id}"


def _hops(world: World) -> Iterator[tuple[str, str, str]]:
    """Active carriers, each by its first address: number, name and URI; Kamailio puts in the number."""
    for carrier in world.carriers.values():
        place = next(iter(places_of(carrier.addresses, carrier.port, carrier.transport)), "")
        if carrier.active and place:
            uri = f"sip:{carrier.tech_prefix}$rU@{place}"
            yield str(carrier.id), carrier.name.translate(HEADER), uri
