"""Analyses of cases and plans, with jobs that make them."""

import sqlalchemy as sa
from alembic import op

revision = "r0016"
down_revision = "r0015"

REFERENCES = (
    ("analysisdocument", "case_hash"),
    ("analysisdocument", "plan_hash"),
    ("job", "analysis_hash"),
)
LINES_OF_ANALYSES = """
DELETE FROM progressline
WHERE job_sequence IN (SELECT sequence FROM job WHERE kind = 'analysis')
"""


def upgrade() -> None:
    """Apply the change; a store of before has no analysis."""
    op.create_table(
        "analysisdocument",
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("name", sa.String(30), nullable=False),
        sa.Column("case_hash", sa.String(64), nullable=False),
        sa.Column("plan_hash", sa.String(64), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_hash"],
            ["casedocument.content_hash"],
            name="fk_analysisdocument_case_hash",
        ),
        sa.ForeignKeyConstraint(
            ["plan_hash"],
            ["plandocument.content_hash"],
            name="fk_analysisdocument_plan_hash",
        ),
        sa.PrimaryKeyConstraint("content_hash", name="pk_analysisdocument"),
    )
    op.add_column("job", sa.Column("analysis", sa.String(30), nullable=True))
    # What is added inline has no name; SQLite can do no other.
    is_inline = op.get_bind().dialect.name == "sqlite"
    key = sa.ForeignKey("analysisdocument.content_hash", name="fk_job_analysis_hash")
    added = sa.Column("analysis_hash", sa.String(64), key, nullable=True)
    op.add_column("job", added, inline_references=is_inline)
    for table, column in REFERENCES:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Take the change back: tables that are older know of no analysis."""
    for table, column in REFERENCES:
        op.drop_index(f"ix_{table}_{column}", table)
    op.execute(LINES_OF_ANALYSES)
    op.execute("DELETE FROM job WHERE kind = 'analysis'")
    for column in ("analysis_hash", "analysis"):
        op.drop_column("job", column)
    op.drop_table("analysisdocument")
