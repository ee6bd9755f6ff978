"""Accounts of planners of a participant."""

from alembic import op

revision = "r0018"
down_revision = "r0017"

# A check that is added with its column needs no copy of the table, which the keys
# refer to, and goes with it.
ADD = """
ALTER TABLE account ADD COLUMN participant VARCHAR(64)
CONSTRAINT ck_account_participant
CHECK ((role = 'participant_planner') = (participant IS NOT NULL))
"""
KEYS_OF_PLANNERS = """
DELETE FROM apikey
WHERE account_id IN (SELECT id FROM account WHERE participant IS NOT NULL)
"""


def upgrade() -> None:
    """Apply the change; no account of before is of a participant."""
    op.execute(ADD)


def downgrade() -> None:
    """Take the change back; earlier versions know no such account."""
    op.execute(KEYS_OF_PLANNERS)
    op.execute("DELETE FROM account WHERE participant IS NOT NULL")
    op.drop_column("account", "participant")
