"""Column types that mean the same on both databases, and the type of each kind of value."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, DateTime, Double, Integer, Numeric, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from cx_tui.domain import kinds
from cx_tui.domain.fields import Field
from cx_tui.domain.kinds.numbers import Figure
from cx_tui.domain.sip_passwords import SipPassword, TypedPassword
from cx_tui.domain.week import Week, WeekKind

MICRO = 1_000_000
TEXTS = 1_000


class Money(TypeDecorator[Decimal]):
    """An exact amount: NUMERIC on PostgreSQL, whole millionths on SQLite, which has no decimals."""

    impl = Numeric(18, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        on_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(BigInteger() if on_sqlite else Numeric(18, 6))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        # Rounded as NUMERIC rounds: a half goes away from zero.
        return int((Decimal(value) * MICRO).to_integral_value(ROUND_HALF_UP))

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        if value is None or dialect.name != "sqlite":
            return value  # type: ignore[no-any-return]  # NUMERIC comes as Decimal
        return Decimal(value).scaleb(-6)


class Utc(TypeDecorator[datetime]):
    """An aware moment; SQLite keeps it as UTC text, which sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
A_MICROSECOND = timedelta(microseconds=1)


def instant(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // A_MICROSECOND


def moment_of(number: int) -> datetime:
    """The moment of a number of microseconds."""
    return EPOCH + number * A_MICROSECOND


class Instant(TypeDecorator[datetime]):
    """An aware moment as microseconds since 1970: a third of the room of `Utc` on SQLite, for tables of very
    many rows, and the same number on both databases and in files."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else instant(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else moment_of(value)


class Word(TypeDecorator[kinds.Labelled]):
    """One of a few choices, kept as its value."""

    impl = String(20)
    cache_ok = True

    def __init__(self, choices: type[kinds.Labelled]) -> None:
        super().__init__(20)
        self.choices = choices
        self.members = {member.value: member for member in choices}

    def process_bind_param(self, value: kinds.Labelled | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value.value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Looked up without a call of ours for each of very many values."""
        return self.members.get


class Json(TypeDecorator[Any]):
    """Lists and tables; JSONB on PostgreSQL, whose dialect is loaded only there."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON())
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB())

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Of what is no JSON, which SQLite keeps all the same, the text as it is: one such value must not
        keep the other rows from being read."""
        read = super().result_processor(dialect, coltype)
        if read is None or dialect.name != "sqlite":
            return read

        def read_or_take(value: Any) -> Any:
            try:
                return read(value)
            except ValueError:
                return self.process_result_value(value, dialect)

        return read_or_take


class Unchanging(Json):
    """What is never changed once it was read: most of very many rows have one of a few texts, each of which
    is read once."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        read = super().result_processor(dialect, coltype)
        # PostgreSQL's driver has read the text already.
        return lru_cache(TEXTS)(read) if read and dialect.name == "sqlite" else read


class Listed(Unchanging):
    """Several words or numbers, kept as a JSON list."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> list[Any]:
        return list(value or ())

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Any, ...]:
        return (value,) if isinstance(value, str) else tuple(value or ())


class Chosen(Unchanging):
    """Several of a few choices, kept as a JSON list of their values."""

    cache_ok = True

    def __init__(self, choices: type[kinds.Labelled]) -> None:
        super().__init__()
        self.choices = choices
        self.members = {member.value: member for member in choices}

    def process_bind_param(self, value: Any, dialect: Dialect) -> list[str]:
        return [str(member.value) for member in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[kinds.Labelled, ...]:
        return tuple(self.members[word] for word in value or () if word in self.members)


class WeekHours(TypeDecorator[Week]):
    """The allowed hours of a week, kept as 168 digits, one for each hour; NULL is always."""

    impl = String(168)
    cache_ok = True

    def process_bind_param(self, value: Week | None, dialect: Dialect) -> str | None:
        return None if value is None else value.hex

    def process_result_value(self, value: str | None, dialect: Dialect) -> Week | None:
        try:
            return None if value is None else Week.from_hex(value)
        except ValueError:
            return Week()  # who can't be read may never call, as the safe reading


class Digests(TypeDecorator[str]):
    """The digests of a password; the password itself never gets into a database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if isinstance(value, TypedPassword):
            raise TypeError("a password has to become digests before it is kept")
        return value


def column_type(field: Field) -> TypeEngine[Any]:
    """The column type of a field, from its kind."""
    match field.kind:
        case kinds.Money() | kinds.Percent():
            return Money()
        case kinds.Integer(maximum=maximum):
            return Integer() if maximum < 2**31 else BigInteger()
        case Figure():
            return Double()
        case kinds.Choice(choices=choices):
            return Word(choices)
        case kinds.Several(choices=choices):
            return Chosen(choices)
        case kinds.Flag():
            return Boolean()
        case kinds.Reference():
            return Integer()
        case kinds.Tags() | kinds.Networks() | kinds.Addresses() | kinds.Emails() | kinds.Prefixes():
            return Listed()
        case kinds.References() | kinds.Integers():
            return Listed()
        case kinds.Areas() | kinds.Texts():
            return Json()
        case WeekKind():
            return WeekHours()
        case kinds.Moment():
            return Utc()
        case kinds.Day():
            return Date()
        case kinds.Code():
            return String(3)
        case SipPassword():
            return Digests()
        case kinds.Lines() | kinds.Toml() | kinds.Secret():
            return Text()
        case kinds.Text(maximum=maximum):
            return String(maximum)
    raise TypeError(f"no column type for {field.kind!r}")
