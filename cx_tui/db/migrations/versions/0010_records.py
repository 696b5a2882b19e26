"""The records of a customer's card."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
