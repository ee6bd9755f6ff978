"""Evaluations of plans, with jobs that make them."""

import sqlalchemy as sa
from alembic import op

revision = "r0008"
down_revision = "r0007"

REFERENCES = (
    ("evaluationdocument", "plan_hash"),
    ("job", "evaluated_plan_hash"),
    ("job", "evaluation_hash"),
)
LINES_OF_EVALUATIONS = """
DELETE FROM progressline
WHERE job_sequence IN (SELECT sequence FROM job WHERE kind <> 'solve')
"""


def upgrade() -> None:
    """Apply the change; all jobs that are there are solves."""
    op.create_table(
        "evaluationdocument",
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("plan_hash", sa.String(64), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_hash"],
            ["plandocument.content_hash"],
            name="fk_evaluationdocument_plan_hash",
        ),
        sa.PrimaryKeyConstraint("content_hash", name="pk_evaluationdocument"),
    )
    kind = sa.Column("kind", sa.String(20), nullable=False, server_default="solve")
    op.add_column("job", kind)
    # What is added inline has no name; SQLite can do no other.
    is_inline = op.get_bind().dialect.name == "sqlite"
    for column, target in (
        ("evaluated_plan_hash", "plandocument"),
        ("evaluation_hash", "evaluationdocument"),
    ):
        key = sa.ForeignKey(f"{target}.content_hash", name=f"fk_job_{column}")
        added = sa.Column(column, sa.String(64), key, nullable=True)
        op.add_column("job", added, inline_references=is_inline)
    for table, column in REFERENCES:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    """Take the change back: tables that are older know of no evaluation."""
    for table, column in REFERENCES:
        op.drop_index(f"ix_{table}_{column}", table)
    op.execute(LINES_OF_EVALUATIONS)
    op.execute("DELETE FROM job WHERE kind <> 'solve'")
    for column in ("evaluation_hash", "evaluated_plan_hash", "kind"):
        op.drop_column("job", column)
    op.drop_table("evaluationdocument")
