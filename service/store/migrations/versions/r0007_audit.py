"""Who did what: a table whose rows the database itself keeps as they are.

And indices on references to documents: each deletion looks for them.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0007"
down_revision = "r0006"

REFERENCES = (
    ("job", "case_hash"),
    ("job", "plan_hash"),
    ("job", "incumbent_hash"),
    ("plandocument", "case_hash"),
)
WORDS = "an entry of the audit is never changed"
SQLITE = """
CREATE TRIGGER auditentry_{verb} BEFORE {verb} ON auditentry
BEGIN SELECT RAISE(ABORT, '{words}'); END
"""
POSTGRESQL = """
CREATE FUNCTION auditentry_stays() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END $$;
CREATE TRIGGER auditentry_stays BEFORE UPDATE OR DELETE ON auditentry
FOR EACH ROW EXECUTE FUNCTION auditentry_stays()
"""


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "auditentry",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("verb", sa.String(255), nullable=False),
        sa.Column("noun", sa.String(255), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("request_id", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_auditentry"),
    )
    for table, column in REFERENCES:
        op.create_index(f"ix_{table}_{column}", table, [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL.format(words=WORDS))
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(verb=verb, words=WORDS))


def downgrade() -> None:
    """Take the change back."""
    for table, column in REFERENCES:
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_table("auditentry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION auditentry_stays()")
