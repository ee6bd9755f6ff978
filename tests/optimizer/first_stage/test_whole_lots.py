"""Whole lots where money for all that are nearest is missing."""

import numpy as np

from optimizer.deadline import NEVER
from optimizer.first_stage.lots import downwards, rounded_shares, to_nearest
from optimizer.first_stage.searching import Search, prune
from optimizer.first_stage.tranches import whole_lots
from optimizer.problem import complete_problem
from optimizer.scenarios import sample
from optimizer.separation import SeparatedProgram
from tests.benchmark.synthetic_case import synthetic_case


def test_where_money_binds_not_all_lots_are_rounded_down() -> None:
    """All lots to the nearest are too dear, and all rounded down waste money."""
    # Without offers: what whole rights leave would be solved anew.
    instance = synthetic_case(6, 3, 8, 18, seed=6).model_copy(
        update={"entitlement_offers": ()}
    )
    scenarios = sample(
        instance, number_of_scenarios=3, generator=np.random.default_rng(1)
    )
    problem = complete_problem(instance, scenarios)
    program = SeparatedProgram(problem, is_relaxed=True)
    run = Search(program, NEVER, lambda _: None)
    relaxed = program.solve(NEVER)
    assert relaxed.values is not None
    best = run.solve_on(prune(problem, program.point(relaxed.values)))
    assert best is not None
    assert run.solve_fixed(rounded_shares(problem, best[1], to_nearest)) is None
    all_down = run.solve_fixed(rounded_shares(problem, best[1], downwards))
    found = whole_lots(run, best[1])
    assert all_down is not None
    assert found is not None
    assert found.objective_usd < all_down[1].objective_usd
