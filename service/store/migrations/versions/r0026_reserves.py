"""Reserves, and their ledgers, which the database itself keeps as they are."""

import sqlalchemy as sa
from alembic import op

revision = "r0026"
down_revision = "r0021"

WORDS = "an entry of a reserve is never changed"
SQLITE = """
CREATE TRIGGER reserveentry_{verb} BEFORE {verb} ON reserveentry
BEGIN SELECT RAISE(ABORT, '{words}'); END
"""
# INSERT OR REPLACE is neither of the two: it removes each row that is in its way.
REPLACEMENT = """
CREATE TRIGGER reserveentry_replacement BEFORE INSERT ON reserveentry
WHEN EXISTS (
    SELECT 1 FROM reserveentry
    WHERE sequence = NEW.sequence OR entry_hash = NEW.entry_hash
        OR (reserve_sequence = NEW.reserve_sequence AND number = NEW.number)
)
BEGIN SELECT RAISE(ABORT, '{words}'); END
"""
POSTGRESQL = """
CREATE FUNCTION reserveentry_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER reserveentry_stays BEFORE UPDATE OR DELETE ON reserveentry
FOR EACH ROW EXECUTE FUNCTION reserveentry_stays();
CREATE TRIGGER reserveentry_is_not_emptied BEFORE TRUNCATE ON reserveentry
FOR EACH STATEMENT EXECUTE FUNCTION reserveentry_stays()
"""


def upgrade() -> None:
    """Apply the change."""
    _create_reserves()
    _create_entries()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL.format(words=WORDS))
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(SQLITE.format(verb=verb, words=WORDS))
    op.execute(REPLACEMENT.format(words=WORDS))


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("reserveentry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION reserveentry_stays()")
    op.drop_table("reserve")


def _create_reserves() -> None:
    op.create_table(
        "reserve",
        _organisation(),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number_of_entries", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_reserve"),
        sa.UniqueConstraint("id", name="uq_reserve_id"),
    )
    op.create_index("ix_reserve_organisation", "reserve", ["organisation"])
    columns = ["organisation", "sequence"]
    op.create_index("ix_reserve_organisation_sequence", "reserve", columns)


def _create_entries() -> None:
    hashes = ("case_hash", "plan_hash", "document_hash", "corrects")
    op.create_table(
        "reserveentry",
        _organisation(),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reserve_sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.String(100), nullable=False),
        *(sa.Column(name, sa.String(64), nullable=True) for name in hashes),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("predecessor", sa.String(64), nullable=False),
        sa.Column("entry_hash", sa.String(64), nullable=False),
        _reference("reserve_sequence", "reserve.sequence"),
        _reference("case_hash", "casedocument.content_hash"),
        _reference("plan_hash", "plandocument.content_hash"),
        sa.PrimaryKeyConstraint("sequence", name="pk_reserveentry"),
        sa.UniqueConstraint(
            "reserve_sequence", "number", name="uq_reserveentry_reserve_sequence"
        ),
        sa.UniqueConstraint("entry_hash", name="uq_reserveentry_entry_hash"),
    )
    for column in ("organisation", "case_hash", "plan_hash"):
        op.create_index(f"ix_reserveentry_{column}", "reserveentry", [column])


def _reference(column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_reserveentry_{column}"
    return sa.ForeignKeyConstraint([column], [target], name=name)


def _organisation() -> sa.Column[str]:
    return sa.Column(
        "organisation", sa.String(100), nullable=False, server_default="default"
    )
