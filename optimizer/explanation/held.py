"""What a plan holds, and what it costs to hold it with any change."""

from dataclasses import dataclass, replace

import numpy as np

from optimizer.cost_of_holding import cost_of_point
from optimizer.point import TrialPoint
from optimizer.policies.response import respond
from optimizer.problem import FirstStageProblem, SimulatedProblem
from optimizer.scenarios.scenario_set import Floats, Positions


@dataclass(frozen=True, slots=True)
class Held:
    """What a plan holds: the first stage with its candidates alone, followed.

    used are the candidates of each holding that the plan has a share of.
    """

    problem: FirstStageProblem
    plan: SimulatedProblem
    used: tuple[Positions, ...]
    draws: Floats

    def cost_usd(self, trial: TrialPoint) -> float:
        """Return the expected cost of holding of a changed plan, US dollars.

        Only holdings with a candidate that the plan has no share of are followed anew.
        """
        chosen = [
            np.union1d(used, np.flatnonzero(share))
            for used, share in zip(self.used, trial.shares, strict=True)
        ]
        names = [holding.name for holding in self.problem.holdings]
        menus = self.problem.restricted(dict(zip(names, chosen, strict=True))).menus
        responses = tuple(
            known
            if len(candidates) == len(used)
            else respond(self.problem.instance, holding, menu.policies)
            for holding, menu, known, candidates, used in zip(
                self.problem.holdings,
                menus,
                self.plan.responses,
                chosen,
                self.used,
                strict=True,
            )
        )
        changed = replace(self.plan, menus=menus, responses=responses)
        shares = [x[c] for x, c in zip(trial.shares, chosen, strict=True)]
        return cost_of_point(changed, shares, trial.signed, self.draws)


def held_by(problem: FirstStageProblem, trial: TrialPoint, draws: Floats) -> Held:
    """Return what a plan of a menu holds, followed once; draws are scheduled (f, t)."""
    used = tuple(np.flatnonzero(share) for share in trial.shares)
    names = [holding.name for holding in problem.holdings]
    plan = problem.simulated(dict(zip(names, used, strict=True)))
    return Held(problem, plan, used, draws)
