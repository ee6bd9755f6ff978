"""Invented solvers, called by name in the place of the optimizer, in real processes.

The seed of the case's options says how `solve` behaves.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from enum import IntEnum
from typing import Any

from models.evaluation import Fresh
from models.failure import Failure, FailureKind
from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from service.analyses.planned_case import PlannedCase
from service.jobs.messages import Analysed, Evaluated
from service.settings import Settings
from tests.plans import empty_plan

SOLVER = "tests.service.fake_solver:solve"
ENDLESS_SOLVER = "tests.service.fake_solver:solve_for_ever"
DEAF_SOLVER = "tests.service.fake_solver:solve_without_listening"
OVERHEARD_SOLVER = "tests.service.fake_solver:have_another_thread_told"
FROZEN_SOLVER = "tests.service.fake_solver:freeze"
# Of three of them none reaches a limit of 400 MB alone.
MEMORY_OF_ANOTHER = 200_000_000
# What the fork server is to have loaded, beside what the solvers here need.
HEAVY_MODULES = ("highspy", "numpy", "optimizer", "pyomo.environ", "scipy")


CRASHED = Failure(kind=FailureKind.CRASHED, reason="The solver crashed.")


class Behaviour(IntEnum):
    """What the solver does, by seed."""

    SOLVE = 1
    FIND_INFEASIBLE = 2
    RAISE = 3
    GO_ON_UNTIL_TOLD = 4
    DIE = 5
    GO_ON_WITH_A_PLAN = 6
    RAISE_WITH_A_PLAN = 7
    CRASH = 8
    TAKE_ALL_MEMORY = 9
    GO_ON_UNTIL_ASKED = 10
    EXIT = 11
    HAVE_OTHERS_TAKE_MEMORY = 12


def plan_of(instance: Instance) -> Plan:
    """Return the plan that holds nothing."""
    return empty_plan(instance, 1.0, method="nothing is held")


def better_proved(instance: Instance) -> Plan:
    """Return the incumbent, of which more is proved by now."""
    plan = incumbent_of(instance)
    promise = plan.promise.model_copy(update={"lower_bound_usd": 2.0, "gap": 0.5})
    return plan.model_copy(update={"promise": promise})


def incumbent_of(instance: Instance, objective_usd: float = 4.0) -> Plan:
    """Return a worse plan, of which less is proved."""
    plan = plan_of(instance)
    promise = plan.promise.model_copy(
        update={"objective_usd": objective_usd, "lower_bound_usd": 0.5, "gap": 0.875}
    )
    return plan.model_copy(update={"promise": promise})


def solve(
    instance: Instance,
    *,
    on_progress: Callable[[ProgressRecord], None],
    on_incumbent: Callable[[Plan], None],
    is_interrupted: Callable[[], bool],
    **_: object,
) -> Outcome:
    """Behave as the seed of the options determines."""
    on_progress(ProgressRecord(seconds=0.0, stage="begin", message="here we go"))
    plan, termination = plan_of(instance), Termination.OPTIMAL
    match instance.options.seed:
        case Behaviour.FIND_INFEASIBLE:
            conflict = ("minimum cover of gallium", "limit of the loan")
            return Outcome(
                termination=Termination.INFEASIBLE, conflict=conflict, seconds=0.5
            )
        case Behaviour.RAISE | Behaviour.RAISE_WITH_A_PLAN as behaviour:
            if behaviour == Behaviour.RAISE_WITH_A_PLAN:
                on_incumbent(incumbent_of(instance))
            msg = "the solver lost its way"
            raise RuntimeError(msg)
        case Behaviour.GO_ON_UNTIL_TOLD:
            _wait_until_told()
        case Behaviour.GO_ON_WITH_A_PLAN:
            on_incumbent(incumbent_of(instance))
            on_progress(ProgressRecord(seconds=0.5, stage="first plan", cuts=12))
            _wait_until_told()
        case Behaviour.GO_ON_UNTIL_ASKED:
            on_incumbent(incumbent_of(instance))
            on_progress(ProgressRecord(seconds=0.5, stage="first plan", cuts=12))
            _wait_until(is_interrupted)
            plan, termination = better_proved(instance), Termination.INTERRUPTED
        case behaviour:
            _come_to_grief(behaviour)
    return Outcome(termination=termination, plan=plan, seconds=0.5)


def solve_for_ever(
    instance: Instance, *, is_interrupted: Callable[[], bool], **_: object
) -> Outcome:
    """Say nothing until asked to stop."""
    _wait_until(is_interrupted)
    return Outcome(
        termination=Termination.INTERRUPTED, plan=plan_of(instance), seconds=0.5
    )


def solve_without_listening(
    instance: Instance,
    *,
    on_progress: Callable[[ProgressRecord], None],
    on_incumbent: Callable[[Plan], None],
    **_: object,
) -> Outcome:
    """Say which modules are there, with a plan and a process of its own; go on."""
    there = " ".join(name for name in HEAVY_MODULES if name in sys.modules)
    _start_a_process()
    on_incumbent(incumbent_of(instance))
    on_progress(ProgressRecord(seconds=0.0, stage="begin", message=there))
    threading.Event().wait()
    raise AssertionError


def freeze(
    _: Instance, *, on_progress: Callable[[ProgressRecord], None], **__: object
) -> Outcome:
    """Stop the whole process, which then answers no signal that it could answer."""
    on_progress(ProgressRecord(seconds=0.0, stage="begin"))
    os.kill(os.getpid(), signal.SIGSTOP)
    # Another thread may be the one that is stopped first.
    threading.Event().wait()
    raise AssertionError


def have_another_thread_told(
    _: Instance, *, on_progress: Callable[[ProgressRecord], None], **__: object
) -> Outcome:
    """Have a signal for the process come to another thread than its first; go on."""
    on_progress(ProgressRecord(seconds=0.0, stage="begin"))
    signal.pthread_kill(threading.get_ident(), signal.SIGQUIT)
    threading.Event().wait()
    raise AssertionError


def _come_to_grief(behaviour: int) -> None:
    match behaviour:
        case Behaviour.DIE:
            os.kill(os.getpid(), signal.SIGKILL)
        case Behaviour.CRASH:
            # No signal that is sent: memory that is not there is read.
            ctypes.string_at(0)
        case Behaviour.EXIT:
            os._exit(3)
        case Behaviour.TAKE_ALL_MEMORY:
            taken: list[bytes] = []
            while True:
                taken.append(b"x" * 10_000_000)
        case Behaviour.HAVE_OTHERS_TAKE_MEMORY:
            for _ in range(3):
                _start_a_process(f"taken = b'x' * {MEMORY_OF_ANOTHER}")
            threading.Event().wait()
        case _:
            pass


def _start_a_process(statement: str = "pass") -> None:
    """Start a process that looks after no parent and never ends."""
    program = f"import threading; {statement}; threading.Event().wait()"
    subprocess.Popen([sys.executable, "-S", "-c", program])  # noqa: S603


def _wait_until_told() -> None:
    told = Settings().data_directory / "told"
    _wait_until(told.exists)


def _wait_until(condition: Callable[[], bool]) -> None:
    while not condition():
        threading.Event().wait(0.02)


ENDLESS_EVALUATOR = "tests.service.fake_solver:follow_for_ever"


def follow_for_ever(
    instance: Instance, plan: Plan, fresh: Fresh, *, executor: str, **_: object
) -> Evaluated:
    """Come to no end."""
    del instance, plan, fresh, executor
    threading.Event().wait()
    raise AssertionError


HALTING_ANALYST = "tests.service.fake_solver:find_one_part"


def find_one_part(
    name: str,
    subject: Instance | PlannedCase,
    parameters: str,
    *,
    only: tuple[int, ...],
    **further: Any,  # noqa: ANN401 - as of the true one
) -> Analysed:
    """Find the first part that is wanted, as the true one does, and come to no end."""
    # It loads the solver.
    from service.jobs.analysing import analyse  # noqa: PLC0415

    analyse(name, subject, parameters, only=only[:1], **further)
    return analyse_for_ever()


ENDLESS_ANALYST = "tests.service.fake_solver:analyse_for_ever"


def analyse_for_ever(*_: object, **__: object) -> Analysed:
    """Come to no end."""
    threading.Event().wait()
    raise AssertionError
