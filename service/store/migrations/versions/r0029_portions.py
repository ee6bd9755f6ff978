"""Portions of jobs, and the parts of answers that are found before their end."""

import sqlalchemy as sa
from alembic import op

revision = "r0029"
down_revision = "r0027"

LINES_OF_PORTIONS = """
DELETE FROM progressline
WHERE job_sequence IN (SELECT sequence FROM job WHERE kind = 'portion')
"""


def upgrade() -> None:
    """Apply the change; no job of before has a portion."""
    op.create_table(
        "foundpart",
        sa.Column("job_sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("found_with", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_sequence"], ["job.sequence"], name="fk_foundpart_job_sequence"
        ),
        sa.PrimaryKeyConstraint("job_sequence", "number", name="pk_foundpart"),
    )
    # What is added inline has no name; SQLite can do no other.
    is_inline = op.get_bind().dialect.name == "sqlite"
    key = sa.ForeignKey("job.id", name="fk_job_portion_of")
    added = sa.Column("portion_of", sa.String(36), key, nullable=True)
    op.add_column("job", added, inline_references=is_inline)
    op.add_column("job", sa.Column("parts", sa.JSON(), nullable=True))
    op.create_index("ix_job_portion_of", "job", ["portion_of"])


def downgrade() -> None:
    """Take the change back; the whole jobs are then run by one worker each."""
    op.drop_index("ix_job_portion_of", "job")
    op.execute(LINES_OF_PORTIONS)
    op.execute("DELETE FROM job WHERE kind = 'portion'")
    for column in ("parts", "portion_of"):
        op.drop_column("job", column)
    op.drop_table("foundpart")
