"""Rounds: rights on offer, and sealed offers of participants."""

import sqlalchemy as sa
from alembic import op

revision = "r0019"
down_revision = "r0018"

DEFAULT = "default"


def upgrade() -> None:
    """Apply the change."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "round",
        sa.Column(
            "organisation", sa.String(100), nullable=False, server_default=DEFAULT
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("case_hash", sa.String(64), nullable=False),
        sa.Column("rights", sa.JSON(), nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("closes_at", instant, nullable=False),
        sa.Column("cancelled_at", instant, nullable=True),
        sa.Column("published_at", instant, nullable=True),
        sa.Column("plan_hash", sa.String(64), nullable=True),
        sa.Column("explanation_hash", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_hash"], ["casedocument.content_hash"], name="fk_round_case_hash"
        ),
        sa.ForeignKeyConstraint(
            ["plan_hash"], ["plandocument.content_hash"], name="fk_round_plan_hash"
        ),
        sa.ForeignKeyConstraint(
            ["explanation_hash"],
            ["analysisdocument.content_hash"],
            name="fk_round_explanation_hash",
        ),
        sa.PrimaryKeyConstraint("sequence", name="pk_round"),
        sa.UniqueConstraint("id", name="uq_round_id"),
    )
    op.create_index("ix_round_organisation", "round", ["organisation"])
    op.create_table(
        "roundoffer",
        sa.Column(
            "organisation", sa.String(100), nullable=False, server_default=DEFAULT
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("round_sequence", sa.Integer(), nullable=False),
        sa.Column("participant", sa.String(64), nullable=False),
        sa.Column("right", sa.String(64), nullable=False),
        sa.Column("minimum_lots", sa.Integer(), nullable=False),
        sa.Column("maximum_lots", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("changed_at", instant, nullable=False),
        sa.Column("withdrawn_at", instant, nullable=True),
        sa.ForeignKeyConstraint(
            ["round_sequence"], ["round.sequence"], name="fk_roundoffer_round_sequence"
        ),
        sa.PrimaryKeyConstraint("sequence", name="pk_roundoffer"),
        sa.UniqueConstraint(
            "round_sequence",
            "participant",
            "right",
            name="uq_roundoffer_round_sequence",
        ),
    )
    op.create_index("ix_roundoffer_organisation", "roundoffer", ["organisation"])
    op.create_index("ix_roundoffer_round_sequence", "roundoffer", ["round_sequence"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("roundoffer")
    op.drop_table("round")
