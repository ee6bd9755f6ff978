"""The process of one job, from its first line to its last.

It has no database. It sends its results to the worker that started it, and ends when
the worker ends.
"""

import base64
import json
import logging
import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, Protocol

from models.evaluation import Fresh
from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from models.plan import Plan
from models.reading import read_stored_instance
from service.analyses.planned_case import ComparedCase, PlannedCase
from service.jobs.failures import stopped_on_error
from service.jobs.memory import lift_limit, limit_memory
from service.jobs.messages import (
    Analysed,
    Evaluated,
    Message,
    PartFound,
    PortionDone,
    WarmStartFound,
    send,
)
from service.telemetry.logs import LogFormat, write_logs

TERMINATED = 143
LISTENING_INTERVAL_S = 0.2

logger = logging.getLogger(__name__)


class SolveFunction(Protocol):
    """Instance in, Outcome out; reports progress and each better plan on the way."""

    def __call__(  # noqa: PLR0913 - each is a choice of the caller
        self,
        instance: Instance,
        *,
        on_progress: Callable[[ProgressRecord], None],
        on_incumbent: Callable[[Plan], None],
        is_interrupted: Callable[[], bool],
        executor: str,
        warm_start: bytes | None = None,
        on_warm_start: Callable[[bytes], None] | None = None,
        number_of_threads: int | None = None,
    ) -> Outcome:
        """Solve a case; an infeasible one has an outcome, too."""
        ...


class EvaluateFunction(Protocol):
    """A case, a plan and the number of scenarios in; an evaluation out."""

    def __call__(
        self,
        instance: Instance,
        plan: Plan,
        fresh: Fresh,
        *,
        executor: str,
        number_of_threads: int | None = None,
    ) -> Evaluated:
        """Simulate a plan."""
        ...


class AnalyseFunction(Protocol):
    """The name of an analysis, its subject and parameters in; its answer out."""

    def __call__(  # noqa: PLR0913 - each is a part of the task
        self,
        name: str,
        subject: Instance | PlannedCase,
        parameters: str,
        *,
        on_progress: Callable[[ProgressRecord], None],
        on_part: Callable[[PartFound], None],
        is_interrupted: Callable[[], bool],
        executor: str,
        number_of_threads: int | None = None,
        parts: tuple[str, ...] = (),
        only: tuple[int, ...] | None = None,
    ) -> Analysed | PortionDone:
        """Run an analysis; parameters and parts, found earlier, are JSON.

        only: the numbers of the parts to find, if it is one of its portions.
        """
        ...


@dataclass(frozen=True, slots=True)
class Task:
    """The input of a solving process.

    solver is a SolveFunction by name, module:function; case is JSON. Log lines of the
    process name job and attempt. warm_start comes from a similar case;
    reports_warm_start asks for one. If there is a plan, as JSON, solver is an
    EvaluateFunction, which simulates it on the scenarios of fresh. If an analysis is
    named, solver is an AnalyseFunction; parameters are JSON. against_plan and
    against_case are those to compare the plan with, if it is to be. parts have been
    found before, as JSON; only has the numbers of those that a portion is to find.
    """

    solver: str
    case: str
    executor: str
    memory_limit_bytes: int
    log_level: str
    log_format: LogFormat = "logfmt"
    job: str = ""
    attempt: int = 0
    warm_start: bytes | None = None
    reports_warm_start: bool = False
    number_of_threads: int | None = None
    plan: str = ""
    fresh: str = ""
    analysis: str = ""
    parameters: str = ""
    against_plan: str = ""
    against_case: str = ""
    parts: tuple[str, ...] = ()
    only: tuple[int, ...] | None = None


def main(task: Task, connection: Connection) -> None:
    """Run the task, send its result, and end this process."""
    os.setsid()  # one signal ends all that is started from here
    threading.Thread(target=_end_with_worker, name="worker", daemon=True).start()
    is_asked_to_stop = _listen_to_signals()
    _restrict(task)
    # In the main thread a signal would wait until the solver returns.
    solving = threading.Thread(
        target=_solve, args=(task, connection, is_asked_to_stop.is_set), name="solve"
    )
    solving.start()
    while solving.is_alive():
        # A signal that follows another one may wake another thread instead.
        solving.join(LISTENING_INTERVAL_S)
    # Not sys.exit: there is nothing to clean up, and loaded libraries may crash.
    os._exit(0)


