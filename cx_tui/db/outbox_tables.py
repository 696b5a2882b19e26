"""The tables of what is sent: templates, jobs, their files and messages."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, text

from cx_tui.db.tables import columns_of, metadata, of_customer
from cx_tui.db.types import Utc
from cx_tui.domain.outbox import Job, Message, Template

template = Table("template", metadata, *columns_of(Template))

job = Table("job", metadata, *columns_of(Job))

job_file = Table(
    "job_file",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Integer, ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

message = Table("message", metadata, *columns_of(Message), of_customer())
"""Messages.  Their subject and body are the job's, unless fields of the customer are in them.  `claim` is of
the program that is sending it; only who has the claim may say what came of it."""

UNSENT = text("state IN ('queued', 'delayed')")
CLAIMED = text("claim IS NOT NULL")
LOOKED_AT = text("look_at IS NOT NULL")

worker = Table(
    "worker",
    metadata,
    Column("token", String(120), primary_key=True),
    Column("seen_at", Utc, nullable=False),
)
"""Programs that send; what one had claimed that is not seen any more is free again."""

pause = Table(
    "pause",
    metadata,
    Column("way", String(20), primary_key=True),
    Column("since", Utc, nullable=False),
    Column("said", String(500), nullable=False),
)
"""Why nothing is sent on a way for the moment."""
