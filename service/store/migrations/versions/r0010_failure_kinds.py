"""The kind of a failure beside its sentence.

Earlier versions kept the sentence alone, so the kinds of the jobs that are there are
read from how it begins. A worker of an earlier version that goes on beside this one
leaves the kind empty; such failures are counted as `other`.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0010"
down_revision = "r0009"

OPENINGS = {
    "Out of memory": "out_of_memory",
    "The solver crashed": "crashed",
    "The solving process was": "ended_from_outside",
    "A process that the solve had started": "ended_from_outside",
    "The solving process ended without": "without_answer",
    "The solve stopped on an error": "error",
    "What the solve found": "not_stored",
    "The solving process could not be": "not_started",
    "The worker died": "worker_lost",
}


def upgrade() -> None:
    """Apply the change."""
    op.add_column("job", sa.Column("failure_kind", sa.String(20), nullable=True))
    job = sa.table(
        "job",
        sa.column("state", sa.String()),
        sa.column("failure", sa.String()),
        sa.column("failure_kind", sa.String()),
    )
    # Not LIKE, which in SQLite takes capital and small letters for the same.
    opened = [
        (sa.func.substr(job.c.failure, 1, len(opening)) == opening, kind)
        for opening, kind in OPENINGS.items()
    ]
    kinds = sa.case(*opened, else_="other")
    op.execute(sa.update(job).where(job.c.state == "FAILED").values(failure_kind=kinds))


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("job", "failure_kind")
