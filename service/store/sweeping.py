"""Delete objects that no evaluation refers to any more."""

import datetime as dt

from service.store.database import Database
from service.store.deleting import Deleted
from service.store.evaluations import EvaluationRepository
from service.store.objects import Objects
from service.store.references import Condition, no_row

NOUN = "object"


def would_sweep(
    database: Database, objects: Objects, gone: Condition, now: dt.datetime
) -> Deleted:
    """Return what is there to sweep once those evaluations are gone."""
    unneeded = _unneeded(database, objects, gone, now)
    return Deleted(NOUN, len(unneeded), sum(unneeded.values()))


def sweep(database: Database, objects: Objects, now: dt.datetime) -> Deleted:
    """Delete objects that are old enough and nobody's; return how much that was."""
    unneeded = _unneeded(database, objects, no_row, now)
    objects.delete(unneeded, now)
    return Deleted(NOUN, len(unneeded), sum(unneeded.values()))


def _unneeded(
    database: Database, objects: Objects, gone: Condition, now: dt.datetime
) -> dict[str, int]:
    # First what is there, then what is needed: what comes in between is young.
    there = dict(objects.old(now))
    with database.reading() as session:
        needed = EvaluationRepository(session).objects(gone)
    return {name: size for name, size in there.items() if name not in needed}
