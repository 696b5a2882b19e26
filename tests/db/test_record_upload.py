"""Files of any kind of record: owners and references by name, a verdict for each row, one operation."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from cx_tui.db.engine import Database
from cx_tui.domain.query import Query
from cx_tui.errors import Misconfigured
from cx_tui.services.export.exporting import Export
from cx_tui.services.session import Session
from cx_tui.services.upload import record_putting
from cx_tui.services.upload.order import Mode
from tests.db.record_uploads import Done, sent
from tests.db.sessions import ANA, add


@pytest.fixture
def session(database: Database) -> Session:
    return Session(database, ANA)


async def make(session: Session, record: str, **values: object) -> int:
    """The number of a new record."""
    return int((await session.records_of[record].create(values)).record.id)


async def found(session: Session, word: str) -> int:
    """How many customers the search box finds."""
    return await (await session.customers.list(Query(search=word))).exact_count()


CARDS = "Name,Currency,Side,Carrier\nRetail EUR,EUR,,\nNorth USD,USD,Carrier,north\nNobody,EUR,Carrier,\n"


async def test_setup_records_are_created_with_references_by_name_in_any_case(session: Session) -> None:
    await make(session, "carrier", name="North")
    done = await sent(session, "rate-card", CARDS)
    assert done.verdicts == ["create", "create", "error"]
    assert done.why(4) == "Carrier: say whose card it is"
    again = await sent(session, "rate-card", CARDS.replace("USD,Carrier", "USD,carrier"))
    assert again.verdicts == ["unchanged", "unchanged", "error"]
    assert again.summary.put.operation_id is None


async def test_a_name_that_nobody_has_is_said_and_two_of_one_name_ask_for_a_number(session: Session) -> None:
    acme = await add(session, "Acme")
    twice = [await make(session, "ip", customer_id=acme.id, address="192.0.2.1") for _ in range(2)]
    rules = "Customer,IP authentication,Current,New\nAcme,192.0.2.1,0,44\nGlobex,,0,44\n"
    done = await sent(session, "rewrite", rules)
    assert done.why(2) == (
        f'IP authentication: 2 IP authentications are called "192.0.2.1"; write a number: '
        f"#{twice[0]}, #{twice[1]}"
    )
    assert done.why(3) == 'Customer: there is no customer "Globex"'
    done = await sent(session, "rewrite", rules.replace("192.0.2.1", f"#{twice[1]}"), mode=Mode.CREATE)
    assert done.verdicts == ["create", "error"]
    (rule,) = await session.records_of["rewrite"].of_owner(acme.id)
    assert rule.ip == twice[1]


async def test_rows_of_an_upload_are_found_again_changed_and_undone_together(session: Session) -> None:
    acme, globex = await add(session, "Acme"), await add(session, "Globex")
    await sent(session, "ip", "Customer,Address,Channels\nAcme,192.0.2.1,5\nGlobex,192.0.2.1,6\n")
    assert await found(session, "192.0.2.9") == 0
    text = "Customer,Address,Channels\nacme,192.0.2.1,7\nGlobex,192.0.2.1,6\n"
    text += "Acme,192.0.2.9,1\nAcme,192.0.2.9,2\n"
    done = await sent(session, "ip", text)
    assert done.verdicts == ["update", "unchanged", "create", "duplicate"]
    assert done.changes(2) == [("Channels", "5", "7")]
    assert done.why(5) == "the same IP authentication as in line 4"
    assert await found(session, "192.0.2.9") == 1
    ips = session.records_of["ip"]
    assert [one.channels for one in await ips.of_owner(acme.id)] == [7, 1]
    operation = done.summary.put.operation_id
    assert operation
    undone = await session.log.undo(operation)
    assert (undone.records, undone.why) == (2, ())
    assert [one.channels for one in await ips.of_owner(acme.id)] == [5]
    assert [one.channels for one in await ips.of_owner(globex.id)] == [6]
    assert await found(session, "192.0.2.9") == 0


async def test_new_rules_stand_behind_the_others_of_their_owner_in_the_order_of_the_file(
    session: Session,
) -> None:
    acme, globex = await add(session, "Acme"), await add(session, "Globex")
    await make(session, "cli-rule", customer_id=acme.id, cli="1")
    await sent(session, "cli-rule", "Customer,CLI\nAcme,2\nGlobex,8\nAcme,3\nGlobex,9\n")
    rules = session.records_of["cli-rule"]
    assert [(one.cli, one.position) for one in await rules.of_owner(acme.id)] == [
        ("1", 1),
        ("2", 2),
        ("3", 3),
    ]
    assert [one.cli for one in await rules.of_owner(globex.id)] == ["8", "9"]


RATES = "Dial code,Destination,Price,Effective from\n"
RATES += "44,UK,0.01,\n447,UK Mobile,0.02,\n44,UK again,0.03,\n44x,,1,\n"


async def test_rates_of_one_card_are_blocks_of_the_log_that_undo_turns_back(session: Session) -> None:
    card = await make(session, "rate-card", name="Retail", currency="EUR")
    done = await sent(session, "rate", RATES, given={"rate_card": "Retail"})
    assert done.verdicts == ["create", "create", "duplicate", "error"]
    rates = session.records_of["rate"]
    assert [one.prefix for one in await rates.of_owner(card)] == ["44", "447"]
    assert done.summary.put.operation_id
    changes = await session.log.changes(done.summary.put.operation_id, 9)
    assert [(one.record, one.customer_id, one.in_block) for one in changes] == [("rate", 0, True)] * 2
    assert changes[0].after == {
        "prefix": "44", "destination": "UK", "rate": "0.01", "rate_card_id": f"#{card}"
    }  # fmt: skip
    undone = await session.log.undo(done.summary.put.operation_id)
    assert await rates.of_owner(card) == []
    await session.log.undo(undone.operation_id)
    assert len(await rates.of_owner(card)) == 2


async def test_problems_between_fields_are_judged_by_what_the_record_will_be(session: Session) -> None:
    acme = await add(session, "Acme")
    await sent(session, "did", "Customer,Number,Goes to,Destination\nAcme,+442071234567,External,+44205\n")
    done = await sent(session, "did", "Customer,Number,Goes to\nAcme,+442071234567,URI\n")
    assert done.verdicts == ["error"]
    assert done.why(2) == "Destination: write a SIP address like sip:101@pbx.acme.example"
    (did,) = await session.records_of["did"].of_owner(acme.id)
    assert did.destination == "+44205"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "parquet"])
async def test_what_was_exported_of_any_record_is_unchanged_in_every_row(
    session: Session, tmp_path: Path, ending: str
) -> None:
    acme = await add(session, "Acme, Inc")
    card = await make(session, "rate-card", name="Retail", currency="EUR")
    carriers = tuple([await make(session, "carrier", name=name) for name in ("North", "a,b")])
    for prefix in ("1", "1"):
        await make(session, "route", customer_id=acme.id, rate_card=card, tech_prefix=prefix)
    await make(session, "route", customer_id=acme.id, rate_card=card, exclude_carriers=carriers)
    await make(session, "rate", rate_card_id=card, prefix="44", rate=Decimal("0.000001"))
    for record in ("rate-card", "carrier", "route", "rate"):
        path = tmp_path / f"{record}.{ending}"
        count = await Export(session).of_query(path, Query(record=record, sort=()))
        done = await sent(session, record, path)
        assert done.verdicts == ["unchanged"] * count, done.rows


async def test_without_a_column_of_the_owner_nothing_is_uploaded(session: Session) -> None:
    with pytest.raises(Misconfigured, match="no column is mapped to Customer"):
        await sent(session, "ip", "Address\n192.0.2.1\n")
    done: Done = await sent(session, "ip", "Address\n192.0.2.1\n", given={"customer": "#99"})
    assert done.why(2) == 'Customer: there is no customer "#99"'


async def test_the_planner_knows_a_table_that_a_large_upload_filled_before_questions_join_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    if session.database.on_sqlite:
        pytest.skip("PostgreSQL's planner alone goes by what it counted")
    monkeypatch.setattr(record_putting, "MANY", 3)
    await add(session, "Acme")
    rows = "".join(f"Acme,192.0.2.{number}\n" for number in range(1, 6))
    await sent(session, "ip", f"Customer,Address\n{rows}")
    async with session.database.reading() as connection:
        known = await connection.execute(text("SELECT reltuples FROM pg_class WHERE relname = 'ip'"))
    assert known.scalar_one() == 5
