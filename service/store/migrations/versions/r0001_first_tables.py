"""The first tables: documents, jobs, progress."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "casedocument",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("number_of_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_casedocument"),
        sa.UniqueConstraint("content_hash", name="uq_casedocument_content_hash"),
    )
    op.create_table(
        "plandocument",
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("case_hash", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_hash"],
            ["casedocument.content_hash"],
            name="fk_plandocument_case_hash",
        ),
        sa.PrimaryKeyConstraint("content_hash", name="pk_plandocument"),
    )
    op.create_table(
        "job",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "QUEUED",
                "RUNNING",
                "SUCCEEDED",
                "FAILED",
                "CANCELLED",
                name="state",
                native_enum=False,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("case_hash", sa.String(64), nullable=False),
        sa.Column("solved_case_hash", sa.String(64), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("termination", sa.String(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("conflict", sa.JSON(), nullable=False),
        sa.Column("plan_hash", sa.String(64), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("idempotency_key", sa.String(255), nullable=True),
        sa.Column("order_fingerprint", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_hash"], ["casedocument.content_hash"], name="fk_job_case_hash"
        ),
        sa.ForeignKeyConstraint(
            ["plan_hash"], ["plandocument.content_hash"], name="fk_job_plan_hash"
        ),
        sa.ForeignKeyConstraint(
            ["solved_case_hash"],
            ["casedocument.content_hash"],
            name="fk_job_solved_case_hash",
        ),
        sa.PrimaryKeyConstraint("sequence", name="pk_job"),
        sa.UniqueConstraint("id", name="uq_job_id"),
        sa.UniqueConstraint("idempotency_key", name="uq_job_idempotency_key"),
    )
    op.create_index("ix_job_state", "job", ["state"])
    op.create_table(
        "progressline",
        sa.Column("job_sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_sequence"], ["job.sequence"], name="fk_progressline_job_sequence"
        ),
        sa.PrimaryKeyConstraint("job_sequence", "number", name="pk_progressline"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("progressline")
    op.drop_index("ix_job_state", "job")
    op.drop_table("job")
    op.drop_table("plandocument")
    op.drop_table("casedocument")
