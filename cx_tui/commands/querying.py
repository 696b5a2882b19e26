"""Which records a command is for: the options that say it, and the query that they make."""

import argparse
from typing import TYPE_CHECKING

from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from cx_tui.domain.query import Query, Sort, StatusFilter


def add_record(parser: argparse.ArgumentParser, help: str) -> None:
    """The option that names a kind of record."""
    parser.add_argument("--record", metavar="NAME", default="customer", help=help)


def add_query(parser: argparse.ArgumentParser) -> None:
    """The options that choose some of them."""
    parser.add_argument("--view", metavar="NAME", default="", help="a kept view by its name")
    parser.add_argument("--search", metavar="TEXT", default="", help="only those that the search box finds")
    parser.add_argument(
        "--where", metavar="EXPR", default="",
        help="only those of which this holds, like: 'credit<0 country:GB -tags:vip OR name:acme*'",
    )  # fmt: skip
    parser.add_argument("--status", metavar="NAME", default="All", help="only the customers of a status")


def record_of(options: argparse.Namespace) -> str:
    """The kind of record that is named; plural words and spaces are understood too."""
    from cx_tui.domain.records import PLACES, every_record

    said = " ".join(options.record.casefold().replace("-", " ").replace("_", " ").split())
    for name in PLACES:
        if said == name.replace("-", " "):
            return name
    for record in every_record():
        declared = record.declared
        if said in (declared.one.casefold(), declared.many.casefold()):
            return declared.name
    raise Misconfigured(f'there is no kind of record "{options.record}"; there are {", ".join(PLACES)}')


def query_of(options: argparse.Namespace) -> "Query":
    """The records that the options choose."""
    from cx_tui.domain.query import BY_NAME, Query

    record = record_of(options)
    if options.view:
        what = "choose records with --search, --status and --where"
        raise Misconfigured(f'there is no view "{options.view}"; {what}')
    status = _status(options.status)
    if record != "customer" and status.value != "all":
        raise Misconfigured("only customers are chosen by --status")
    sort = BY_NAME if record == "customer" else ()
    return Query(options.search, status, sort, record, where=_where(options.where, record))


def _where(said: str, record: str) -> str:
    """A typed filter in its one way to be written; Misconfigured marks what is wrong with it."""
    from cx_tui.domain.filter_values import read_filter
    from cx_tui.domain.filters import BadFilter, written

    if not said.strip():
        return ""
    try:
        return written(read_filter(said, record))
    except BadFilter as error:
        raise Misconfigured(f"--where can't be understood:\n{error.marked()}") from None


def _status(said: str) -> "StatusFilter":
    from cx_tui.domain.query import StatusFilter

    wanted = said.casefold()
    for status in StatusFilter:
        if wanted in (status.value, status.label.casefold()):
            return status
    known = ", ".join(status.label for status in StatusFilter)
    raise Misconfigured(f'there is no status "{said}"; choose one of {known}')


def sorts_of(said: str, columns: "list[str]") -> "tuple[Sort, ...]":
    """An order as it is written: columns one after the other, a - before what falls."""
    from cx_tui.domain.query import Sort

    found = []
    for word in filter(None, (part.strip() for part in said.split(","))):
        name = word.removeprefix("-")
        if name not in columns:
            raise Misconfigured(f'there is no column "{name}" to sort by; there are {", ".join(columns)}')
        found.append(Sort(name, word.startswith("-")))
    return tuple(found)
