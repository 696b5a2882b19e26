"""Authentications and routes are counted: until now nobody had any."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for name in ("authentications", "routes", "shared_ips"):
        op.execute(f"UPDATE counters SET {name} = 0 WHERE {name} IS NULL")  # noqa: S608  # names of ours
    # The numbers of warnings that are kept are those of before.
    op.execute("UPDATE kept_at SET moment = NULL")


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
