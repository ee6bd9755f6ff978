"""Identities of OpenID providers, each linked with an account."""

import sqlalchemy as sa
from alembic import op

revision = "r0020"
down_revision = "r0019"


def upgrade() -> None:
    """Apply the change; no account has one yet."""
    op.create_table(
        "linkedidentity",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("account_id", sa.String(36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_linkedidentity_account_id"
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_linkedidentity"),
    )
    op.create_index("ix_linkedidentity_account_id", "linkedidentity", ["account_id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("linkedidentity")
