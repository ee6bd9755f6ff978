"""Whether changed plans can be paid for within all limits on money."""

from collections.abc import Sequence

import numpy as np

from optimizer.deadline import NEVER
from optimizer.point import TrialPoint
from optimizer.problem import FirstStageProblem
from optimizer.separation import SeparatedProgram


def payable(problem: FirstStageProblem, trials: Sequence[TrialPoint]) -> list[bool]:
    """Say of each trial whether some draws keep cash and covenants in every scenario.

    A trial must keep the limits on shares: one that breaks them is not payable either.
    """
    if not trials:
        return []
    used = {
        holding.name: np.flatnonzero(np.any([x.shares[h] > 0 for x in trials], axis=0))
        for h, holding in enumerate(problem.holdings)
    }
    few = problem.simulated(used)
    program = SeparatedProgram(few, is_relaxed=True)
    return [_is_payable(program, trial, list(used.values())) for trial in trials]


def _is_payable(
    program: SeparatedProgram, trial: TrialPoint, used: Sequence[np.ndarray]
) -> bool:
    shares = [share[chosen] for share, chosen in zip(trial.shares, used, strict=True)]
    program.bound_shares(shares, shares)
    program.fix_signed(trial.signed)
    return program.solve(NEVER).values is not None
