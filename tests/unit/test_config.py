"""Settings: what is read, which layer wins, what a wrong one says; and the folders they live in."""

import stat
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_tui.commands import main
from cx_tui.config import (
    SETTINGS,
    Loaded,
    Settings,
    describe,
    folders,
    label_of,
    load,
    paths,
    settings_table,
    without_secret,
)
from cx_tui.config.files import entries
from cx_tui.config.settings import Database
from cx_tui.config.sources import SOURCE_SETTINGS, CallSource
from cx_tui.errors import CxError, Misconfigured

ENV = {"HOME": "/home/ana"}
SYSTEM = "/etc/cx-tui/config.toml"
OWN = "/home/ana/.config/cx-tui/config.toml"
BYTES = "give a whole number of bytes from 1000 to 10000000"
SECRET_URL = "postgresql://ana:s3cret@db1:5432/cx"


def files(**texts: str) -> Callable[[Path], bytes]:
    """Stands in for the disk: `own` and `system` are the two usual files."""
    known = {"own": OWN, "system": SYSTEM}
    found = {known[name]: text.encode() for name, text in texts.items()}

    def read(path: Path) -> bytes:
        if str(path) not in found:
            raise FileNotFoundError(path)
        return found[str(path)]

    return read


def loaded(
    own: str = "",
    env: Mapping[str, str] | None = None,
    flags: Mapping[str, object] | None = None,
    system: str = "",
) -> Loaded:
    return load(ENV | dict(env or {}), flags or {}, files(own=own, system=system))


def complaint(
    own: str = "", env: Mapping[str, str] | None = None, flags: Mapping[str, object] | None = None
) -> str:
    with pytest.raises(Misconfigured) as caught:
        loaded(own, env, flags)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def outcome(act: Callable[[], Loaded]) -> Loaded | str:
    """The settings, or the sentence that is said instead."""
    try:
        return act()
    except Misconfigured as problem:
        return str(problem)


SOURCES = """
[sources.ast-1]
kind = "folder"
folder = "/var/log/asterisk/cdr-csv"
zone = "Europe/Vienna"
map = ["key=uniqueid", "talk=billsec:s"]
[sources.kam]
kind = "kamailio"
rpc = "http://127.0.0.1:5060/RPC"
database = "postgresql://kam:s3cret@db1/kamailio"
seconds = 2
"""


def test_each_source_of_calls_is_a_table_of_its_own() -> None:
    got = loaded(SOURCES, flags={"sources.demo.kind": "simulator", "sources.demo.rate": "5"})
    assert got.settings.sources == {
        "ast-1": CallSource(
            kind="folder",
            folder="/var/log/asterisk/cdr-csv",
            zone="Europe/Vienna",
            map=("key=uniqueid", "talk=billsec:s"),
        ),
        "kam": CallSource(
            kind="kamailio",
            rpc="http://127.0.0.1:5060/RPC",
            database="postgresql://kam:s3cret@db1/kamailio",
            seconds=2.0,
        ),
        "demo": CallSource(kind="simulator", rate=5.0),
    }
    assert got.origins["sources.kam.rpc"] == f"{OWN} line 9"
    rows = {row[0]: row[1:] for row in describe(got, ENV)}
    assert rows["sources.kam.database"] == ("postgresql://kam:***@db1/kamailio", f"{OWN} line 10")
    assert rows["sources.ast-1.map"][0] == "key=uniqueid talk=billsec:s"
    assert rows["sources.demo.seconds"] == ("1.0", "default")
    assert "sources.demo.folder" not in rows
    assert "s3cret" not in str(rows)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[sources.a]\nfolder = "/x"', "line 2: [sources.a] has no kind; say folder, kamailio or simulator"),
        (
            '[sources.a]\nkind = "folder"',
            "[sources.a] has no folder; say which folder is to be watched",
        ),
        (
            '[sources.a]\nkind = "kamailio"',
            "[sources.a] has neither rpc nor database; give one of them",
        ),
        (
            '[sources.a]\nkind = "simulator"\nrpc = "unix:/x"',
            "line 3: sources.a.rpc is only for sources of kind kamailio, not simulator",
        ),
        ('[sources.a]\nkind = "cisco"', 'sources.a.kind is "cisco"; give folder, kamailio or simulator'),
        (
            '[sources.a]\nkind = "folder"\nfoldr = "/x"',
            'setting "sources.a.foldr"; did you mean "sources.a.folder"?',
        ),
        ('[sources.a]\nzone = "Mars"', "give the name of a time zone, like Europe/Vienna or UTC"),
        ('[sources.a]\nmap = ["talk"]', 'give a list like ["talk=billsec:s"'),
        ('[sources.a]\nrpc = "127.0.0.1"', "give an address like http://127.0.0.1:5060/RPC or unix:"),
        (
            '[sources."a b"]\nkind = "simulator"',
            '"a b" is not a name for a source; use letters, digits',
        ),
        ('sources = "x"', '"sources" is "x"; make it a table, [sources]'),
        ('[sources]\nkam = "x"', '"sources.kam" is "x"; make it a table, [sources.kam]'),
        ('[sources.a]\ndatabase = "mysql://u:s3cret@x/y"', "sources.a.database can't be used as it is"),
    ],
)
def test_a_source_of_calls_that_is_wrong_gets_one_sentence(text: str, sentence: str) -> None:
    said = complaint(text)
    assert sentence in said
    assert "s3cret" not in said


