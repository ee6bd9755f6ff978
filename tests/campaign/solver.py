"""A solver that takes a moment, by the seed of the case, and finds a plan early."""

import threading
from collections.abc import Callable

from models.instance import Instance
from models.outcome import Outcome, ProgressRecord, Termination
from models.plan import Plan
from tests.service.fake_solver import incumbent_of, plan_of

SOLVER = "tests.campaign.solver:solve"
NUMBER_OF_LENGTHS, STEP_S = 10, 0.2


def solve(
    instance: Instance,
    *,
    on_progress: Callable[[ProgressRecord], None],
    on_incumbent: Callable[[Plan], None],
    is_interrupted: Callable[[], bool],
    **_: object,
) -> Outcome:
    """Take 0.2 to 2 s."""
    number_of_steps = 1 + instance.options.seed % NUMBER_OF_LENGTHS
    for step in range(number_of_steps):
        on_progress(ProgressRecord(seconds=step * STEP_S, stage=f"step {step}"))
        if step == 1:
            on_incumbent(incumbent_of(instance))
        if is_interrupted():
            break
        threading.Event().wait(STEP_S)
    return Outcome(termination=Termination.OPTIMAL, plan=plan_of(instance), seconds=0.5)
