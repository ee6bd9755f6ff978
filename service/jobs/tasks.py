"""The input of the process of a job, whichever kind the job is."""

import json
from dataclasses import replace

from sqlmodel import Session

from models.tables import Job, JobKind
from service.jobs.child import Task
from service.jobs.limits import Limits
from service.jobs.warm_starts import stored_warm_start
from service.jobs.worker_config import WorkerConfig
from service.store.cases import CaseRepository
from service.store.plans import PlanRepository


def task_of(session: Session, job: Job, config: WorkerConfig) -> Task:
    """Return the task of a job, with all that its process needs from the store."""
    case = CaseRepository(session).text(job.solved_case_hash)
    task = config.task(case, job.id, job.attempt, limits=Limits.of(job))
    if job.kind == JobKind.SOLVE:
        warm_start, is_wanted = stored_warm_start(session, job)
        return replace(task, warm_start=warm_start, reports_warm_start=is_wanted)
    plan = PlanRepository(session).text(job.evaluated_plan_hash or "")
    return config.evaluation(task, plan, json.dumps(job.options))
