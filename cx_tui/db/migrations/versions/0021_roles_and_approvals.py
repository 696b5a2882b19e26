"""The log says as whom something was done and guards itself; requests for acts that need a second person;
changes that are turned back unless they are confirmed.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MONEY = sa.BigInteger().with_variant(sa.Numeric(18, 6), "postgresql")

# Of the tables' owner nothing can be kept: who owns a table can take its triggers away.
OWNER = "pg_has_role({who}, (SELECT relowner FROM pg_class WHERE oid = {table}), 'MEMBER')"

ROLE = f"""
CREATE FUNCTION cx_role() RETURNS text LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT CASE WHEN {OWNER.format(who="session_user", table="'operation'::regclass")} THEN 'owner'
    ELSE coalesce((
        SELECT substr(rolname, 4) FROM pg_roles
        WHERE rolname IN ('cx_viewer', 'cx_support', 'cx_operator', 'cx_finance', 'cx_admin')
        AND pg_has_role(session_user, oid, 'MEMBER')
        ORDER BY array_position(
            ARRAY['cx_viewer', 'cx_support', 'cx_operator', 'cx_finance', 'cx_admin'], rolname::text) DESC
        LIMIT 1), '') END $$
"""  # noqa: S608  # texts of ours

STAMP = """
CREATE FUNCTION cx_log_stamp() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.login := session_user;
    NEW.role := cx_role();
    RETURN NEW;
END $$
"""

# An operation that is still being written may be finished, or be none when it changed nothing.  Its row is of
# this transaction when it is visible and its transaction, or a part of it, has not ended.
GUARD = f"""
CREATE FUNCTION cx_log_guard() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    top bigint := pg_current_xact_id()::text::bigint;
    part bigint;
BEGIN
    IF {OWNER.format(who="current_user", table="TG_RELID")} THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD WHEN 'UPDATE' THEN NEW END;
    END IF;
    IF TG_TABLE_NAME = 'operation' AND TG_OP <> 'TRUNCATE' THEN
        part := (OLD.xmin::text::bigint - top) & 4294967295;
        IF part < 2147483648 AND pg_xact_status((top + part)::text::xid8) = 'in progress' THEN
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            IF NEW.login = OLD.login AND NEW.role = OLD.role THEN RETURN NEW; END IF;
        ELSIF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'undone_by' = to_jsonb(OLD) - 'undone_by'
            AND (NEW.undone_by IS NULL OR EXISTS (
                SELECT FROM operation o WHERE o.id = NEW.undone_by AND o.undoes = OLD.id
            ))
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the log is never changed' USING ERRCODE = 'CX001';
END $$
"""

# A request is decided by another login than the one that asked, by another person, in time, and once.
APPROVAL = f"""
CREATE FUNCTION cx_approval_guard() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    kept text[] := ARRAY['state', 'decided_at', 'decided_who', 'decided_origin', 'decided_login', 'said',
        'operation_id'];
    refused CONSTANT text := 'CX001';
BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN
        IF {OWNER.format(who="current_user", table="TG_RELID")} THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'a request is never deleted' USING ERRCODE = refused;
    END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.login := session_user;
        NEW.at := statement_timestamp();
        NEW.decided_login := '';
        IF NEW.state <> 'waiting' OR NEW.expires_at <= NEW.at THEN
            RAISE EXCEPTION 'a new request waits, and expires later' USING ERRCODE = refused;
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - kept <> to_jsonb(OLD) - kept THEN
        RAISE EXCEPTION 'a request is never changed; ask anew' USING ERRCODE = refused;
    END IF;
    NEW.decided_login := session_user;
    IF OLD.state = 'waiting' AND NEW.state = 'applying' THEN
        IF OLD.login = session_user THEN
            RAISE EXCEPTION 'who asked can''t approve: another login has to' USING ERRCODE = refused;
        ELSIF NEW.decided_who = '' OR lower(NEW.decided_who) = lower(OLD.who) THEN
            RAISE EXCEPTION 'who asked can''t approve: another person has to' USING ERRCODE = refused;
        ELSIF OLD.expires_at <= statement_timestamp() THEN
            RAISE EXCEPTION 'the request has expired; ask anew' USING ERRCODE = refused;
        END IF;
        RETURN NEW;
    ELSIF OLD.state = 'applying' AND NEW.state IN ('done', 'void') AND OLD.decided_login = session_user THEN
        RETURN NEW;
    ELSIF OLD.state = 'waiting' AND NEW.state IN ('refused', 'void') THEN
        RETURN NEW;
    ELSIF OLD.state = 'waiting' AND NEW.state = 'expired' AND OLD.expires_at <= statement_timestamp() THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the request is % already', OLD.state USING ERRCODE = refused;
