"""What the service is held against: a bare pool of processes that solves the same."""

import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import optimizer
from models.instance import Instance
from models.outcome import Outcome
from service.jobs.fork_server import CONTEXT, start_fork_server


def seconds_of(instances: Sequence[Instance], number_of_processes: int) -> float:
    """Return the seconds from the order to the last answer.

    Its processes have loaded all and run before: forked as those of a worker are, with
    as many threads.
    """
    start_fork_server()
    with ProcessPoolExecutor(number_of_processes, mp_context=CONTEXT) as pool:
        list(pool.map(time.sleep, [0.5] * number_of_processes))
        start_s = time.perf_counter()
        answers = list(pool.map(_solve, instances))
        seconds = time.perf_counter() - start_s
    assert all(answer.plan is not None for answer in answers)
    return seconds


def _solve(instance: Instance) -> Outcome:
    return optimizer.solve(instance)
