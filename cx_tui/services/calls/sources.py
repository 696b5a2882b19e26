"""The sources of calls that the settings name, opened."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from cx_tui.config.sources import CallSource
from cx_tui.domain.calls.ending import Ending
from cx_tui.errors import Misconfigured
from cx_tui.ingest.adapter import Adapter, Recognise, nobody
from cx_tui.ingest.simulator import Population, Simulator


def open_source(
    name: str,
    source: CallSource,
    until_closed: AsyncExitStack,
    *,
    position: str = "",
    recognise: Recognise = nobody,
    population: Population | None = None,
) -> Adapter:
    """The source, where it was left at `position`; what it opens is closed with `until_closed`."""
    if source.kind == "folder":
        return _folder(name, source, position, recognise)
    if source.kind == "kamailio":
        return _kamailio(name, source, position, recognise, until_closed)
    return Simulator(population or Population(), source.rate, name=name)


def ends_of(sources: Mapping[str, CallSource]) -> dict[str, Callable[[str], Awaitable[Ending]]]:
    """What ends live calls, by source: of switches that can be asked, whoever reads them."""
    return {name: partial(_end, name, one) for name, one in sources.items() if one.rpc}


async def _end(name: str, source: CallSource, live_key: str) -> Ending:
    async with AsyncExitStack() as until_closed:
        return await open_source(name, source, until_closed).end(live_key)


def by_name(sources: Mapping[str, CallSource], name: str) -> CallSource:
    """One of the sources of the settings."""
    if name not in sources:
        known = "there are " + ", ".join(sources)
        advice = known if sources else f"add a table [sources.{name}] to the settings"
        raise Misconfigured(f'there is no source "{name}"; {advice}')
    return sources[name]


def _folder(name: str, source: CallSource, position: str, recognise: Recognise) -> Adapter:
    from cx_tui.ingest.files.reading import CallFile, open_calls  # it needs polars
    from cx_tui.ingest.folder import WatchedFolder
    from cx_tui.ingest.mapping import parse

    mapping = parse(source.map)

    def open_file(path: Path) -> CallFile:
        return open_calls(
            path, name, format=source.format, mapping=mapping, zone=source.zone, recognise=recognise
        )

    folder = Path(source.folder).expanduser()
    return WatchedFolder(
        name, folder, open_file, pattern=source.pattern, position=position, seconds=source.seconds
    )


def _kamailio(
    name: str, source: CallSource, position: str, recognise: Recognise, until_closed: AsyncExitStack
) -> Adapter:
    from cx_tui.db.engine import connect
    from cx_tui.ingest.kamailio.adapter import Kamailio
    from cx_tui.ingest.kamailio.records import RecordTable  # it needs polars
    from cx_tui.ingest.kamailio.rpc import Rpc
    from cx_tui.ingest.kamailio.spare import SpareFiles

    after, _, in_spare = position.partition(" ")
    records = None
    if source.database:
        database = connect(source.database, read_only=True)
        until_closed.push_async_callback(database.close)
        records = RecordTable(
            name, database, table=source.table, zone=source.zone, after=int(after or 0), recognise=recognise
        )
    spare = None
    if source.spare:
        folder = Path(source.spare).expanduser()
        spare = SpareFiles(name, folder, table=source.table, position=in_spare, recognise=recognise)
    rpc = Rpc(source.rpc) if source.rpc else None
    adapter = Kamailio(
        name, rpc=rpc, records=records, spare=spare, profile=source.profile, seconds=source.seconds
    )
    until_closed.push_async_callback(adapter.close)
    return adapter
