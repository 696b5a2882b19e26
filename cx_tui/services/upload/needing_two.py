"""Rows of customers that one person alone may not write: a file is no way around a second person."""

from collections.abc import Iterator

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import approvals
from cx_tui.domain.approvals import Rule, Rules, why_change
from cx_tui.domain.fields import fields_of
from cx_tui.domain.records.customer import Customer, Status
from cx_tui.services.upload.judged import VERDICT, WHY, now, text
from cx_tui.services.upload.order import Verdict

CREDIT, STATUS = "debit_limit", "status"
INSTEAD = "change it in the form of this customer, which asks for one"


class NeedingTwo:
    """The rules that hold as an upload begins, asked of its rows."""

    def __init__(self) -> None:
        self._rules: Rules | None = None

    async def judged(self, connection: AsyncConnection, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows, of which those that would be written and need a second person are wrong."""
        if not {text(CREDIT), text(STATUS)} & set(rows.columns):
            return rows
        if self._rules is None:
            self._rules = await approvals.rules(connection)
        written = pl.col(VERDICT).is_in([Verdict.CREATE.value, Verdict.UPDATE.value])
        for against, why in _against(self._rules, rows):
            which = written & against.fill_null(False)
            rows = rows.with_columns(
                pl.when(which).then(pl.lit(f"{why}; {INSTEAD}")).otherwise(WHY).alias(WHY),
                pl.when(which).then(pl.lit(Verdict.ERROR.value)).otherwise(VERDICT).alias(VERDICT),
            )
        return rows


def _against(rules: Rules, rows: pl.DataFrame) -> Iterator[tuple[pl.Expr, str]]:
    """Which rows need a second person, and why."""
    limit = rules.get(Rule.CREDIT)
    if limit is not None and text(CREDIT) in rows.columns:
        new = _amount(text(CREDIT))
        was = _amount(now(CREDIT)) if now(CREDIT) in rows.columns else pl.lit(None, pl.Float64)
        raised = (new > was).fill_null(True)
        yield (new > float(limit)) & raised, why_change({Rule.CREDIT: limit}, {}, {CREDIT: limit + 1})
    if Rule.PENALTY in rules and text(STATUS) in rows.columns and now(STATUS) in rows.columns:
        penalty = fields_of(Customer)[STATUS].write(Status.PENALTY)
        left = (pl.col(now(STATUS)) == penalty) & (pl.col(text(STATUS)) != penalty)
        yield left, why_change(rules, {STATUS: Status.PENALTY}, {STATUS: Status.ACTIVE})


def _amount(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64, strict=False)