def test_without_anything_every_setting_is_its_default() -> None:
    got = loaded()
    assert got.settings == Settings()
    assert set(got.origins.values()) == {"default"}
    assert got.warnings == ()


def test_a_file_of_everything_is_read() -> None:
    settings = loaded("""
        [database]
        url = "postgresql://db1/cx"
        label = "acme-prod"
        read_only = true
        [look]
        theme = "nord"
        ascii = "on"
        mouse = false
        color = 256
        [refresh]
        seconds = 0
        [search]
        wait = 0.3
        [clipboard]
        limit = 1000
        [start]
        last_rows = false
        [keys]
        "customers.refresh" = "r,f5"
        customers.delete = "d"
    """).settings
    assert (settings.database.url, settings.database.label) == ("postgresql://db1/cx", "acme-prod")
    assert settings.database.read_only
    assert (settings.look.theme, settings.look.ascii, settings.look.color) == ("nord", "on", "256")
    assert not settings.look.mouse
    assert (settings.refresh.seconds, settings.search.wait, settings.clipboard.limit) == (0.0, 0.3, 1000)
    assert not settings.start.last_rows
    assert dict(settings.keys) == {"customers.refresh": "r,f5", "customers.delete": "d"}


@pytest.mark.parametrize(
    ("variable", "text", "key", "value"),
    [
        ("CX_TUI_DB", "sqlite:////srv/cx.db", "database.url", "sqlite:////srv/cx.db"),
        ("CX_TUI_DATABASE_URL", "postgresql://db1/cx", "database.url", "postgresql://db1/cx"),
        ("CX_TUI_DATABASE_READ_ONLY", "Yes", "database.read_only", True),
        ("CX_TUI_LOOK_MOUSE", "0", "look.mouse", False),
        ("CX_TUI_REFRESH_SECONDS", " 2.5 ", "refresh.seconds", 2.5),
        ("CX_TUI_CLIPBOARD_LIMIT", "5000", "clipboard.limit", 5000),
        ("CX_TUI_LOOK_COLOR", "16", "look.color", "16"),
        ("CX_TUI_LOOK_THEME", "", "look.theme", "cx-dark"),
    ],
)
def test_environment_variables_are_parsed(variable: str, text: str, key: str, value: object) -> None:
    got = loaded(env={variable: text})
    table, name = key.split(".")
    assert getattr(getattr(got.settings, table), name) == value
    assert got.origins[key] == (f"environment {variable}" if text else "default")


def test_each_layer_beats_the_weaker_ones_and_says_so() -> None:
    system, own = '[look]\ntheme = "system"', '# mine\nlook.theme = "own"'
    env, flags = {"CX_TUI_LOOK_THEME": "env"}, {"look.theme": "flag", "look.mouse": None}
    seen = [
        loaded(system=system),
        loaded(own, system=system),
        loaded(own, system=system, env=env),
        loaded(own, system=system, env=env, flags=flags),
    ]
    assert [(each.settings.look.theme, each.origins["look.theme"]) for each in seen] == [
        ("system", f"{SYSTEM} line 2"),
        ("own", f"{OWN} line 2"),
        ("env", "environment CX_TUI_LOOK_THEME"),
        ("flag", "flag --theme"),
    ]


