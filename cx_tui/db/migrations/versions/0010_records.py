"""The records of a customer's card, and what the company has that customers refer to."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"

MOMENT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(18, 6).with_variant(sa.BigInteger(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
KEPT: Any = {"sqlite_where": sa.text("deleted_at IS NULL"), "postgresql_where": sa.text("deleted_at IS NULL")}


def upgrade() -> None:
    op.create_table(
        "reseller",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reseller")),
    )
    op.create_index("uq_reseller_name", "reseller", ["name"], unique=True, **KEPT)
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("login", sa.String(63), nullable=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("reseller", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reseller"], ["reseller.id"], name=op.f("fk_users_reseller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_index("ix_users_reseller", "users", ["reseller"])
    op.create_index("uq_users_login", "users", ["login"], unique=True, **KEPT)
    op.create_index("uq_users_name", "users", ["name"], unique=True, **KEPT)
    op.create_table(
        "domain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(253), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("portal_areas", JSON, nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain")),
    )
    op.create_index("uq_domain_name", "domain", ["name"], unique=True, **KEPT)
    op.create_table(
        "invoice_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("series", sa.String(20), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.Column("footer", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_template")),
    )
    op.create_index("uq_invoice_template_name", "invoice_template", ["name"], unique=True, **KEPT)
    op.create_table(
        "number_range",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_range")),
    )
    op.create_index("uq_number_range_name", "number_range", ["name"], unique=True, **KEPT)
    op.create_table(
        "carrier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("flow_speed", sa.Integer(), nullable=False),
        sa.Column("addresses", JSON, nullable=False),
        sa.Column("protocol", sa.String(20), nullable=False),
        sa.Column("port", sa.Integer(), nullable=True),
        sa.Column("tech_prefix", sa.String(20), nullable=False),
        sa.Column("codecs", JSON, nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier")),
    )
    op.create_index("uq_carrier_name", "carrier", ["name"], unique=True, **KEPT)
    op.create_table(
        "rate_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("side", sa.String(20), nullable=False),
        sa.Column("carrier", sa.Integer(), nullable=True),
        sa.Column("direction", sa.String(20), nullable=False),
        sa.Column("revision", sa.String(40), nullable=False),
        sa.Column("valid_from", MOMENT, nullable=True),
        sa.Column("strategy", sa.String(20), nullable=False),
        sa.Column("duration_rounding", sa.String(20), nullable=False),
        sa.Column("duration_step", sa.Integer(), nullable=False),
        sa.Column("cost_rounding", sa.String(20), nullable=False),
        sa.Column("cost_decimals", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("pulse", sa.Integer(), nullable=False),
        sa.Column("connect_fee", MONEY, nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["carrier"], ["carrier.id"], name=op.f("fk_rate_card_carrier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_card")),
    )
    op.create_index("ix_rate_card_carrier", "rate_card", ["carrier"])
    op.create_index("uq_rate_card_name", "rate_card", ["name"], unique=True, **KEPT)
    op.create_table(
        "rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("prefix", sa.String(20), nullable=False),
        sa.Column("destination", sa.String(120), nullable=False),
        sa.Column("rate", MONEY, nullable=False),
        sa.Column("connect_fee", MONEY, nullable=True),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("pulse", sa.Integer(), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("valid_from", MOMENT, nullable=True),
        sa.Column("valid_to", MOMENT, nullable=True),
        sa.Column("rate_card_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rate_card_id"], ["rate_card.id"], name=op.f("fk_rate_rate_card_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate")),
    )
    op.create_index("ix_rate_rate_card_id", "rate", ["rate_card_id"])
    op.create_index(
        "uq_rate_rate_card_id_prefix_valid_from",
        "rate",
        ["rate_card_id", "prefix", "valid_from"],
        unique=True,
        **KEPT,
    )
    op.create_table(
        "supply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("carrier_card", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("share", MONEY, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("rate_card_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["carrier_card"], ["rate_card.id"], name=op.f("fk_supply_carrier_card")),
        sa.ForeignKeyConstraint(
            ["rate_card_id"], ["rate_card.id"], name=op.f("fk_supply_rate_card_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply")),
    )
    op.create_index("ix_supply_carrier_card", "supply", ["carrier_card"])
    op.create_index("ix_supply_rate_card_id", "supply", ["rate_card_id"])
    op.create_index(
        "uq_supply_rate_card_id_carrier_card", "supply", ["rate_card_id", "carrier_card"], unique=True, **KEPT
    )
    op.create_table(
        "prefix_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("prefixes", JSON, nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prefix_set")),
    )
    op.create_index("uq_prefix_set_name", "prefix_set", ["name"], unique=True, **KEPT)
    op.create_table(
        "package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("type", sa.String(20), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("cost", MONEY, nullable=False),
        sa.Column("setup_cost", MONEY, nullable=False),
        sa.Column("retail", MONEY, nullable=False),
        sa.Column("setup_retail", MONEY, nullable=False),
        sa.Column("frequency", sa.String(20), nullable=False),
        sa.Column("days", JSON, nullable=False),
        sa.Column("minimum_days", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("destinations", JSON, nullable=False),
        sa.Column("minimum_spend", MONEY, nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
    )
    op.create_index("uq_package_name", "package", ["name"], unique=True, **KEPT)
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    op.create_index("uq_contract_name_revision", "contract", ["name", "revision"], unique=True, **KEPT)
    op.create_table(
        "number_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_number_block_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_block")),
    )
    op.create_index("ix_number_block_customer_id", "number_block", ["customer_id"])
    op.create_index("uq_number_block_first", "number_block", ["first"], unique=True, **KEPT)
    op.create_table(
        "ip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("address", sa.String(253), nullable=False),
        sa.Column("direction", sa.String(20), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("flow_speed", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("protocol", sa.String(20), nullable=False),
        sa.Column("port", sa.Integer(), nullable=True),
        sa.Column("dial_pattern", sa.String(20), nullable=False),
        sa.Column("tech_prefix", sa.String(20), nullable=False),
        sa.Column("cli_prefix", sa.String(20), nullable=False),
        sa.Column("strip_digits", sa.Integer(), nullable=False),
        sa.Column("cli_authentication", sa.Boolean(), nullable=False),
        sa.Column("bandwidth", sa.Integer(), nullable=False),
        sa.Column("manufacturer", sa.String(60), nullable=False),
        sa.Column("firmware", sa.String(60), nullable=False),
        sa.Column("force_nat", sa.Boolean(), nullable=False),
        sa.Column("disable_nat", sa.Boolean(), nullable=False),
        sa.Column("intercept_reinvite", sa.Boolean(), nullable=False),
        sa.Column("outbound_proxy", sa.String(253), nullable=False),
        sa.Column("codecs", JSON, nullable=False),
        sa.Column("force_from", sa.String(120), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_ip_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ip")),
    )
    op.create_index("ix_ip_address", "ip", ["address"])
    op.create_index("ix_ip_customer_id", "ip", ["customer_id"])
    op.create_table(
        "sip_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("flow_speed", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("protocol", sa.String(20), nullable=False),
        sa.Column("allowed_ips", JSON, nullable=False),
        sa.Column("ping", sa.String(20), nullable=False),
        sa.Column("retain_did", sa.Boolean(), nullable=False),
        sa.Column("codecs", JSON, nullable=False),
        sa.Column("voicemail", sa.Boolean(), nullable=False),
        sa.Column("voicemail_email", sa.String(254), nullable=False),
        sa.Column("voicemail_pin", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_sip_user_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sip_user")),
    )
    op.create_index("ix_sip_user_customer_id", "sip_user", ["customer_id"])
    op.create_index("uq_sip_user_username", "sip_user", ["username"], unique=True, **KEPT)
    op.create_table(
        "rewrite",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("ip", sa.Integer(), nullable=True),
        sa.Column("sip_user", sa.Integer(), nullable=True),
        sa.Column("parameter", sa.String(20), nullable=False),
        sa.Column("match", sa.String(20), nullable=False),
        sa.Column("current", sa.String(500), nullable=False),
        sa.Column("new", sa.String(200), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_rewrite_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ip"], ["ip.id"], name=op.f("fk_rewrite_ip")),
        sa.ForeignKeyConstraint(["sip_user"], ["sip_user.id"], name=op.f("fk_rewrite_sip_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rewrite")),
    )
    op.create_index("ix_rewrite_customer_id", "rewrite", ["customer_id", "position"])
    op.create_index("ix_rewrite_ip", "rewrite", ["ip"])
    op.create_index("ix_rewrite_sip_user", "rewrite", ["sip_user"])
    op.create_table(
        "route",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("target", sa.String(20), nullable=False),
        sa.Column("rate_card", sa.Integer(), nullable=True),
        sa.Column("tech_prefix", sa.String(20), nullable=False),
        sa.Column("dial_string", sa.String(500), nullable=False),
        sa.Column("prefix_set", sa.Integer(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lock_carriers", JSON, nullable=False),
        sa.Column("exclude_carriers", JSON, nullable=False),
        sa.Column("allow_loss", sa.Boolean(), nullable=False),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("flow_speed", sa.Integer(), nullable=False),
        sa.Column("spike_buffer", sa.Integer(), nullable=False),
        sa.Column("max_duration", sa.Integer(), nullable=False),
        sa.Column("redial_count", sa.Integer(), nullable=False),
        sa.Column("redial_period", sa.Integer(), nullable=False),
        sa.Column("block_types", JSON, nullable=False),
        sa.Column("fraud_profile", sa.String(60), nullable=False),
        sa.Column("fraud_mode", sa.String(20), nullable=False),
        sa.Column("recording", sa.String(20), nullable=False),
        sa.Column("sip_ping", sa.Boolean(), nullable=False),
        sa.Column("session_timer", sa.Integer(), nullable=False),
        sa.Column("media_proxy", sa.String(20), nullable=False),
        sa.Column("media_zone", sa.String(60), nullable=False),
        sa.Column("transcoding_channels", sa.Integer(), nullable=False),
        sa.Column("on_net", sa.Boolean(), nullable=False),
        sa.Column("public_notes", sa.Text(), nullable=False),
        sa.Column("private_notes", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_route_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["prefix_set"], ["prefix_set.id"], name=op.f("fk_route_prefix_set")),
        sa.ForeignKeyConstraint(["rate_card"], ["rate_card.id"], name=op.f("fk_route_rate_card")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route")),
    )
    op.create_index("ix_route_customer_id", "route", ["customer_id", "position"])
    op.create_index("ix_route_prefix_set", "route", ["prefix_set"])
    op.create_index("ix_route_rate_card", "route", ["rate_card"])
    op.create_table(
        "cli_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("cli", sa.String(500), nullable=False),
        sa.Column("paid_match", sa.String(500), nullable=False),
        sa.Column("rewrite_cli", sa.String(200), nullable=False),
        sa.Column("rewrite_paid", sa.String(200), nullable=False),
        sa.Column("forced", sa.Boolean(), nullable=False),
        sa.Column("direction", sa.String(20), nullable=False),
        sa.Column("dialled", sa.String(500), nullable=False),
        sa.Column("use_did", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_cli_rule_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cli_rule")),
    )
    op.create_index("ix_cli_rule_customer_id", "cli_rule", ["customer_id", "position"])
    op.create_table(
        "did",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("destination_type", sa.String(20), nullable=False),
        sa.Column("destination", sa.String(254), nullable=False),
        sa.Column("customer_card", sa.Integer(), nullable=True),
        sa.Column("channels", sa.Integer(), nullable=False),
        sa.Column("flow_speed", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.Integer(), nullable=True),
        sa.Column("carrier_card", sa.Integer(), nullable=True),
        sa.Column("cost", MONEY, nullable=False),
        sa.Column("retail", MONEY, nullable=False),
        sa.Column("package", sa.Integer(), nullable=True),
        sa.Column("retain_name", sa.Boolean(), nullable=False),
        sa.Column("recording", sa.String(20), nullable=False),
        sa.Column("max_duration", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["carrier"], ["carrier.id"], name=op.f("fk_did_carrier")),
        sa.ForeignKeyConstraint(["carrier_card"], ["rate_card.id"], name=op.f("fk_did_carrier_card")),
        sa.ForeignKeyConstraint(["customer_card"], ["rate_card.id"], name=op.f("fk_did_customer_card")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_did_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["package"], ["package.id"], name=op.f("fk_did_package")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_did")),
    )
    op.create_index("ix_did_carrier", "did", ["carrier"])
    op.create_index("ix_did_carrier_card", "did", ["carrier_card"])
    op.create_index("ix_did_customer_card", "did", ["customer_card"])
    op.create_index("ix_did_customer_id", "did", ["customer_id"])
    op.create_index("ix_did_package", "did", ["package"])
    op.create_index("uq_did_number", "did", ["number"], unique=True, **KEPT)
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("total", MONEY, nullable=False),
        sa.Column("fee", MONEY, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("confirm", sa.Boolean(), nullable=False),
        sa.Column("completed_at", MOMENT, nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_payment_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index("ix_payment_customer_id", "payment", ["customer_id"])
    op.create_table(
        "customer_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("package", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("auto_decrement", sa.Boolean(), nullable=False),
        sa.Column("did", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_package_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["did"], ["did.id"], name=op.f("fk_customer_package_did")),
        sa.ForeignKeyConstraint(["package"], ["package.id"], name=op.f("fk_customer_package_package")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_package")),
    )
    op.create_index("ix_customer_package_customer_id", "customer_package", ["customer_id"])
    op.create_index("ix_customer_package_did", "customer_package", ["did"])
    op.create_index("ix_customer_package_package", "customer_package", ["package"])
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("series", sa.String(20), nullable=False),
        sa.Column("number", sa.String(40), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("net", MONEY, nullable=False),
        sa.Column("tax_percent", MONEY, nullable=False),
        sa.Column("tax", MONEY, nullable=False),
        sa.Column("total", MONEY, nullable=False),
        sa.Column("paid", MONEY, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=True),
        sa.Column("credits", sa.Integer(), nullable=True),
        sa.Column("template", sa.Integer(), nullable=True),
        sa.Column("public_notes", sa.Text(), nullable=False),
        sa.Column("private_notes", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["credits"], ["invoice.id"], name=op.f("fk_invoice_credits")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_invoice_customer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["template"], ["invoice_template.id"], name=op.f("fk_invoice_template")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
    )
    op.create_index("ix_invoice_credits", "invoice", ["credits"])
    op.create_index("ix_invoice_customer_id", "invoice", ["customer_id"])
    op.create_index("ix_invoice_template", "invoice", ["template"])
    op.create_index("uq_invoice_number", "invoice", ["number"], unique=True, **KEPT)
    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("quantity", MONEY, nullable=False),
        sa.Column("price", MONEY, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
    )
    op.create_index("ix_invoice_line_invoice_id", "invoice_line", ["invoice_id", "position"])
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("invoice", sa.Integer(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["invoice"], ["invoice.id"], name=op.f("fk_allocation_invoice")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment.id"], name=op.f("fk_allocation_payment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
    )
    op.create_index("ix_allocation_invoice", "allocation", ["invoice"])
    op.create_index("ix_allocation_payment_id", "allocation", ["payment_id"])
    op.create_index(
        "uq_allocation_payment_id_invoice", "allocation", ["payment_id", "invoice"], unique=True, **KEPT
    )
    op.create_table(
        "customer_contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("contract", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("grace_date", sa.Date(), nullable=True),
        sa.Column("signed_at", MOMENT, nullable=True),
        sa.Column("signed_by", sa.String(120), nullable=False),
        sa.Column("signed_from", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contract"], ["contract.id"], name=op.f("fk_customer_contract_contract")),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_customer_contract_customer_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_contract")),
    )
    op.create_index("ix_customer_contract_contract", "customer_contract", ["contract"])
    op.create_index("ix_customer_contract_customer_id", "customer_contract", ["customer_id"])
    op.create_index(
        "uq_customer_contract_customer_id_contract",
        "customer_contract",
        ["customer_id", "contract"],
        unique=True,
        **KEPT,
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("area", sa.String(20), nullable=False),
        sa.Column("operator", sa.String(20), nullable=False),
        sa.Column("threshold", MONEY, nullable=False),
        sa.Column("reset", MONEY, nullable=True),
        sa.Column("sample", sa.Integer(), nullable=False),
        sa.Column("minimum_calls", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("penalty", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(80), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("contacts", sa.Boolean(), nullable=False),
        sa.Column("recipients", JSON, nullable=False),
        sa.Column("fired_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("value", MONEY, nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_alert_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index("ix_alert_customer_id", "alert", ["customer_id"])
    op.create_index("uq_alert_title", "alert", ["title"], unique=True, **KEPT)


def downgrade() -> None:
    op.drop_table("alert")
    op.drop_table("customer_contract")
    op.drop_table("allocation")
    op.drop_table("invoice_line")
    op.drop_table("invoice")
    op.drop_table("customer_package")
    op.drop_table("payment")
    op.drop_table("did")
    op.drop_table("cli_rule")
    op.drop_table("route")
    op.drop_table("rewrite")
    op.drop_table("sip_user")
    op.drop_table("ip")
    op.drop_table("number_block")
    op.drop_table("contract")
    op.drop_table("package")
    op.drop_table("prefix_set")
    op.drop_table("supply")
    op.drop_table("rate")
    op.drop_table("rate_card")
    op.drop_table("carrier")
    op.drop_table("number_range")
    op.drop_table("invoice_template")
    op.drop_table("domain")
    op.drop_table("users")
    op.drop_table("reseller")
