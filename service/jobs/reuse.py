"""Which answer of an earlier job a new job takes over.

A solve takes the answer of an earlier one with the same case and options. Options are
part of the case that is solved, so equal hashes mean equal limits: a solve that ended
at its time limit would do so again with as many threads. Solves that were interrupted,
failed numerically or were made by another version do not count. An evaluation of the
same plan on the same scenarios always counts, and so does an equal analysis.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from importlib.metadata import version
from typing import Any

from sqlmodel import Session

from models.outcome import Termination
from models.tables import Job, JobState
from service.jobs.limits import Limits
from service.store.jobs import JobRepository

# Increase this when the same case and options have other plans or evaluations.
ANSWERS = 2
VERSION = f"{version('strongroom')}+{ANSWERS}"
COUNTS = frozenset(
    {
        Termination.OPTIMAL,
        Termination.GAP_REACHED,
        Termination.INFEASIBLE,
        Termination.TIME_LIMIT,
    }
)
TAKEN_OVER = (
    "termination",
    "seconds",
    "conflict",
    "plan_hash",
    "incumbent_hash",
    "incumbent_upper_bound_usd",
    "incumbent_lower_bound_usd",
    "solved_with",
    "evaluation_hash",
    "analysis_hash",
)


def answered(session: Session, case_hashes: Collection[str]) -> Mapping[str, Job]:
    """Return the jobs whose answers count, by the hash of the case that they solved."""
    terminations = {termination.value for termination in COUNTS}
    return JobRepository(session).solved(
        case_hashes, terminations=terminations, with_=VERSION
    )


def counts(earlier: Job, limits: Limits) -> bool:
    """Whether a job with these limits would have the answer of the earlier one."""
    is_whole = earlier.termination != Termination.TIME_LIMIT
    return is_whole or earlier.number_of_threads == limits.number_of_threads


def answer_of(earlier: Job, at: dt.datetime) -> Mapping[str, Any]:
    """Return the fields of a new job that has the answer of an earlier one."""
    return {
        **{name: getattr(earlier, name) for name in TAKEN_OVER},
        "reused_from": earlier.id,
        "state": JobState.SUCCEEDED,
        "finished_at": at,
    }
