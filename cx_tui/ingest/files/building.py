"""Rows of a mapped file as calls, and a sentence for each row that is none."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import repeat
from typing import Any

import polars as pl

from cx_tui.domain.calls.call import Call
from cx_tui.ingest.adapter import Recognise, nobody
from cx_tui.ingest.files.blocks import LINE, BadRow
from cx_tui.ingest.files.causes import q850_of, release_of
from cx_tui.ingest.files.times import first_wrong, with_times
from cx_tui.ingest.many import calls_of
from cx_tui.ingest.mapping import Mapping

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AS_THEY_ARE = (
    "auth", "src_ip", "protocol", "cli_in", "cli", "paid", "dialled", "number", "sip_reason", "gate",
    "carrier", "recording",
)  # fmt: skip
"""Fields of a mapping that are texts of the call by the same name."""
KEYLESS = ("cli_in", "dialled", "src_ip")
"""What makes a key, with the begin, when a file has none."""
MEANT = {
    "direction": "direction",
    "src_port": "src_port",
    "sip_code": "sip_code",
    "q850": "q850",
    "release": "release",
    "route": "route_id",
    "did": "did_id",
}
"""Fields whose texts mean something else, and what they are in the call."""


@dataclass(frozen=True)
class Made:
    """What became of some rows."""

    calls: list[Call]
    bad: list[BadRow]
    left: int
    """Rows that are other legs of calls."""
    groups: Sequence[str]
    """For each call, what its tries have in common."""


class _Known(dict[str, Any]):
    """What each distinct text means, found once."""

    def __init__(self, find: Callable[[str], Any]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, text: str) -> Any:
        if len(self) > 100_000:
            self.clear()
        found = self[text] = self._find(text)
        return found


class Builder:
    """Makes calls of the rows of one source, by one mapping."""

    def __init__(self, mapping: Mapping, source: str, recognise: Recognise = nobody) -> None:
        self._mapping = mapping
        self._source = source
        self._customers = _Known(lambda text: _customer(text, recognise))
        self._known = {
            "q850": _Known(q850_of),
            "release": _Known(release_of),
            "sip_code": _Known(lambda text: int(text) if text.isdecimal() and len(text) == 3 else None),
            "direction": _Known(lambda text: text if text == "origination" else "termination"),
            **dict.fromkeys(
                ("src_port", "route", "did"),
                _Known(lambda text: int(text) if text.isdecimal() and len(text) < 18 else None),
            ),
        }

    def made_of(self, frame: pl.DataFrame) -> Made:
        """The calls of a block, and what is wrong with other rows."""
        counting = self._counting(frame)
        typed = with_times(counting, self._mapping)
        wrong = first_wrong(counting, typed, self._mapping)
        bad = []
        if wrong.null_count() < wrong.len():
            rows = counting.with_columns(wrong).filter(wrong.is_not_null())
            bad = [BadRow(row[LINE], row["wrong"]) for row in rows.iter_rows(named=True)]
            right = wrong.is_null()
            counting, typed = counting.filter(right), typed.filter(right)
        group = self._mapping.one_call
        groups = counting[group].to_list() if group else ()
        return Made(
            list(self._calls(counting, typed)), bad, frame.height - counting.height - len(bad), groups
        )

    def _counting(self, frame: pl.DataFrame) -> pl.DataFrame:
        leg = self._mapping.leg
        if leg is None:
            return frame
        column = frame[leg.column].cast(pl.String)
        return frame.filter((column != "") if leg.values == ("*",) else column.is_in(leg.values))

    def _calls(self, frame: pl.DataFrame, typed: pl.DataFrame) -> Iterator[Call]:
        """The calls of right rows: a column of values for each field, then a call for each row of them."""
        fields = self._mapping.fields

        def texts(field: str) -> list[str]:
            one = fields[field]
            column = frame[one.column].cast(pl.String).fill_null("")
            return (_peers(column) if one.form == "channel" else column).to_list()

        def meant(field: str, known: _Known) -> Iterable[Any]:
            return map(known.__getitem__, texts(field))

        values: dict[str, Iterable[Any]] = {
            "source": repeat(self._source),
            "source_key": self._keys(frame, typed),
            "invited_at": _instants(typed["invited"]),
            "ringing_at": _instants(typed["ringing"]),
            "answered_at": _instants(typed["answered"]),
            "ended_at": _instants(typed["ended"]),
            "talk_ms": typed["talk"].to_list(),
        }
        values |= {field: texts(field) for field in AS_THEY_ARE if field in fields}
        values |= {call: meant(field, self._known[field]) for field, call in MEANT.items() if field in fields}
        if "customer" in fields:
            found = list(meant("customer", self._customers))
            values["customer_id"] = [customer for customer, _ in found]
            if "auth" not in fields:
                values["auth"] = [account for _, account in found]
        return calls_of(values)

    def _keys(self, frame: pl.DataFrame, typed: pl.DataFrame) -> Iterable[str]:
        key = self._mapping.key
        if key:
            column = frame.select(pl.concat_str([pl.col(one).cast(pl.String) for one in key], separator="+"))
            return column.to_series().to_list()
        columns = [one.column for name in KEYLESS if (one := self._mapping.fields.get(name))]
        parts = [typed["invited"], *(frame[name] for name in columns)]
        return map(_digest, zip(*(one.cast(pl.String).to_list() for one in parts), strict=True))


def _instants(column: pl.Series) -> list[datetime | None]:
    add, apart = EPOCH.__add__, timedelta
    return [None if one is None else add(apart(0, 0, one)) for one in column.to_list()]


def _digest(parts: tuple[str | None, ...]) -> str:
    return blake2b("|".join(one or "" for one in parts).encode(), digest_size=12).hexdigest()


def _customer(text: str, recognise: Recognise) -> tuple[int | None, str]:
    if not text:
        return None, ""
    if (found := recognise(text)) is not None:
        return found, f"account {text}"
    # A number with a zero in front is a name, not the number of a customer.
    if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) < 18:
        return int(text), ""
    return None, f"account {text}"


def _peers(channels: pl.Series) -> pl.Series:
    return channels.str.replace(r"^[A-Za-z0-9]+/(.+)-[0-9a-f]+(;[12])?$", "$1")
