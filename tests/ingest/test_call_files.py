"""Files of calls: each format with its traps, and what is said of rows that are none."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.calls.call import Call, Release, Try
from cx_tui.errors import CxError, Invalid, Misconfigured
from cx_tui.ingest.files.blocks import BadRow
from cx_tui.ingest.files.reading import BATCH, CallFile, batches, open_calls
from cx_tui.ingest.guessing import guess
from cx_tui.ingest.mapping import Mapping, parse
from tests.ingest import samples

MORNING = datetime(2026, 11, 30, 3, tzinfo=UTC)


def at(minutes: int, seconds: float) -> datetime:
    return MORNING + timedelta(minutes=minutes, seconds=seconds)


def kept(folder: Path, text: str | bytes, name: str = "calls.csv", **how: Any) -> CallFile:
    """The file with this text, understood."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return open_calls(path, "ast-1", **how)


def read(file: CallFile, **where: Any) -> tuple[list[Call], list[BadRow], int]:
    """All its calls, bad rows, and how many rows were other legs."""
    parts = list(file.parts(**where))
    return [c for p in parts for c in p.calls], [b for p in parts for b in p.bad], sum(p.left for p in parts)


def test_a_call_of_asterisk_is_its_dial_row_and_its_other_rows_are_legs(tmp_path: Path) -> None:
    file = kept(tmp_path, samples.MASTER, zone="UTC")
    calls, bad, left = read(file)
    assert file.format.name == "asterisk"
    assert (len(calls), bad, left) == (2, [], 2)
    busy = calls[0]
    assert (busy.source, busy.source_key) == ("ast-1", "1796010592.5+5")
    assert (busy.customer_id, busy.cli_in, busy.dialled) == (101, "442079460100", "441632960486")
    assert (busy.connected, busy.talk_ms, busy.sip_code, busy.sip_reason) == (False, 0, None, "BUSY")
    assert busy.carrier == "carrier1"


def test_dial_rows_of_one_channel_are_tries_of_one_call(tmp_path: Path) -> None:
    call = read(kept(tmp_path, samples.MASTER, zone="UTC"))[0][1]
    assert call.source_key == "1796010591.1+10"
    assert (call.invited_at, call.answered_at, call.ended_at) == (at(49, 51), at(49, 54), at(49, 57))
    assert call.talk_ms == 2000
    assert [one.carrier for one in call.tries] == ["carrier1", "carrier2"]
    assert call.tries[0] == Try(carrier="carrier1", began_ms=0, ended_ms=1000, reason="CONGESTION")


def test_times_of_asterisk_are_on_the_clock_that_is_said(tmp_path: Path) -> None:
    vienna = read(kept(tmp_path, samples.MASTER, zone="Europe/Vienna"))[0]
    assert vienna[0].invited_at == at(49, 52) - timedelta(hours=1)


def test_times_without_a_zone_are_refused_until_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="the times in start have no zone: say on which clock they are"):
        kept(tmp_path, samples.MASTER)
    with pytest.raises(Misconfigured, match='there is no time zone "Mars/Base"'):
        kept(tmp_path, samples.MASTER, zone="Mars/Base")


def test_exact_times_make_an_exact_talk(tmp_path: Path) -> None:
    calls, bad, left = read(kept(tmp_path, samples.CUSTOM))
    assert (len(calls), bad, left) == (2, [], 1)
    assert calls[0].invited_at == datetime(2026, 11, 30, 3, 49, 51, 645761, tzinfo=UTC)
    assert calls[0].talk_ms == 2702
    assert (calls[0].q850, calls[0].carrier) == (16, "carrier1")
    assert (calls[1].source_key, calls[1].q850, calls[1].connected) == ("1796010593.29", 16, False)
    assert calls[1].tries == ()


def test_a_table_of_asterisk_says_its_offset_itself(tmp_path: Path) -> None:
    calls, bad, left = read(kept(tmp_path, samples.PGSQL))
    assert (len(calls), bad, left) == (1, [], 1)
    assert (calls[0].invited_at, calls[0].answered_at) == (at(49, 51), at(49, 52))
    assert (calls[0].source_key, calls[0].talk_ms, calls[0].q850) == ("1796010591.1+1", 2000, 16)


