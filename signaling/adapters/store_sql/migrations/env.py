"""Alembic's entry: runs the migrations within the transaction that `migrate` hands over."""

from alembic import context

from signaling.adapters.store_sql.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot change a column in place
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
