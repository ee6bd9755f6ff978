"""What-if batches; cases that are stored as what differs from another; reuse."""

import json
import zlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"

PLANS = "SELECT content_hash, content FROM plandocument"
FILLED = sa.table(
    "plandocument", sa.column("content_hash"), sa.column("figures", sa.JSON())
)
PARTS = "SELECT content_hash FROM casedocument WHERE base_hash IS NOT NULL"
STORED = "SELECT content, base_hash FROM casedocument WHERE content_hash = :hash"
WHOLE = """
UPDATE casedocument SET content = :content, base_hash = NULL WHERE content_hash = :hash
"""
PROMISED = (
    "expected_shortage_cost_usd",
    "objective_usd",
    "lower_bound_usd",
    "gap",
    "cvar_usd",
    "cost_without_vault_usd",
    "budget_usd",
    "budget_shadow_price",
)


def upgrade() -> None:
    """Apply the change; figures of plans that are there are read off them."""
    connection = op.get_bind()
    is_inline = connection.dialect.name == "sqlite"
    base = sa.ForeignKey("casedocument.content_hash", name="fk_casedocument_base_hash")
    column = sa.Column("base_hash", sa.String(64), base, nullable=True)
    op.add_column("casedocument", column, inline_references=is_inline)
    figures = sa.Column("figures", sa.JSON(), nullable=False, server_default="{}")
    op.add_column("plandocument", figures)
    for content_hash, content in connection.execute(sa.text(PLANS)).all():
        found = _figures(json.loads(zlib.decompress(content)))
        update = sa.update(FILLED).where(FILLED.c.content_hash == content_hash)
        connection.execute(update.values(figures=found))
    op.add_column("job", sa.Column("solved_with", sa.String(), nullable=True))
    op.add_column("job", sa.Column("reused_from", sa.String(36), nullable=True))
    op.create_index("ix_job_solved_case_hash", "job", ["solved_case_hash"])
    op.create_table(
        "batch",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("case_hash", sa.String(64), nullable=False),
        sa.Column("axes", sa.JSON(), nullable=False),
        sa.Column("number_of_variants", sa.Integer(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idempotency_key", sa.String(255), nullable=True),
        sa.Column("order_fingerprint", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_hash"], ["casedocument.content_hash"], name="fk_batch_case_hash"
        ),
        sa.PrimaryKeyConstraint("sequence", name="pk_batch"),
        sa.UniqueConstraint("id", name="uq_batch_id"),
        sa.UniqueConstraint("idempotency_key", name="uq_batch_idempotency_key"),
    )
    op.create_table(
        "batchvariant",
        sa.Column("batch_sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("patch", sa.JSON(), nullable=False),
        sa.Column("job_sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_sequence"],
            ["batch.sequence"],
            name="fk_batchvariant_batch_sequence",
        ),
        sa.ForeignKeyConstraint(
            ["job_sequence"], ["job.sequence"], name="fk_batchvariant_job_sequence"
        ),
        sa.PrimaryKeyConstraint("batch_sequence", "number", name="pk_batchvariant"),
    )
    op.create_table(
        "batchlesson",
        sa.Column("case_hash", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_hash"],
            ["casedocument.content_hash"],
            name="fk_batchlesson_case_hash",
        ),
        sa.PrimaryKeyConstraint("case_hash", name="pk_batchlesson"),
    )
    op.create_index("ix_batchvariant_job_sequence", "batchvariant", ["job_sequence"])


def downgrade() -> None:
    """Take the change back; batches are gone, their cases and jobs are not."""
    op.drop_table("batchlesson")
    op.drop_index("ix_batchvariant_job_sequence", "batchvariant")
    op.drop_table("batchvariant")
    op.drop_table("batch")
    op.drop_index("ix_job_solved_case_hash", "job")
    op.drop_column("job", "reused_from")
    op.drop_column("job", "solved_with")
    op.drop_column("plandocument", "figures")
    connection = op.get_bind()
    for content_hash in connection.execute(sa.text(PARTS)).scalars().all():
        text = json.dumps(
            _case(connection, content_hash),
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )
        whole = {"content": zlib.compress(text.encode()), "hash": content_hash}
        connection.execute(sa.text(WHOLE), whole)
    op.drop_column("casedocument", "base_hash")


def _case(connection: sa.Connection, content_hash: str) -> dict[str, Any]:
    query = sa.text(STORED)
    content, base = connection.execute(query, {"hash": content_hash}).one()
    sections: dict[str, Any] = json.loads(zlib.decompress(content))
    return sections if base is None else _case(connection, base) | sections


def _figures(plan: dict[str, Any]) -> dict[str, Any]:
    promise, levels = plan["promise"], plan["levels"]
    days = [level["days_of_cover"] for level in levels]
    return {name: promise[name] for name in PROMISED} | {
        "drawn_usd": promise["budget_used_usd"],
        "spent_usd": sum(level["cost_usd"] for level in levels),
        "materials_held": sum(level["tonnes"] > 0 for level in levels),
        "least_days_of_cover": min(days, default=0.0),
        "mean_days_of_cover": sum(days) / max(len(days), 1),
    }
