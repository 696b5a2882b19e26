"""The kinds that speak of switches, numbers and other records: what they read, refuse and write."""

from datetime import UTC, datetime, timedelta, timezone
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.kinds import (
    Address,
    Addresses,
    BadValue,
    Duration,
    Emails,
    InboundNumber,
    Integers,
    Kind,
    NumberOrRegex,
    Port,
    Prefix,
    Prefixes,
    Reference,
    References,
    Regex,
    Several,
    SipName,
    ZonedMoment,
)
from cx_tui.domain.kinds.networking import is_host_name
from cx_tui.domain.kinds.patterns import check_replacement
from cx_tui.domain.records.signalling import Codec

CODECS = Several(Codec)
HOST = Address(hosts=True)
NUMBER = Reference("carrier")
NUMBERS = References("carrier")
TECH = Prefix(signs="#*")
DAYS = Integers(1, 31)
KINDS: tuple[Kind, ...] = (
    *(CODECS, HOST, Address(), Addresses(), NUMBER, NUMBERS, Prefix(), TECH, Prefixes(), Duration(), Port()),
    *(Regex(), NumberOrRegex(), ZonedMoment(), Emails(), DAYS, InboundNumber(), SipName()),
)
NETWORK = "is not an IP address or network; write it like 192.0.2.7, 198.51.100.0/24"
HOST_TOO = (
    "is not an IP address, network or host name; write it like 192.0.2.7, 198.51.100.0/24 or sip.acme.example"
)
LENGTH = "is not a length of time; write seconds, or it like 1:30, 2m or 1h"
SCIENCE = "is in scientific notation; write all of its digits"
OFFSET = "write it with an offset, like ...+01:00"

GOOD: tuple[tuple[Kind, str, Any], ...] = (
    (NUMBER, " #12 ", 12),
    (NUMBER, "#2147483647", 2**31 - 1),
    (NUMBERS, "#3, #1 #3", (3, 1)),
    (CODECS, "g.729, PCMA", (Codec.PCMA, Codec.G729)),
    (CODECS, "opus;opus", (Codec.OPUS,)),
    (HOST, "::ffff:1.2.3.4", "1.2.3.4"),
    (HOST, "::ffff:1.2.3.0/120", "1.2.3.0/24"),
    (HOST, "10.0.0.0/24", "10.0.0.0/24"),
    (HOST, "10.0.0.1/32", "10.0.0.1"),
    (HOST, "0.0.0.0/0", "0.0.0.0/0"),
    (HOST, "2001:DB8:0::1", "2001:db8::1"),
    (HOST, "[2001:db8::1]", "2001:db8::1"),
    (HOST, "SIP.Acme.example.", "sip.acme.example"),
    (HOST, "pbx", "pbx"),
    (Addresses(), "192.0.2.7 sip.acme.example, 192.0.2.7", ("192.0.2.7", "sip.acme.example")),
    (Prefix(), "+44", "+44"),
    (Prefix(), "+", "+"),
    (Prefix(), "0044", "0044"),
    (TECH, "123#", "123#"),
    (Prefixes(), "4477, 44 4477", ("44", "4477")),
    (InboundNumber(), "+442071234567", "+442071234567"),
    (InboundNumber(), "00442071234567", "+442071234567"),
    (InboundNumber(), "44 20 7123 4567", "+442071234567"),
    (Duration(), "90", 90),
    (Duration(), "90 s", 90),
    (Duration(), "1:30", 90),
    (Duration(), "90:00", 5_400),
    (Duration(), "1:00:00", 3_600),
    (Duration(), "2m", 120),
    (Duration(), "1h 30m", 5_400),
    (Duration(), "1H30MIN5sec", 5_405),
    (Duration(), "2 d", 172_800),
    (Duration(), "0", 0),
    (Port(), "5060", 5060),
    (Port(), "65535", 65535),
    (Regex(), "^((?!^1(800|833)).)*$", "^((?!^1(800|833)).)*$"),
    (Regex(), r"^\+([0-9]+)$", r"^\+([0-9]+)$"),
    (Regex(), r"(?P<rest>[0-9]+)", r"(?P<rest>[0-9]+)"),
    (Regex(), r"\\1", r"\\1"),
    (NumberOrRegex(), "+44", "+44"),
    (NumberOrRegex(), "^44", "^44"),
    (ZonedMoment(), "2026-07-21 14:30 Europe/London", datetime(2026, 7, 21, 13, 30, tzinfo=UTC)),
    (ZonedMoment(), "2026-07-21T14:30+02:00", datetime(2026, 7, 21, 12, 30, tzinfo=UTC)),
    (ZonedMoment(), "2026-07-21 14:30Z", datetime(2026, 7, 21, 14, 30, tzinfo=UTC)),
    (ZonedMoment(), "2026-07-21 14:30 UTC", datetime(2026, 7, 21, 14, 30, tzinfo=UTC)),
    (ZonedMoment(), "2026-07-21 14:30 america/new_york", datetime(2026, 7, 21, 18, 30, tzinfo=UTC)),
    (Emails(), "a@b.example; c@d.example a@b.example", ("a@b.example", "c@d.example")),
    (DAYS, "31, 15", (15, 31)),
    (SipName(), "acme.01+x", "acme.01+x"),
)

