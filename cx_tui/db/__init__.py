"""Where things are kept: SQLAlchemy Core over plain records, on SQLite and PostgreSQL."""
