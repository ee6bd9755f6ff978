"""What the process of a job is told, whichever kind the job is."""

import json

from sqlmodel import Session

from models.tables import Job, JobKind
from service.jobs.child import Task
from service.jobs.lessons import lesson_for
from service.jobs.workplace import Workplace
from service.store.cases import CaseRepository
from service.store.plans import PlanRepository


def task_of(session: Session, job: Job, workplace: Workplace) -> Task:
    """Return the task of a job, with all that its process needs of the store."""
    case = CaseRepository(session).text(job.solved_case_hash)
    if job.kind == JobKind.SOLVE:
        return workplace.task(case, job.id, job.attempt, lesson_for(session, job))
    plan = PlanRepository(session).text(job.evaluated_plan_hash or "")
    task = workplace.task(case, job.id, job.attempt)
    return workplace.evaluation(task, plan, json.dumps(job.options))