END $$
"""

# What needs a second person is refused without the request that this transaction is applying.  What the
# owner's worker does for everybody, such as lifting a penalty whose time is over, needs none.
CUSTOMER = f"""
CREATE FUNCTION cx_four_eyes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    most numeric := (SELECT above FROM four_eyes WHERE rule = 'credit');
    was numeric := 0;
    what text;
BEGIN
    IF {OWNER.format(who="session_user", table="TG_RELID")} THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
        was := OLD.debit_limit;
        IF OLD.status = 'penalty' AND NEW.status <> 'penalty'
            AND EXISTS (SELECT FROM four_eyes WHERE rule = 'penalty')
        THEN what := 'status'; END IF;
    END IF;
    IF NEW.debit_limit > most AND NEW.debit_limit > was THEN what := 'debit_limit'; END IF;
    IF what IS NOT NULL AND NOT EXISTS (
        SELECT FROM approval a
        WHERE a.state = 'applying' AND a.decided_login = session_user AND a.login <> session_user
        AND a.record = 'customer' AND a.ids @> to_jsonb(NEW.id) AND a.wanted ? what
        AND (what <> 'debit_limit' OR (a.wanted ->> 'debit_limit')::numeric = NEW.debit_limit)
    ) THEN
        RAISE EXCEPTION 'it needs a second person: ask for approval' USING ERRCODE = 'CX001';
    END IF;
    RETURN NEW;
END $$
"""  # noqa: S608  # texts of ours

TRIGGERS = (
    "CREATE TRIGGER operation_stamp BEFORE INSERT ON operation FOR EACH ROW EXECUTE FUNCTION cx_log_stamp()",
    "CREATE TRIGGER operation_guard BEFORE UPDATE OR DELETE ON operation FOR EACH ROW"
    " EXECUTE FUNCTION cx_log_guard()",
    *(
        f"CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
        " EXECUTE FUNCTION cx_log_guard()"
        for table in ("change", "block")
    ),
    *(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
        " EXECUTE FUNCTION cx_log_guard()"
        for table in ("operation", "change", "block")
    ),
    "CREATE TRIGGER approval_guard BEFORE INSERT OR UPDATE OR DELETE ON approval FOR EACH ROW"
    " EXECUTE FUNCTION cx_approval_guard()",
    "CREATE TRIGGER approval_no_truncate BEFORE TRUNCATE ON approval FOR EACH STATEMENT"
    " EXECUTE FUNCTION cx_approval_guard()",
)


def upgrade() -> None:
    for name, length in (("host", 120), ("login", 63), ("role", 20)):
        op.add_column("operation", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.add_column("delayed", sa.Column("reverts", sa.Integer(), nullable=True))
    op.create_table(
        "four_eyes",
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("above", MONEY, nullable=False),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_four_eyes")),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("login", sa.String(63), nullable=False),
        sa.Column("act", sa.String(20), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("why", sa.String(300), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("record", sa.String(20), nullable=False),
        sa.Column("ids", JSON, nullable=False),
        sa.Column("base", JSON, nullable=False),
        sa.Column("wanted", JSON, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_who", sa.String(120), nullable=False),
        sa.Column("decided_origin", sa.String(200), nullable=False),
        sa.Column("decided_login", sa.String(63), nullable=False),
        sa.Column("said", sa.String(1000), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index("ix_approval_state", "approval", ["state"])
    if op.get_bind().dialect.name == "sqlite":
        return  # who can write the file can do anything to it: its mode says who that is
    for statement in (ROLE, STAMP, GUARD, APPROVAL, CUSTOMER, *TRIGGERS):
        # Not as text with parameters: there are colons in it.
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    raise NotImplementedError("a database is not turned back: restore its copy")