def test_causes_of_freeswitch_are_q850_numbers_and_tell_who_gave_up(tmp_path: Path) -> None:
    calls, bad, left = read(kept(tmp_path, samples.FREESWITCH, zone="UTC"))
    assert (len(calls), bad, left) == (3, [], 0)
    assert [one.q850 for one in calls] == [16, 17, None]
    assert calls[2].release is Release.CALLER
    assert [one.sip_code for one in calls] == [None] * 3


@pytest.mark.parametrize("first", [True, False])
def test_the_second_leg_of_a_call_is_left_wherever_it_stands(tmp_path: Path, first: bool) -> None:
    pair = [samples.SECOND_LEG, samples.FREESWITCH] if first else [samples.FREESWITCH, samples.SECOND_LEG]
    calls, bad, left = read(kept(tmp_path, "".join(pair), zone="UTC"))
    assert [one.source_key[-1] for one in calls] == ["1", "3", "4"]
    assert (bad, left) == ([], 1)


def test_rows_of_another_template_are_said_of_their_line(tmp_path: Path) -> None:
    calls, bad, _ = read(kept(tmp_path, samples.FREESWITCH + '"a","b","c"\n', zone="UTC"))
    assert len(calls) == 3
    assert bad == [BadRow(4, "has 3 fields where this format has 15")]


def test_records_of_kamailio_with_times_of_their_own(tmp_path: Path) -> None:
    calls, bad, _ = read(kept(tmp_path, samples.ACC_CDRS))
    refused, given_up, talked, gate = calls
    assert bad == []
    assert (refused.source_key, refused.sip_code, refused.release) == (
        "184-1@192.0.2.21",
        403,
        Release.CALLEE,
    )
    assert (refused.cli_in, refused.dialled) == ("0442079460090", "9441632966403")
    assert (given_up.pdd_ms, given_up.release, given_up.connected) == (7319, Release.CALLER, False)
    assert (talked.talk_ms, talked.release) == (4125, Release.CALLEE)
    assert talked.answered_at
    assert talked.ended_at == talked.answered_at + timedelta(milliseconds=4125)
    assert (gate.gate, gate.carrier, gate.connected) == ("credit", "", False)


def test_transactions_of_kamailio_are_paired_by_invite_and_bye(tmp_path: Path) -> None:
    calls, bad, _ = read(kept(tmp_path, samples.ACC))
    assert [one.source_key for one in calls] == ["1-1@192.0.2.21+t1", "1-2@192.0.2.21+t2"]
    assert (calls[1].talk_ms, calls[1].release) == (2750, Release.CALLEE)
    assert bad == [
        BadRow(6, "is a BYE whose INVITE is not in the file before it"),
        BadRow(4, "was answered and has no BYE: how long it was talked is not known"),
    ]


def test_missed_calls_are_refused_as_they_are_tries(tmp_path: Path) -> None:
    with pytest.raises(CxError, match="a row for each try that failed; import acc or acc_cdrs"):
        kept(tmp_path, samples.ACC, "missed_calls.csv")


def test_opensips_gives_the_invite_the_reply_and_milliseconds(tmp_path: Path) -> None:
    calls, bad, _ = read(kept(tmp_path, samples.OPENSIPS, zone="UTC"))
    assert bad == []
    assert (calls[0].invited_at, calls[0].answered_at, calls[0].talk_ms) == (at(50, 0), at(50, 7), 61540)
    assert calls[0].ended_at == at(50, 68.54)
    assert (calls[1].connected, calls[1].ended_at, calls[1].sip_code) == (False, at(50, 9), 486)


def test_connexcs_is_in_utc_and_its_billed_duration_is_no_talk(tmp_path: Path) -> None:
    calls, bad, _ = read(kept(tmp_path, samples.CONNEXCS))
    assert bad == []
    # Its "Card ID" is that of a rate card.
    assert (calls[0].source_key, calls[0].customer_id, calls[0].talk_ms) == ("abc-1", None, 75_000)
    assert (calls[0].release, calls[0].billed_seconds, calls[0].charge) == (Release.CALLER, 0, None)
    assert (calls[1].connected, calls[1].sip_code) == (False, 404)


DURATION_ONLY = "start,caller,callee,duration\n2026-11-30 03:50:00,a,b,60\n"


