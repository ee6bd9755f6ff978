"""The only module of the service that imports the optimizer."""

from collections.abc import Callable

import optimizer
from models.calibration import Calibration
from models.evaluation import Evaluation
from models.instance import Instance
from models.outcome import Outcome, ProgressRecord
from models.plan import Plan


def solve(
    instance: Instance,
    *,
    on_progress: Callable[[ProgressRecord], None] | None = None,
) -> Outcome:
    """Solve a case with its own options."""
    return optimizer.solve(instance, on_progress=on_progress)


def evaluate(
    instance: Instance, plan: Plan, *, number_of_scenarios: int, seed: int
) -> Evaluation:
    """Follow a plan through fresh scenarios."""
    return optimizer.evaluate(
        instance, plan, number_of_scenarios=number_of_scenarios, seed=seed
    )


def calibrate(instance: Instance) -> Calibration:
    """Compare modelled with published losses."""
    return optimizer.calibrate(instance)
