"""What the names of columns suggest of a file that no switch is known by."""

import re
from collections.abc import Collection
from collections.abc import Mapping as Read

from cx_tui.ingest.mapping import From, Mapping

NAMES: Read[str, tuple[str, ...]] = {
    "invited": (
        "invited",
        "invited_at",
        "start",
        "start_time",
        "calldate",
        "start_stamp",
        "call_time",
        "setup_time",
    ),
    "ringing": ("ringing", "ringing_at", "progress_stamp"),
    "answered": ("answered", "answered_at", "answer", "answer_time", "answer_stamp", "connect_time"),
    "ended": ("ended", "ended_at", "end", "end_time", "end_stamp", "disconnect_time"),
    "talk": (
        "talk",
        "talk_ms",
        "billsec",
        "billmsec",
        "talk_time",
        "billable_seconds",
        "duration_sec_billable",
    ),
    "total": ("duration", "total", "total_seconds", "call_duration"),
    "customer": ("customer", "customer_id", "accountcode", "account", "account_id"),
    "src_ip": ("src_ip", "source_ip", "ip"),
    "cli_in": (
        "cli_in",
        "src",
        "source_number",
        "caller_id_number",
        "caller",
        "from",
        "cli",
        "ani",
        "calling",
    ),
    "dialled": ("dialled", "dst", "destination", "destination_number", "callee", "to", "called", "dnis"),
    "number": ("number", "number_out"),
    "sip_code": ("sip_code", "sip_term_status", "response_code"),
    "sip_reason": ("sip_reason", "disposition"),
    "q850": ("q850", "hangup_cause", "cause"),
    "release": ("release", "release_reason"),
    "carrier": ("carrier", "vendor", "provider"),
    "gate": ("gate",),
    "recording": ("recording", "recording_file"),
}
KEYS = ("source_key", "callid", "call_id", "uuid", "uniqueid", "id")
MILLISECONDS = {"talk_ms", "billmsec"}


def guess(columns: Collection[str]) -> Mapping:
    """What the names of columns suggest.  A unit is never guessed, unless the name says it."""
    plain = {re.sub(r"[\s-]+", "_", one.strip().lower()): one for one in columns}
    fields: dict[str, From] = {}
    for name, known in NAMES.items():
        found = next((one for one in known if one in plain), None)
        if found:
            fields[name] = From(plain[found], _unit_in(found))
    key = next((plain[one] for one in KEYS if one in plain), None)
    return Mapping(fields, (key,) if key else ())


def _unit_in(name: str) -> str:
    if name in MILLISECONDS:
        return "ms"
    return "s" if "sec" in name else ""
