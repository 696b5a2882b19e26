"""Kamailio: live calls as they change, records as they come, and what ending a call says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cx_tui.db.engine import Database
from cx_tui.domain.calls.call import Release
from cx_tui.domain.calls.ending import Ending
from cx_tui.domain.calls.events import Answered, Event, Records, Ringing, Snapshot, Started, Unread
from cx_tui.errors import Invalid, Misconfigured, NotFound, Refused, Unavailable
from cx_tui.ingest.kamailio import live
from cx_tui.ingest.kamailio.adapter import Kamailio
from cx_tui.ingest.kamailio.live import LiveCalls
from cx_tui.ingest.kamailio.records import RecordTable
from cx_tui.ingest.kamailio.rpc import Rpc
from tests.ingest.kamailios import CONFIRMED, DELETED, EARLY, UNCONFIRMED, Switch, dialog

NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
INVITED = datetime(2026, 11, 30, 3, 39, 1, 750535, tzinfo=UTC)
OWN = (
    "callid", "customer", "src_ip", "cli_in", "dialled", "cli", "number", "carrier", "tries", "sip_code",
    "sip_reason", "invited_at", "ringing_at", "answered_at", "release", "gate",
)  # fmt: skip


@asynccontextmanager
async def watched(switch: Switch) -> AsyncIterator[LiveCalls]:
    async with switch.over_http() as address:
        rpc = Rpc(address)
        yield LiveCalls("kam-1", rpc)
        await rpc.close()


def kinds(events: list[Event]) -> list[str]:
    return [type(one).__name__ for one in events]


async def test_a_call_is_told_when_it_starts_rings_and_is_answered() -> None:
    switch = Switch()
    async with watched(switch) as calls:
        switch.dialogs = [dialog(1, UNCONFIRMED)]
        started, snapshot = await calls.look(NOW)
        assert started == Started(
            source="kam-1",
            key="1-1@192.0.2.21",
            live_key="601:11001",
            customer_id=101,
            invited_at=INVITED,
            auth="i1",
            cli="442079460000",
            dialled="9441632960999",
            number="441632960999",
            carrier="sip:198.51.100.11:5060",
            route_id=12,
            src_ip="192.0.2.21",
        )
        assert snapshot == Snapshot(source="kam-1", at=NOW, calls=[started])
        switch.dialogs = [dialog(1, EARLY, ringing="1796009942.5", carrier="sip:198.51.100.12:5060")]
        ringing, again = await calls.look(NOW)
        assert ringing == Ringing(
            source="kam-1",
            key=started.key,
            at=INVITED + timedelta(microseconds=749465),
            carrier="sip:198.51.100.12:5060",
        )
        assert isinstance(again, Snapshot)
        assert again.calls[0].carrier == "sip:198.51.100.12:5060"
        switch.dialogs = [dialog(1, CONFIRMED, ringing="1796009942.5", answered="1796009943.25")]
        answered, _ = await calls.look(NOW)
        assert isinstance(answered, Answered)
        assert answered.at == INVITED + timedelta(seconds=1, microseconds=499465)


async def test_only_what_changed_is_asked_about_in_full() -> None:
    switch = Switch()
    async with watched(switch) as calls:
        switch.dialogs = [dialog(1, EARLY), dialog(2, CONFIRMED)]
        await calls.look(NOW)
        switch.asked.clear()
        assert kinds(await calls.look(NOW)) == ["Snapshot"]
        assert switch.asked == [["dlg.briefing", "cFs"]]


async def test_very_many_new_calls_are_asked_about_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "ONE_BY_ONE", 2)
    switch = Switch()
    async with watched(switch) as calls:
        switch.dialogs = [dialog(number, EARLY) for number in range(3)]
        assert kinds(await calls.look(NOW)) == ["Started"] * 3 + ["Snapshot"]
        assert switch.asked == [["dlg.briefing", "cFs"], ["dlg.profile_list", "customer"]]


async def test_a_call_that_is_over_is_in_no_snapshot_and_one_that_a_gate_refused_never_was() -> None:
    switch = Switch()
    async with watched(switch) as calls:
        switch.dialogs = [dialog(1, EARLY), dialog(2, UNCONFIRMED, gate="credit"), dialog(3, CONFIRMED)]
        await calls.look(NOW)
        switch.dialogs[0]["state"] = DELETED
        (snapshot,) = await calls.look(NOW)
        assert isinstance(snapshot, Snapshot)
        assert [one.key for one in snapshot.calls] == ["3-1@192.0.2.21"]
        switch.dialogs = []
        assert await calls.look(NOW) == [Snapshot(source="kam-1", at=NOW, calls=[])]


async def test_the_unix_socket_answers_like_http(tmp_path: Path) -> None:
    switch = Switch()
    switch.dialogs = [dialog(1, EARLY)]
    async with switch.over_socket(tmp_path / "rpc.sock") as address:
        rpc = Rpc(address)
        assert len(await rpc.call("dlg.briefing", "cFs")) == 1
        with pytest.raises(NotFound, match="Dialog not found"):
            await rpc.call("dlg.end_dlg", 1, 2)
    with pytest.raises(Unavailable, match="can't be asked"):
        await rpc.call("dlg.briefing", "cFs")


async def test_what_goes_wrong_is_said() -> None:
    switch = Switch()
    async with switch.over_http() as address:
        rpc = Rpc(address)
        with pytest.raises(Refused, match=r"Kamailio refuses dlg\.dance: Method Not Found \(500\)"):
            await rpc.call("dlg.dance")
        elsewhere = Rpc(address.replace("RPC", "other"))
        with pytest.raises(Unavailable, match="answers, but not as Kamailio does"):
            await elsewhere.call("dlg.briefing")
        await elsewhere.close()
        await rpc.close()
    with pytest.raises(Unavailable, match="can't be asked"):
        await rpc.call("dlg.briefing")
    await rpc.close()


async def table(database: Database, *, own: bool = True, kamailio: bool = True) -> None:
    """The table of records as Kamailio makes it, with the columns of our own configuration."""
    columns = ", ".join(f"{name} varchar(255) NOT NULL DEFAULT ''" for name in (OWN if own else OWN[:1]))
    start = "id integer PRIMARY KEY, start_time timestamp, end_time timestamp, duration real"
    async with database.writing() as connection:
        await connection.execute(text(f"CREATE TABLE acc_cdrs ({start}{', ' + columns if kamailio else ''})"))


async def insert(database: Database, number: int, **values: Any) -> None:
    """A record of a call of four seconds and an eighth."""
    row: dict[str, Any] = {
        "id": number,
        "start_time": datetime(2026, 11, 30, 4, 39, 3),
        "end_time": datetime(2026, 11, 30, 4, 39, 7),
        "duration": 4.125,
        "callid": f"{number}-1@192.0.2.21",
        "customer": "101",
        "sip_code": "200",
        "invited_at": "1796009941.750535",
        "ringing_at": "1796009942.5",
        "answered_at": "1796009943.25",
    } | values
    names = ", ".join(row)
    async with database.writing() as connection:
        marks = ", ".join(f":{name}" for name in row)
        await connection.execute(text(f"INSERT INTO acc_cdrs ({names}) VALUES ({marks})"), row)


async def test_records_come_in_the_order_of_their_numbers_and_once(database: Database) -> None:
    await table(database)
    records = RecordTable("kam-1", database)
    assert await records.next() == ([], [])
    await insert(database, 1)
    await insert(database, 2, answered_at="", duration=0, sip_code="486", release="carrier refused")
    calls, bad = await records.next()
    assert [(one.source_key, one.talk_ms, one.sip_code) for one in calls] == [
        ("1-1@192.0.2.21", 4125, 200),
        ("2-1@192.0.2.21", 0, 486),
    ]
    assert (calls[0].invited_at, calls[0].customer_id, bad) == (INVITED, 101, [])
    assert (await records.next())[0] == []
    again = RecordTable("kam-1", database, after=1)
    assert [one.source_key for one in (await again.next())[0]] == ["2-1@192.0.2.21"]


async def test_a_record_that_becomes_visible_behind_a_larger_number_is_not_lost(database: Database) -> None:
    await table(database)
    now = [0.0]
    records = RecordTable("kam-1", database, clock=lambda: now[0])
    await insert(database, 1)
    await records.next()
    await insert(database, 4)
    assert len((await records.next())[0]) == 1
    await insert(database, 3)
    assert [one.source_key for one in (await records.next())[0]] == ["3-1@192.0.2.21"]
    assert await records.next() == ([], [])
    now[0] = 1000.0
    await insert(database, 2)
    assert await records.next() == ([], [])


async def test_a_table_without_own_times_needs_a_zone(database: Database) -> None:
    await table(database, own=False)
    async with database.writing() as connection:
        row = {"start": datetime(2026, 11, 30, 4, 39, 3), "end": datetime(2026, 11, 30, 4, 39, 7)}
        await connection.execute(text("INSERT INTO acc_cdrs VALUES (1, :start, :end, 4.125, 'c1')"), row)
    with pytest.raises(Misconfigured, match="the table acc_cdrs of kam-1: the times in start_time have no"):
        await RecordTable("kam-1", database).next()
    calls, _ = await RecordTable("kam-1", database, zone="Europe/Vienna").next()
    assert calls[0].invited_at == datetime(2026, 11, 30, 3, 39, 3, tzinfo=UTC)
    assert calls[0].talk_ms == 4125


async def test_a_table_without_call_ids_is_refused(database: Database) -> None:
    await table(database, kamailio=False)
    async with database.writing() as connection:
        await connection.execute(text("INSERT INTO acc_cdrs (id, duration) VALUES (1, 1)"))
    with pytest.raises(Misconfigured, match=r"no column callid; add callid=\$dlg_var\(callid\) to cdr_extra"):
        await RecordTable("kam-1", database).next()
    with pytest.raises(Misconfigured, match="is not a name of a table"):
        RecordTable("kam-1", database, table="x; DROP TABLE y")


async def test_rows_that_are_no_calls_are_told_with_their_number(database: Database) -> None:
    await table(database)
    await insert(database, 7, invited_at="")
    adapter = Kamailio("kam-1", records=RecordTable("kam-1", database), seconds=0)
    events = adapter.events()
    assert isinstance(await anext(events), Records)
    assert await anext(events) == Unread(
        source="kam-1", where="record 7", sentence="has no begin: invited_at is empty"
    )


@asynccontextmanager
async def whole(switch: Switch, database: Database, patience: float = 5.0) -> AsyncIterator[Kamailio]:
    await table(database)
    async with switch.over_http() as address:
        records = RecordTable("kam-1", database)
        adapter = Kamailio("kam-1", rpc=Rpc(address), records=records, seconds=0, patience=patience)
        yield adapter
        await adapter.close()


async def test_live_calls_and_records_come_together_with_the_position(database: Database) -> None:
    switch = Switch()
    async with whole(switch, database) as adapter:
        switch.dialogs = [dialog(1, CONFIRMED)]
        await insert(database, 5)
        events = adapter.events()
        found = [await anext(events) for _ in range(4)]
        assert kinds(found) == ["Started", "Answered", "Snapshot", "Records"]
        assert isinstance(found[3], Records)
        assert (found[3].source, found[3].position) == ("kam-1", "5")
        assert adapter.name == "kam-1"


class Recording(Switch):
    """A switch that writes the record of a call that is ended at once, or before it was asked."""

    ended = False

    def hang_up(self, one: dict[str, Any]) -> None:
        super().hang_up(one)
        self.ended = True


async def test_a_call_is_ended_only_when_its_record_says_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = Recording()
    async with whole(switch, database) as adapter:
        switch.dialogs = [dialog(1, CONFIRMED)]
        looked = RecordTable.has

        async def written_meanwhile(records: RecordTable, key: str, after: int) -> bool:
            if switch.ended:
                switch.ended = False
                await insert(database, 1)
            return await looked(records, key, after)

        monkeypatch.setattr(RecordTable, "has", written_meanwhile)
        assert await adapter.end("601:11001") is Ending.ENDED
        assert ["dlg.end_dlg", 601, 11001] in switch.asked
        events = adapter.events()
        found = [await anext(events) for _ in range(2)]
        assert isinstance(found[1], Records)
        assert found[1].calls[0].release is Release.OPERATOR


async def test_without_a_record_one_leg_may_still_be_up(database: Database) -> None:
    switch = Switch()
    async with whole(switch, database, patience=0) as adapter:
        switch.dialogs = [dialog(1, CONFIRMED)]
        assert await adapter.end("601:11001") is Ending.UNSURE


async def test_ending_a_call_takes_nothing_from_who_watches(database: Database) -> None:
    switch = Switch()
    async with whole(switch, database, patience=0) as adapter:
        switch.dialogs = [dialog(1, CONFIRMED), dialog(2, CONFIRMED)]
        assert await adapter.end("602:11002") is Ending.UNSURE
        events = adapter.events()
        found = [await anext(events) for _ in range(2)]
        assert kinds(found) == ["Started", "Answered"]


async def test_a_call_that_is_not_answered_is_cancelled(database: Database) -> None:
    switch = Switch()
    async with whole(switch, database, patience=0) as adapter:
        switch.dialogs = [dialog(1, EARLY, transaction="12:34")]
        assert await adapter.end("601:11001") is Ending.UNSURE, "its record says whether it has ended"
        assert ["htable.sets", "ending", "12:34", "ask"] in switch.asked
        assert "dlg.end_dlg" not in {method for method, *_ in switch.asked}


class Answering(Switch):
    """A switch whose calls are answered while they are cancelled."""

    def cancel(self, transaction: str) -> None:
        self.dialogs[0]["state"] = CONFIRMED


async def test_a_call_that_is_answered_while_it_is_cancelled_is_ended(database: Database) -> None:
    switch = Answering()
    async with whole(switch, database, patience=0) as adapter:
        switch.dialogs = [dialog(1, EARLY, transaction="12:34")]
        await adapter.end("601:11001")
        assert switch.asked[-1] == ["dlg.end_dlg", 601, 11001]


@pytest.mark.parametrize("lacks", ["the name of the transaction", "the table"])
async def test_a_switch_that_can_not_cancel_says_so_in_plain_words(database: Database, lacks: str) -> None:
    switch = Switch()
    async with whole(switch, database) as adapter:
        said = {} if lacks == "the name of the transaction" else {"transaction": "12:34"}
        switch.dialogs, switch.cancels = [dialog(1, EARLY, **said)], lacks != "the table"
        with pytest.raises(Refused) as refused:
            await adapter.end("601:11001")
        assert str(refused.value) == (
            "nobody has answered it yet, and kam-1 can end only calls that were answered; the configuration"
            " that `cx-tui switch kamailio` writes can end all of them"
        )


async def test_a_call_that_is_not_there_is_not_ended(database: Database) -> None:
    async with whole(Switch(), database) as adapter:
        assert await adapter.end("1:2") is Ending.NOT_THERE
        with pytest.raises(Invalid, match='"Master" is not a live call of kam-1'):
            await adapter.end("Master")


async def test_records_come_while_the_live_calls_are_away(database: Database) -> None:
    await table(database)
    await insert(database, 1)
    adapter = Kamailio(
        "kam-1", rpc=Rpc("http://127.0.0.1:1/RPC"), records=RecordTable("kam-1", database), seconds=0
    )
    events = adapter.events()
    assert kinds([await anext(events)]) == ["Records"]
    await insert(database, 2)
    assert kinds([await anext(events)]) == ["Records"]
    assert "can't be asked" in adapter.trouble
    await adapter.close()


async def test_a_switch_that_is_away_altogether_is_said() -> None:
    adapter = Kamailio("kam-1", rpc=Rpc("http://127.0.0.1:1/RPC"), seconds=0)
    with pytest.raises(Unavailable, match="can't be asked"):
        await anext(adapter.events())
    await adapter.close()
