"""Every kind of value: what it reads, what it refuses and how it says so, and that it reads what it wrote."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.domain.fields import Field
from cx_tui.domain.kinds import (
    Address,
    Ago,
    Areas,
    BadValue,
    CallSeconds,
    Choice,
    Code,
    Day,
    Email,
    Flag,
    Hours,
    Identifier,
    Integer,
    Kind,
    Lines,
    Moment,
    Money,
    Networks,
    Percent,
    Phone,
    Rate,
    Ratio,
    Secret,
    Tags,
    Text,
    Toml,
    Url,
    Zone,
    quote,
)
from cx_tui.domain.kinds.base import Each
from cx_tui.domain.kinds.choices import ALSO_CALLED, official
from cx_tui.domain.kinds.structured import key_names
from cx_tui.domain.kinds.times import ago
from cx_tui.domain.kinds.words import known_zones
from cx_tui.domain.records.customer import Customer, InvoiceSchedule, RtpFirewall, Status
from cx_tui.domain.week import Week, WeekKind

SCIENCE = "is in scientific notation; write all of its digits"
WHOLE = "is not a whole number; write digits only, like 120"
NUMBER = "is not a number; write it like 12.50"
EMAIL = "is not an e-mail address; write one like ana@acme.example"
URL = "is not a web address; write one like https://acme.example"
PHONE = "is not an international number; write it like +447700900123"
MOMENT = "is not a moment; write it like 2026-11-21 14:30 (UTC)"
DAY = "is not a day; write it like 2026-11-21"
NETWORK = "is not an IP address or network; write it like 192.0.2.7, 198.51.100.0/24"
NUL = "can't be printed (U+0000); remove it"
MILLIONTHS = "has more than 6 decimal places"
ONE_LINE = "is a line break or tab; write it on one line"
QUARTERS = "must end after it begins, in steps of 15 minutes, by 24:00"

AREAS = Areas(("Balance", "CDR", "Rates"))
COUNTRY = Code("countries", "country")
CURRENCY = Code("currencies", "currency")
STATUS = Choice(Status)
DEBIT = Money("-999999999999")

KINDS: tuple[Kind, ...] = (
    *(Text(), Identifier(), Lines(), Email(), Url(), Phone(), Zone()),
    *(Integer(), Integer(-5, 5), Money(), DEBIT, Percent()),
    *(STATUS, Choice(InvoiceSchedule), Choice(RtpFirewall), Flag(), COUNTRY, CURRENCY),
    *(Tags(), Toml(), AREAS, Networks(), Secret(), WeekKind()),
    *(Moment(), Ago(), Day(), Hours(), Ratio(), Rate(), CallSeconds()),
)
FIGURES = (Hours(), Ratio(), Rate(), CallSeconds())

GOOD: tuple[tuple[Kind, str, Any], ...] = (
    (Text(), " Acme  Telecom ", "Acme  Telecom"),
    (Text(), "[bold]Acme[/] & Söhne 東京 🙂", "[bold]Acme[/] & Söhne 東京 🙂"),
    (Text(3), "abc", "abc"),
    *((Identifier(), code, code) for code in ("12E45", "1E5", "A-1.5E+05", "1.2-E5", "+49", "1e+")),
    (Lines(), "first\r\nsecond\rthird\tcolumn\n", "first\nsecond\nthird\tcolumn"),
    (Email(), "ana.o'neil+noc@acme.co.uk", "ana.o'neil+noc@acme.co.uk"),
    (Email(), "ana@bücher.example", "ana@bücher.example"),
    (Url(), "https://acme.example", "https://acme.example"),
    (Url(), "HTTP://acme.example:8080/a?b=c#[d]", "HTTP://acme.example:8080/a?b=c#[d]"),
    (Phone(), "+44 7700 900123", "+447700900123"),
    (Phone(), "0044 (7700) 900-123", "+447700900123"),
    (Phone(), "+44 (0)20 7946 0000", "+442079460000"),
    (Phone(), "+1.212.555.0100", "+12125550100"),
    (Zone(), "Europe/London", "Europe/London"),
    (Zone(), "america/new york", "America/New_York"),
    (Zone(), "utc", "UTC"),
    (Integer(), "0", 0),
    (Integer(), " 2,147,483,647 ", 2**31 - 1),
    (Integer(), "+007", 7),
    (Integer(-5, 5), "-5", -5),
    (Money(), "12.5", Decimal("12.5")),
    (Money(), "1,234,567.000001", Decimal("1234567.000001")),
    (Money(), "999999999999", Decimal(999999999999)),
    (Money(), "1.50000000000000000000000000000000", Decimal("1.5")),
    (Money(), "-0.00", Decimal(0)),
    (Money(), "0000000000000000000000000000000012", Decimal(12)),
    (DEBIT, "-5", Decimal(-5)),
    (DEBIT, "-999,999,999,999", Decimal(-999999999999)),
    (Percent(), "17.5", Decimal("17.5")),
    (Percent(), "100", Decimal(100)),
    (STATUS, "pending approval", Status.PENDING_APPROVAL),
    (STATUS, "approval", Status.PENDING_APPROVAL),
    (STATUS, "ACTIVE", Status.ACTIVE),
    (Flag(), "Yes", True),
    (Flag(), "on", True),
    (Flag(), "x", True),
    (Flag(), "0", False),
    (Flag(), "-", False),
    (COUNTRY, "gb", "GB"),
    (COUNTRY, "united kingdom", "GB"),
    (CURRENCY, "eur", "EUR"),
    (Tags(), "uk; retail,uk\nnight", ("night", "retail", "uk")),
    (Tags(), " , ; ", ()),
    (Toml(), 'a = 1\r\nb = "x"\n', 'a = 1\nb = "x"'),
    (Toml(), "a = 1\r\r\nb = 2", "a = 1\nb = 2"),
    (AREAS, "rates=SHOW, cdr=hide; balance=inherit", {"CDR": "hide", "Rates": "show"}),
    (Networks(), "192.0.2.7/32, 198.51.100.0/24", ("192.0.2.7", "198.51.100.0/24")),
    (Networks(), "10.0.0.0/255.0.0.0", ("10.0.0.0/8",)),
    (Networks(), "2001:db8::1/128 2001:db8::/32", ("2001:db8::1", "2001:db8::/32")),
    (Networks(), "192.0.2.7, 192.0.2.7,", ("192.0.2.7",)),
    (Secret(), " as it is ", " as it is "),
    (Moment(), "2026-11-21 14:30", datetime(2026, 11, 21, 14, 30, tzinfo=UTC)),
    (Moment(), "2026-11-21 14:30 UTC", datetime(2026, 11, 21, 14, 30, tzinfo=UTC)),
    (Moment(), "2026-11-21T14:30:05+02:00", datetime(2026, 11, 21, 12, 30, 5, tzinfo=UTC)),
    (Moment(), "2026-11-21", datetime(2026, 11, 21, tzinfo=UTC)),
    (Day(), "2028-02-29", date(2028, 2, 29)),
    (WeekKind(), "always", None),
    (WeekKind(), "NEVER", Week()),
    (WeekKind(), "mon 9:00-24:00", Week.of([(0, 540, 1440)])),
    (WeekKind(), "Sat-Mon 09:00-10:00", Week.of([(5, 540, 600), (6, 540, 600), (0, 540, 600)])),
)

BAD: tuple[tuple[Kind, str, str], ...] = (
    (Text(), "a\x00b", f"character 2 {NUL}"),
    (Text(), "\u202egnp.exe", "character 1 can't be printed (U+202E); remove it"),
    (Text(), "a\x1b[31mb", "character 2 can't be printed (U+001B); remove it"),
    (Text(), "a\x9b31mb", "character 2 can't be printed (U+009B); remove it"),
    (Text(), "a\ud800", "character 2 can't be printed (U+D800); remove it"),
    (Text(), "two\nlines", f"character 4 {ONE_LINE}"),
    (Text(), "a\u2028b", f"character 2 {ONE_LINE}"),
    (Text(), "x" * 201, "it has 201 characters; at most 200 fit"),
    *((Identifier(), code, f'"{code}" {SCIENCE}') for code in ("1E+05", "4.47e11", "-12e-3", "1,23E+15")),
    (Lines(), "x" * 10_001, "it has 10001 characters; at most 10000 fit"),
    (Lines(), "a\nb\x07", "character 4 can't be printed (U+0007); remove it"),
    (Email(), "ana", f'"ana" {EMAIL}'),
    (Email(), "ana@localhost", f'"ana@localhost" {EMAIL}'),
    (Email(), "a..b@acme.example", f'"a..b@acme.example" {EMAIL}'),
    (Email(), "a@b.example, c@d.example", f'"a@b.example, c@d.example" {EMAIL}'),
    (Email(), "[b]ana@acme.example[/]", f'"[b]ana@acme.example[/]" {EMAIL}'),
    (Email(), "a@b.example\nBcc: c@d.example", f"character 12 {ONE_LINE}"),
    (Email(), "a" * 250 + "@b.co", "it has 255 characters; at most 254 fit"),
    (Url(), "javascript:alert(1)", f'"javascript:alert(1)" {URL}'),
    (Url(), "https://", f'"https://" {URL}'),
    (Url(), "https://a b", f'"https://a b" {URL}'),
    (Url(), "https://acme.example/" + "x" * 500, "it has 521 characters; at most 500 fit"),
    (Phone(), "07700 900123", f'"07700 900123" {PHONE}'),
    (Phone(), "4.47E+11", f'"4.47E+11" {PHONE}'),
    (Phone(), "+1234567890123456", f'"+1234567890123456" {PHONE}'),
    (Zone(), "Mars/Olympus", 'there is no time zone "Mars/Olympus"; write one like Europe/London'),
    (Zone(), "../etc/passwd", 'there is no time zone "../etc/passwd"; write one like Europe/London'),
    (Integer(), "1e5", f'"1e5" {SCIENCE}'),
    (Integer(), "1.2E+05", f'"1.2E+05" {SCIENCE}'),
    (Integer(), "4.47E+11", f'"4.47E+11" {SCIENCE}'),
    (Integer(), "-1,5e-3", f'"-1,5e-3" {SCIENCE}'),
    *(
        (Integer(), text, f'"{text}" {WHOLE}')
        for text in ("١٢٣", "１２", "nan", "inf", "1_000", "10,0", "1.5", "½")
    ),
    (Integer(), "[b]5[/b]", f'"[b]5[/b]" {WHOLE}'),
    (Integer(), "5\x00", f"character 2 {NUL}"),
    (Integer(), "-1", '"-1" is out of range; 0 to 2147483647 is possible'),
    (Integer(), "2147483648", '"2147483648" is out of range; 0 to 2147483647 is possible'),
    (Integer(), "9" * 9_999, f'"{"9" * 39}…" is out of range; 0 to 2147483647 is possible'),
    (Money(), "1e5", f'"1e5" {SCIENCE}'),
    (Money(), "4.47E+11", f'"4.47E+11" {SCIENCE}'),
    *(
        (Money(), text, f'"{text}" {NUMBER}')
        for text in ("nan", "inf", "1_000", "10,0", "٣.٥", "$5", "1.2.3")
    ),
    (Money(), "0.0000001", f'"0.0000001" {MILLIONTHS}'),
    (Money(), "-1", '"-1" is out of range; 0 to 999999999999 is possible'),
    (Money(), "1000000000000", '"1000000000000" is out of range; 0 to 999999999999 is possible'),
    (Money(), "999999999999.000001", '"999999999999.000001" is out of range; 0 to 999999999999 is possible'),
    (Money(), "9" * 1_500_000, f'"{"9" * 39}…" is out of range; 0 to 999999999999 is possible'),
    (Percent(), "100.01", '"100.01" is out of range; 0 to 100 is possible'),
    (Percent(), "1.00001", '"1.00001" has more than 4 decimal places'),
    (STATUS, "open", 'there is no choice "open"; choose one of Active, Inactive, Penalty, Pending Approval'),
    (Flag(), "maybe", '"maybe" is neither yes nor no'),
    (COUNTRY, "XX", 'there is no country "XX"; write it like GB or United Kingdom'),
    (COUNTRY, "ß", 'there is no country "ß"; write it like GB or United Kingdom'),
    (CURRENCY, "€", 'there is no currency "€"; write it like USD or US Dollar'),
    (Tags(), "a[b]", '"a[b]" is not a tag; use letters, digits and . : + - _ (at most 40)'),
    (Tags(), "x" * 41, f'"{"x" * 39}…" is not a tag; use letters, digits and . : + - _ (at most 40)'),
    (Toml(), "a = 1\nb = ", "line 2, column 5: Invalid value"),
    (Toml(), "a = 1\na = 2", "line 2, column 6: Cannot overwrite a value"),
    (Toml(), 'a = "\x00"', "line 1, column 6: Illegal character '\\x00'"),
    (Toml(), "a = '\ud800'", "character 6 is half of a character; remove it"),
    (Toml(), "a = " + "[" * 10_000, "it is nested too deeply or has a number that is too long"),
    (Toml(), "a = " + "1" * 10_000, "it is nested too deeply or has a number that is too long"),
    (Toml(), "#" * 100_001, "it is longer than 100,000 characters"),
    (AREAS, "Roof=show", 'there is no portal area "Roof"; known are Balance, CDR, Rates'),
    (AREAS, "CDR", '"CDR" needs show, hide or inherit, like CDR=hide, Rates=show'),
    (Networks(), "10.0.0.1/24", f'"10.0.0.1/24" {NETWORK}'),
    (Networks(), "192.0.2.7, home", f'"home" {NETWORK}'),
    (Networks(), "١٩٢.0.2.7", f'"١٩٢.0.2.7" {NETWORK}'),
    (Moment(), "tomorrow", f'"tomorrow" {MOMENT}'),
    (Moment(), "2026-02-30 10:00", f'"2026-02-30 10:00" {MOMENT}'),
    (Moment(), "0001-01-01T00:00+14:00", '"0001-01-01T00:00+14:00" is too far away'),
    (Moment(), "2026-11-21\x00", f"character 11 {NUL}"),
    (Day(), "21.11.2026", f'"21.11.2026" {DAY}'),
    (Day(), "2026-02-30", f'"2026-02-30" {DAY}'),
    (WeekKind(), "09:00-17:00", '"09:00-17:00" does not begin with a day; write it like ' + WeekKind.example),
    (WeekKind(), "Mon", '"" is not a time like 09:00-17:30'),
    (WeekKind(), "Mon 1٩:00-23:00", '"1٩:00-23:00" is not a time like 09:00-17:30'),
    (WeekKind(), "Mon 22:00-06:00", f'"22:00-06:00" {QUARTERS}'),
    (WeekKind(), "Mon 09:00-24:15", f'"09:00-24:15" {QUARTERS}'),
    (WeekKind(), "Mon 09:10-10:00", f'"09:10-10:00" {QUARTERS}'),
    *((figure, "5", "this figure is measured; it can't be typed") for figure in FIGURES),
)


def named(case: tuple[Any, ...]) -> str:
    kind, text, *_ = case
    return f"{type(kind).__name__}-{ascii(text)[:24]}"


def field_of(kind: Kind) -> Field:
    """An optional field of this kind, as a form has it."""
    return Field(label="It", kind=kind, optional=True)


@pytest.mark.parametrize("case", GOOD, ids=named)
def test_a_good_text_is_read(case: tuple[Kind, str, Any]) -> None:
    kind, text, value = case
    found = kind.parse(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("case", BAD, ids=named)
def test_a_bad_text_is_refused_with_a_sentence(case: tuple[Kind, str, str]) -> None:
    kind, text, sentence = case
    with pytest.raises(BadValue) as caught:
        kind.parse(text)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("case", GOOD, ids=named)
def test_what_was_read_is_written_so_that_it_is_read_again(case: tuple[Kind, str, Any]) -> None:
    kind, _, value = case
    if not isinstance(kind, Secret):
        again = field_of(kind).parse(kind.write(value))
        assert again == (value or None if not kind.write(value) else value)


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(categories=("Cc", "Cf", "Cs", "Zs", "Nd", "No", "Zl", "Zp")), max_size=12),
    st.text("0123456789.,+-eE_ ٣%", max_size=30),
    st.text("0123456789:-T+Z ", max_size=26),
    st.text("MonTueWdSat -,;0123459:\n", max_size=40),
    st.text("abc.@:/?#[]-_ =\"'\n\r\t{}", max_size=40),
    st.text("0123456789abcdef.:/,% ", max_size=40),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@given(text=HOSTILE)
def test_any_text_is_a_value_that_can_be_written_and_read_again_or_a_bad_value(kind: Kind, text: str) -> None:
    try:
        value = kind.parse(text)
    except BadValue as error:
        sentence = str(error)
        assert sentence
        assert sentence.isprintable()
        return
    kind.show(value)
    written = kind.write(value)
    if written.strip():
        assert kind.parse(written) == value
    else:
        assert not value or isinstance(kind, Secret)


VALUES: tuple[tuple[Kind, st.SearchStrategy[Any]], ...] = (
    (Integer(-(2**31), 2**31 - 1), st.integers(-(2**31), 2**31 - 1)),
    (DEBIT, st.decimals(-999999999999, 999999999999, places=6)),
    (Percent(), st.decimals(0, 100, places=4)),
    (STATUS, st.sampled_from(Status)),
    (Flag(), st.booleans()),
    (COUNTRY, st.sampled_from(sorted(official("countries")))),
    (CURRENCY, st.sampled_from(sorted(official("currencies")))),
    (
        Tags(),
        st.lists(st.text("abc.:+-_", min_size=1, max_size=9), min_size=1).map(
            lambda tags: tuple(sorted(set(tags)))
        ),
    ),
    (
        Networks(),
        st.lists(
            st.ip_addresses().map(str) | st.sampled_from(["10.0.0.0/8", "2001:db8::/32", "::/0"]),
            min_size=1,
            unique=True,
        ).map(tuple),
    ),
    (WeekKind(), st.integers(0, 2**672 - 1).map(Week)),
    (Moment(), st.datetimes(timezones=st.just(UTC))),
    (Day(), st.dates()),
)


@pytest.mark.parametrize(("kind", "values"), VALUES, ids=lambda part: type(part).__name__)
@given(data=st.data())
def test_any_value_is_written_so_that_it_is_read_again(
    kind: Kind, values: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    value = data.draw(values)
    assert kind.parse(kind.write(value)) == value


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Integer(), 1234567, "1,234,567"),
        (Money(), Decimal("1234.5"), "1,234.50"),
        (Money(), Decimal("-0.000001"), "-0.000001"),
        (Money(), Decimal(7), "7.00"),
        (Money(), Decimal("1.230000"), "1.23"),
        (Percent(), Decimal("20.0000"), "20"),
        (STATUS, Status.PENDING_APPROVAL, "Pending Approval"),
        (Flag(), False, "no"),
        (Lines(), "one\ntwo", "one / two"),
        (Toml(), 'a = 1\n[limits]\nday = 2\n["x y"]', "a, limits.day, x y"),
        (Toml(), "a = ", "does not parse"),
        (Secret(), "s3cret", "set"),
        (Moment(), datetime(2026, 11, 21, 14, 30, 59, tzinfo=UTC), "2026-11-21 14:30"),
        (CallSeconds(), 192.7, "3:12"),
        (CallSeconds(tenths=True), 1.25, "1.2"),
        (Ratio(), 47.06, "47.1"),
        (Rate(), 0.0, ""),
        (Hours(), 6.02, "6.0 h"),
        (Hours(), 48 * 24, "48 d"),
    ],
)
def test_a_value_is_shown_as_people_read_it(kind: Kind, value: Any, text: str) -> None:
    assert kind.show(value) == text


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
def test_nothing_is_shown_as_nothing(kind: Kind) -> None:
    assert kind.show(None) == ""


def test_a_secret_is_never_written() -> None:
    assert Secret().write("s3cret") == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        *(
            (-60, "now"),
            (4, "now"),
            (5, "5 s ago"),
            (61, "1 min ago"),
            (7200, "2 h ago"),
            (86400, "1 day ago"),
        ),
        *((12 * 86400, "12 days ago"), (366 * 86400, "1 year ago"), (3 * 365 * 86400, "3 years ago")),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit(seconds: int, text: str) -> None:
    now = datetime(2026, 6, 16, 12, tzinfo=UTC)
    assert ago(now - timedelta(seconds=seconds), now) == text


def test_a_moment_of_another_zone_is_kept_in_utc() -> None:
    moment = Moment().parse("2026-03-29T03:30+02:00")
    assert moment.tzinfo is UTC
    assert moment == datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))


def test_a_sentence_quotes_a_text_short_and_visible() -> None:
    assert quote("a\x1b]0;x\u202e\n") == '"a�]0;x��"'
    assert len(quote("x" * 1000)) == 42


def test_a_required_field_wants_something() -> None:
    with pytest.raises(BadValue, match=r"^Name is required$"):
        Field(label="Name", kind=Text(), required=True).parse("  \n ")


def test_an_empty_text_is_the_default_and_never_shared() -> None:
    from cx_tui.domain.fields import fields_of

    areas = fields_of(Customer)["portal_areas"]
    areas.parse("")["CDR"] = "hide"
    assert areas.parse("") == {}


def test_names_of_variables_come_without_their_values() -> None:
    assert key_names('password = "s3cret"\n[a.b]\nc = 1') == ["password", "a.b.c"]


@pytest.mark.parametrize(("name", "length"), [("countries", 2), ("currencies", 3)])
def test_official_lists_have_codes_and_names_that_are_different(name: str, length: int) -> None:
    codes = official(name)
    assert len(codes) > 150
    assert all(len(code) == length and code.isupper() for code in codes)
    assert len({label.casefold() for label in codes.values()}) == len(codes)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("tel:+44-20-7946-0000", "+442079460000"),
        ("0044 20 7946 0000", "+442079460000"),
        ("+44 (0)20 7946 0000", "+442079460000"),
        ("+44\u00a07700\u2011900123", "+447700900123"),
        ("＋４４７７００９００１２３", "+447700900123"),
        ("+39 06 1234567", "+39061234567"),
        ("+39 (0)6 1234567", "+39061234567"),
    ],
)
def test_a_phone_number_is_understood_in_any_writing(typed: str, kept: str) -> None:
    assert Phone().parse(typed) == kept


@pytest.mark.parametrize("typed", ["+999123456789", "+1", "020 7946 0000", "+44770090012345"])
def test_a_number_that_no_numbering_plan_has_is_refused(typed: str) -> None:
    with pytest.raises(BadValue, match="is not an international number"):
        Phone().parse(typed)


@pytest.mark.parametrize(
    "typed", [".a@x.test", "a.@b.co", "a@b..co", "a@localhost", "Ana <a@b.co>", "a@-b.co"]
)
def test_what_is_no_mail_address_is_refused(typed: str) -> None:
    with pytest.raises(BadValue, match="is not an e-mail address"):
        Email().parse(typed)


@pytest.mark.parametrize("typed", ["ünal@exämple.de", "用户@例え.jp", "a+b@x.co", "o'neil@x.example"])
def test_a_mail_address_may_be_in_any_script(typed: str) -> None:
    assert Email().parse(typed) == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("example.com", "https://example.com"),
        ("example.com/a?b", "https://example.com/a?b"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("https://a.example:65535", "https://a.example:65535"),
    ],
)
def test_web_addresses_are_understood_as_people_say_them(typed: str, kept: str) -> None:
    assert Url().parse(typed) == kept


@pytest.mark.parametrize(
    "typed", ["https://a.b:99999", "https://a.b:0", "http://[zz]", "ftp://x.example", "word"]
)
def test_what_is_no_web_address_is_refused(typed: str) -> None:
    with pytest.raises(BadValue, match="is not a web address"):
        Url().parse(typed)


@pytest.mark.parametrize("typed", ["localtime", "Factory", "posixrules"])
def test_what_a_machine_is_set_to_is_no_time_zone(typed: str) -> None:
    with pytest.raises(BadValue, match="there is no time zone"):
        Zone().parse(typed)


@pytest.mark.parametrize(
    ("typed", "code"), [("UK", "GB"), ("GBR", "GB"), ("USA", "US"), ("U.S.A.", "US"), ("Turkey", "TR")]
)
def test_a_country_is_found_by_what_people_call_it(typed: str, code: str) -> None:
    assert Code("countries", "country").parse(typed) == code


def test_every_other_name_of_a_country_is_one_of_the_list() -> None:
    assert {code for code in ALSO_CALLED.values() if code not in official("countries")} == set()
    assert {name for name in ALSO_CALLED if name.upper() in official("countries")} == set()


@pytest.mark.parametrize(("typed", "number"), [(".5", "0.5"), ("5.", "5"), ("+.5", "0.5"), ("-.25", "-0.25")])
def test_a_number_may_leave_out_what_is_nothing(typed: str, number: str) -> None:
    assert Money("-9").parse(typed) == Decimal(number)


@pytest.mark.parametrize(("typed", "number"), [("20%", "20"), ("20 %", "20"), (".5%", "0.5")])
def test_a_percentage_may_have_its_sign(typed: str, number: str) -> None:
    assert Percent().parse(typed) == Decimal(number)


@pytest.mark.parametrize("text", ["می\u200cخواهم", "क्\u200dष", "👩\u200d💻", "👩🏽\u200d💻", "❤️\u200d🔥"])
def test_joiners_are_taken_where_a_script_or_a_picture_needs_them(text: str) -> None:
    assert Text().parse(text) == text


@pytest.mark.parametrize("text", ["ac\u200dme", "acme\u200c", "\u200dacme", "👩\u200c💻", "a\u200d💻"])
def test_joiners_elsewhere_are_refused(text: str) -> None:
    with pytest.raises(BadValue, match="can't be printed"):
        Text().parse(text)


@pytest.mark.parametrize(
    ("typed", "currency", "said"),
    [
        ("1234567.5", "EUR", "1,234,567.50 EUR"),
        ("0.0020", "USD", "0.002 USD"),
        ("-5", "", "-5.00 in the currency of the customer"),
        ("", "EUR", ""),
        ("abc", "EUR", ""),
    ],
)
def test_an_amount_says_what_it_means(typed: str, currency: str, said: str) -> None:
    assert Money("-9").means(typed, currency) == said


def test_the_zones_of_the_machine_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[set[str]] = []

    def look() -> set[str]:
        looks.append({"Europe/London", "Factory"})
        return looks[-1]

    monkeypatch.setattr(zoneinfo, "available_timezones", look)
    known_zones.cache_clear()
    try:
        assert [Zone().parse("europe/london") for _ in range(100)] == ["Europe/London"] * 100
        assert len(looks) == 1
    finally:
        known_zones.cache_clear()


def test_several_values_of_a_kind_stand_side_by_side_or_one_alone() -> None:
    each = Each(Address())
    found = each.parse("192.0.2.7, 198.51.100.0/24\n192.0.2.7;2001:db8::1")
    assert found == ("192.0.2.7", "198.51.100.0/24", "2001:db8::1")
    assert each.parse(each.write(found)) == found
    assert (each.parse("192.0.2.7"), each.write("192.0.2.7")) == (("192.0.2.7",), "192.0.2.7")
    with pytest.raises(BadValue, match=r'"10.0.0.5/24" is an address inside a network'):
        each.parse("192.0.2.7 10.0.0.5/24")
