"""Sessions of browsers, each signed in with a key."""

import sqlalchemy as sa
from alembic import op

revision = "r0027"
down_revision = "r0026"


def upgrade() -> None:
    """Apply the change; no browser is signed in yet."""
    op.create_table(
        "browsersession",
        sa.Column(
            "organisation", sa.String(100), nullable=False, server_default="default"
        ),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("key_prefix", sa.String(12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_prefix"], ["apikey.prefix"], name="fk_browsersession_key_prefix"
        ),
        sa.PrimaryKeyConstraint("token_digest", name="pk_browsersession"),
    )
    for column in ("organisation", "key_prefix", "expires_at"):
        op.create_index(f"ix_browsersession_{column}", "browsersession", [column])


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("browsersession")