def test_a_duration_without_talk_time_is_refused_until_it_is_said_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="duration alone does not say how long was talked"):
        kept(tmp_path, DURATION_ONLY, mapping=parse(["total=duration:s"]), zone="UTC")
    file = kept(tmp_path, DURATION_ONLY, mapping=parse(["talk=duration:s", "total=duration:s"]), zone="UTC")
    assert read(file)[0][0].talk_ms == 60_000


def test_a_length_without_unit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="say the unit of duration: --map talk=duration:s"):
        kept(tmp_path, DURATION_ONLY, mapping=parse(["talk=duration"]), zone="UTC")


def test_any_csv_is_read_by_a_mapping(tmp_path: Path) -> None:
    text = "when;who;a;b;sec;sip\n30/11/2026 04:50:00;acme;0044207;+4416;1:15;200\n"
    mapping = parse(
        [
            "invited=when:%d/%m/%Y %H:%M:%S@Europe/Vienna",
            "customer=who",
            "cli_in=a",
            "dialled=b",
            "talk=sec:clock",
            "sip_code=sip",
        ]
    )
    file = kept(tmp_path, text, mapping=mapping, recognise={"acme": 7}.get)
    calls, bad, _ = read(file)
    assert bad == []
    assert (calls[0].invited_at, calls[0].talk_ms, calls[0].customer_id) == (at(50, 0), 75_000, 7)
    assert (calls[0].cli_in, calls[0].dialled) == ("0044207", "+4416")
    assert ("key", "made of begin, numbers and address: two equal rows are one call") in file.understood()
    assert ("invited", "when, on the clock of Europe/Vienna") in file.understood()


def test_columns_of_a_file_without_header_have_numbers(tmp_path: Path) -> None:
    text = "x1,1796009621.5,30\nx2,1796009622.5,0\n"
    mapping = parse(["invited=2:s", "talk=3:s", "key=1"])
    calls, bad, _ = read(kept(tmp_path, text, mapping=mapping))
    assert ([one.source_key for one in calls], bad) == (["x1", "x2"], [])


def test_an_unknown_account_is_kept_by_its_name(tmp_path: Path) -> None:
    text = samples.FREESWITCH.replace('"101"', '"acme-gmbh"')
    call = read(kept(tmp_path, text, zone="UTC"))[0][0]
    assert (call.customer_id, call.auth) == (None, "account acme-gmbh")


def test_a_customer_is_recognised_by_address_or_said_for_the_whole_file(tmp_path: Path) -> None:
    known = read(kept(tmp_path, samples.CONNEXCS, recognise={"192.0.2.1": 7}.get))[0]
    assert {one.customer_id for one in known} == {7}
    path = tmp_path / "calls.csv"
    assert {one.customer_id for one in read(open_calls(path, "cx", customer=9))[0]} == {9}


def test_a_parquet_file_is_read_by_a_mapping(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "callid": ["p1", "p2"],
            "start": [at(50, 0), at(51, 0)],
            "talk_ms": [1500, 0],
            "customer": [7, 8],
            "dst": ["441632", "441633"],
        }
    )
    frame.write_parquet(tmp_path / "calls.parquet")
    file = open_calls(tmp_path / "calls.parquet", "pq")
    calls, bad, _ = read(file)
    assert bad == []
    assert [(c.source_key, c.invited_at, c.talk_ms, c.customer_id, c.dialled) for c in calls] == [
        ("p1", at(50, 0), 1500, 7, "441632"),
        ("p2", at(51, 0), 0, 8, "441633"),
    ]


def test_bad_rows_are_said_and_the_others_are_read(tmp_path: Path) -> None:
    lines = samples.ACC_CDRS.splitlines()
    text = "\n".join(
        [
            *lines[:2],
            lines[2].replace("1796009612.418526", "yesterday"),
            lines[3].replace("1-3@192.0.2.26", ""),
            lines[3].replace("4.125", "-4"),
            lines[3] + ",more",
            lines[4].replace("1796009802.238173", ""),
            lines[3].replace("1796009943.190625", "1796000000"),
            "",
        ]
    )
    calls, bad, _ = read(kept(tmp_path, text))
    assert len(calls) == 1
    assert bad == [
        BadRow(6, "has 21 fields where this format has 20"),
        BadRow(3, 'invited_at is "yesterday", which is not a number since 1970'),
        BadRow(4, "has no callid, which is its key"),
        BadRow(5, "duration is -4, but no length is below 0"),
        BadRow(7, "has no begin: invited_at is empty"),
        BadRow(8, "is answered before it begins; is the zone right?"),
    ]


