"""The best plan so far of a job, beside the plan that it ends with."""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"

ENDED = """
SELECT job.sequence, plandocument.content FROM job
JOIN plandocument ON plandocument.content_hash = job.plan_hash
"""
FILL = """
UPDATE job SET incumbent_hash = plan_hash,
    incumbent_upper_bound_usd = :upper, incumbent_lower_bound_usd = :lower
WHERE sequence = :sequence
"""


def upgrade() -> None:
    """Apply the change; the plan of a job that has one becomes its incumbent, too.

    No batch here: it would drop the table, to which lines of progress refer.
    """
    target = sa.ForeignKey("plandocument.content_hash", name="fk_job_incumbent_hash")
    column = sa.Column("incumbent_hash", sa.String(64), target, nullable=True)
    # What is added inline has no name; SQLite can do no other.
    is_inline = op.get_bind().dialect.name == "sqlite"
    op.add_column("job", column, inline_references=is_inline)
    op.add_column("job", sa.Column("incumbent_upper_bound_usd", sa.Float()))
    op.add_column("job", sa.Column("incumbent_lower_bound_usd", sa.Float()))
    connection = op.get_bind()
    for sequence, content in connection.execute(sa.text(ENDED)).all():
        promise = json.loads(zlib.decompress(content))["promise"]
        bounds = {
            "upper": promise["objective_usd"],
            "lower": promise["lower_bound_usd"],
        }
        connection.execute(sa.text(FILL), {"sequence": sequence, **bounds})


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("job", "incumbent_lower_bound_usd")
    op.drop_column("job", "incumbent_upper_bound_usd")
    op.drop_column("job", "incumbent_hash")