BAD: tuple[tuple[Kind, str, str], ...] = (
    *(
        (NUMBER, text, f'"{text}" is not a number of a record; write it like #12')
        for text in ("12", "#0", "#-1", "#١", "Acme", "#2147483648", "#9999999999999999999")
    ),
    (NUMBERS, "#1, Acme", '"Acme" is not a number of a record; write it like #12'),
    (CODECS, "MP3", 'there is no choice "MP3"; choose one of ' + ", ".join(one.label for one in Codec)),
    (
        HOST,
        "10.0.0.5/24",
        '"10.0.0.5/24" is an address inside a network; '
        "write 10.0.0.0/24 for the network or 10.0.0.5 for the address alone",
    ),
    (
        HOST,
        "2001:db8::5/32",
        '"2001:db8::5/32" is an address inside a network; '
        "write 2001:db8::/32 for the network or 2001:db8::5 for the address alone",
    ),
    *(
        (HOST, text, f'"{text}" {HOST_TOO}')
        for text in (
            "10.0.0.256",
            "10.0.0",
            "010.0.0.1",
            "-a.example",
            "a b",
            "sip:acme",
            "münchen.example",
            "1.2.3.4/33",
        )
    ),
    (
        HOST,
        "192.0.2.7:5060",
        '"192.0.2.7:5060" has a port; write the address alone, the port has its own field',
    ),
    (
        Address(),
        "sip.acme.example",
        '"sip.acme.example" is a host name; write an IP address or network like 192.0.2.7, 198.51.100.0/24',
    ),
    (Address(), "300.1.2.3", f'"300.1.2.3" {NETWORK}'),
    (Prefix(), "44#", '"44#" is not a prefix; write digits like 447 (+ may be in it)'),
    (TECH, "4a", '"4a" is not a prefix; write digits like 447 (+ # * may be in it)'),
    (Prefix(), "٤٤", '"٤٤" is not a prefix; write digits like 447 (+ may be in it)'),
    (Prefix(), "4.4E+11", f'"4.4E+11" {SCIENCE}'),
    (Prefix(), "4" * 21, "it has 21 characters; at most 20 fit"),
    (InboundNumber(), "4.47E+11", f'"4.47E+11" {SCIENCE}'),
    (InboundNumber(), "12", '"+12" is not an international number; write it like +447700900123'),
    *(
        (Duration(), text, f'"{text}" {LENGTH}')
        for text in ("-5", "1:60", "1:60:00", "soon", "1.5h", "5x", "h", "1:2:3:4", "١")
    ),
    (Duration(60), "2m", '"2m" is too long; at most 1m is possible'),
    *(
        (Port(), text, f'"{text}" is not a port; write a number from 1 to 65535')
        for text in ("0", "65536", "sip")
    ),
    (Regex(), "(44", '"(44" is not a regular expression: missing ), unterminated subpattern at character 1'),
    (Regex(), "*", '"*" is not a regular expression: nothing to repeat at character 1'),
    (Regex(), "4{1001}", '"{1001}" repeats too often; at most 1,000 times is possible'),
    (Regex(), "4" * 501, "it has 501 characters; at most 500 fit"),
    *(
        (
            Regex(),
            text,
            f'"{piece}" looks back at what was matched before, which can take for ever; '
            "write out what is to be matched",
        )
        for text, piece in ((r"(4)\1", r"\1"), ("(?P<a>4)(?P=a)", "(?P="), ("(4)?(?(1)5|6)", "(?("))
    ),
    (
        NumberOrRegex(),
        "44(",
        '"44(" is not a regular expression: missing ), unterminated subpattern at character 3',
    ),
    (
        ZonedMoment(),
        "2026-07-21 14:30",
        '"2026-07-21 14:30" has no time zone; write it like 2026-11-21 14:30 Europe/London or ...+01:00',
    ),
    (
        ZonedMoment(),
        "2026-10-25 01:30 Europe/London",
        f'"2026-10-25 01:30 Europe/London" is twice on that day, as the clock is put back; {OFFSET}',
    ),
    (
        ZonedMoment(),
        "2026-03-29 01:30 Europe/London",
        f'"2026-03-29 01:30 Europe/London" is left out, as the clock is put forward; {OFFSET}',
    ),
    (
        ZonedMoment(),
        "2026-07-21 14:30+02:00 Europe/London",
        '"2026-07-21 14:30+02:00 Europe/London" has an offset and a zone; write one of them',
    ),
    (ZonedMoment(), "2026-07-21 14:30 Mars", 'there is no time zone "Mars"; write one like Europe/London'),
    (
        ZonedMoment(),
        "tomorrow",
        '"tomorrow" is not a moment; write it like 2026-11-21 14:30 Europe/London',
    ),
    (ZonedMoment(), "9999-12-31T23:30-05:00", '"9999-12-31T23:30-05:00" is too far away'),
    (Emails(), "a@b.example, ana", '"ana" is not an e-mail address; write one like ana@acme.example'),
    (DAYS, "0", '"0" is out of range; 1 to 31 is possible'),
    (SipName(), "a:b", '"a:b" can\'t be a SIP user; use letters, digits and . _ + - like acme01'),
)


