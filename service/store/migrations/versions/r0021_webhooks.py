"""Webhooks, and what is to be sent to them."""

import sqlalchemy as sa
from alembic import op

revision = "r0021"
down_revision = "r0025"

DEFAULT = "default"


def _owner() -> sa.Column[str]:
    return sa.Column(
        "organisation", sa.String(100), nullable=False, server_default=DEFAULT
    )


def upgrade() -> None:
    """Apply the change."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "webhook",
        _owner(),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        sa.Column("key", sa.String(12), nullable=True),
        sa.Column("secret_version", sa.Integer(), nullable=False),
        sa.Column("old_secret_until", instant, nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("disabled_at", instant, nullable=True),
        sa.Column("disabled_because", sa.String(), nullable=True),
        sa.Column("last_delivered_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("sequence", name="pk_webhook"),
        sa.UniqueConstraint("id", name="uq_webhook_id"),
    )
    op.create_index("ix_webhook_organisation", "webhook", ["organisation"])
    op.create_table(
        "webhookdelivery",
        _owner(),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("webhook_sequence", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(30), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("number_of_attempts", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook_sequence"],
            ["webhook.sequence"],
            name="fk_webhookdelivery_webhook_sequence",
        ),
        sa.PrimaryKeyConstraint("sequence", name="pk_webhookdelivery"),
        sa.UniqueConstraint("id", name="uq_webhookdelivery_id"),
    )
    for name, columns in (
        ("organisation", ["organisation"]),
        ("webhook_sequence", ["webhook_sequence"]),
        ("due", ["state", "due_at"]),
    ):
        op.create_index(f"ix_webhookdelivery_{name}", "webhookdelivery", columns)


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("webhookdelivery")
    op.drop_table("webhook")
