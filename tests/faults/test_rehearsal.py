"""Eight operators on one PostgreSQL, which is restarted, cut off and stalled under them: no update is lost.

CX_FAULT_REHEARSAL is how many seconds it lasts, such as the five minutes that must hold.  However busy the
machine is, it ends a few minutes later, and says then what each operator was waiting for.
"""

import os
import random
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cx_tui.db import schema
from cx_tui.db.history_tables import change, operation
from cx_tui.db.tables import customer
from cx_tui.domain.history import Act
from cx_tui.services.seeding import seed
from tests.bench.terminal import Terminal
from tests.conftest import WORLD_NOW, opened, run
from tests.faults.own_postgres import Link, OwnPostgres, own_postgres

SECONDS = float(os.environ.get("CX_FAULT_REHEARSAL", "60"))
OPERATORS = 8
CUSTOMERS = 200
SEEN = 14
"""Characters of a name that are surely shown."""
SAVE, CLEAR = "\x1b[21~", "\x15"
LIST = r"^ ?Customers +\d"
CARD = r"^ ?1 Main\b"
FORM = r"^ *\[?Basic\b.* Config\b.* Address\b"
"""Its tabs: who else has it open may leave no room for what it is, in its header."""
CHANGED = r"^ *▸?▪Name\b|^ *\[?Basic[^a-z]*▪"
MARKED = r"^ ?Customers .*\d marked"
NOTHING = "Nothing was changed"
QUESTION = "Go on with the"
CONFLICT = "You both changed the same"
BOTH = r"^.{0,30}▸Name .{20}"
"""The name as both have it; a question may be there before what it is about."""
THEIRS_IS_CHOSEN = r"^.{0,30}▸Name .{0,45} > "
"""Beside the name, and not further to the right, where mine is."""
LONG = 60
"""Characters of a name from which it is written anew: it may not have many more than a hundred."""
PATIENCE = 5.0
"""Seconds after which a person presses a key again that did nothing."""
AFTERWARDS = 180.0
"""Seconds that it may take beside: programs start, finish what they have begun, are looked at, and end."""


