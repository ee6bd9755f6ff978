"""The warnings of each variant of a batch.

A batch of before has none.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0012"
down_revision = "r0011"


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "batchvariant", sa.Column("warnings", sa.JSON(none_as_null=True), nullable=True)
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("batchvariant", "warnings")
