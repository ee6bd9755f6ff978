"""Which of two queued jobs is next."""

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"


def upgrade() -> None:
    """Apply the change; jobs of before are as soon as any."""
    priority = sa.Column("priority", sa.Integer(), nullable=False, server_default="0")
    op.add_column("job", priority)


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("job", "priority")
