"""Row-level security in PostgreSQL.

`row_security.protect` makes the policies once all revisions are applied, also those of
tables that later revisions add. The way back takes them away: they hold the columns
that they name.
"""

from alembic import op
from sqlalchemy import text

revision = "r0022"
down_revision = "r0020"

FOUND = """
SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid
WHERE relnamespace = current_schema()::regnamespace AND polname = 'organisation'
"""


def upgrade() -> None:
    """Change nothing: see above."""


def downgrade() -> None:
    """Take the policies away."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    for table in connection.execute(text(FOUND)).scalars().all():
        op.execute(f"DROP POLICY organisation ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