@pytest.mark.parametrize(("kind", "text", "value"), GOOD, ids=lambda part: str(part)[:40])
def test_what_a_person_means_is_understood(kind: Kind, text: str, value: Any) -> None:
    assert kind.parse(text) == value


@pytest.mark.parametrize(("kind", "text", "value"), GOOD, ids=lambda part: str(part)[:40])
def test_what_is_written_is_read_again_as_the_same_value(kind: Kind, text: str, value: Any) -> None:
    written = kind.write(value)
    assert kind.parse(written) == value
    assert kind.read(written) == value
    assert kind.write(kind.parse(written)) == written


@pytest.mark.parametrize(("kind", "text", "sentence"), BAD, ids=lambda part: str(part)[:40])
def test_what_is_wrong_is_said_in_a_sentence(kind: Kind, text: str, sentence: str) -> None:
    with pytest.raises(BadValue) as refused:
        kind.parse(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
def test_nothing_is_written_as_nothing_and_shown_as_nothing(kind: Kind) -> None:
    assert (kind.write(None), kind.show(None)) == ("", "")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@given(text=st.one_of(st.text(max_size=30), st.text("0123456789.:/#+-*()[]{}?\\^$ abcdefghms,", max_size=20)))
def test_any_text_is_a_value_or_gets_a_sentence(kind: Kind, text: str) -> None:
    value, sentence = judged(kind, text)
    if sentence is None:
        assert kind.parse(kind.write(value)) == value if kind.write(value) else not value
    else:
        assert sentence
        assert sentence.isprintable()


def judged(kind: Kind, text: str) -> tuple[Any, str | None]:
    """The value of a text, or what is wrong with it."""
    try:
        return kind.parse(text), None
    except BadValue as error:
        return None, str(error)


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.plain_texts], ids=lambda kind: type(kind).__name__
)
@given(data=st.data())
def test_a_text_that_is_written_plainly_is_its_own_value(kind: Kind, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(f"^(?:{kind.plain_texts})$", fullmatch=True))
    value, sentence = judged(kind, text)
    # How long or large it may be is asked apart.
    assert sentence is not None or kind.write(value) == text
    assert sentence is None or any(
        said in sentence for said in ("at most", "out of range", "from 1 to 65535")
    )


