"""FreeSWITCH's json_cdr (and format_cdr): one JSON object a leg, one in a file or many behind each other.
The leg that came in counts; the legs that went out are its tries' and are left."""

import codecs
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, Any
from urllib.parse import unquote

from cx_tui.domain.calls.call import Call, Release
from cx_tui.ingest.adapter import Recognise
from cx_tui.ingest.files.causes import q850_of, release_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PART = 2**20
LARGEST = 2**24
"""Characters: an object that is longer has lost its end."""

HUNG_UP_BY = {
    "recv_bye": Release.CALLER,
    "recv_cancel": Release.CALLER,
    "send_bye": Release.CALLEE,
    "send_refuse": Release.CALLEE,
}
"""Of the leg that came in: what it receives is the caller's, what it sends the other side's."""


@dataclass(frozen=True, slots=True)
class Found:
    """One object of the file: its value, or why it is none, its line, and the byte behind it."""

    value: Any
    line: int
    wrong: str = ""


class Unfinished(Exception):
    """The file ends inside an object: it may still be written."""


def objects(file: IO[bytes]) -> Iterator[Found]:
    """The objects of a file, whether they stand alone, behind each other, or in a list."""
    decode, reader = codecs.getincrementaldecoder("utf-8")("replace").decode, json.JSONDecoder()
    text, line, at, ended = "", 1, 0, False
    while True:
        start = _skipped(text, at)
        line += text.count("\n", at, start)
        if start == len(text) and ended:
            return
        try:
            value, stop = reader.raw_decode(text, start)
        except json.JSONDecodeError as error:
            if not ended and len(text) - start < LARGEST:
                read = file.read(PART)
                ended = not read
                text, at = text[start:] + decode(read, final=ended), 0
                continue
            following = _next_object(text, start + 1)
            if following < 0 and ended:
                yield Found(None, line, _why(error))
                return
            yield Found(None, line, _why(error))
            stop = following if following >= 0 else len(text)
        else:
            yield Found(value, line)
        line += text.count("\n", start, stop)
        at = stop


def _why(error: json.JSONDecodeError) -> str:
    return f"is not a complete JSON object: {error.msg}"


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,[]\ufeff":
        at += 1
    return at


def _next_object(text: str, at: int) -> int:
    """Where the next object begins, at the begin of a line."""
    found = text.find("\n{", at)
    return found + 1 if found >= 0 else -1


def call_of(cdr: Any, source: str, recognise: Recognise) -> Call | None:
    """The call of a leg that came in; None for a leg that went out.  ValueError says what is wrong."""
    if not isinstance(cdr, dict) or not isinstance(cdr.get("variables"), dict):
        raise ValueError("has no variables: is it a record of json_cdr?")
    said = {name: unquote(value) for name, value in cdr["variables"].items() if isinstance(value, str)}
    if said.get("direction") == "outbound":
        return None
    key = said.get("uuid", "")
    if not key:
        raise ValueError("has no uuid, which is its key")
    flow: Mapping[str, Any] = next((one for one in cdr.get("callflow") or () if isinstance(one, dict)), {})
    times, profile = _table(flow, "times"), _table(flow, "caller_profile")
    invited = _moment(said, "start_uepoch", times, "created_time")
    if invited is None:
        raise ValueError("has no start_uepoch, the begin of the call")
    ringing = _moment(said, "progress_uepoch", times, "progress_time") or _moment(
        said, "progress_media_uepoch", times, "progress_media_time"
    )
    answered = _moment(said, "answer_uepoch", times, "answered_time")
    ended = _moment(said, "end_uepoch", times, "hangup_time") or answered or ringing or invited
    account = said.get("accountcode", "")
    customer = recognise(account) if account else None
    if customer is None and account.isdecimal() and account[0] != "0":
        customer = int(account)
    cause = said.get("hangup_cause", "")
    return Call(
        source=source,
        source_key=key,
        customer_id=customer,
        auth=f"account {account}" if account else "",
        src_ip=said.get("sip_network_ip") or str(profile.get("network_addr") or ""),
        src_port=_number(said.get("sip_network_port", "")),
        protocol=said.get("sip_via_protocol", ""),
        cli_in=said.get("sip_from_user") or unquote(str(profile.get("caller_id_number") or "")),
        cli=said.get("effective_caller_id_number", ""),
        paid=said.get("sip_P-Asserted-Identity", ""),
        dialled=said.get("sip_to_user") or unquote(str(profile.get("destination_number") or "")),
        number=unquote(str(profile.get("destination_number") or "")),
        invited_at=invited,
        ringing_at=ringing,
        answered_at=answered,
        ended_at=max(ended, invited, answered or invited),
        talk_ms=_talk(said, answered, ended),
        sip_code=_number(said.get("sip_term_status", "")) or (200 if answered else None),
        sip_reason=said.get("sip_term_phrase") or said.get("last_bridge_hangup_cause") or cause,
        q850=_number(said.get("hangup_cause_q850", "")) or q850_of(cause),
        release=HUNG_UP_BY.get(said.get("sip_hangup_disposition", ""), release_of(cause)),
        carrier=said.get("sip_gateway_name") or said.get("sip_gateway", ""),
        recording=said.get("recording_file", ""),
    )


def _table(flow: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = flow.get(name)
    return found if isinstance(found, dict) else {}


def _moment(said: Mapping[str, str], name: str, times: Mapping[str, Any], other: str) -> datetime | None:
    text = said.get(name) or str(times.get(other) or "")
    if not text or text == "0":
        return None
    if not text.isdecimal():
        raise ValueError(f'{name} is "{text}", which is not a number of microseconds')
    return EPOCH + timedelta(microseconds=int(text))


def _talk(said: Mapping[str, str], answered: datetime | None, ended: datetime) -> int:
    if answered is None:
        return 0
    told = said.get("billusec", "")
    return int(told) // 1000 if told.isdecimal() else max(0, (ended - answered) // timedelta(milliseconds=1))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= 5 else None
