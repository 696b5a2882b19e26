"""Which records a command is for: the options that say it, and the query that they make."""

import argparse
import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from cx_tui.config import Loaded
from cx_tui.errors import Misconfigured

if TYPE_CHECKING:
    from cx_tui.domain.query import Query, Sort, StatusFilter
    from cx_tui.domain.view import View


def add_record(parser: argparse.ArgumentParser, help: str) -> None:
    """The option that names a kind of record."""
    parser.add_argument("--record", metavar="NAME", default="customer", help=help)


def add_query(parser: argparse.ArgumentParser) -> None:
    """The options that choose some of them."""
    parser.add_argument("--view", metavar="NAME", default="", help="those of a saved view, by its name")
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
    if said in ("view", "views"):
        raise Misconfigured("views are listed by: cx-tui view list")
    for name in PLACES:
        if said == name.replace("-", " "):
            return name
    for record in every_record():
        declared = record.declared
        if said in (declared.one.casefold(), declared.many.casefold()):
            return declared.name
    raise Misconfigured(f'there is no kind of record "{options.record}"; there are {", ".join(PLACES)}')


def query_of(options: argparse.Namespace, view: "View | None" = None) -> "Query":
    """The records that the options choose, among those of a view if there is one."""
    from cx_tui.domain.filter_values import read_filter
    from cx_tui.domain.filters import BadFilter, narrowed
    from cx_tui.domain.query import BY_NAME, Query

    record = record_of(options)
    status = _status(options.status)
    if record != "customer" and status.value != "all":
        raise Misconfigured("only customers are chosen by --status")
    where = _where(options.where, record)
    if view is None:
        sort = BY_NAME if record == "customer" else ()
        return Query(options.search, status, sort, record, where=where)
    query = view.asked()
    try:
        if query.where:
            read_filter(query.where, record)
    except BadFilter as error:
        said = error.problems[0].sentence
        raise Misconfigured(f'the view "{view.name}" can\'t be used, its filter is: {said}') from None
    if options.search:
        # A second search is one more condition.
        query = replace(query, where=narrowed(query.where, _word(options.search)))
    return replace(
        query,
        where=narrowed(query.where, where),
        status=query.status if status.value == "all" else status,
        sort=query.sort or (BY_NAME if record == "customer" else ()),
    )


def view_of(options: argparse.Namespace, loaded: Loaded) -> "View | None":
    """The view that the options name."""
    from cx_tui.bootstrap.asked import view_named
    from cx_tui.bootstrap.opening import database_url

    if not options.view:
        return None
    record = record_of(options)
    return asyncio.run(view_named(database_url(loaded, os.environ), os.environ, options.view, record))


def _word(text: str) -> str:
    from cx_tui.domain.filters import Word, written

    return written(Word(text))


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
