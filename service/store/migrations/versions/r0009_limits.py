"""What a job may use at most."""

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision = "r0008"


def upgrade() -> None:
    """Apply the change; the jobs that are there have what their worker gives them."""
    op.add_column("job", sa.Column("memory_limit_bytes", sa.BigInteger()))
    op.add_column("job", sa.Column("number_of_threads", sa.Integer()))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("job", "number_of_threads")
    op.drop_column("job", "memory_limit_bytes")