def test_keys_of_two_files_are_joined() -> None:
    got = loaded('keys.b = "2"', system='keys.a = "1"\nkeys.b = "1"')
    assert dict(got.settings.keys) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(("value", "mouse"), [("off", False), (False, False), ("on", True), (True, True)])
def test_a_flag_is_text_or_a_value_already(value: object, mouse: bool) -> None:
    assert loaded(flags={"look.mouse": value}).settings.look.mouse is mouse


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '\n\n[look]\ncolour = "16"',
            ' line 4: there is no setting "look.colour"; did you mean "look.color"?',
        ),
        ('theme = "nord"', ' line 1: there is no setting "theme"; did you mean "look.theme"?'),
        ("[search]\nxyzzy = 1", ' line 2: there is no setting "search.xyzzy"; there are search.wait'),
        ("\n[lok]\nmouse = true", ' line 2: there is no setting "lok"; did you mean "look"?'),
        ("look = 3", ' line 1: "look" is 3; make it a table, [look]'),
        ('\n[[look]]\ntheme = "x"', ' line 2: "look" is a list; make it a table, [look]'),
        ("keys = []", ' line 1: "keys" is a list; make it a table, [keys]'),
        ('[look.theme]\nname = "x"', ' line 1: look.theme is a table; give text in quotes, like "this"'),
        ("[keys]\na.b = 1", ' line 2: keys.a.b is 1; give text in quotes, like "this"'),
        (
            'refresh.seconds = "fast"',
            ' line 1: refresh.seconds is "fast"; give a number of seconds from 0.2 to 3600, or 0 for never',
        ),
        ("search.wait = nan", " line 1: search.wait is nan; give a number of seconds from 0 to 5"),
        ("search.wait = true", " line 1: search.wait is true; give a number of seconds from 0 to 5"),
        ("search.wait = 1e400", " line 1: search.wait is inf; give a number of seconds from 0 to 5"),
        ("search.wait = -0.1", " line 1: search.wait is -0.1; give a number of seconds from 0 to 5"),
        (
            "clipboard.limit = 5000.0",
            f" line 1: clipboard.limit is 5000.0; {BYTES}",
        ),
        (
            f"clipboard.limit = 0x{'f' * 9000}",
            f" line 1: clipboard.limit is a number of very many digits; {BYTES}",
        ),
        ("look.mouse = 1", " line 1: look.mouse is 1; give true or false"),
        ('look.mouse = "on"', ' line 1: look.mouse is "on"; give true or false'),
        ('look.ascii = "yes"', ' line 1: look.ascii is "yes"; give auto, on or off'),
        (
            'look.theme = "a\\u001b[2J"',
            ' line 1: look.theme is "a\\x1b[2J"; give text without control characters',
        ),
        ("look.theme = 2024-01-02", ' line 1: look.theme is 2024-01-02; give text in quotes, like "this"'),
        (
            "[look]\ntheme = nord",
            ' line 2, column 9: Invalid value; text needs quotes, like theme = "cx-dark"',
        ),
        ("[look]\n[look]", " line 2, column 6: Cannot declare [look] twice"),
        (f"a = {'[' * 100_000}", ": something in it is nested too deeply or a number too long"),
        (f"a{'.a' * 100_000} = 1", ": something in it is nested too deeply or a number too long"),
        (f"a = {'9' * 9000}", ": something in it is nested too deeply or a number too long"),
    ],
    ids=lambda value: value[:30],  # some are very long
)
def test_a_wrong_file_gets_one_sentence_with_its_line(text: str, sentence: str) -> None:
    assert complaint(text) == OWN + sentence


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        (
            {"CX_TUI_LOOK_ASCII": "x"},
            'environment CX_TUI_LOOK_ASCII: look.ascii is "x"; give auto, on or off',
        ),
        (
            {"CX_TUI_SEARCH_WAIT": "NaN"},
            "environment CX_TUI_SEARCH_WAIT: search.wait is nan; give a number of seconds from 0 to 5",
        ),
        (
            {"CX_TUI_LOOK_THEME": "\udcff"},
            'environment CX_TUI_LOOK_THEME: look.theme is "\\udcff"; give text without control characters',
        ),
        (
            {"CX_TUI_CONFIG": "/srv/none.toml"},
            "environment CX_TUI_CONFIG names /srv/none.toml, which is not there",
        ),
    ],
)
def test_a_wrong_environment_gets_one_sentence(env: dict[str, str], sentence: str) -> None:
    assert complaint(env=env) == sentence


