"""The answer of an earlier job of the same case with the same options, if it counts.

The options are part of the case that is solved, so equal hashes mean equal limits, too:
what ended at its time limit would end there again. What somebody interrupted, or where
the digits ran out, is solved anew; so is what another version of Strongroom solved.
Where a plan was followed through the same scenarios before, the answer always counts.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from importlib.metadata import version

from sqlmodel import Session

from models.outcome import Termination
from models.tables import Job, JobState
from service.store.jobs import JobRepository

VERSION = version("strongroom")
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
)


def answered(session: Session, case_hashes: Collection[str]) -> Mapping[str, Job]:
    """Return the jobs whose answers count, by the case that they solved."""
    terminations = {termination.value for termination in COUNTS}
    return JobRepository(session).solved(
        case_hashes, terminations=terminations, with_=VERSION
    )


def take_over(job: Job, earlier: Job, at: dt.datetime) -> None:
    """Give a new job, not stored yet, the answer of an earlier one."""
    for name in TAKEN_OVER:
        setattr(job, name, getattr(earlier, name))
    job.reused_from = earlier.id
    job.state = JobState.SUCCEEDED
    job.finished_at = at
