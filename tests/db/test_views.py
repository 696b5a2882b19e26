"""Saved views: whose they are, what opens them, their files, and `--view` of every command that has it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cx_tui.commands.main import run
from cx_tui.domain.layout import Layout, ShownColumn, usual_layout
from cx_tui.domain.query import Query, Sort, StatusFilter
from cx_tui.domain.view import View
from cx_tui.domain.view_files import from_toml
from cx_tui.errors import NotFound, Refused
from cx_tui.services.session import Session
from tests.db.sessions import ANA, two_offices

NIGHT = View(
    "night",
    Query(
        where="credit<0 country:GB", status=StatusFilter.ACTIVE, sort=(Sort("credit", True),),
        off=("asr<40", "a OR b"),
    ),
    ("name:30!", "credit:16"),
    ("status",),
    ("count", "sum:credit"),
    "country",
    "count>1",
)  # fmt: skip


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a database of three customers."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("CX_TUI_DATABASE_URL", f"sqlite:///{tmp_path / 'cx.db'}")
    monkeypatch.setenv("LOGNAME", "ana")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.csv").write_text(
        "Name,Currency,Country,Channels\nAcme,EUR,GB,10\nGlobex,EUR,GB,2\nInitech,EUR,US,50\n"
    )
    assert run(["upload", "c.csv"]) == 0
    capsys.readouterr()
    return tmp_path


async def test_a_private_view_is_its_operators_and_a_shared_one_is_everybodys(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        mine = await ana.views.keep(NIGHT)
        assert mine.same(NIGHT)
        assert await ben.views.offered("customer") == []
        with pytest.raises(NotFound, match="there are none yet"):
            await ben.views.named("night", "customer")
        shared = await ana.views.keep(replace(mine, shared=True))
        assert [view.id for view in await ben.views.offered("customer")] == [mine.id] == [shared.id]
        # A name may be taken by each of them; one's own comes first.
        his = await ben.views.keep(View("night", Query(where="channels>5")))
        assert (await ben.views.named("Night", "customer")).id == his.id
        assert (await ana.views.named("night", "customer")).id == mine.id
        assert await ana.views.offered("contact") == []


async def test_keys_and_the_first_view_belong_to_each_operator(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        kept = await ana.views.keep(replace(NIGHT, shared=True))
        other = await ana.views.keep(View("day"))
        await ana.views.put_on_key("customer", 3, kept)
        await ana.views.put_on_key("customer", 0, other)
        await ben.views.put_on_key("customer", 7, kept)
        assert await ana.views.keys("customer") == {3: kept.id, 0: other.id}
        assert await ben.views.on_key("customer", 0) is None
        found = await ben.views.on_key("customer", 7)
        assert found
        assert found.name == "night"
        await ana.views.put_on_key("customer", 3, other)
        await ana.views.put_on_key("customer", 0, None)
        assert await ana.views.keys("customer") == {3: other.id}
        await ana.views.drop(other)
        assert await ana.views.on_key("customer", 3) is None


async def test_a_view_is_logged_and_comes_back_by_undo_like_any_record(session: Session) -> None:
    kept = await session.views.keep(NIGHT)
    await session.views.keep(replace(kept, query=replace(kept.query, where="credit<-10")))
    deleted = await session.records_of["view"].delete(kept.id or 0)
    assert deleted.operation_id
    await session.log.undo(deleted.operation_id)
    (back,) = await session.views.offered()
    assert back.query.where == "credit<-10"


async def test_a_view_that_another_changed_meanwhile_is_not_overwritten(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        kept = await ana.views.keep(replace(NIGHT, shared=True))
        await ben.views.keep(replace(kept, query=replace(kept.query, where="name:x")))
        with pytest.raises(Refused, match="changed this view"):
            await ana.views.keep(replace(kept, query=replace(kept.query, where="name:y")), base=kept)


async def test_a_shared_view_stays_when_its_owner_has_left(database_url: str) -> None:
    async with two_offices(database_url) as (ana, ben):
        users = ana.records_of["user"]
        user = (await users.create({"name": "ana"})).record
        kept = await ana.views.keep(replace(NIGHT, shared=True))
        await ana.views.keep(View("her own"))
        await ben.views.put_on_key("customer", 4, kept)
        await ben.records_of["user"].delete(user.id)
        found = await ben.views.on_key("customer", 4)
        assert found
        assert (found.name, found.operator) == ("night", "ana")
        changed = await ben.views.keep(replace(found, query=replace(found.query, where="credit<-10")), found)
        assert (changed.id, changed.query.where) == (kept.id, "credit<-10")
        # It would be nobody's any more.
        with pytest.raises(Refused, match="shared by ana"):
            await ben.views.keep(replace(changed, shared=False))
        assert [view.name for view in await ben.views.offered("customer")] == ["night"]
        await ben.views.drop(changed)
        assert await ben.views.offered("customer") == []


def test_columns_that_this_version_does_not_know_are_kept_said_and_written_back() -> None:
    view = replace(NIGHT, columns=("name:30!", "colour:9", "credit:16"))
    assert view.unknown() == ["colour"]
    usual = usual_layout()
    assert [column.name for column in view.layout(usual).columns] == ["name", "credit"]
    arranged = Layout((ShownColumn("name", 12),), (Sort("name"),))
    assert view.with_layout(view.query, arranged).columns == ("name:12", "colour:9")


async def test_a_file_of_views_says_everything_and_reads_back_the_same(session: Session) -> None:
    kept = await session.views.keep(NIGHT)
    await session.views.put_on_key("customer", 4, kept)
    await session.views.put_on_key("customer", 0, kept)
    text = await session.views.as_file()
    (filed,) = from_toml(text)
    assert filed.view.same(kept)
    assert (filed.key, filed.first) == (4, True)
    taken, left = await session.views.take_file(text, over=False)
    assert not taken
    assert "already" in left[0]
    assert await session.views.take_file(text, over=True) == (["night"], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[view]]\nshared = true", "view 1 has no name"),
        ('[[view]]\nname = "x"\ncolour = 1', 'view 1 ("x"): there is no "colour"'),
        ('[[view]]\nname = "x"\nkey = 12', "key is a number from 1 to 9"),
        ('[[view]]\nname = "x"\nfilter = "colour:red"', 'there is no column "colour"'),
        ('[[view]]\nname = "x"\nsort = ["-colour"]', 'no column "colour" to sort by'),
        ("view = 3", "begins with [[view]]"),
        ("[[view", "it is no TOML"),
    ],
)
async def test_what_is_wrong_with_a_file_is_said_and_nothing_is_taken(
    session: Session, text: str, said: str
) -> None:
    with pytest.raises(Refused) as caught:
        await session.views.take_file(text, over=False)
    assert said in str(caught.value)
    assert not await session.views.offered()


def test_commands_take_a_view_by_its_name(there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (there / "v.toml").write_text(
        '[[view]]\nname = "british"\nfilter = "country:GB"\nsort = ["-channels"]\n'
        'columns = ["name", "channels:9"]\ngroups = ["country"]\ntotals = ["count", "sum:channels"]\n'
    )
    assert run(["view", "import", "v.toml"]) == 0
    capsys.readouterr()
    assert run(["list", "--view", "british"]) == 0
    assert capsys.readouterr().out.splitlines() == ["Name\tChannels", "Acme\t10", "Globex\t2"]
    assert run(["list", "--view", "british", "--where", "-channels<5", "--columns", "name", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"name": "Acme"}
    assert run(["group", "--view", "british", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"country": "GB", "count": 2, "sum:channels": 12}
    assert run(["group", "--by", "country", "--having", "count>1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"country": "GB", "count": 2}
    assert run(["group", "--view", "british", "--having", "count>2", "--json"]) == 0
    assert capsys.readouterr().out == ""
    assert run(["export", "out.csv", "--view", "british"]) == 0
    assert "Initech" not in (there / "out.csv").read_text()
    assert run(["lint", "--view", "british", "--json"]) == 1
    assert {json.loads(line)["customer"] for line in capsys.readouterr().out.splitlines()} == {
        "Acme",
        "Globex",
    }
    (there / "body.md").write_text("hello")
    code = run(
        ["send", "email", "--view", "british", "--subject", "x", "--body", "body.md", "--dry-run", "--json"]
    )
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert next(one["customers"] for one in said if "customers" in one) == 2, (code, said)
    assert run(["list", "--view", "dutch"]) == 1
    assert 'there is no view "dutch" of customers; there are "british"' in capsys.readouterr().err
    assert run(["view", "export", "-"]) == 0
    assert 'filter = "country:GB"' in capsys.readouterr().out


@pytest.fixture
async def session(database):  # type: ignore[no-untyped-def]  # as the fixture of databases is
    """Ana's session."""
    return Session(database, ANA)
