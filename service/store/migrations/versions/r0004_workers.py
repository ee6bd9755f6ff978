"""Workers with leases, and what a job says of the worker that has it."""

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"

NUMBERS = ("lost_attempts", "ticket")


def upgrade() -> None:
    """Apply the change; no worker has a job of before."""
    op.create_table(
        "worker",
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("number_of_slots", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
    )
    op.add_column("job", sa.Column("worker_id", sa.String(255), nullable=True))
    for name in NUMBERS:
        number = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("job", number)
    op.add_column(
        "job",
        sa.Column(
            "is_in_queue", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )


def downgrade() -> None:
    """Take the change back."""
    for name in ("is_in_queue", *NUMBERS, "worker_id"):
        op.drop_column("job", name)
    op.drop_table("worker")
