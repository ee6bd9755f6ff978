"""Each entry of the audit log names the hash of the entry before it.

Entries of before have none: the chain begins with the next one.
"""

import sqlalchemy as sa
from alembic import op

revision = "r0015"
down_revision = "r0014"

COLUMNS = {"key": 12, "address": 45, "result": 64, "chain_hash": 64}

# Row triggers do not see these two ways.
TRUNCATION = """
CREATE TRIGGER auditentry_is_not_emptied BEFORE TRUNCATE ON auditentry
FOR EACH STATEMENT EXECUTE FUNCTION auditentry_stays()
"""
REPLACEMENT = """
CREATE TRIGGER auditentry_replacement BEFORE INSERT ON auditentry
WHEN EXISTS (SELECT 1 FROM auditentry WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'an entry of the audit is never changed'); END
"""


def upgrade() -> None:
    """Apply the change."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(TRUNCATION if is_postgresql else REPLACEMENT)
    for name, length in COLUMNS.items():
        op.add_column("auditentry", sa.Column(name, sa.String(length), nullable=True))


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER auditentry_is_not_emptied ON auditentry")
    else:
        op.execute("DROP TRIGGER auditentry_replacement")
    for name in COLUMNS:
        op.drop_column("auditentry", name)
