"""Whatever stands in a file: sentences, never a crash, and never a call that contradicts itself."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cx_tui.domain.calls.call import Call
from cx_tui.errors import CxError
from cx_tui.ingest.files.blocks import BadRow
from cx_tui.ingest.files.reading import open_calls
from cx_tui.ingest.mapping import parse
from tests.ingest import samples

SAMPLES = (
    samples.MASTER,
    samples.CUSTOM,
    samples.PGSQL,
    samples.FREESWITCH,
    samples.ACC_CDRS,
    samples.ACC,
    samples.OPENSIPS,
    samples.CONNEXCS,
    '{"variables": {"uuid": "u1", "start_uepoch": "1796010591250000", "answer_uepoch": "0"}}\n',
)
CELL = st.one_of(
    st.sampled_from(["", "0", "-1", "nan", "inf", "1e308", "9" * 30, "٣", '"', "2026-11-30 24:61:00", "a,b"]),
    st.sampled_from(["9999-12-31 23:59:59", "0001-01-01 00:00:00", "2026-11-30T03:49:52.123+01:00", "1e5"]),
    st.text(max_size=12),
)


def read(path: Path) -> tuple[list[Call], list[BadRow]] | str:
    """Its calls and bad rows, or the sentence that is said of it."""
    try:
        parts = list(open_calls(path, "x", zone="Europe/Vienna").parts())
    except CxError as error:
        return str(error)
    return [c for p in parts for c in p.calls], [b for p in parts for b in p.bad]


@given(content=st.binary(max_size=400))
@example(content=b"PAR1")
@example(content=b"PAR1\x00\x00\x00\x00PAR1")
@example(content=b"\x1f\x8b\x08")
@example(content=b'"')
@example(content=b"{" * 2000)
@example(content=b"[" * 100_000)
@example(content=b"\xef\xbb\xbf\xff\xfe,\x00\n")
def test_no_content_fails_in_another_way_than_with_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    said = read(path)
    assert said if isinstance(said, str) else said is not None


@given(data=st.data())
def test_files_with_spoilt_places_keep_their_other_calls_right(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    text = data.draw(st.sampled_from(SAMPLES))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(CELL) + text[at + data.draw(st.integers(0, 6)) :]
    path = tmp_path_factory.getbasetemp() / "spoilt.csv"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    found = read(path)
    if isinstance(found, str):
        assert found
        return
    for one in found[0]:
        assert one.source_key
        assert one.ended_at >= one.invited_at
        assert one.talk_ms >= 0
        assert one.connected or one.talk_ms == 0
        assert one.talk_ms <= (one.ended_at - one.invited_at) / timedelta(milliseconds=1) + 2000
    assert all(one.sentence and one.line > 0 for one in found[1])


@given(cells=st.lists(CELL, min_size=1, max_size=6))
def test_any_cell_of_a_time_or_length_is_read_or_said(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    rows = [f'k{n},"{cell.replace(chr(34), chr(34) * 2)}",5' for n, cell in enumerate(cells)]
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    path.write_text("key,start,talk\n" + "\n".join(rows) + "\n", encoding="utf-8", newline="")
    for words in (
        ["key=key", "invited=start:s", "talk=talk:s"],
        ["key=key", "invited=start:us", "talk=talk:min"],
        ["key=key", "invited=start@Europe/Vienna", "talk=talk:clock"],
        ["key=key", "invited=start:%d.%m.%Y %H:%M@UTC", "talk=talk:ms"],
    ):
        parts = list(open_calls(path, "x", mapping=parse(words)).parts())
        assert sum(len(one.calls) + len(one.bad) for one in parts) == len(cells)
