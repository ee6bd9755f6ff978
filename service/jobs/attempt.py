"""One attempt at a job, in the process that was started for it.

Load the case, solve it, write the answer. Which solver, the caller says.
"""

import json
import logging
from collections.abc import Callable
from typing import Protocol

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from models.plan import Plan
from models.reading import read_instance
from service.clock import Clock
from service.errors import JobLostError
from service.jobs.progress import ProgressLog
from service.jobs.queue import Claim, claimed, fail, keep_incumbent, succeed
from service.store.cases import CaseRepository
from service.store.database import Database

MAXIMUM_FAILURE_CHARACTERS = 2000

logger = logging.getLogger(__name__)


class Solver(Protocol):
    """Instance in, Outcome out; reports on the way, each better plan too."""

    def __call__(
        self,
        instance: Instance,
        *,
        on_progress: Callable[[ProgressRecord], None],
        on_incumbent: Callable[[Plan], None],
    ) -> Outcome:
        """Solve a case; an infeasible one has an outcome too."""
        ...


def attempt(database: Database, claim: Claim, solve: Solver, clock: Clock) -> None:
    """Bring a job to its end, whatever happens; leave it alone if it is lost."""
    try:
        _solve(database, claim, solve, clock)
    except JobLostError as error:
        logger.info("job %s: %s", claim.job_id, error)
    except Exception as error:
        logger.exception("job %s failed", claim.job_id)
        _give_up(database, claim, error, clock)


def _solve(database: Database, claim: Claim, solve: Solver, clock: Clock) -> None:
    with database.reading() as session:
        job = claimed(session, claim)
        text = CaseRepository(session).text(job.solved_case_hash)
    log = ProgressLog(database, claim, clock)
    instance = read_instance(json.loads(text))

    def keep(plan: Plan) -> None:
        with database.transaction() as session:
            keep_incumbent(session, claim, plan, clock)

    outcome = solve(instance, on_progress=log, on_incumbent=keep)
    log.flush()
    with database.transaction() as session:
        succeed(session, claim, outcome, clock)


def _give_up(database: Database, claim: Claim, error: Exception, clock: Clock) -> None:
    what = "out of memory" if isinstance(error, MemoryError) else type(error).__name__
    failure = f"The solve stopped on an error: {what}: {error}".rstrip(": ")
    try:
        with database.transaction() as session:
            fail(session, claim, failure[:MAXIMUM_FAILURE_CHARACTERS], clock)
    except JobLostError as lost:
        logger.info("job %s: %s", claim.job_id, lost)
