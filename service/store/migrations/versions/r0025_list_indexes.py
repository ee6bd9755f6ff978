"""Indexes of lists: a page of an organisation is found without rows of the others.

Otherwise a database may walk back over all rows, and the time that it takes tells how
many the others have stored since.
"""

from alembic import op

revision = "r0025"
down_revision = "r0023"

LISTED = ("auditentry", "batch", "job", "round")


def upgrade() -> None:
    """Apply the change."""
    for table in LISTED:
        columns = ["organisation", "sequence"]
        op.create_index(f"ix_{table}_organisation_sequence", table, columns)


def downgrade() -> None:
    """Take the change back."""
    for table in LISTED:
        op.drop_index(f"ix_{table}_organisation_sequence", table)
