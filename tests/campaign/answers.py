"""The ends of jobs as triggers of the database record them."""

from collections import Counter

from sqlmodel import text

from service.store.database import Database

ENDED = "NEW.state IN ('SUCCEEDED', 'FAILED', 'CANCELLED')"
TABLE = "CREATE TABLE campaign_answer (job_id VARCHAR(36), attempt INTEGER)"
ANSWER = "INSERT INTO campaign_answer VALUES (NEW.id, NEW.attempt);"
TRIGGERS = {
    "sqlite": (
        (
            f"CREATE TRIGGER campaign AFTER UPDATE OF state ON job WHEN {ENDED} "
            f"BEGIN {ANSWER} END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION campaign() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {ANSWER} RETURN NEW; END $$"
        ),
        (
            f"CREATE TRIGGER campaign AFTER UPDATE OF state ON job FOR EACH ROW "
            f"WHEN ({ENDED}) EXECUTE FUNCTION campaign()"
        ),
    ),
}


def watch(database: Database) -> None:
    """Have every end of a job written down from now on."""
    with database.transaction() as session:
        for statement in (TABLE, *TRIGGERS[database.engine.dialect.name]):
            session.connection().execute(text(statement))


def answers(database: Database) -> Counter[str]:
    """Return how often each job ended."""
    with database.reading() as session:
        rows = session.connection().execute(text("SELECT job_id FROM campaign_answer"))
        return Counter(str(job_id) for (job_id,) in rows)
