"""The plan that an analysis compares with, and what a correction in a ledger corrects.

A job names the first, so that it is there when the job runs; the second has an index.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0030"
down_revision = "r0029"

COLUMN, INDEX = "compared_plan_hash", "ix_job_compared_plan_hash"
CORRECTS = "ix_reserveentry_corrects"


def upgrade() -> None:
    """Apply the change; a plan that is gone cannot be named."""
    # What is added inline has no name; SQLite can do no other.
    is_inline = op.get_bind().dialect.name == "sqlite"
    key = sa.ForeignKey("plandocument.content_hash", name=f"fk_job_{COLUMN}")
    added = sa.Column(COLUMN, sa.String(64), key, nullable=True)
    op.add_column("job", added, inline_references=is_inline)
    op.create_index(INDEX, "job", [COLUMN])
    op.create_index(CORRECTS, "reserveentry", ["corrects"])
    job = sa.table(
        "job",
        sa.column("analysis", sa.String()),
        sa.column("options", sa.JSON()),
        sa.column(COLUMN, sa.String()),
    )
    against = job.c.options["against"].as_string()
    plan = sa.table("plandocument", sa.column("content_hash", sa.String()))
    is_there = sa.exists().where(plan.c.content_hash == against)
    compares = job.c.analysis == "compare-plans"
    op.execute(sa.update(job).where(compares, is_there).values({COLUMN: against}))


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(CORRECTS, "reserveentry")
    op.drop_index(INDEX, "job")
    op.drop_column("job", COLUMN)
