"""FreeSWITCH's json_cdr: legs that came in are calls, whatever stands around them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cx_tui.domain.calls.call import Call, Release
from cx_tui.ingest.files.blocks import BadRow
from cx_tui.ingest.files.reading import open_calls

KEY = "bbbbbbbb-0000-4000-8000-00000000000{}"


def leg(number: int, **variables: Any) -> dict[str, Any]:
    """A leg that came in, was answered after three seconds and lasted ten and a half more."""
    said = {
        "uuid": KEY.format(number),
        "direction": "inbound",
        "accountcode": "101",
        "start_uepoch": "1796010591250000",
        "progress_uepoch": "1796010592000000",
        "answer_uepoch": "1796010594250000",
        "end_uepoch": "1796010604750000",
        "billusec": "10500000",
        "hangup_cause": "NORMAL_CLEARING",
        "hangup_cause_q850": "16",
        "sip_hangup_disposition": "recv_bye",
        "sip_term_status": "200",
        "sip_from_user": "%2B442079460100",
        "sip_to_user": "441632960001",
        "sip_network_ip": "192.0.2.21",
        "sip_network_port": "5060",
    }
    profile = {"caller_id_number": "x", "destination_number": "441632960001", "network_addr": "192.0.2.9"}
    flow = {"times": {"created_time": "1796010591250000"}, "caller_profile": profile}
    return {"core-uuid": "c", "switchname": "fs1", "variables": said | variables, "callflow": [flow]}


def read(folder: Path, text: str) -> tuple[list[Call], list[BadRow], int]:
    path = folder / "a.cdr.json"
    path.write_text(text)
    parts = list(open_calls(path, "fs").parts())
    return [c for p in parts for c in p.calls], [b for p in parts for b in p.bad], sum(p.left for p in parts)


def test_a_leg_that_came_in_is_a_call_with_exact_times(tmp_path: Path) -> None:
    calls, bad, left = read(tmp_path, json.dumps(leg(1)))
    assert (len(calls), bad, left) == (1, [], 0)
    call = calls[0]
    assert (call.source, call.source_key, call.customer_id) == ("fs", KEY.format(1), 101)
    assert call.invited_at == datetime(2026, 11, 30, 3, 49, 51, 250_000, tzinfo=UTC)
    assert (call.pdd_ms, call.talk_ms, call.q850, call.sip_code) == (750, 10_500, 16, 200)
    assert (call.cli_in, call.dialled, call.src_ip, call.src_port) == (
        "+442079460100",
        "441632960001",
        "192.0.2.21",
        5060,
    )
    assert call.release is Release.CALLER


def test_a_call_that_was_not_answered_has_a_zero_there(tmp_path: Path) -> None:
    refused = leg(
        1,
        answer_uepoch="0",
        progress_uepoch="0",
        billusec="0",
        hangup_cause="USER_BUSY",
        hangup_cause_q850="17",
        sip_term_status="486",
        sip_hangup_disposition="send_refuse",
    )
    call = read(tmp_path, json.dumps(refused))[0][0]
    assert (call.connected, call.talk_ms, call.pdd_ms) == (False, 0, None)
    assert (call.sip_code, call.q850, call.release) == (486, 17, Release.CALLEE)


def test_legs_that_went_out_are_left(tmp_path: Path) -> None:
    calls, bad, left = read(tmp_path, json.dumps(leg(1)) + "\n" + json.dumps(leg(2, direction="outbound")))
    assert (len(calls), bad, left) == (1, [], 1)


def test_records_stand_behind_each_other_on_many_lines_or_in_a_list(tmp_path: Path) -> None:
    legs = [leg(number) for number in range(3)]
    keys = [KEY.format(number) for number in range(3)]
    for text in (
        "\n".join(json.dumps(one, indent=1) for one in legs),
        json.dumps(legs),
        "".join(json.dumps(one) for one in legs),
    ):
        assert [one.source_key for one in read(tmp_path, text)[0]] == keys


def test_records_that_are_none_are_said_of_their_line_and_the_others_are_read(tmp_path: Path) -> None:
    lines = [json.dumps(leg(1)), '{"variables": {"uuid": "x"', json.dumps(leg(2, uuid="")), '{"a": 1}',
             json.dumps(leg(3, end_uepoch="soon")), json.dumps(leg(4))]  # fmt: skip
    calls, bad, _ = read(tmp_path, "\n".join(lines))
    assert [one.source_key for one in calls] == [KEY.format(1), KEY.format(4)]
    assert [one.line for one in bad] == [2, 3, 4, 5]
    assert "is not a complete JSON object" in bad[0].sentence
    assert [one.sentence for one in bad[1:]] == [
        "has no uuid, which is its key",
        "has no variables: is it a record of json_cdr?",
        'end_uepoch is "soon", which is not a number of microseconds',
    ]


def test_a_file_that_is_cut_gives_the_records_before_the_cut(tmp_path: Path) -> None:
    calls, bad, _ = read(tmp_path, json.dumps(leg(1)) + "\n" + json.dumps(leg(2))[:-40])
    assert (len(calls), [one.line for one in bad]) == (1, [2])
