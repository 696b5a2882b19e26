"""How a price list differs from the revision before: what is new, changed, the same, and gone."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl
from sqlalchemy import or_, select

from cx_tui.db.engine import Database, ask
from cx_tui.db.tables import table_named
from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.rate_card import Rate
from cx_tui.services.rates.pricing import card_named
from cx_tui.services.upload.judged import VERDICT, text
from cx_tui.services.upload.order import REJECTED

COMPARED = ("destination", "rate", "connect_fee", "minimum", "pulse", "blocked")
NAMED = 20
"""So many prefixes that are changed or gone are named; the rest is counted."""


@dataclass
class Difference:
    """A new price list against the rates of a card that hold just before it."""

    before: pl.DataFrame
    """A row for each prefix, with the texts of what is compared."""
    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(self, rows: pl.DataFrame) -> None:
        """Take rows of the list that were judged."""
        good = rows.filter(~pl.col(VERDICT).is_in([verdict.value for verdict in REJECTED]))
        names = [name for name in ("prefix", *COMPARED) if text(name) in good.columns]
        self.parts.append(good.select(pl.col(text(name)).alias(name) for name in names))

    def facts(self) -> dict[str, Any]:
        """How many prefixes are new, changed, the same and gone, and some that are changed or gone."""
        new = (
            pl.concat(self.parts)
            if self.parts
            else pl.DataFrame({"prefix": []}, schema={"prefix": pl.String})
        )
        names = [name for name in COMPARED if name in new.columns]
        both = new.join(self.before, on="prefix", how="inner", suffix=" before", maintain_order="left")
        differ = pl.any_horizontal(
            pl.lit(False),
            *(pl.col(name).is_not_null() & (pl.col(name) != pl.col(f"{name} before")) for name in names),
        )
        changed = both.filter(differ)
        gone = self.before.join(new, on="prefix", how="anti", maintain_order="left")
        return {
            "new": len(new) - len(both), "changed": len(changed), "same": len(both) - len(changed),
            "gone": len(gone), "changes": [_change(row, names) for row in changed.head(NAMED).to_dicts()],
            "gone_prefixes": gone["prefix"].head(NAMED).to_list(),
        }  # fmt: skip


def _change(row: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """What becomes of a prefix."""
    said: dict[str, Any] = {"prefix": row["prefix"]}
    for name in names:
        if row[name] is not None and row[name] != row[f"{name} before"]:
            said[name] = {"before": row[f"{name} before"], "after": row[name]}
    return said


async def before(database: Database, card: str, moment: datetime) -> Difference:
    """The rates of a card that hold just before a moment, to be compared with a list that is valid then."""
    own = table_named("rate").c
    async with database.reading() as connection:
        card_id = await card_named(connection, card)
        wanted = select(own.prefix, *(own[name] for name in COMPARED)).where(
            own.rate_card_id == card_id, own.deleted_at.is_(None),
            or_(own.valid_from.is_(None), own.valid_from < moment),
            or_(own.valid_to.is_(None), own.valid_to >= moment),
        )  # fmt: skip
        # Of several for a prefix the one that began last holds: it comes last.
        rows = await ask(connection, wanted.order_by(own.valid_from.is_not(None), own.valid_from, own.id))
    fields = fields_of(Rate)
    columns = list(zip(*rows, strict=True)) or [()] * (1 + len(COMPARED))
    frame = {
        name: pl.Series(fields[name].write_each(values), dtype=pl.String)
        for name, values in zip(("prefix", *COMPARED), columns, strict=True)
    }
    return Difference(pl.DataFrame(frame).unique("prefix", keep="last", maintain_order=True))
