"""Rights after their award: a ledger, and transfers."""

import sqlalchemy as sa
from alembic import op

revision = "r0024"
down_revision = "r0022"

DEFAULT = "default"


def upgrade() -> None:
    """Apply the change. Awards that were published before are in no ledger."""
    instant = sa.DateTime(timezone=True)
    _create(
        "ledgerentry",
        sa.Column("participant", sa.String(64), nullable=False),
        sa.Column("right", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("tonnes", sa.Float(), nullable=False),
        sa.Column("paid_usd", sa.Float(), nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("at", instant, nullable=False),
    )
    _create(
        "righttransfer",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("right", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("lots", sa.Integer(), nullable=False),
        sa.Column("offered_at", instant, nullable=False),
        sa.Column("withdrawn_at", instant, nullable=True),
        sa.Column("taker", sa.String(64), nullable=True),
        sa.Column("taken_at", instant, nullable=True),
        sa.Column("consented_at", instant, nullable=True),
        sa.Column("refused_at", instant, nullable=True),
        sa.UniqueConstraint("id", name="uq_righttransfer_id"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("righttransfer")
    op.drop_table("ledgerentry")


def _create(table: str, *parts: sa.Column[object] | sa.UniqueConstraint) -> None:
    """Create a table of rows about a round that belong to an organisation."""
    op.create_table(
        table,
        sa.Column(
            "organisation", sa.String(100), nullable=False, server_default=DEFAULT
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("round_sequence", sa.Integer(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(
            ["round_sequence"], ["round.sequence"], name=f"fk_{table}_round_sequence"
        ),
        sa.PrimaryKeyConstraint("sequence", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_organisation", table, ["organisation"])
    op.create_index(f"ix_{table}_round_sequence", table, ["round_sequence"])
