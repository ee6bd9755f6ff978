"""The optimality gap of a plan beyond its sample, by replication.

Mak, Morton & Wood (1999): on each of some independent samples of equal size the plan's
objective and a lower bound for all plans, and Student's t on the differences. Bounds
are those of the relaxation, so what tranche limit and whole lots cost counts as gap.
With weight on the tail the value at risk is that of each sample, which makes the plan's
objective, and so the gap, a little too small. What a plan cannot pay for on a sample
makes the gap too small as well, so that is reported beside it.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor

import numpy as np
from scipy.special import stdtrit

from models.instance import Instance
from models.plan import Plan
from models.plan_warnings import missed_levels
from models.sample_quality import Replication, SampleQuality
from optimizer.cores import on_one_thread
from optimizer.deadline import NEVER
from optimizer.decomposition.session import SolveSession
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.objective import objective_of_replay
from optimizer.evaluation.position import Position, position_of
from optimizer.evaluation.replay import replay
from optimizer.executors import opened
from optimizer.formulation import MILLION
from optimizer.problem import first_stage_problem
from optimizer.scenarios import sample
from optimizer.scenarios.scenario_set import ScenarioSet

CONFIDENCE = 0.95
RELAXATION_GAP = 2e-3
FEWEST_REPLICATIONS = 2


class NoBoundError(RuntimeError):
    """A sample has no lower bound: its relaxation has no point."""


@on_one_thread
def sample_quality(  # noqa: PLR0913 - each is a choice of who asks
    instance: Instance,
    plan: Plan,
    *,
    replications: int,
    number_of_scenarios: int,
    seed: int,
    on_replication: Callable[[int], None] | None = None,
    executors: Sequence[Executor] | None = None,
) -> SampleQuality:
    """Return the optimality gap of a plan, estimated by replications.

    on_replication gets the number of those that are done. Raises ValueError for fewer
    than 2 replications, PlanMismatchError if plan and case do not belong together, and
    NoBoundError if the limits of the case allow no plan at all on a sample.
    """
    if replications < FEWEST_REPLICATIONS:
        msg = f"replications is {replications}, expected at least {FEWEST_REPLICATIONS}"
        raise ValueError(msg)
    decisions = decisions_of(instance, plan)
    is_eased = any(missed_levels(instance, plan))
    done: list[Replication] = []
    positions: list[Position] = []
    with opened(executors or "local") as workers:
        for generator in np.random.default_rng(seed).spawn(replications):
            drawn = sample(
                instance, number_of_scenarios=number_of_scenarios, generator=generator
            )
            happened = replay(instance, drawn, decisions)
            positions.append(
                position_of(
                    instance, drawn.probability, decisions.draws, happened.books
                )
            )
            done.append(
                Replication(
                    plan_objective_usd=objective_of_replay(
                        instance, happened, drawn.probability
                    ),
                    lower_bound_usd=lower_bound(
                        instance, drawn, workers, eases_levels=is_eased
                    ),
                )
            )
            if on_replication is not None:
                on_replication(len(done))
    return _quality(plan, done, positions, seed)


def _quality(
    plan: Plan,
    done: Sequence[Replication],
    positions: Sequence[Position],
    seed: int,
) -> SampleQuality:
    costs = np.array([x.plan_objective_usd for x in done])
    bounds = np.array([x.lower_bound_usd for x in done])
    gaps = costs - bounds
    student = float(stdtrit(len(done) - 1, CONFIDENCE))
    error = float(gaps.std(ddof=1)) / np.sqrt(len(done))
    broken = [x.cover_broken_probability() for x in positions]
    return SampleQuality(
        promised_objective_usd=plan.promise.objective_usd,
        number_of_scenarios=len(positions[0].probability),
        seed=seed,
        replications=tuple(done),
        objective_usd=float(costs.mean()),
        lower_bound_usd=float(bounds.mean()),
        gap_usd=float(gaps.mean()),
        gap_upper_usd=max(float(gaps.mean()) + student * error, 0.0),
        unfunded_probability=_mean_of([x.unfunded_probability() for x in positions]),
        most_unfunded_usd=max(x.most_unfunded_usd() for x in positions),
        cover_broken_probability=_mean_of([x for x in broken if x is not None]),
    )


def _mean_of(probabilities: Sequence[float]) -> float | None:
    """Return the mean of samples of equal size; None if there is none."""
    return float(np.mean(probabilities)) if probabilities else None


def lower_bound(
    instance: Instance,
    scenarios: ScenarioSet,
    executors: Sequence[Executor],
    *,
    eases_levels: bool = False,
) -> float:
    """Return a lower bound on the objective of all plans on some scenarios."""
    problem = first_stage_problem(instance, scenarios, eases_levels=eases_levels)
    # A session for each sample: cuts of one are not valid for another.
    with SolveSession(executors) as session:
        relaxation = session.relaxation(problem, NEVER)
        relaxation.relax(RELAXATION_GAP, NEVER)
        bound = relaxation.state.lower_bound * MILLION
    if not np.isfinite(bound):
        msg = "no plan is possible on one of the samples"
        raise NoBoundError(msg)
    return bound
