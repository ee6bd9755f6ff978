"""What the process of a job is told, whichever kind the job is."""

import json

from sqlmodel import Session

from models.tables import Job, JobKind
from service.jobs.child import Task
from service.jobs.lessons import lesson_for
from service.jobs.limits import Limits
from service.jobs.workplace import Workplace
from service.store.cases import CaseRepository
from service.store.plans import PlanRepository


def task_of(session: Session, job: Job, workplace: Workplace) -> Task:
    """Return the task of a job, with all that its process needs of the store."""
    case = CaseRepository(session).text(job.solved_case_hash)
    limits = Limits.of(job)
    if job.kind == JobKind.SOLVE:
        lesson = lesson_for(session, job)
        return workplace.task(case, job.id, job.attempt, lesson, limits)
    plan = PlanRepository(session).text(job.evaluated_plan_hash or "")
    task = workplace.task(case, job.id, job.attempt, limits=limits)
    return workplace.evaluation(task, plan, json.dumps(job.options))
