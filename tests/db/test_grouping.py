"""Records in groups: totals are exact, currencies stay apart, what is empty is not counted as 0."""

from decimal import Decimal

import pytest

from cx_tui.db import groups as db_groups
from cx_tui.db import shared_work
from cx_tui.db.engine import Database
from cx_tui.domain.query import Query
from cx_tui.errors import Misconfigured
from cx_tui.services.lists.grouping import Grouped, grouping_of, groups
from cx_tui.services.session import Session
from tests.db.sessions import ANA, add

HUGE = Decimal("999999999999")


@pytest.fixture
async def session(database: Database) -> Session:
    """Customers of two countries and two currencies, some with very large limits."""
    session = Session(database, ANA)
    for number in range(12):
        await add(
            session, f"Big {number}", debit_limit=HUGE, currency="EUR", country="DE", daily_limit=Decimal(1)
        )
    await add(session, "Small", debit_limit=Decimal("0.000001"), currency="EUR", country="GB")
    await add(session, "Other", debit_limit=Decimal("2.5"), currency="USD", country="GB", channels=7)
    return session


async def grouped(session: Session, by: str, totals: str, pivot: str = "", **query: str) -> list[object]:
    """The groups of customers."""
    return list(await groups(session.database, Query(**query), grouping_of("customer", by, totals, pivot)))  # type: ignore[arg-type]  # texts


async def test_sums_are_exact_also_above_64_bits_and_currencies_stay_apart(session: Session) -> None:
    assert await grouped(session, "country", "count,sum:debit-limit,avg:daily-limit") == [
        {"country": "DE", "currency": "EUR", "count": 12, "sum:debit-limit": "11999999999988.00",
         "avg:daily-limit": "1.00"},
        {"country": "GB", "currency": "EUR", "count": 1, "sum:debit-limit": "0.000001",
         "avg:daily-limit": None},
        {"country": "GB", "currency": "USD", "count": 1, "sum:debit-limit": "2.50",
         "avg:daily-limit": None},
    ]  # fmt: skip
    assert await grouped(session, "currency", "sum:channels,max:channels", where="country:GB") == [
        {"currency": "EUR", "sum:channels": 0, "max:channels": 0},
        {"currency": "USD", "sum:channels": 7, "max:channels": 7},
    ]


async def test_a_pivot_has_the_values_of_a_column_side_by_side(session: Session) -> None:
    assert await grouped(session, "country", "count", "currency") == [
        {"country": "DE", "pivot": {"EUR": {"count": 12}}},
        {"country": "GB", "pivot": {"EUR": {"count": 1}, "USD": {"count": 1}}},
    ]


async def test_amounts_of_records_are_in_the_currency_of_their_owner(session: Session) -> None:
    for owner, total in ((1, 5), (2, 6), (14, 7)):
        await session.records_of["payment"].create({"customer_id": owner, "total": Decimal(total)})
    wanted = grouping_of("payment", "status", "sum:total,count")
    assert await groups(session.database, Query(record="payment", sort=()), wanted) == [
        {"status": "Pending", "currency": "EUR", "sum:total": "11.00", "count": 2},
        {"status": "Pending", "currency": "USD", "sum:total": "7.00", "count": 1},
    ]
    wanted = grouping_of("payment", "customer", "max:total")
    found = await groups(session.database, Query(record="payment", search="other", sort=()), wanted)
    assert [group["max:total"] for group in found] == ["7.00"]


async def test_groups_are_chosen_by_their_totals(session: Session) -> None:
    async def chosen(by: str, having: str, totals: str = "count", pivot: str = "") -> list[object]:
        wanted = grouping_of("customer", by, totals, pivot, having)
        return list(await groups(session.database, Query(), wanted))

    assert await chosen("country", "count>2") == [{"country": "DE", "count": 12}]
    assert await chosen("country", "count=2..12") == await chosen("country", "count>1")
    assert await chosen("country", "count > 1 AND sum:channels>=7") == [{"country": "GB", "count": 2}]
    # Amounts are compared in their own currency; nothing holds of a total that is not there.
    (only,) = await chosen("country", "sum:debit-limit<5USD", "count,sum:debit-limit")
    assert only == {"country": "GB", "currency": "USD", "count": 1, "sum:debit-limit": "2.50"}
    assert await chosen("country", "avg:daily-limit<1000") == [
        {"country": "DE", "currency": "EUR", "count": 12}
    ]
    # Of a pivot the rows are chosen, by the totals of whole rows.
    assert await chosen("country", "distinct:currency>1", "count", "currency") == [
        {"country": "GB", "pivot": {"EUR": {"count": 1}, "USD": {"count": 1}}}
    ]
    assert await chosen("country", "count>12") == []


