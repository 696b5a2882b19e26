"""Sealed days in a bucket: written, read, recalculated and checked as in a folder."""

from collections.abc import Iterator
from datetime import timedelta

import polars as pl
import pytest

from cx_tui.calls.checking import Checking
from cx_tui.calls.months import Months
from cx_tui.calls.parquet import ParquetCalls
from cx_tui.calls.places import Files
from cx_tui.calls.sealing import Sealing
from cx_tui.db.calls.storing import store
from cx_tui.db.engine import Database
from cx_tui.domain.calls.call import Call
from cx_tui.domain.calls.figures import day_of
from cx_tui.domain.calls.query import CallQuery
from cx_tui.domain.query import Sort
from cx_tui.errors import CxError
from cx_tui.services.calls.listing import CallList
from tests.calls.bucket import Bucket, bucket
from tests.calls.made import NOON, a_call, counted, many, priced, put, recounted, some_customers

CALLS = many(300, days=2)
DAYS = sorted({day_of(call.invited_at) for call in CALLS})


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    """A server that this process finds: one for all tests, as polars remembers where a bucket is."""
    with bucket() as found, pytest.MonkeyPatch.context() as monkeypatch:
        for name, value in found.env.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def far(server: Bucket) -> Bucket:
    """An empty bucket."""
    server.objects.clear()
    return server


@pytest.fixture
async def sealing(database: Database, far: Bucket) -> Sealing:
    """Calls of three days, all sealed into the bucket."""
    await some_customers(database)
    await put(database, CALLS)
    made = Sealing(database, Files("s3://calls/sealed"))
    for day in DAYS:
        await made.seal(day)
    return made


async def differences(sealing: Sealing) -> list[str]:
    return [str(one) async for one in Checking(sealing).differences()]


def newest(calls: list[Call]) -> list[str]:
    return [call.source_key for call in sorted(calls, key=lambda call: call.invited_at, reverse=True)]


async def test_days_in_a_bucket_are_read_as_those_in_a_folder(sealing: Sealing, far: Bucket) -> None:
    assert len(far.objects) == len(DAYS)
    assert all(path.startswith("/calls/sealed/2026/06/calls-2026-06-") for path in far.objects)
    calls = ParquetCalls(sealing)
    rows = await CallList(sealing.database, calls, CallQuery()).rows(0, 50)
    assert [one.source_key for one in rows] == newest(CALLS)[:50]
    of_one = CallQuery(3, sort=(Sort("talk", descending=True),))
    found = await CallList(sealing.database, calls, of_one).rows(0, 10)
    wanted = sorted((one.talk_ms for one in CALLS if one.customer_id == 3), reverse=True)[:10]
    assert [one.talk_ms for one in found] == wanted
    assert await differences(sealing) == []


async def test_the_same_again_and_late_ones_are_counted_once(sealing: Sealing, far: Bucket) -> None:
    late = a_call("late", at=NOON - timedelta(days=1), talk=60, dialled="44")
    async with sealing.database.writing() as connection:
        stored = await store(connection, [*CALLS, late], priced, sealing.in_files)
    assert (len(stored.new), stored.known, stored.late) == (1, len(CALLS), 1)
    await sealing.seal(day_of(late.invited_at))
    assert await counted(sealing.database) == recounted([*CALLS, late])
    assert await differences(sealing) == []


async def test_a_month_is_put_together_there(sealing: Sealing, far: Bucket) -> None:
    before = len(far.objects)
    await Months(sealing).put_together(DAYS[0])
    assert len(far.objects) > before
    assert await CallList(sealing.database, ParquetCalls(sealing), CallQuery()).exact_count() == len(CALLS)
    assert await differences(sealing) == []


async def test_an_object_that_is_gone_or_cut_is_said(sealing: Sealing, far: Bucket) -> None:
    first, second, *_ = sorted(far.objects)
    del far.objects[first]
    far.objects[second] = far.objects[second][:-40]
    found = await differences(sealing)
    assert len([one for one in found if "can't be read" in one]) == 2
    with pytest.raises(CxError):
        await CallList(sealing.database, ParquetCalls(sealing), CallQuery()).rows(250, 50)


def test_a_large_file_goes_there_in_parts_and_comes_back_whole(far: Bucket) -> None:
    files = Files("s3://calls/sealed")
    noise = pl.DataFrame({"n": range(3_000_000)}).select(pl.col.n.hash(1))
    files.write("large.parquet", noise.lazy())
    assert len(far.objects["/calls/sealed/large.parquet"]) > 8_000_000
    assert files.scan("large.parquet").collect().equals(noise)
    assert files.damage("large.parquet", "") == ""
