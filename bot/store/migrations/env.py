"""How Alembic runs a migration: on the connection and in the transaction of whoever upgrades.

Nothing is committed here, so a kill in the middle leaves the old state.
"""

from alembic import context

from bot.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
