"""The definition of every setting: its key, default, kind and help, and its names elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from cx_tui.config.kinds import SWITCH, TEXT, URL, choice, number
from cx_tui.config.outside import ADDRESS, API, HOST, PAGE, PORT, UNSUBSCRIBE, WAREHOUSE
from cx_tui.config.patterns import RECORDINGS, VOICEMAIL
from cx_tui.config.secrets import SECRET
from cx_tui.config.setting import Setting, setting, settings_of
from cx_tui.config.sources import SOURCE_SETTINGS, CallSource, is_source_key

AUTO = choice("auto", "on", "off")
COLORS = choice("auto", "truecolor", "256", "16", "none")
TONE = choice("none", "red", "yellow", "green", "blue")
INTERVAL = number(float, "a number of seconds", 0.2, 3600, zero="never")
PAUSE = number(float, "a number of seconds", 0, 5)
SIZE = number(int, "a whole number of bytes", 1000, 10_000_000)
TLS = choice("starttls", "implicit", "none")
CONNECTIONS = number(int, "a whole number of connections", 1, 50)
MESSAGES = number(int, "a whole number of messages", 1, 100_000, zero="no limit")
IN_A_ROW = number(int, "a whole number of messages", 2, 1000, zero="never")
DAYS = number(int, "a whole number of days", 1, 400)
KEPT = number(int, "a whole number of days", 1, 40_000, zero="ever")
RATE = number(float, "a number of messages", 0.01, 10_000, zero="no limit")
LOOKS = number(float, "a number of seconds", 0.05, 60)
PROGRAMS = number(int, "a whole number of programs", 1, 1000)
KEEP = number(float, "a number of minutes", 0.1, 100_000)
TALK = number(int, "a whole number of seconds", 60, 86_400)
NUMBERS = number(int, "a whole number", 1, 64)
SNAPSHOTS = number(int, "a whole number of seconds", 10, 86_400, zero="only at the end")


@dataclass(frozen=True)
class Database:
    """[database]: where the customers are."""

    url: str = setting(
        "", URL, "The database; without it an embedded SQLite.", env="CX_TUI_DB", flag="--db", secret=True
    )
    label: str = setting("", TEXT, "The database's name in the header; without it a name from the URL.")
    color: str = setting(
        "none", TONE, "A colour for its name, so that it isn't mistaken for another database."
    )
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
    reply_to: str = setting("", ADDRESS, "The address that answers go to; without it from_address.")
    returns_to: str = setting("", ADDRESS, "The envelope sender, where bounces go; without it from_address.")
    unsubscribe: str = setting("", UNSUBSCRIBE, "Where recipients can ask for no more e-mail.")
    list_id: str = setting("", HOST, "The List-Id of what is sent, like customers.acme.example.")
    ehlo: str = setting("", HOST, "What this program calls itself to the server; else the machine's name.")
    ca_file: str = setting("", TEXT, "A file with certificates to trust besides those of the machine.")
    dkim_key: str = setting(
        "", SECRET, "Where the private key of DKIM is; without it nothing is signed.", secret=True
    )
    dkim_selector: str = setting("", HOST, "The name of its public key in the DNS.")
    dkim_domain: str = setting("", HOST, "The domain it signs for; without it that of from_address.")
    stop_after: int = setting(10, IN_A_ROW, "After this many like refusals in a row, a job stops and asks.")
    connections: int = setting(4, CONNECTIONS, "How many connections send at the same time.")
    per_connection: int = setting(100, MESSAGES, "How many messages to send before reconnecting.")
    per_second: float = setting(0.0, RATE, "How many messages to send in a second.")


@dataclass(frozen=True)
class Sms:
    """[sms]: the Twilio account that takes our SMS."""

    account: str = setting("", TEXT, "The account SID; without it no SMS is sent.")
    token: str = setting("", SECRET, "Where the auth token is.", secret=True)
    sender: str = setting("", TEXT, "The number or name that SMS come from.")
    service: str = setting("", TEXT, "A messaging service SID, which chooses the number itself.")
    base_url: str = setting("https://api.twilio.com", API, "The API, or a stand-in for it.")
    stop_after: int = setting(10, IN_A_ROW, "After this many like refusals in a row, a job stops and asks.")
    per_second: float = setting(10.0, RATE, "How many messages to send in a second.")


@dataclass(frozen=True)
class Calls:
    """[calls]: where records of calls are kept."""

    place: str = setting("", TEXT, "The folder of sealed days, or s3://bucket/folder.")
    clickhouse: str = setting(
        "", WAREHOUSE, "A ClickHouse server that has sealed days too; files stay the truth.", secret=True
    )
    hot_days: int = setting(3, DAYS, "How many days stay in the database before they are sealed.")
    keep_days: int = setting(0, KEPT, "How many days records of calls are kept.")


@dataclass(frozen=True)
class Switch:
    """[switch]: what the switch has in common with this program."""

    realm: str = setting("cx-tui", TEXT, "The realm of SIP passwords; after a change, set them all again.")
    voicemail: str = setting("", VOICEMAIL, "The folder of a SIP user's voicemail messages.")
    recordings: str = setting("", RECORDINGS, "The files in which calls are recorded.")


@dataclass(frozen=True)
class Decide:
    """[decide]: the server that switches ask whether a call may pass."""

    listen: str = setting("127.0.0.1:5190", TEXT, "Where it answers HTTP; none is nowhere.", flag="--listen")
    evapi: str = setting("", TEXT, "The evapi of Kamailio, or of several.", flag="--evapi")
    token: str = setting("", SECRET, "Where the token is that is to be sent over HTTP.", secret=True)
    certificate: str = setting("", TEXT, "A file with the certificate of HTTPS; without it, HTTP.")
    certificate_key: str = setting("", TEXT, "A file with its private key.")
    seconds: float = setting(0.3, LOOKS, "How often to look for what operators have changed.")
    longest: int = setting(7200, TALK, "The most seconds of talk that a call gets.")
    servers: str = setting(
        "", TEXT, "All servers that decide for the same customers, in the same order on each."
    )
    number: int = setting(1, NUMBERS, "Which of them this one is: 1 is the first.")
    snapshot: int = setting(600, SNAPSHOTS, "Every how many seconds the snapshot is written.")


@dataclass(frozen=True)
class Serve:
    """[serve]: the program in a browser."""

    listen: str = setting("127.0.0.1:8022", TEXT, "Where browsers find it.", flag="--listen")
    address: str = setting("", PAGE, "The address that browsers see, when a proxy is before it.")
    token: str = setting(
        "", SECRET, "Where the token is; without it there is a new one each time.", secret=True
    )
    certificate: str = setting("", TEXT, "A file with the certificate of HTTPS; without it, HTTP.")
    certificate_key: str = setting("", TEXT, "A file with its private key.")
    sessions: int = setting(8, PROGRAMS, "How many programs may be open at once.")
    keep: float = setting(60.0, KEEP, "How long a program goes on without a page that shows it.")


@dataclass(frozen=True)
class Settings:
    """Every setting; `sources` holds those of calls by name, `keys` the operator's own keys by id."""

    database: Database = Database()
    look: Look = Look()
    refresh: Refresh = Refresh()
    search: Search = Search()
    clipboard: Clipboard = Clipboard()
    start: Start = Start()
    save: Save = Save()
    mail: Mail = Mail()
    sms: Sms = Sms()
    calls: Calls = Calls()
    switch: Switch = Switch()
    decide: Decide = Decide()
    serve: Serve = Serve()
    sources: Mapping[str, CallSource] = field(default_factory=lambda: MappingProxyType({}))
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


OF_ANY_NAME = ("sources", "keys")
"""Tables whose keys an operator names."""
TABLES = tuple(table.name for table in fields(Settings) if table.name not in OF_ANY_NAME)
SETTINGS = {each.key: each for table in TABLES for each in settings_of(table, getattr(Settings, table))}
KEYS = Setting("keys", "", TEXT, 'Your own keys by binding id: "customers.refresh" = "r,f5".')


def setting_of(key: str) -> Setting:
    """The definition behind a dotted key."""
    if is_source_key(key):
        return SOURCE_SETTINGS[key.rpartition(".")[2]]
    return KEYS if key.startswith("keys.") else SETTINGS[key]


def is_setting(key: str) -> bool:
    """Whether there is a setting of this dotted key."""
    return key in SETTINGS or key.startswith("keys.") or is_source_key(key)