def test_a_wrong_unit_is_noticed(tmp_path: Path) -> None:
    text = "key,start,end,talk\nk,1796009621,1796009630,5000\n"
    mapping = parse(["key=key", "invited=start:s", "ended=end:s", "talk=talk:s", "answered=start:s"])
    assert read(kept(tmp_path, text, mapping=mapping))[1] == [
        BadRow(2, "talks longer than it lasts; are the units right?")
    ]


def test_a_time_that_no_clock_shows_is_said_and_one_that_comes_twice_is_the_first(tmp_path: Path) -> None:
    text = "key,start,talk\nk1,2026-03-29 02:30:00,5\nk2,2026-10-25 02:30:00,5\n"
    mapping = parse(["key=key", "invited=start@Europe/Vienna", "talk=talk:s"])
    calls, bad, _ = read(kept(tmp_path, text, mapping=mapping))
    assert [one.line for one in bad] == [2]
    assert calls[0].invited_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_quote_that_is_never_closed_costs_no_other_row(tmp_path: Path) -> None:
    good = "k{n},1796009621,5\n"
    text = "key,start,talk\n" + '"broken,1,2\n' + "".join(good.format(n=n) for n in range(40_000))
    mapping = parse(["key=key", "invited=start:s", "talk=talk:s"])
    from cx_tui.ingest.files import blocks

    file = kept(tmp_path, text, mapping=mapping)
    with blocks.opened(file.path) as opened:
        opened.readline()
        found = list(blocks.blocks(opened, file.columns, offset=15, line=2, size=100_000))
    assert sum(one.frame.height for one in found) == 40_000
    assert [(one.line, one.sentence) for each in found for one in each.bad] == [
        (2, "a quote is opened and never closed")
    ]


def test_line_ends_inside_quotes_do_not_shift_the_lines_of_bad_rows(tmp_path: Path) -> None:
    text = 'key,start,talk\n"a\nb",1796009621,5\nc,never,5\n'
    mapping = parse(["key=key", "invited=start:s", "talk=talk:s"])
    calls, bad, _ = read(kept(tmp_path, text, mapping=mapping))
    assert [one.source_key for one in calls] == ["a\nb"]
    assert [one.line for one in bad] == [4]


def test_a_packed_file_is_read_as_well(tmp_path: Path) -> None:
    file = kept(tmp_path, gzip.compress(samples.ACC_CDRS.encode()), "calls.csv.gz")
    assert len(read(file)[0]) == 4


def test_a_file_read_twice_gives_the_same_calls(tmp_path: Path) -> None:
    for text, how in [(samples.MASTER, {"zone": "UTC"}), (samples.ACC_CDRS, {}), (samples.ACC, {})]:
        assert read(kept(tmp_path, text, **how)) == read(kept(tmp_path, text, **how))
    without_key = parse(["talk=duration:s"])
    first = read(kept(tmp_path, DURATION_ONLY, mapping=without_key, zone="UTC"))
    assert first == read(kept(tmp_path, DURATION_ONLY, mapping=without_key, zone="UTC"))