@given(st.integers(0, 366 * 86_400))
def test_a_length_of_time_is_read_as_it_is_shown(seconds: int) -> None:
    assert Duration().parse(Duration().show(seconds)) == seconds


@given(st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_a_moment_is_the_same_in_every_zone(moment: datetime, minutes: int) -> None:
    there = moment.replace(tzinfo=UTC).astimezone(timezone(timedelta(minutes=minutes)))
    assert ZonedMoment().parse(there.isoformat(" ")) == moment.replace(tzinfo=UTC)


@given(st.ip_addresses())
def test_an_address_is_written_in_one_way_only(address: Any) -> None:
    value = Address().parse(address.exploded)
    assert Address().parse(value) == value
    assert not is_host_name(value)


def test_a_name_that_a_person_reads_is_not_the_one_that_is_kept() -> None:
    assert NUMBER.show(12) == "#12"
    assert CODECS.show((Codec.PCMU, Codec.G729)) == "PCMU, G.729"
    assert ZonedMoment().show(datetime(2026, 7, 21, 12, 30, 5, tzinfo=UTC)) == "2026-07-21 12:30 UTC"
    assert (Duration().show(90_061), Duration().show(0)) == ("1d 1h 1m 1s", "0")


def test_a_log_from_before_references_is_read() -> None:
    assert NUMBER.read("12") == NUMBER.read("#12") == 12


MONSTERS = {
    "many groups": "(" * 200 + ")" * 200,
    "stars in stars": "(?:" * 99 + "a" + ")*" * 99,
    "open sets": "[" * 500,
    "a million": "(a{1000}){1000}",
    "stars in a row": "((((a*)*)*)*)*$" * 30,
}


@pytest.mark.parametrize("pattern", MONSTERS.values(), ids=MONSTERS)
def test_a_monster_is_judged_in_no_time(pattern: str) -> None:
    begun = process_time()
    assert judged(Regex(), pattern) != (None, None)
    assert process_time() - begun < 1


@pytest.mark.parametrize(
    ("new", "current", "sentence"),
    [
        (r"44\1", "^0([1-9]+)$", ""),
        ("44$1", "^0([1-9]+)$", ""),
        ("$0", "^0", ""),
        ("$<rest>", "^0(?P<rest>.*)", ""),
        ("${rest}${1}", "^0(?P<rest>.*)", ""),
        (r"\g<1>", "^0(.*)", ""),
        (r"$$1\\2", "^0", ""),
        ("${2}", "^0(.*)", '"${2}" is not there; the expression has 1 group in brackets'),
        (r"\2", "^0([1-9]+)$", r'"\2" is not there; the expression has 1 group in brackets'),
        ("$1", "^0", '"$1" is not there; the expression has 0 groups in brackets'),
        ("$<tail>", "^0(?P<rest>.*)", '"$<tail>" is not there; the expression has no group of this name'),
    ],
)
def test_a_replacement_takes_only_groups_that_are_there(new: str, current: str, sentence: str) -> None:
    if not sentence:
        check_replacement(new, current)
        return
    with pytest.raises(BadValue) as refused:
        check_replacement(new, current)
    assert str(refused.value) == sentence