class Operator(threading.Thread):
    """One who works at a terminal, as long as the rehearsal lasts."""

    def __init__(self, number: int, url: str, home: Path, ending: threading.Event, over: float) -> None:
        super().__init__(daemon=True)
        self.who = f"operator{number}"
        self.dice = random.Random(number)
        self.edits = 0
        self.wrong = ""
        self._ending = ending
        self._over = over
        home.mkdir()
        env = {**os.environ, "HOME": str(home), "LOGNAME": self.who}
        env |= {f"XDG_{name}_HOME": str(home / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
        command = (sys.executable, "-m", "cx_tui", "--db", url, "--set", "save.preview=false")
        self.terminal = Terminal(command, env)

    def run(self) -> None:
        """Do one thing after the other."""
        try:
            self.sees(LIST)
            while not self._ending.is_set():
                self.dice.choice([self.looks, self.looks, self.finds, self.opens_card, self.edits_one])()
                self.goes_back()
        except AssertionError as error:
            self.wrong = f"{self.who}: {error}"

    def press(self, *keys: str) -> None:
        """Press keys, as fast as a person who looks at what they do."""
        for key in keys:
            self.terminal.send(key)
            self.terminal.frames(0.08, first=0.25)

    def sees(self, pattern: str) -> None:
        self.terminal.wait_for(pattern_of(pattern), self.left())

    def left(self) -> float:
        """The seconds until all must be over."""
        return max(0.0, self._over - time.monotonic())

    def still(self, what: str) -> None:
        """Fail when there is no time left to wait for something, or nobody who would do it."""
        if not self.terminal.is_running:
            what = f"{what}, as the program has ended"
        elif self.left():
            return
        raise AssertionError(f"{what}\n" + "\n".join(self.terminal.lines()))

    def shows(self, pattern: str) -> bool:
        return pattern_of(pattern)(self.terminal.lines())

    def does(self, *keys: str, until: tuple[str, ...], within: float = PATIENCE) -> None:
        """Press keys, and look until the screen shows something else in this respect; but not for ever."""
        end = time.monotonic() + within
        before = [self.shows(each) for each in until]
        self.press(*keys)
        while [self.shows(each) for each in until] == before and time.monotonic() < end:
            self.terminal.frames(0.1, first=0.3)

    @property
    def is_at_list(self) -> bool:
        """Whether the list can be seen with nothing above it, and no customer is marked by mistake."""
        return self.shows(LIST) and not self.shows(f"{QUESTION}|{CONFLICT}|{MARKED}")

    def looks(self) -> None:
        """Go about in the list."""
        keys = ["down", "up", "pagedown", "pageup", "right", "home", "r"]
        for _ in range(4):
            if self.is_at_list:
                self.press(self.dice.choice(keys))

    def finds(self) -> None:
        """Search, and show all again."""
        self.press("/", self.dice.choice("abcdelmn"), "\r", "escape", "escape")

    def opens_card(self) -> None:
        """Open a card, go to another tab, and close it."""
        self.does("\r", "]", until=(CARD,))

    def edits_one(self) -> None:
        """Give a customer another name, and see that it is saved, however long the database is away."""
        while not self.shows(FORM):
            if self.shows("can't be opened"):
                return
            self.still("no form is opened")
            # A key does nothing while no row is there, and is dropped, which is said, when it waits too long.
            # A card that was asked for before may have come late.
            if self.is_at_list:
                self.does("e", until=(FORM, "can't be opened"))
            else:
                self.goes_back()
        if self.shows(CHANGED):
            return  # by a key that was meant for the list
        long = len(self.terminal.lines()[0].split("   ")[0]) > LONG
        typed = (*(("end", CLEAR, "Renamed") if long else ("end",)), f" {self.who[-1]}.{self.edits}")
        self.press(*typed)
        self.edits += 1
        while self.shows(f"{FORM}|{CONFLICT}"):
            self.still("a form can't be saved")
            self.saves(typed)

    def saves(self, typed: tuple[str, ...]) -> None:
        """Do what saves a form, as it is now."""
        both_changed = (CONFLICT, BOTH, THEIRS_IS_CHOSEN)
        if self.shows(QUESTION):
            self.does("\r", until=(QUESTION,))
        elif not self.shows(CONFLICT):
            if self.shows(NOTHING) and not self.shows(CHANGED):
                self.press(*typed)  # once more: the keys were dropped, which was said
            self.does(SAVE, until=(FORM, CONFLICT, NOTHING), within=PATIENCE / 3)
        elif not self.shows(BOTH):
            self.does(until=both_changed)
        else:
            # Where others changed the same meanwhile, what was typed here is wanted.
            self.does("m" if self.shows(THEIRS_IS_CHOSEN) else "\r", until=both_changed)

    def goes_back(self) -> None:
        """Go back to the list; what was typed by mistake is thrown away."""
        while not self.is_at_list:
            self.still("the list is not there")
            keys = ("t", "\r") if self.shows(QUESTION) else ("escape",)
            self.does(*keys, until=(LIST, QUESTION, MARKED), within=1.0)


def pattern_of(pattern: str) -> Callable[[list[str]], bool]:
    """Whether a screen has something."""
    return lambda lines: re.search(pattern, "\n".join(lines), re.MULTILINE) is not None


@pytest.fixture
def server() -> Iterator[OwnPostgres]:
    """A server for this test alone."""
    with own_postgres() as server:
        yield server


async def filled(url: str) -> None:
    async with opened(url) as database:
        await schema.upgrade(database)
        await seed(database, CUSTOMERS, 7, now=WORLD_NOW)


async def names(url: str) -> list[str]:
    """The names of the customers, in their order."""
    async with opened(url) as database, database.reading() as connection:
        own = customer.c
        asked = select(own.name).where(own.deleted_at.is_(None)).order_by(own.name_key, own.id)
        return [row[0] for row in await connection.execute(asked)]


async def lost_updates(url: str) -> list[str]:
    """Changes of names that do not begin where the one before them ended, or that nobody sees any more."""
    async with opened(url) as database, database.reading() as connection:
        own = change.c
        asked = select(own.record_id, own.before, own.after).where(own.record == "customer").order_by(own.id)
        chains: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for record_id, before, after in await connection.execute(asked):
            if "name" in after:
                chains[record_id].append((before["name"], after["name"]))
        rows = await connection.execute(select(customer.c.id, customer.c.name))
        now = {row.id: row.name for row in rows}
    wrong = []
    for record_id, chain in chains.items():
        for (_, became), (was, _) in pairwise(chain):
            if became != was:
                wrong.append(f"#{record_id}: {became} became {was} by nobody")
        if chain[-1][1] != now[record_id]:
            wrong.append(f"#{record_id}: {chain[-1][1]} is {now[record_id]} now")
    return wrong


async def saves(url: str) -> dict[str, int]:
    """How many saves of each operator are in the log."""
    async with opened(url) as database, database.reading() as connection:
        asked = select(operation.c.who, func.count()).where(operation.c.act == Act.UPDATE)
        asked = asked.group_by(operation.c.who)
        return dict(tuple(row) for row in await connection.execute(asked))


def disturb(server: OwnPostgres, link: Link, dice: random.Random) -> str:
    """Let one thing go wrong."""
    what = dice.choice(["restart", "cut", "stall"])
    if what == "restart":
        server.stop()
        time.sleep(dice.uniform(0.2, 3))
        server.begin()
    elif what == "cut":
        link.cut()
    else:
        link.stall()
        time.sleep(dice.uniform(1, 7))
        link.flow()
    return what


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + AFTERWARDS + 50)
def test_eight_operators_lose_nothing_while_the_database_comes_and_goes(
    server: OwnPostgres, tmp_path: Path
) -> None:
    over = time.monotonic() + SECONDS + AFTERWARDS
    url = server.url("postgres")
    run(filled(url))
    link = Link(tmp_path / "link", server)
    ending, dice, done = threading.Event(), random.Random(1), []
    operators = [
        Operator(one, link.url("postgres"), tmp_path / f"home{one}", ending, over) for one in range(OPERATORS)
    ]
    try:
        for one in operators:
            one.start()
        until = time.monotonic() + SECONDS
        while (left := until - time.monotonic()) > 0 and not any(one.wrong for one in operators):
            ending.wait(min(left, dice.uniform(3, 8)))
            done.append(disturb(server, link, dice))
        ending.set()
        for one in operators:
            one.join(one.left() + 5)
        assert not (wrong := [one.wrong for one in operators if one.wrong]), "\n\n".join(wrong)
        expected = run(names(url))[:20]
        for one in operators:
            one.goes_back()
            one.press("r", "home")
            one.terminal.wait_for(lambda lines: shows_rows(lines, expected), one.left())
            one.sees("live")
        assert run(lost_updates(url)) == []
        kept = run(saves(url))
        assert {one.who: kept.get(one.who, 0) for one in operators} == {
            one.who: one.edits for one in operators
        }
        assert sum(one.edits for one in operators) >= OPERATORS
        for one in operators:
            one.terminal.send("q")
        for one in operators:
            assert one.terminal.ended(max(10.0, one.left())) == 0, f"{one.who} ended badly"
        print(f"\n{done}; saves {kept}")
    finally:
        ending.set()
        for one in operators:
            one.terminal.close()
        link.close()


def shows_rows(lines: list[str], names: list[str]) -> bool:
    """Whether these names stand in the list, one beneath the other."""
    first = next((y for y, line in enumerate(lines) if names[0][:SEEN] in line), None)
    if first is None:
        return False
    return all(name[:SEEN] in line for name, line in zip(names, lines[first:], strict=False))
