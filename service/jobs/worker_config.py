"""Where jobs are solved: by whom, how many at a time, with how much memory."""

from dataclasses import dataclass, replace

from service.jobs.child import Task
from service.jobs.limits import UNLIMITED, Limits
from service.jobs.memory import equal_share
from service.telemetry.logs import LogFormat

# Named, not imported: the server loads no solver.
OPTIMIZER = "service.optimization:solve"
EVALUATOR = "service.jobs.evaluating:evaluate"


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What holds for every job of a worker.

    solver names a SolveFunction, module:function, and evaluator an EvaluateFunction.
    Without memory_limit_bytes the jobs that run at the same time share the machine.
    """

    solver: str = OPTIMIZER
    number_of_slots: int = 1
    memory_limit_bytes: int | None = None
    executor: str = "local"
    log_level: str = "info"
    log_format: LogFormat = "logfmt"
    evaluator: str = EVALUATOR

    def task(
        self,
        case: str,
        job: str = "",
        attempt: int = 0,
        limits: Limits = UNLIMITED,
    ) -> Task:
        """Return what the process of a case, as JSON, is told.

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

    def evaluation(self, task: Task, plan: str, fresh: str) -> Task:
        """Return the task, if it is to follow a plan instead; both are JSON."""
        return replace(task, solver=self.evaluator, plan=plan, fresh=fresh)
