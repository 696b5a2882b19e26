"""An upload of records other than customers: the same steps through a file, with simpler tables to write."""

from contextlib import AsyncExitStack, suppress

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from cx_tui.db import bulk_writing
from cx_tui.services.changes.pipeline import pipelined
from cx_tui.services.upload.judging import Judge
from cx_tui.services.upload.record_existing import RecordExisting
from cx_tui.services.upload.record_judging import RecordJudge
from cx_tui.services.upload.record_putting import RecordPutting
from cx_tui.services.upload.record_rules import ruled
from cx_tui.services.upload.rejects import Rejects
from cx_tui.services.upload.uploading import Finds, Parts, TurnedBack, Upload


class RecordUpload(Upload):
    """One upload of a file of records of one kind, by one person."""

    def _made_judge(self) -> Judge:
        return RecordJudge(self._order, self._fields, self._database.engine.dialect)

    async def _existing(self, connection: AsyncConnection, beside: AsyncConnection) -> Finds:
        return RecordExisting(beside, self._order.record, self._fields)

    async def _ruled(self, connection: AsyncConnection, rows: pl.DataFrame) -> pl.DataFrame:
        return await ruled(connection, self._order.record, rows)

    async def _write(self, parts: Parts, rejects: Rejects) -> None:
        summary = self._summary
        with suppress(TurnedBack):
            # What was there before is asked beside the transaction, which has new records already.
            async with (
                self._database.reading() as beside,
                bulk_writing.writing_much(self._database) as connection,
                AsyncExitStack() as meanwhile,
                pipelined(cancel=not self._database.on_sqlite) as pipeline,
            ):
                putting = RecordPutting(
                    connection, beside, self._who, self._order, self._fields, self._report, pipeline,
                    meanwhile,
                )  # fmt: skip
                await self._work(connection, beside, parts, rejects, putting)
                if self._order.all_or_nothing and summary.rejected:
                    raise TurnedBack
                summary.put = await putting.finish()
                rejects.finish()
                self._report("keeping it", summary.rows, summary.rows)
            summary.written = True
