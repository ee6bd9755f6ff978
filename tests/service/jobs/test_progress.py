import pytest

from models.outcome import ProgressRecord
from models.tables import Job
from service.errors import JobLostError
from service.jobs.progress import ProgressWriter
from service.jobs.transitions import hand_back
from service.store.database import Database
from service.store.progress import ProgressRepository
from tests.service.jobs.conftest import StoredJobs


def _numbers(database: Database, job: Job) -> list[int]:
    with database.reading() as session:
        lines = ProgressRepository(session).page(job, after=0, limit=100)
        return [line.number for line in lines]


def test_a_new_stage_is_written_at_once(jobs: StoredJobs) -> None:
    """A client sees the current stage at once."""
    job, claim = jobs.start()
    log = ProgressWriter(jobs.database, claim, jobs.clock, timer=lambda: 0.0)
    for stage in ("sample", "solve"):
        log(ProgressRecord(seconds=0, stage=stage))
    assert _numbers(jobs.database, job) == [1, 2]


def test_lines_of_a_stage_wait_for_half_a_second(jobs: StoredJobs) -> None:
    """At 0 s the first is written, at 0.2 s none, at 0.7 s the two that waited."""
    job, claim = jobs.start()
    now = {"s": 0.0}
    log = ProgressWriter(jobs.database, claim, jobs.clock, timer=lambda: now["s"])
    written: list[int] = []
    for seconds in (0.0, 0.2, 0.7):
        now["s"] = seconds
        log(ProgressRecord(seconds=seconds, stage="solve"))
        written.append(len(_numbers(jobs.database, job)))
    assert written == [1, 1, 3]


def test_no_line_is_lost_at_the_end(jobs: StoredJobs) -> None:
    """Flushing writes the lines that still wait."""
    job, claim = jobs.start()
    log = ProgressWriter(jobs.database, claim, jobs.clock, timer=lambda: 0.0)
    for _ in range(5):
        log(ProgressRecord(seconds=0, stage="solve"))
    log.flush()
    assert _numbers(jobs.database, job) == [1, 2, 3, 4, 5]


def test_the_log_of_a_lost_job_stops_the_solve(jobs: StoredJobs) -> None:
    """Nothing would use a further result."""
    _, claim = jobs.start()
    with jobs.transaction() as session:
        hand_back(session, claim)
    log = ProgressWriter(jobs.database, claim, jobs.clock)
    with pytest.raises(JobLostError):
        log(ProgressRecord(seconds=0, stage="solve"))
