"""A database that has gone without a word, as when a network fails: it is said soon, and nothing is lost."""

from pathlib import Path

import pytest

from cx_tui.db import schema
from cx_tui.services.session import Session
from tests.conftest import opened
from tests.db.sessions import ANA, add
from tests.db.test_following import BEN, followed
from tests.faults.own_postgres import Link, own_postgres


@pytest.mark.slow
async def test_a_stalled_link_is_noticed_and_what_was_missed_comes_when_it_flows(tmp_path: Path) -> None:
    with own_postgres() as server:
        straight, link = server.url("postgres"), Link(tmp_path / "link", server)
        try:
            async with opened(straight) as other:
                await schema.upgrade(other)
                async with followed(link.url("postgres"), ANA) as (_, told):
                    link.stall()
                    await told.until(lambda: told.links)
                    assert told.links == ["the database does not answer"]
                    acme = await add(Session(other, BEN), "Acme")
                    link.flow()
                    await told.until(lambda: told.links[-1] == "back")
                    await told.until(lambda: any(("customer", acme.id) in news.touched for news in told.news))
        finally:
            link.close()
