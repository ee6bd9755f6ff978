"""How often the 95 % interval of a plan's cost holds its expectation."""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.reading import read_instance
from optimizer import solve
from optimizer.evaluation.decisions import Decisions, decisions_of, nothing_held
from optimizer.evaluation.replay import replay
from optimizer.evaluation.statistics import confidence_interval, mean
from optimizer.scenarios import sample_batches
from service.casefiles import load


@dataclass(frozen=True, slots=True)
class Covered:
    """How many intervals held the mean of all replications, and lay left of it.

    The standard error of that mean is theirs divided by the root of replications.
    """

    replications: int
    held: int
    below: int

    @property
    def share(self) -> float:
        """Share of the intervals that held it."""
        return self.held / self.replications


@dataclass(frozen=True, slots=True)
class Cover:
    """Follow the plan of a shipped case through samples of seeds from 0."""

    name: str
    replications: int
    scenarios: int
    is_without_vault: bool = False

    def perform(self) -> Covered:
        """Return how often the interval of a sample held the mean over all of them."""
        case = read_instance(load(self.name))
        decisions = nothing_held(case) if self.is_without_vault else _solved(case)
        means, lows, highs = np.array(
            [
                self._replicate(case, decisions, seed)
                for seed in range(self.replications)
            ]
        ).T
        truth = means.mean()
        return Covered(
            replications=self.replications,
            held=int(((lows <= truth) & (truth <= highs)).sum()),
            below=int((highs < truth).sum()),
        )

    def _replicate(
        self, case: Instance, decisions: Decisions, seed: int
    ) -> tuple[float, float, float]:
        """Return the mean cost of a sample and both ends of its interval."""
        drawn = sample_batches(
            case,
            number_of_scenarios=self.scenarios,
            generator=np.random.default_rng(seed),
        )
        costs = replay(case, drawn.scenarios, decisions).scenario_costs()
        probability = drawn.scenarios.probability
        interval = confidence_interval(costs, probability, drawn.batch)
        if interval is None:
            msg = f"{self.scenarios} scenarios have no interval, expected at least 4"
            raise ValueError(msg)
        return (mean(costs, probability), *interval)


def _solved(case: Instance) -> Decisions:
    plan = solve(case).plan
    if plan is None:
        msg = f"{case.id} has no plan, expected one to follow"
        raise ValueError(msg)
    return decisions_of(case, plan)