def test_a_wrong_flag_is_named_as_it_was_typed() -> None:
    said = complaint(flags={"look.color": "7"})
    assert said.startswith('flag --set look.color=…: look.color is "7"; give auto, ')
    assert complaint(flags={"look.colr": "7"}).endswith('no setting "look.colr"; did you mean "look.color"?')


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (PermissionError(13, "Permission denied"), f"{SYSTEM} can't be read: Permission denied"),
        (IsADirectoryError(21, "Is a directory"), f"{SYSTEM} can't be read: Is a directory"),
        (
            UnicodeDecodeError("utf-8", b"a\nb\xff", 3, 4, "invalid start byte"),
            f"{SYSTEM} line 2: this is not UTF-8 text; save the file as UTF-8",
        ),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_sentence(error: Exception, sentence: str) -> None:
    def read(path: Path) -> bytes:
        raise error

    with pytest.raises(Misconfigured) as caught:
        load(ENV, {}, read)
    assert str(caught.value) == sentence


DECOYS = [
    "# theme = 1",
    'label = """\ntheme = 1\n[look]\n\\""" theme = 2"""',
    "label = '''\ntheme = 1 ''\n'''",
    'label = "# \\" theme = "',
    "read_only = [\n  1, # ]\n  {theme = 1}, 'theme = ]'\n]",
    "",
]
SPELLINGS = [
    '[look]\n{}\ntheme = "x"',
    '{}\nlook.theme = "x"',
    '{}\nlook = {{ascii = "on", theme = "x"}}',
    "{}\n[ 'look' ] # [database]\n\"th\\u0065me\" = 'x'",
    '{}\n"look" . theme="x"',
]


@given(st.lists(st.sampled_from(DECOYS), max_size=4, unique_by=lambda d: d[:5]), st.sampled_from(SPELLINGS))
def test_the_line_of_a_key_is_never_that_of_something_like_it(decoys: list[str], spelling: str) -> None:
    text = spelling.format("\n".join(decoys))
    lines = {path: line for path, _, line in entries(OWN, text)}
    assert lines["look", "theme"] == text.count("\n") + 1
    assert list(entries(OWN, text.replace("\n", "\r\n")))[-1][2] == lines["look", "theme"]


@given(st.text(alphabet="[]{}=,.\"'#\\\nab ", max_size=60))
def test_looking_for_lines_never_fails(text: str) -> None:
    with suppress(Misconfigured):  # not TOML
        assert all(1 <= line <= text.count("\n") + 1 for _, _, line in entries(OWN, text))


WORDS = '[ ] { } = . , # " \' look keys theme seconds refresh 1 nan true 0x 1979-05-27 é "x" """ \'\'\' \\'
TOML_LIKE = st.lists(st.sampled_from([*WORDS.split(), "\n", "\r", "\x00", " "]), max_size=30).map("".join)


@given(st.binary() | TOML_LIKE.map(str.encode))
def test_no_content_of_a_file_fails_in_another_way_than_with_a_sentence(content: bytes) -> None:
    said = outcome(lambda: load(ENV, {}, lambda path: content if str(path) == OWN else b""))
    assert not isinstance(said, str) or (said.isprintable() and said.startswith(OWN))


ANY_TEXT = st.binary().map(lambda content: content.decode(errors="surrogateescape"))


@given(st.sampled_from([name for each in SETTINGS.values() for name in each.env]), ANY_TEXT)
def test_no_value_of_a_variable_fails_in_another_way_than_with_a_sentence(name: str, value: str) -> None:
    said = outcome(lambda: loaded(env={name: value}))
    assert not isinstance(said, str) or said.isprintable()


@given(ANY_TEXT)
def test_a_key_of_any_name_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        loaded(flags={f"look.{name}!": "x"})
    assert str(caught.value).isprintable()


