"""What a variant changes beside values and a merge patch."""

import sqlalchemy as sa
from alembic import op

revision = "r0011"
down_revision = "r0010"


def upgrade() -> None:
    """Apply the change; the variants that are there have nothing else."""
    op.add_column("batchvariant", sa.Column("overlay", sa.JSON()))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("batchvariant", "overlay")
