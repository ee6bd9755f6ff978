"""Organisations: all that is there belongs to the default one."""

import sqlalchemy as sa
from alembic import op

revision = "r0017"
down_revision = "r0016"

DEFAULT = "default"
# One list, of what any organisation has in its own.
LISTED = """
UPDATE casedocument SET is_listed = EXISTS (
    SELECT 1 FROM caseaccess
    WHERE caseaccess.content_hash = casedocument.content_hash AND caseaccess.is_listed
)
"""
BELONGING = ("account", "auditentry", "batch", "job")
DOCUMENTS = {
    "caseaccess": "casedocument",
    "planaccess": "plandocument",
    "evaluationaccess": "evaluationdocument",
    "analysisaccess": "analysisdocument",
}
# The trigger that refuses it stands aside for this one change.
NUMBERS = "UPDATE auditentry SET number = sequence"
UNCHANGED = """
CREATE TRIGGER auditentry_UPDATE BEFORE UPDATE ON auditentry
BEGIN SELECT RAISE(ABORT, 'an entry of the audit is never changed'); END
"""


def upgrade() -> None:
    """Apply the change; each document is there for the default organisation."""
    op.create_table(
        "organisation",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_organisation"),
    )
    for table in BELONGING:
        owner = sa.Column(
            "organisation", sa.String(100), nullable=False, server_default=DEFAULT
        )
        op.add_column(table, owner)
        op.create_index(f"ix_{table}_organisation", table, ["organisation"])
    _number_entries()
    for access, document in DOCUMENTS.items():
        _give_access(access, document)
    op.drop_column("casedocument", "is_listed")
    _make_warm_starts(is_by_organisation=True)


def downgrade() -> None:
    """Take the change back: all that is there is for everybody."""
    _make_warm_starts(is_by_organisation=False)
    listed = sa.Column(
        "is_listed", sa.Boolean(), nullable=False, server_default=sa.true()
    )
    op.add_column("casedocument", listed)
    op.execute(LISTED)
    for access in DOCUMENTS:
        op.drop_table(access)
    op.drop_column("auditentry", "number")
    for table in BELONGING:
        op.drop_index(f"ix_{table}_organisation", table)
        op.drop_column(table, "organisation")
    op.drop_table("organisation")


def _number_entries() -> None:
    number = sa.Column("number", sa.Integer(), nullable=False, server_default="0")
    op.add_column("auditentry", number)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE auditentry DISABLE TRIGGER auditentry_stays")
        op.execute(NUMBERS)
        op.execute("ALTER TABLE auditentry ENABLE TRIGGER auditentry_stays")
    else:
        op.execute("DROP TRIGGER auditentry_UPDATE")
        op.execute(NUMBERS)
        op.execute(UNCHANGED)


def _give_access(access: str, document: str) -> None:
    is_of_cases = document == "casedocument"
    further = (
        [sa.Column("is_listed", sa.Boolean(), nullable=False)] if is_of_cases else []
    )
    op.create_table(
        access,
        sa.Column("organisation", sa.String(100), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *further,
        sa.ForeignKeyConstraint(
            ["content_hash"],
            [f"{document}.content_hash"],
            name=f"fk_{access}_content_hash",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("organisation", "content_hash", name=f"pk_{access}"),
    )
    op.create_index(f"ix_{access}_content_hash", access, ["content_hash"])
    columns = "content_hash, created_at" + (", is_listed" if is_of_cases else "")
    op.execute(
        f"INSERT INTO {access} (organisation, {columns}) "  # noqa: S608 - our names
        f"SELECT '{DEFAULT}', {columns} FROM {document}"
    )


def _make_warm_starts(*, is_by_organisation: bool) -> None:
    """Make the table again; later solves of a batch find warm starts anew."""
    op.drop_table("batchlesson")
    owner = (
        [sa.Column("organisation", sa.String(100), nullable=False)]
        if is_by_organisation
        else []
    )
    op.create_table(
        "batchlesson",
        *owner,
        sa.Column("case_hash", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_hash"],
            ["casedocument.content_hash"],
            name="fk_batchlesson_case_hash",
        ),
        sa.PrimaryKeyConstraint(
            *(column.name for column in owner), "case_hash", name="pk_batchlesson"
        ),
    )
