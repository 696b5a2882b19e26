"""Rows of a Kamailio's records as calls, whatever they were read from."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from cx_tui.domain.calls.call import Call
from cx_tui.errors import Invalid, Misconfigured
from cx_tui.ingest.adapter import Recognise
from cx_tui.ingest.files.blocks import LINE, BadRow
from cx_tui.ingest.files.building import Builder
from cx_tui.ingest.files.formats import BY_NAME
from cx_tui.ingest.mapping import check


class RecordRows:
    """Makes calls of the rows of one source; which columns they have is seen from the first of them."""

    def __init__(self, source: str, what: str, zone: str, recognise: Recognise) -> None:
        self._source = source
        self._what = what
        self._zone = zone
        self._recognise = recognise
        self._builder: Builder | None = None

    def made_of(self, rows: Sequence[Mapping[str, Any]]) -> tuple[list[Call], list[BadRow]]:
        """The calls, and what is wrong with rows that are none; `id` says which row it is."""
        columns = [name for name in rows[0] if name != LINE]
        texts = {name: ["" if row[name] is None else str(row[name]) for row in rows] for name in columns}
        frame = pl.DataFrame(texts, schema=dict.fromkeys(columns, pl.String))
        frame = frame.with_columns(pl.Series(LINE, [int(row["id"]) for row in rows], dtype=pl.Int64))
        if self._builder is None:
            self._builder = self._build(columns)
        made = self._builder.made_of(frame)
        return made.calls, made.bad

    def _build(self, columns: Sequence[str]) -> Builder:
        own = BY_NAME["kamailio-cdrs"]
        found = own if own.with_header <= set(columns) else BY_NAME["kamailio-cdrs-plain"]
        mapping = found.mapping.for_columns(columns).in_zone(self._zone)
        try:
            if not mapping.key:
                raise Misconfigured("it has no column callid; add callid=$dlg_var(callid) to cdr_extra")
            check(mapping, columns)
        except (Invalid, Misconfigured) as error:
            raise Misconfigured(f"{self._what} of {self._source}: {error}") from None
        return Builder(mapping, self._source, self._recognise)
