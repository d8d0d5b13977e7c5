"""The store on SQLAlchemy: SQLite (one file) by default, PostgreSQL through the same code."""

from signaling.adapters.store_sql.migrate import SchemaState, migrate, schema_state
from signaling.adapters.store_sql.prepare import is_there, prepare
from signaling.adapters.store_sql.store import SqlStore, open_store

__all__ = ["SchemaState", "SqlStore", "is_there", "migrate", "open_store", "prepare", "schema_state"]
