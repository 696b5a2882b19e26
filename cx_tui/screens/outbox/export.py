"""The messages of a job as a CSV file."""

import asyncio
import csv
import io
from pathlib import Path

from cx_tui.config import folders
from cx_tui.domain.outbox import Job, Message
from cx_tui.domain.sms import is_e164
from cx_tui.screens.progress import Report
from cx_tui.services.session import Session

STRIDE = 2_000
TITLES = (
    "Message", "To", "Address", "Customer", "Customer id", "State", "Attempts", "Due", "Sent", "Answer",
    "Delivery", "Reference",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def export(session: Session, job: Job, total: int, path: Path, report: Report) -> int:
    """Write all messages of a job to a file that only its owner can read; says how many they were."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(TITLES)
    done = after = 0
    while found := await session.outbox.messages(job.id, STRIDE, after):
        names = await session.log.names(sorted({one.customer_id for one in found}))
        writer.writerows(_cells(one, names.get(one.customer_id, "")) for one in found)
        after, done = found[-1].id, done + len(found)
        report(done, max(total, done))
    # Lone surrogates are in no encoding; a sign in their place is better than no file.
    whole = text.getvalue().encode("utf-8", "replace").decode()
    await asyncio.to_thread(folders.write_private, path, whole)
    return done


def _cells(one: Message, customer: str) -> list[str]:
    texts = [
        str(one.id), one.name, one.address, customer, str(one.customer_id), one.state.label,
        str(one.attempts), one.due_at.isoformat(), one.sent_at.isoformat() if one.sent_at else "",
        one.answer, one.delivery, one.reference,
    ]  # fmt: skip
    return [_harmless(text) for text in texts]


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) and not is_e164(text) else text
