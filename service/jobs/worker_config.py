"""How a worker runs jobs, and the input of the process of each job."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from models.tables import Job, JobKind
from service.analyses.parameters import ComparePlansParameters
from service.analyses.registry import ANALYSES
from service.jobs.child import Task
from service.jobs.limits import UNLIMITED, Limits
from service.jobs.memory import equal_share
from service.jobs.warm_starts import stored_warm_start
from service.store.cases import CaseRepository
from service.store.jobs import JobRepository
from service.store.plans import PlanRepository
from service.store.portions import PortionRepository
from service.telemetry.logs import LogFormat

# Named, not imported: neither server nor worker loads a solver.
OPTIMIZER = "service.optimization:solve"
EVALUATOR = "service.jobs.evaluating:evaluate"
ANALYST = "service.jobs.analysing:analyse"


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """Settings of a worker that hold for each of its jobs.

    solver names a SolveFunction, module:function, evaluator an EvaluateFunction, and
    analyst an AnalyseFunction.
    Without memory_limit_bytes the jobs that run at the same time share the machine.
    """

    solver: str = OPTIMIZER
    number_of_slots: int = 1
    memory_limit_bytes: int | None = None
    executor: str = "local"
    log_level: str = "info"
    log_format: LogFormat = "logfmt"
    evaluator: str = EVALUATOR
    analyst: str = ANALYST

    def task(
        self,
        case: str,
        job: str = "",
        attempt: int = 0,
        limits: Limits = UNLIMITED,
    ) -> Task:
        """Return the input of a process that solves a case, as JSON.

        job and attempt are for its log lines.
        """
        limit = self.memory_limit_bytes or equal_share(self.number_of_slots)
        limit = min(limit, limits.memory_limit_bytes or limit)
        return Task(
            solver=self.solver,
            case=case,
            executor=self.executor,
            memory_limit_bytes=limit,
            log_level=self.log_level,
            log_format=self.log_format,
            job=job,
            attempt=attempt,
            number_of_threads=limits.number_of_threads,
        )


def task_of(session: Session, job: Job, config: WorkerConfig) -> Task:
    """Return the task of a job, with all that its process needs from the store."""
    case = CaseRepository(session).text(job.solved_case_hash)
    task = config.task(case, job.id, job.attempt, Limits.of(job))
    if job.kind == JobKind.SOLVE:
        warm_start, is_wanted = stored_warm_start(session, job)
        return replace(task, warm_start=warm_start, reports_warm_start=is_wanted)
    plan, plans = "", PlanRepository(session)
    if job.evaluated_plan_hash is not None:
        plan = plans.text(job.evaluated_plan_hash)
    options = json.dumps(job.options)
    if job.kind in {JobKind.ANALYSIS, JobKind.PORTION}:
        task = replace(task, **_parts(session, job))
        if ANALYSES[job.analysis or ""].parameters is ComparePlansParameters:
            against = str(job.options["against"])
            case_hash = plans.case_hash(against)
            task = replace(
                task,
                against_plan=plans.text(against),
                against_case=CaseRepository(session).text(case_hash),
            )
        return replace(
            task,
            solver=config.analyst,
            plan=plan,
            analysis=job.analysis or "",
            parameters=options,
        )
    return replace(task, solver=config.evaluator, plan=plan, fresh=options)


def _parts(session: Session, job: Job) -> Mapping[str, Any]:
    """Return the parts that a job goes on from, or those that a portion is to find."""
    portions, whole = PortionRepository(session), JobRepository(session).whole_of(job)
    if whole is None:
        return {"parts": tuple(portions.contents(job))}
    found = portions.numbers(whole)
    return {"only": tuple(x for x in job.parts or () if x not in found)}