@given(st.integers(60, 700))
def test_the_size_of_blocks_changes_nothing(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    from cx_tui.ingest.files.blocks import LINE, blocks, opened

    path = tmp_path_factory.mktemp("blocks") / "calls.csv"
    path.write_bytes((samples.MASTER * 3).replace("\n", "\r\n").encode())
    columns = [str(n) for n in range(21)]
    with opened(path) as file:
        whole = list(blocks(file, columns))
        parts = list(blocks(file, columns, size=size))
    assert pl.concat([one.frame for one in parts]).equals(whole[0].frame)
    assert whole[0].frame[LINE].to_list() == list(range(1, 16))
    assert (parts[-1].end, parts[-1].line) == (whole[0].end, whole[0].line)


def test_a_line_that_is_still_being_written_is_left_for_later(tmp_path: Path) -> None:
    cut = samples.ACC_CDRS.rfind("sip:198")
    file = kept(tmp_path, samples.ACC_CDRS[:cut])
    parts = list(file.parts(whole=False))
    assert len(parts[-1].calls) == len(read(file)[0]) == 2
    file.path.write_text(samples.ACC_CDRS)
    rest = read(file, offset=parts[-1].offset, line=parts[-1].line, whole=False)[0]
    assert [one.source_key for one in rest] == ["1-3@192.0.2.26", "1-4@192.0.2.22"]


def test_the_position_stays_before_a_call_that_waits_for_more(tmp_path: Path) -> None:
    first = "".join(samples.MASTER.splitlines(keepends=True)[:4])
    file = kept(tmp_path, first, zone="UTC")
    one_part = next(iter(file.parts(whole=False)))
    assert [one.source_key for one in one_part.calls] == ["1796010592.5+5"]
    assert one_part.offset == 0
    invites = "".join(samples.ACC.splitlines(keepends=True)[:4])
    acc = kept(tmp_path, invites)
    part = next(iter(acc.parts(whole=False)))
    acc.path.write_text(samples.ACC)
    more, bad, _ = read(acc, offset=part.offset, line=part.line, whole=False)
    assert "1-2@192.0.2.21+t2" in {one.source_key for one in more}
    assert bad == []


def test_batches_are_small_and_only_the_last_of_a_part_has_the_position(tmp_path: Path) -> None:
    rows = "".join(f"k{n},1796009621,5\n" for n in range(2 * BATCH + 1))
    mapping = parse(["key=key", "invited=start:s", "talk=talk:s"])
    file = kept(tmp_path, "key,start,talk\n" + rows, mapping=mapping)
    found = list(batches(file.parts()))
    assert [len(one.calls) for one in found] == [BATCH, BATCH, 1]
    assert [one.offset > 0 for one in found] == [False, False, True]


@pytest.mark.parametrize("name", ["asterisk", "connexcs"])
def test_a_file_of_another_format_is_not_read_as_the_one_that_was_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(Misconfigured, match=r"calls\.csv is not"):
        kept(tmp_path, samples.OPENSIPS, format=name)


def test_a_format_that_there_is_not_is_said(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match='there is no format "cisco"; there are asterisk, '):
        kept(tmp_path, samples.OPENSIPS, format="cisco")


def test_an_empty_file_and_one_that_is_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(CxError, match=r"there is nothing in calls\.csv"):
        kept(tmp_path, "\n")
    with pytest.raises(Misconfigured, match="there is no file"):
        open_calls(tmp_path / "nowhere.csv", "x")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("talk", '"talk" maps nothing; write it like talk=billsec:s'),
        ("talk=", "talk= names no column"),
        ("speed=x", 'there is no field "speed"; there are key, leg, '),
        ("leg=lastapp", "leg=lastapp says no value; write it like leg=lastapp:Dial"),
        ("invited=start@Nowhere/Else", 'there is no time zone "Nowhere/Else"'),
    ],
)
def test_a_mapping_that_says_nothing_is_refused(words: str, sentence: str) -> None:
    with pytest.raises(Misconfigured, match=sentence):
        parse([words])


def test_a_mapping_comes_back_from_its_json() -> None:
    mapping = parse(
        ["invited=When It Was:%d.%m.%Y %H:%M@Europe/Vienna", "talk=a:b:ms", "key=x+y", "leg=app:Dial,Queue",
         "one_call=x", "second_leg=z", "answered=t:us", "carrier=ch:channel"]
    )  # fmt: skip
    assert parse(mapping.as_json()) == mapping
    assert mapping.fields["talk"].column == "a:b"


def test_names_suggest_a_mapping_but_never_a_unit() -> None:
    found = guess(["Call ID", "Start Time", "Caller", "Callee", "Duration", "billsec"])
    assert found.key == ("Call ID",)
    assert found.fields["talk"].form == "s"
    assert found.fields["total"].form == ""
    assert guess(["x", "y"]) == Mapping()


def test_columns_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    text = "key,start,talk,talk\nk,1796009621,9,5\n"
    mapping = parse(["key=key", "invited=start:s", "talk=talk (2):s"])
    assert read(kept(tmp_path, text, mapping=mapping))[0][0].talk_ms == 5000
