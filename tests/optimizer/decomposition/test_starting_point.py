"""A start from fewer scenarios is a fair sample and does not change the plan."""

from dataclasses import replace

import numpy as np
import pytest

from models.outcome import Outcome, Termination
from optimizer.deadline import Deadline
from optimizer.decomposition import starting_point
from optimizer.executors.here import Here
from optimizer.problem import first_stage_problem
from optimizer.solve import solve_on
from tests.optimizer.decomposition.drawn_cases import limited
from tests.thorough import some_of

NUMBER = 9
PROVEN = {Termination.OPTIMAL, Termination.GAP_REACHED}
GAP = 2e-3
DECOMPOSED = {"options.method": "decomposition", "options.gap": GAP}


@pytest.mark.parametrize("number", [1, 2, 5, 100])
def test_strata_keep_their_probability(number: int) -> None:
    """Strata of 1, 3 and 5 scenarios of any probability are all there, at its sum."""
    _, scenarios = limited(1, number=NUMBER)
    draw = np.random.default_rng(number)
    stratum = draw.permutation(np.repeat([0, 1, 2], [1, 3, 5]))
    drawn = replace(
        scenarios, stratum=stratum, probability=draw.dirichlet(np.ones(NUMBER))
    )
    few = starting_point.one_in(drawn, number)
    for one in range(3):
        size = int((stratum == one).sum())
        assert (few.stratum == one).sum() == -(-size // number)
        total = few.probability[few.stratum == one].sum()
        assert total == pytest.approx(drawn.probability[stratum == one].sum())
    position = [drawn.names.index(name) for name in few.names]
    assert position == sorted(position)
    assert (few.price == drawn.price[:, position]).all()


def answer(seed: int, **options: object) -> Outcome:
    """Return the answer by decomposition on nine scenarios."""
    changes = {**DECOMPOSED, **{f"options.{k}": x for k, x in options.items()}}
    return solve_on(*limited(seed, changes, number=NUMBER))


def started_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a start be made from four or five scenarios, and theirs from two."""
    monkeypatch.setattr(starting_point, "FEWEST_SCENARIOS", 2)
    monkeypatch.setattr(starting_point, "ONE_IN", 2)


@pytest.mark.parametrize("seed", some_of(range(4), 2))
def test_a_start_keeps_the_answer(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans agree within their gaps, and no bound crosses the other's cost."""
    options = {"cvar_weight": 0.3 * (seed % 2), "cvar_level": 0.6}
    cold = answer(seed, **options)
    started_small(monkeypatch)
    warm = answer(seed, **options)
    assert (warm.plan is None) == (cold.plan is None)
    if warm.plan is None or cold.plan is None:
        assert warm.termination is cold.termination is Termination.INFEASIBLE
        return
    assert {warm.termination, cold.termination} <= PROVEN
    one, other = cold.plan.promise, warm.plan.promise
    assert one.objective_usd == pytest.approx(other.objective_usd, rel=2 * GAP)
    assert one.lower_bound_usd <= other.objective_usd * (1 + 1e-6)
    assert other.lower_bound_usd <= one.objective_usd * (1 + 1e-6)


def test_few_scenarios_have_no_start() -> None:
    """Nine are solved as quickly as a part of them."""
    problem = first_stage_problem(*limited(1, number=NUMBER))
    assert starting_point.rough_start(problem, (Here(),), Deadline.after(60.0)) is None


def test_a_start_is_the_smaller_optimum(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names decisions and candidates of the whole menu."""
    started_small(monkeypatch)
    problem = first_stage_problem(*limited(1, number=NUMBER))
    start = starting_point.rough_start(problem, (Here(),), Deadline.after(60.0))
    assert start is not None
    number = sum(len(menu.candidates) for menu in problem.menus)
    held = np.flatnonzero(start.decided[:number] > 1e-6)
    assert len(held) > 0
    assert set(held) <= set(start.worth_trying)
    assert start.worth_trying.max() < number