def test_a_file_is_read_with_a_mark_before_it_and_not_when_it_is_huge(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xef\xbb\xbflook.mouse = false\r\n")
    env = {"CX_TUI_CONFIG": str(file), "XDG_CONFIG_DIRS": str(tmp_path)}
    assert not load(env, {}).settings.look.mouse
    file.write_bytes(b"#" * 300_000)
    with pytest.raises(Misconfigured, match="larger than 256 KiB"):
        load(env, {})


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("", ""),
        ("sqlite:////srv/a:b@c.db", "sqlite:////srv/a:b@c.db"),
        ("postgresql://db1/cx", "postgresql://db1/cx"),
        (SECRET_URL, "postgresql://ana:***@db1:5432/cx"),
        ("postgresql://ana:s3/c?r@et@db1/cx", "postgresql://ana:***@db1/cx"),
        ("postgresql://:s3cret@db1", "postgresql://:***@db1"),
        ("postgresql://db1/cx?password=s3cret&a=b", "postgresql://db1/cx?password=***&a=b"),
        ("postgresql://db1/cx?a=b&p%61ssword=s3cret", "postgresql://db1/cx?a=b&p%61ssword=***"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_secret(url) == shown


@given(st.text(alphabet="s:/?@&=%#. ", min_size=1).map(lambda text: f"QQ{text}QQ"))
def test_no_password_is_ever_shown(password: str) -> None:
    url = f"postgresql://ana:{password}@db1/cx"
    database = Database(url=url)
    assert "QQ" not in without_secret(url) + label_of(Settings(database)) + repr(database)
    for given_url in (url, url.replace("postgresql", "postgres"), url + "\x07"):
        got = outcome(partial(load, ENV, {"database.url": given_url}, files()))
        assert "QQ" not in (got if isinstance(got, str) else f"{describe(got, ENV)}{got}")


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("postgres://db1/cx", "give sqlite:///file or postgresql://user:password@host/name"),
        ("sqlite:///", "give sqlite:///file or postgresql://user:password@host/name"),
        (
            "postgresql://ana:p@w@db1/cx",
            "write an @ inside the user name, the password or the options as %40",
        ),
        ("postgresql://db1:port/cx", "give the host as name, name:5432 or [address]:5432"),
    ],
)
def test_a_wrong_url_gets_advice_and_is_not_shown(url: str, advice: str) -> None:
    assert complaint(env={"CX_TUI_DB": url}) == (
        f"environment CX_TUI_DB: database.url can't be used as it is; {advice}"
    )


@pytest.mark.parametrize(
    ("mode", "url", "warned"),
    [(0o644, SECRET_URL, True), (0o600, SECRET_URL, False), (0o644, "postgresql://db1/cx", False)],
)
def test_a_password_in_a_file_others_can_read_is_warned_of(
    tmp_path: Path, mode: int, url: str, warned: bool
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'database.url = "{url}"')
    file.chmod(mode)
    got = load({"CX_TUI_CONFIG": str(file), "XDG_CONFIG_DIRS": str(tmp_path)}, {})
    sentence = f"{file} holds a password and others than you can read it; run: chmod 600 {file}"
    assert got.warnings == ((sentence,) if warned else ())


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("", "embedded"),
        ("sqlite:////srv/customers.db", "customers"),
        (SECRET_URL, "cx on db1"),
        ("postgresql://[::1]:5432/cx", "cx on [::1]"),
        ("postgresql:///cx?host=/run", "cx"),
        ("postgresql://", "postgresql"),
    ],
)
def test_a_database_without_a_label_is_named_after_its_url(url: str, label: str) -> None:
    assert label_of(Settings(Database(url=url))) == label
    assert label_of(Settings(Database(url=url, label="acme-prod"))) == "acme-prod"


def test_info_shows_every_value_and_where_it_came_from() -> None:
    rows = describe(loaded('[keys]\n"a.b" = "r"', env={"CX_TUI_DB": SECRET_URL}), ENV)
    assert ("database.url", "postgresql://ana:***@db1:5432/cx", "environment CX_TUI_DB") in rows
    assert ("refresh.seconds", "1.0", "default") in rows
    assert ("look.mouse", "true", "default") in rows
    assert rows[-1] == ("keys.a.b", "r", f"{OWN} line 2")
    assert describe(loaded(), ENV)[0][1] == "embedded SQLite in /home/ana/.local/share/cx-tui"


