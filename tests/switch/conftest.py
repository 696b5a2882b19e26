"""A switch for the tests of this folder: they need Kamailio and SIPp, and are skipped without."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cx_tui.db.admission_changes import newest
from cx_tui.decide.kamailio.configuration import UNHEARD
from cx_tui.domain.calls.call import Call
from cx_tui.ingest.kamailio.records import RecordTable
from cx_tui.ingest.kamailio.spare import SpareFiles
from cx_tui.services.session import Session
from tests.conftest import Server, opened
from tests.db.companies import company, made
from tests.db.sessions import ANA
from tests.switch.parts import MISSING, PATIENCE, WHY_NOT, Decide, OverTcp, Switch, make_tables, until
from tests.switch.sip import Carrier, Outcome, Phone


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """All tests here are of the switch; one after the other on one worker."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here:
            item.add_marker("switch")
            item.add_marker(pytest.mark.xdist_group("switch"))
            if MISSING:
                item.add_marker(pytest.mark.skip(reason=WHY_NOT))


@dataclass
class Network:
    """Everything: the program's database, the switch, who decides, two carriers, and a telephone."""

    url: str
    session: Session
    switch: Switch
    decide: Decide
    carriers: list[Carrier]
    phone: Phone
    folder: Path
    others: list[Phone] = field(default_factory=list)

    async def call(self, number: str = "442079460000", cli: str = "441632960000", **more: Any) -> Outcome:
        """A call of the company, from its address."""
        return await self.phone.call(number, cli, **more)

    async def save(self, kind: str, record_id: int, **values: Any) -> None:
        """Save a record as an operator does; the server has seen it then."""
        records = self.session.records_of[kind]
        await records.save(await records.get(record_id), values)
        await self.seen()

    async def add(self, kind: str, **values: Any) -> int:
        """A new record: its number; the server has seen it then."""
        number = await made(self.session, kind, **values)
        await self.seen()
        return number

    async def seen(self) -> None:
        """Wait until the server knows what was done last."""
        async with self.session.database.reading() as connection:
            last = await newest(connection)
        await until(lambda: self.decide.health()["version"] >= last, "decide has seen it", self.decide.said)

    async def records(self, number: int) -> list[Call]:
        """Wait for so many records of calls, as the program reads them."""
        found = await self._records(lambda calls, _: len(calls) >= number)
        assert len(found) == number, self.switch.said()
        return found

    async def settled_records(self) -> list[Call]:
        """All records, when none came for two seconds."""
        return await self._records(lambda _, silent: silent > 2)

    async def _records(self, are_all: Callable[[list[Call], float], bool]) -> list[Call]:
        wanted, found = self.switch.wanted, list[Call]()
        async with opened(wanted.records_url) as database:
            sources: list[RecordTable | SpareFiles] = [RecordTable("switch", database)]
            if wanted.spare:
                sources.append(SpareFiles("switch", Path(wanted.spare)))
            loop = asyncio.get_running_loop()
            end = loop.time() + PATIENCE
            last = loop.time()
            while not are_all(found, loop.time() - last) and loop.time() < end:
                for source in sources:
                    calls, bad = await source.next()
                    assert not bad
                    found += calls
                    last = loop.time() if calls else last
                await asyncio.sleep(0.02)
        return found

    async def phone_at(self, host: str) -> Phone:
        """Another telephone."""
        phone = Phone(host, (self.switch.host, self.switch.port))
        await phone.open()
        self.others.append(phone)
        return phone


@pytest.fixture
def kind() -> str:
    """Records go into a file; a test with many calls asks for PostgreSQL, where none is lost."""
    return "sqlite"


@pytest.fixture
def algorithm() -> str:
    """How SIP users prove themselves."""
    return "MD5"


@pytest.fixture
def unheard() -> int:
    """Seconds that a call is up without the ACK of its caller."""
    return UNHEARD


@pytest.fixture
async def way(kind: str, request: pytest.FixtureRequest) -> AsyncIterator[OverTcp | None]:
    """The way to the server of the records; None when they go into a file."""
    if kind == "sqlite":
        yield None
        return
    server: Server = request.getfixturevalue("postgres")
    one = OverTcp(server.socket_dir / ".s.PGSQL.5432")
    await one.open()
    yield one
    await one.close()


@pytest.fixture
async def records_url(way: OverTcp | None, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The database of the records as Kamailio reaches it; "" is a file."""
    if way is None:
        yield ""
        return
    server: Server = request.getfixturevalue("postgres")
    async with server.database() as url:
        name = url.partition("@/")[2].partition("?")[0]
        yield f"postgresql://postgres@127.0.0.1:{way.port}/{name}"


@pytest.fixture
async def network(
    empty_url: str, records_url: str, algorithm: str, unheard: int, tmp_path: Path
) -> AsyncIterator[Network]:
    """A company at 127.0.0.21 that can call 44, by the first carrier and then by the second."""
    carriers = [Carrier("127.0.0.11"), Carrier("127.0.0.12")]
    for carrier in carriers:
        await carrier.open()
    switch = Switch(tmp_path / "kamailio", records=records_url, digest=algorithm, unheard=unheard)
    if records_url:
        await make_tables(records_url, (tmp_path / "kamailio" / "tables.sql").read_text("utf-8"))
    decide = Decide(tmp_path, empty_url, switch.evapi)
    phone = Phone("127.0.0.21", (switch.host, switch.port))
    await phone.open()
    async with opened(empty_url) as database:
        session = Session(database, ANA)
        whole = Network(empty_url, session, switch, decide, carriers, phone, tmp_path)
        await company(session, "127.0.0.21", [(one.host, one.port) for one in carriers])
        try:
            await switch.start()
            await decide.start()
            yield whole
        finally:
            await decide.stop()
            await switch.stop()
            for one in (phone, *whole.others):
                one.close()
            for carrier in carriers:
                carrier.close()
