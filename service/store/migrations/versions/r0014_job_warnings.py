"""The warnings of each job, about its case and its plan.

A job of before has none.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0014"
down_revision = "r0013"


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "job", sa.Column("warnings", sa.JSON(none_as_null=True), nullable=True)
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("job", "warnings")
