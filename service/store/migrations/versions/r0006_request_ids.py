"""The request that a job came with."""

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"


def upgrade() -> None:
    """Apply the change; existing jobs have none."""
    op.add_column("job", sa.Column("request_id", sa.String(128)))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("job", "request_id")
