"""The files that switches write: how each is recognised and read.

Every column of a format is mapped as its switch documents it; what a site changed is said by a mapping of
its own, in whose place nothing here stands.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cx_tui.ingest.guessing import guess
from cx_tui.ingest.mapping import Mapping, parse

Row = Sequence[str]

A_DATE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")
DISPOSITIONS = {"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"}
AMA_FLAGS = {"DOCUMENTATION", "BILLING", "OMIT", "DEFAULT"}
UNIQUE_ID = re.compile(r"(.+-)?\d{9,11}\.\d+")


@dataclass(frozen=True)
class Format:
    """A way of writing calls: `names` says the columns of a file without a header by its first row."""

    name: str
    label: str
    mapping: Mapping
    with_header: frozenset[str] = frozenset()
    """Recognised by these columns of its header."""
    names: Callable[[Row], Sequence[str] | None] | None = None
    zone: str = ""
    """Of its times, when the switch fixes it."""
    paired: bool = False
    """One row for the INVITE, another for the BYE."""


ASTERISK_BASE = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start",
    "answer", "end", "duration", "billsec", "disposition", "amaflags",
)  # fmt: skip
ASTERISK_NEW = ("peeraccount", "linkedid", "sequence")
ASTERISK = {
    "customer": "accountcode",
    "cli_in": "src",
    "dialled": "dst",
    "carrier": "dstchannel:channel",
    "invited": "start",
    "answered": "answer",
    "ended": "end",
    "total": "duration:s",
    "talk": "billsec:s",
    "sip_reason": "disposition",
    "key": "uniqueid+sequence",
    "leg": "lastapp:Dial",
    "one_call": "uniqueid",
}


def _asterisk_names(row: Row) -> Sequence[str] | None:
    if not 16 <= len(row) <= 21 or row[14] not in DISPOSITIONS or row[15] not in AMA_FLAGS:
        return None
    rest = row[16:]
    new = ASTERISK_NEW if len(rest) >= 3 and rest[-1].isdecimal() else ()
    rest = rest[: len(rest) - len(new)]
    if len(rest) == 2:
        return [*ASTERISK_BASE, "uniqueid", "userfield", *new]
    if len(rest) == 1:
        return [*ASTERISK_BASE, "uniqueid" if UNIQUE_ID.fullmatch(rest[0]) else "userfield", *new]
    return None if rest else [*ASTERISK_BASE, *new]


CUSTOM = (
    "uniqueid", "linkedid", "accountcode", "src", "dst", "start", "answer", "end", "duration", "billsec",
    "disposition", "cause", "carrier",
)  # fmt: skip


def _custom_names(row: Row) -> Sequence[str] | None:
    right = len(row) == 13 and row[10] in DISPOSITIONS and UNIQUE_ID.fullmatch(row[0])
    return CUSTOM if right else None


FREESWITCH = (
    "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp",
    "end_stamp", "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec",
    "write_codec",
)  # fmt: skip


def _freeswitch_names(row: Row) -> Sequence[str] | None:
    if not 12 <= len(row) <= 15 or not A_DATE.fullmatch(row[4]) or not re.fullmatch("[A-Z0-9_]+", row[9]):
        return None
    return FREESWITCH[: len(row)]


FORMATS = (
    Format(
        "asterisk",
        "Asterisk, Master.csv",
        parse(ASTERISK),
        names=_asterisk_names,
    ),
    Format(
        "asterisk-custom",
        "Asterisk, cdr_custom with unique id, linked id, exact times, cause and carrier",
        parse(
            {
                "customer": "accountcode",
                "cli_in": "src",
                "dialled": "dst",
                "carrier": "carrier",
                "invited": "start:s",
                "answered": "answer:s",
                "ended": "end:s",
                "total": "duration:s",
                "talk": "billsec:s",
                "sip_reason": "disposition",
                "q850": "cause",
                "key": "uniqueid",
                "leg": "carrier:*",
                "one_call": "uniqueid",
            }
        ),
        names=_custom_names,
    ),
    Format(
        "asterisk-sql",
        "Asterisk, the table of cdr_pgsql or cdr_odbc",
        parse(ASTERISK | {"invited": "calldate", "q850": "cause", "sip_code": "sip"}),
        with_header=frozenset({"calldate", "src", "dst", "lastapp", "billsec", "disposition"}),
    ),
    Format(
        "freeswitch-csv",
        "FreeSWITCH, mod_cdr_csv, template example",
        parse(
            {
                "customer": "accountcode",
                "cli_in": "caller_id_number",
                "dialled": "destination_number",
                "invited": "start_stamp",
                "answered": "answer_stamp",
                "ended": "end_stamp",
                "total": "duration:s",
                "talk": "billsec:s",
                "sip_reason": "hangup_cause",
                "q850": "hangup_cause",
                "release": "hangup_cause",
                "key": "uuid",
                "second_leg": "bleg_uuid",
            }
        ),
        names=_freeswitch_names,
    ),
    Format(
        "kamailio-cdrs",
        "Kamailio, acc_cdrs with times of its own",
        parse(
            {
                "customer": "customer",
                "src_ip": "src_ip",
                "cli_in": "cli_in",
                "cli": "cli",
                "dialled": "dialled",
                "number": "number",
                "carrier": "carrier",
                "invited": "invited_at:s",
                "ringing": "ringing_at:s",
                "answered": "answered_at:s",
                "talk": "duration:s",
                "sip_code": "sip_code",
                "sip_reason": "sip_reason",
                "gate": "gate",
                "release": "release",
                "key": "callid",
            }
        ),
        with_header=frozenset({"callid", "duration", "invited_at", "answered_at"}),
    ),
    Format(
        "opensips",
        "OpenSIPS, acc with cdr",
        parse(
            {
                "customer": "customer",
                "src_ip": "src_ip",
                "cli_in": "cli",
                "dialled": "dialled",
                "number": "number",
                "carrier": "carrier",
                "invited": "created",
                "replied": "time",
                "talk": "ms_duration:ms",
                "sip_code": "sip_code",
                "sip_reason": "sip_reason",
                "key": "callid",
            }
        ),
        with_header=frozenset({"callid", "sip_code", "time", "ms_duration", "setuptime", "created"}),
    ),
    Format(
        "kamailio-acc",
        "Kamailio, acc: a row for the INVITE, another for the BYE",
        Mapping(),
        with_header=frozenset({"method", "from_tag", "to_tag", "callid", "sip_code", "sip_reason", "time"}),
        paired=True,
    ),
    Format(
        "kamailio-cdrs-plain",
        "Kamailio, acc_cdrs",
        parse(
            {
                "customer": "customer",
                "src_ip": "src_ip",
                "cli_in": "cli_in",
                "dialled": "dialled",
                "number": "number",
                "carrier": "carrier",
                "invited": "start_time",
                "ended": "end_time",
                "talk": "duration:s",
                "sip_code": "sip_code",
                "sip_reason": "sip_reason",
                "key": "callid",
            }
        ),
        with_header=frozenset({"callid", "start_time", "end_time", "duration"}),
    ),
    Format(
        "connexcs",
        "ConnexCS, CDR",
        parse(
            {
                "customer": "Card ID",
                "src_ip": "Source IP",
                "cli_in": "Source Number",
                "dialled": "Destination",
                "invited": "Call Time",
                "talk": "Duration:s",
                "sip_code": "SIP Code",
                "sip_reason": "SIP Reason",
                "release": "Release Reason",
                "recording": "Recording File",
                "key": "Call ID",
            }
        ),
        with_header=frozenset({"Call ID", "Call Time", "Source Number", "Destination", "Release Reason"}),
        zone="UTC",
    ),
)
BY_NAME = {one.name: one for one in FORMATS}


@dataclass(frozen=True)
class Shape:
    """What the first rows tell: the format, the columns, and whether they stand in the file."""

    format: Format
    columns: Sequence[str]
    header: bool


def recognised(first: Row) -> Shape | None:
    """The format of a file whose first row this is."""
    for one in FORMATS:
        if one.with_header and one.with_header <= set(first):
            return Shape(one, first, header=True)
        if one.names and (columns := one.names(first)):
            return Shape(one, columns, header=False)
    return None


def any_shape(first: Row) -> Shape:
    """A file of no known format: its columns by their names, or by number when it has no header."""
    header = not any(one.replace(".", "").isdecimal() or A_DATE.match(one) for one in first) and all(first)
    columns = list(first) if header else [str(number) for number in range(1, len(first) + 1)]
    mapping = guess(columns) if header else Mapping()
    return Shape(Format("mapped", "any file, by a mapping", mapping), columns, header)
