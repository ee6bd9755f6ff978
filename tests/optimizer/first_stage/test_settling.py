"""Rights and contracts held in part are settled by what they cost."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from optimizer.deadline import NEVER
from optimizer.first_stage.searching import Search, SearchResult, prune
from optimizer.first_stage.settling import levels_beside, round_contracts, settle
from optimizer.point import Point
from optimizer.policies.candidates import Candidate, Menu
from optimizer.problem import complete_problem
from optimizer.scenarios import sample
from optimizer.separation import SeparatedProgram
from tests.benchmark.synthetic_case import synthetic_case

SEEDS = range(6)


def relaxed(seed: int) -> tuple[Search, Point]:
    """Return the search of a case with rights and contracts, and its relaxation."""
    instance = synthetic_case(6, 6, 8, 12, seed=seed)
    scenarios = sample(
        instance, number_of_scenarios=3, generator=np.random.default_rng(seed)
    )
    program = SeparatedProgram(complete_problem(instance, scenarios), is_relaxed=True)
    found = program.solve(NEVER)
    assert found.values is not None
    return Search(program, NEVER, lambda _: None), program.point(found.values)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_settled_is_whole_and_costs_no_more_than_rounding(seed: int) -> None:
    """No right and no contract is left in part."""
    run, point = relaxed(seed)
    kept = prune(run.problem, point)
    settled = settle(run, kept, point)
    assert settled is not None
    _, _, (_, best) = settled
    for holding, share in zip(run.problem.holdings, best.shares, strict=True):
        if holding.offer is not None:
            assert np.allclose(share, np.round(share), atol=1e-6)
    assert np.allclose(best.signed, np.round(best.signed), atol=1e-6)
    rounded = _rounded(run, point)
    if rounded is not None:
        assert best.objective_usd <= rounded[1].objective_usd * (1 + 1e-9) + 1.0


def _rounded(run: Search, point: Point) -> SearchResult | None:
    """Return the best point with all contracts and rights rounded to the nearest."""
    round_contracts(run.program, point.signed)
    whole = replace(
        point,
        shares=tuple(
            share if holding.offer is None else np.round(share)
            for holding, share in zip(run.problem.holdings, point.shares, strict=True)
        ),
    )
    support = prune(run.problem, whole)
    awards = tuple(
        np.zeros_like(share) if holding.offer is None else share
        for holding, share in zip(run.problem.holdings, whole.shares, strict=True)
    )
    return replace(run, awards=awards).solve_on(support)


@pytest.mark.parametrize("seed", SEEDS)
def test_levels_beside_have_the_rule_and_sourcing_of_what_is_held(seed: int) -> None:
    """The same tonnes bought another way are another award."""
    run, _ = relaxed(seed)
    for h, holding in enumerate(run.problem.holdings):
        menu = run.problem.menus[h]
        for c in range(len(menu.candidates)) if holding.offer is not None else ():
            share = np.zeros(len(menu.candidates))
            share[c] = 0.7
            beside = levels_beside(menu, share)
            held = share @ menu.policies.target
            tonnes = [float(menu.policies.target[x].sum()) for x in beside]
            assert all(x.sum() == 1 for x in beside)
            alike = {(y.rule, y.sourcing) for x in beside for y in _chosen(menu, x)}
            assert alike == {(menu.candidates[c].rule, menu.candidates[c].sourcing)}
            assert tonnes[-1] > held
            assert all(x <= held for x in tonnes[:-1])


def _chosen(menu: Menu, award: NDArray[np.bool_]) -> tuple[Candidate, ...]:
    return menu.select(np.flatnonzero(award)).candidates
