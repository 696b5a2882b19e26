"""The definition of every setting: its key, default, kind and help, and its names elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from cx_tui.config.kinds import SWITCH, TEXT, URL, Kind, choice, number
from cx_tui.config.outside import ADDRESS, API, PORT, UNSUBSCRIBE
from cx_tui.config.secrets import SECRET

T = TypeVar("T")


class Setting(NamedTuple):
    """One setting: its dotted key and all there is to know about it."""

    key: str
    default: object
    kind: Kind
    help: str
    env: tuple[str, ...] = ()
    flag: str = ""
    secret: bool = False


def setting(default: T, kind: Kind, help: str, *, env: str = "", flag: str = "", secret: bool = False) -> T:
    """A field of a table of settings; `env` is a name beside, `flag` one instead of, that from its key."""
    more = {"kind": kind, "help": help, "env": env, "flag": flag, "secret": secret}
    return field(default=default, repr=not secret, metadata=more)


AUTO = choice("auto", "on", "off")
COLORS = choice("auto", "truecolor", "256", "16", "none")
TONE = choice("none", "red", "yellow", "green", "blue")
INTERVAL = number(float, "a number of seconds", 0.2, 3600, zero="never")
PAUSE = number(float, "a number of seconds", 0, 5)
SIZE = number(int, "a whole number of bytes", 1000, 10_000_000)
TLS = choice("starttls", "implicit", "none")
CONNECTIONS = number(int, "a whole number of connections", 1, 50)
MESSAGES = number(int, "a whole number of messages", 1, 100_000, zero="no limit")
RATE = number(float, "a number of messages", 0.01, 10_000, zero="no limit")


@dataclass(frozen=True)
class Database:
    """[database]: where the customers are."""

    url: str = setting(
        "", URL, "The database; without it an embedded SQLite.", env="CX_TUI_DB", flag="--db", secret=True
    )
    label: str = setting("", TEXT, "The database's name in the header; without it a name from the URL.")
    color: str = setting("none", TONE, "A colour for its name, so that nobody takes it for another one.")
    read_only: bool = setting(False, SWITCH, "Look, but change nothing.", flag="--read-only")


@dataclass(frozen=True)
class Look:
    """[look]: what the terminal can show."""

    theme: str = setting("cx-dark", TEXT, "The colour theme.", flag="--theme")
    ascii: str = setting("auto", AUTO, "Draw with ASCII only, for fonts without lines.", flag="--ascii")
    mouse: bool = setting(True, SWITCH, "Use the mouse; false leaves it to the terminal.", flag="--no-mouse")
    color: str = setting("auto", COLORS, "How many colours to use.")
    plain_terminal: bool = setting(
        False, SWITCH, "Send whole frames, not only what differs.", flag="--plain-terminal"
    )


@dataclass(frozen=True)
class Refresh:
    """[refresh]: how often changes made elsewhere are looked for."""

    seconds: float = setting(1.0, INTERVAL, "How often to look for changes made elsewhere.")


@dataclass(frozen=True)
class Search:
    """[search]: searching while one types."""

    wait: float = setting(0.15, PAUSE, "Pause in typing after which the search starts.")


@dataclass(frozen=True)
class Clipboard:
    """[clipboard]: copying through the terminal."""

    limit: int = setting(74994, SIZE, "The most that is copied at once.")


@dataclass(frozen=True)
class Start:
    """[start]: the first second."""

    last_rows: bool = setting(True, SWITCH, "Show the last screen, dimmed, until live rows are here.")


@dataclass(frozen=True)
class Save:
    """[save]: writing changes."""

    preview: bool = setting(True, SWITCH, "Show what will be written before it is, field by field.")


@dataclass(frozen=True)
class Mail:
    """[mail]: the server that takes our e-mail."""

    server: str = setting("", TEXT, "The mail server's host name; without it no e-mail is sent.")
    port: int = setting(0, PORT, "Its port.")
    tls: str = setting("starttls", TLS, "How the connection is encrypted; only none sends in the clear.")
    user: str = setting("", TEXT, "The user to log in as; without it there is no login.")
    password: str = setting("", SECRET, "Where the password is.", secret=True)
    from_address: str = setting("", ADDRESS, "The address that e-mail comes from.")
    from_name: str = setting("", TEXT, "The name beside it.")
    unsubscribe: str = setting("", UNSUBSCRIBE, "Where recipients can ask for no more e-mail.")
    connections: int = setting(4, CONNECTIONS, "How many connections send at the same time.")
    per_connection: int = setting(100, MESSAGES, "How many messages to send before connecting anew.")
    per_second: float = setting(0.0, RATE, "How many messages to send in a second.")


@dataclass(frozen=True)
class Sms:
    """[sms]: the Twilio account that takes our SMS."""

    account: str = setting("", TEXT, "The account SID; without it no SMS is sent.")
    token: str = setting("", SECRET, "Where the auth token is.", secret=True)
    sender: str = setting("", TEXT, "The number or name that SMS come from.")
    service: str = setting("", TEXT, "A messaging service SID, which chooses the number itself.")
    base_url: str = setting("https://api.twilio.com", API, "The API, or a stand-in for it.")
    per_second: float = setting(10.0, RATE, "How many messages to send in a second.")


@dataclass(frozen=True)
class Settings:
    """Every setting; `keys` holds the operator's own keys by binding id."""

    database: Database = Database()
    look: Look = Look()
    refresh: Refresh = Refresh()
    search: Search = Search()
    clipboard: Clipboard = Clipboard()
    start: Start = Start()
    save: Save = Save()
    mail: Mail = Mail()
    sms: Sms = Sms()
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def _settings_of(table: str) -> Iterator[Setting]:
    for each in fields(getattr(Settings, table)):
        key, more = f"{table}.{each.name}", each.metadata
        env = tuple(filter(None, ["CX_TUI_" + key.upper().replace(".", "_"), more["env"]]))
        flag = more["flag"] or f"--set {key}=…"
        yield Setting(key, each.default, more["kind"], more["help"], env, flag, more["secret"])


TABLES = tuple(table.name for table in fields(Settings) if table.name != "keys")
SETTINGS = {each.key: each for table in TABLES for each in _settings_of(table)}
KEYS = Setting("keys", "", TEXT, 'Your own keys by binding id: "customers.refresh" = "r,f5".')


def setting_of(key: str) -> Setting:
    """The definition behind a dotted key."""
    return KEYS if key.startswith("keys.") else SETTINGS[key]