async def test_different_values_are_never_added_up(session: Session) -> None:
    wanted = grouping_of("customer", "country,currency", "distinct:channels,count")
    found = await Grouped(session.database, Query()).ask(wanted, levels=True)
    (total, _) = wanted.totals
    finest = [total.value(group.parts) for group in found.groups]
    assert finest == [1, 1, 1]
    # Of both currencies of GB: 0 and 7 channels; of all countries still these two.
    assert [total.value(group.parts) for group in found.rolled(["country"]).groups] == [1, 2]
    assert [total.value(group.parts) for group in found.whole()] == [2]
    # Where it was not asked, it is said of nobody.
    left = found.only(["country", "currency"], lambda group: True)
    assert total.shown(left.whole()[0].parts) == ""


async def test_what_was_asked_for_amounts_gives_counts_of_all_currencies(session: Session) -> None:
    grouped = Grouped(session.database, Query())
    await grouped.ask(grouping_of("customer", "country,status", "count,sum:debit-limit"))
    again = grouping_of("customer", "country", "count", having="count>1")
    found = again.only(await grouped.ask(again))
    assert [(group.key, group.parts["count", ""]) for group in found.groups] == [(("DE",), 12), (("GB",), 2)]


async def test_what_is_empty_is_one_group(session: Session) -> None:
    acme = await session.records.get(1)
    await session.records.save(acme, {"website": "https://a.example"})
    await session.records.save(await session.records.get(1), {"website": ""})
    assert await grouped(session, "website", "count") == [{"website": "", "count": 14}]
    assert await grouped(session, "daily-limit", "count") == [
        {"daily_limit": None, "count": 2},
        {"daily_limit": "1.00", "count": 12},
    ]


async def test_texts_of_any_signs_and_huge_sums_are_the_same_in_groups_of_very_many(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    towns = ['Foo, "Bar"', "a\\b", "tab\tand\x01", "null", "[1,2]", "Ünï, 日本", "", "it's", "Foo", "Foo,"]
    for number, town in enumerate(towns, 1):
        await session.records.save(await session.records.get(number), {"city": town, "debit_limit": -HUGE})
    totals = "count,sum:debit-limit,min:debit-limit,avg:daily-limit,sum:channels,distinct:city"
    asked = await grouped(session, "city", totals)
    monkeypatch.setattr(db_groups, "FEW", 0)
    monkeypatch.setattr(shared_work, "AT_A_TIME", 4)
    assert await grouped(session, "city", totals) == asked
    assert len(asked) > len(towns)
    assert await grouped(session, "city", totals, where="name:nobody") == []


async def test_groups_of_customers_are_not_inflated_by_a_filter_on_what_they_have(session: Session) -> None:
    for owner, name in ((13, "Joe"), (13, "Ann"), (14, "Joe")):
        await session.records_of["contact"].create({"customer_id": owner, "name": name})
    where = "has:contact contact.name:j,a"
    assert await grouped(session, "country", "count,sum:channels", where=where) == [
        {"country": "GB", "count": 2, "sum:channels": 7}
    ]


def test_what_is_no_condition_on_a_total_is_said() -> None:
    for having, why in (
        ("credit<0", 'total'), ("count", "is no condition"), ("count>many", "Count: .* is not a number"),
        ("sum:name>1", "no numbers"), ("count>1,000", "is no condition"), ("count>5EUR", "have a currency"),
    ):  # fmt: skip
        with pytest.raises(Misconfigured, match=why):
            grouping_of("customer", "country", "count", having=having)


def test_what_can_not_be_totalled_is_said() -> None:
    for totals, why in (("sum", "is not a total"), ("sum:name", "no numbers"), ("sum:created", "no numbers")):
        with pytest.raises(Misconfigured, match=why):
            grouping_of("customer", "country", totals)
    with pytest.raises(Misconfigured, match='there is no column "colour"'):
        grouping_of("customer", "colour", "count")