def test_the_table_for_the_readme_has_every_setting_once() -> None:
    rows = {row[0]: row[1:] for row in settings_table()}
    assert list(rows) == [*SETTINGS, *(each.key for each in SOURCE_SETTINGS.values()), "keys"]
    assert rows["search.wait"] == (
        "a number of seconds from 0 to 5",
        "0.15",
        "CX_TUI_SEARCH_WAIT",
        "--set search.wait=…",
        "Pause in typing after which the search starts.",
    )
    flags = Counter(row[3] for row in rows.values())
    # Of the servers only one is started at a time, each by its own command.
    assert [flag for flag, number in flags.items() if number > 1] == ["--listen"]


def test_every_default_is_one_its_kind_takes() -> None:
    assert all(each.kind.check(each.default) == each.default for each in SETTINGS.values())


@pytest.mark.parametrize(
    ("env", "found"),
    [
        ({}, [SYSTEM, OWN]),
        (
            {"XDG_CONFIG_DIRS": "/a:b:/c", "XDG_CONFIG_HOME": "rel"},
            ["/c/cx-tui/config.toml", "/a/cx-tui/config.toml", OWN],
        ),
        ({"XDG_CONFIG_DIRS": "", "XDG_CONFIG_HOME": "/x"}, [SYSTEM, "/x/cx-tui/config.toml"]),
        ({"CX_TUI_CONFIG": "my.toml"}, [SYSTEM, "my.toml"]),
    ],
)
def test_settings_files_follow_the_xdg_rules(env: dict[str, str], found: list[str]) -> None:
    assert [str(path) for path in folders.config_files(ENV | env)] == found


def test_info_shows_the_folders_and_whether_they_are_there(tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "XDG_STATE_HOME": "/nowhere", "XDG_CONFIG_DIRS": "/nowhere"}
    folders.private_dir(folders.data_dir(env))
    assert paths(env) == [
        ("settings", "/nowhere/cx-tui/config.toml", False),
        ("settings", f"{tmp_path}/.config/cx-tui/config.toml", False),
        ("data", f"{tmp_path}/.local/share/cx-tui", True),
        ("state", "/nowhere/cx-tui", False),
        ("cache", f"{tmp_path}/.cache/cx-tui", False),
    ]


def test_private_files_are_for_their_owner_only_and_replaced_whole(tmp_path: Path) -> None:
    folder = folders.private_dir(tmp_path / "a" / "b")
    for text in ("old", "new é"):
        folders.write_private(folder / "state", text)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "state").stat().st_mode) == 0o600
    assert (folder / "state").read_text(encoding="utf-8") == "new é"
    assert [each.name for each in folder.iterdir()] == ["state"]


def test_a_failed_write_leaves_nothing_behind_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with pytest.raises(CxError, match="state can't be written: Is a directory"):
        folders.write_private(tmp_path / "state", "text")
    with pytest.raises(CxError, match="can't be made: "):
        folders.private_dir(Path("/dev/null/cx-tui"))
    assert [each.name for each in tmp_path.iterdir()] == ["state"]


@pytest.mark.parametrize(
    ("given", "table", "name", "value"),
    [
        ("database.read_only=true", "database", "read_only", True),
        ("database.url=sqlite:///other.db", "database", "url", "sqlite:///other.db"),
        ("look.theme=nord", "look", "theme", "nord"),
        ("look.ascii=on", "look", "ascii", "on"),
        ("look.mouse=false", "look", "mouse", False),
        ("look.plain_terminal=true", "look", "plain_terminal", True),
        ("refresh.seconds=5", "refresh", "seconds", 5.0),
    ],
)
def test_what_set_says_counts_for_settings_that_have_a_flag_too(
    given: str, table: str, name: str, value: object
) -> None:
    flags = main.flags_of(main.make_parser().parse_args(["--set", given]))
    assert getattr(getattr(loaded(flags=flags).settings, table), name) == value


def test_a_flag_counts_more_than_what_set_says_of_the_same() -> None:
    flags = main.flags_of(main.make_parser().parse_args(["--set", "look.theme=nord", "--theme", "cx-light"]))
    assert loaded(flags=flags).settings.look.theme == "cx-light"
