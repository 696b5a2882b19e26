"""Where things are kept: SQLAlchemy Core over plain records, on SQLite and PostgreSQL."""

from cx_tui.db.engine_only import load_engine_alone

load_engine_alone()
