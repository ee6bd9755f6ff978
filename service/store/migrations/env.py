"""How Alembic runs the migrations: on the connection that it is given."""

from alembic import context
from sqlalchemy import Connection

from models.tables import Row

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    # SQLite cannot alter a table; batches copy it.
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