def _end_with_worker() -> None:
    worker = multiprocessing.parent_process()
    if worker is not None:
        worker.join()
    os.killpg(os.getpid(), signal.SIGKILL)


def _listen_to_signals() -> threading.Event:
    """Return an event that SIGTERM sets; SIGQUIT ends the process."""
    asked = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        del number, frame
        asked.set()

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        os._exit(TERMINATED)

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGQUIT, end)
    # Ctrl-C is for the worker, which then ends its processes in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return asked


def _restrict(task: Task) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limit_memory(task.memory_limit_bytes)
    # A solver that prints must not print into the output of the worker.
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    write_logs(task.log_level, task.log_format, job=task.job, attempt=task.attempt)


def _solve(
    task: Task, connection: Connection, is_interrupted: Callable[[], bool]
) -> None:
    one_at_a_time = threading.Lock()

    def send_one(message: Message) -> None:
        with one_at_a_time:
            send(connection, message)

    try:
        send_one(_result(task, send_one, is_interrupted))
    except BaseException as error:
        lift_limit()
        logger.exception("the solve stopped on an error")
        send_one(stopped_on_error(error, task.memory_limit_bytes))


def _result(
    task: Task, send_one: Callable[[Message], None], is_interrupted: Callable[[], bool]
) -> Outcome | Evaluated | Analysed | PortionDone:
    if task.analysis:
        return _analysed(task, send_one, is_interrupted)
    if task.plan:
        return _evaluated(task)
    return _solved(task, send_one, is_interrupted)


def _solved(
    task: Task, send_one: Callable[[Message], None], is_interrupted: Callable[[], bool]
) -> Outcome:
    solve: SolveFunction = _named(task.solver)

    def report(warm_start: bytes) -> None:
        send_one(WarmStartFound(content=base64.b64encode(warm_start).decode()))

    outcome = solve(
        read_stored_instance(json.loads(task.case)),
        on_progress=send_one,
        on_incumbent=send_one,
        is_interrupted=is_interrupted,
        executor=task.executor,
        number_of_threads=task.number_of_threads,
        warm_start=task.warm_start,
        on_warm_start=report if task.reports_warm_start else None,
    )
    # The worker has the log already.
    return outcome.model_copy(update={"log": ()})


def _evaluated(task: Task) -> Evaluated:
    evaluate: EvaluateFunction = _named(task.solver)
    return evaluate(
        read_stored_instance(json.loads(task.case)),
        Plan.model_validate_json(task.plan),
        Fresh.model_validate_json(task.fresh),
        executor=task.executor,
        number_of_threads=task.number_of_threads,
    )


def _analysed(
    task: Task, send_one: Callable[[Message], None], is_interrupted: Callable[[], bool]
) -> Analysed | PortionDone:
    analyse: AnalyseFunction = _named(task.solver)
    return analyse(
        task.analysis,
        _subject(task),
        task.parameters,
        on_progress=send_one,
        on_part=send_one,
        is_interrupted=is_interrupted,
        executor=task.executor,
        number_of_threads=task.number_of_threads,
        parts=task.parts,
        only=task.only,
    )


def _subject(task: Task) -> Instance | PlannedCase:
    case = read_stored_instance(json.loads(task.case))
    if not task.plan:
        return case
    plan = Plan.model_validate_json(task.plan)
    if not task.against_plan:
        return PlannedCase(case, plan)
    against = PlannedCase(
        read_stored_instance(json.loads(task.against_case)),
        Plan.model_validate_json(task.against_plan),
    )
    return ComparedCase(case, plan, against)


def _named(name: str) -> Any:  # noqa: ANN401 - a function by its name
    module, _, function = name.partition(":")
    return getattr(import_module(module), function)
