"""Plans that are published to participants, and the jobs that their planners order."""

import sqlalchemy as sa
from alembic import op

revision = "r0023"
down_revision = "r0024"

LINES_OF_PLANNERS = """
DELETE FROM progressline
WHERE job_sequence IN (SELECT sequence FROM job WHERE participant IS NOT NULL)
"""


def upgrade() -> None:
    """Apply the change; no plan of before is published."""
    op.create_table(
        "publication",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column(
            "organisation", sa.String(100), nullable=False, server_default="default"
        ),
        sa.Column("plan_hash", sa.String(64), nullable=False),
        sa.Column("participant", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_hash"],
            ["plandocument.content_hash"],
            name="fk_publication_plan_hash",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sa.UniqueConstraint(
            "organisation", "plan_hash", "participant", name="uq_publication_plan"
        ),
    )
    for column in ("organisation", "plan_hash", "participant"):
        op.create_index(f"ix_publication_{column}", "publication", [column])
    op.add_column("job", sa.Column("participant", sa.String(64), nullable=True))
    op.add_column("job", sa.Column("publication_id", sa.String(36), nullable=True))
    op.create_index("ix_job_participant", "job", ["participant"])


def downgrade() -> None:
    """Take the change back; earlier versions would show all jobs to everybody."""
    op.execute(LINES_OF_PLANNERS)
    op.execute("DELETE FROM job WHERE participant IS NOT NULL")
    op.drop_index("ix_job_participant", "job")
    op.drop_column("job", "publication_id")
    op.drop_column("job", "participant")
    op.drop_table("publication")
