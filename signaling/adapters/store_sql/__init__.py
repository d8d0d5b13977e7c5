"""The store on SQLAlchemy: SQLite (one file) by default, PostgreSQL through the same code."""

from signaling.adapters.store_sql.migrate import migrate, schema_state
from signaling.adapters.store_sql.store import SqlStore, open_store

__all__ = ["SqlStore", "migrate", "open_store", "schema_state"]
