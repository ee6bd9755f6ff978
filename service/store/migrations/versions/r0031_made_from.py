"""The case that a case was made from, as the organisation that stored it has it."""

import sqlalchemy as sa
from alembic import op

revision = "r0031"
down_revision = "r0030"

COLUMN, INDEX = "made_from", "ix_caseaccess_made_from"


def upgrade() -> None:
    """Apply the change; of cases of before it is not known."""
    if op.get_bind().dialect.name == "postgresql":
        # Earlier migrations of the same transaction may have added deferred references.
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.add_column("caseaccess", sa.Column(COLUMN, sa.String(64), nullable=True))
    op.create_index(INDEX, "caseaccess", [COLUMN])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(INDEX, "caseaccess")
    op.drop_column("caseaccess", COLUMN)
