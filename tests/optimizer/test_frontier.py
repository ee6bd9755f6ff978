"""What other budgets buy: laws over budgets, and each point against a solve alone."""

from itertools import pairwise

import pytest

from models.frontier import Frontier, SolvedPoint, equal_ratios
from models.instance import Instance
from models.outcome import Termination
from models.reading import read_instance
from optimizer import frontier, solve
from optimizer.executors.here import Here
from optimizer.frontier import scaled
from service.casefiles import load
from tests import cases
from tests.laws.tiny_cases import tiny_case
from tests.optimizer.vault_case import changed
from tests.thorough import some_of

FACTORS = (2.0, 0.5, 1.0, 0.7)
TERMS = {"stage": "both", "materials": ["m0", "m1"], "hazard_per_year": 2.0}
CUT = cases.event("cut", cases.phase(40, 60, availability=0.2), **TERMS)


@pytest.fixture(scope="module")
def case() -> Instance:
    """Return the case that is worked out by hand."""
    return read_instance(load("two_materials"))


@pytest.fixture(scope="module")
def found(case: Instance) -> Frontier:
    """Return its frontier over some budgets, not in their order."""
    return frontier(case, FACTORS, executors=(Here(),))


def test_points_are_what_solves_alone_find(case: Instance, found: Frontier) -> None:
    """Cost, bound, money and cover of each budget, read off a plan made from nothing.

    Both are optimal, so the costs agree; of equally good plans either may be found.
    """
    assert found.instance_hash == case.content_hash
    for point, factor in zip(found.points, sorted(FACTORS), strict=True):
        plan = solve(scaled(case, factor)).plan
        assert plan is not None
        promise = plan.promise
        cost = promise.expected_shortage_cost_usd
        assert point.budget_usd == promise.budget_usd == factor * 1.5e6
        assert point.expected_shortage_cost_usd == pytest.approx(cost, abs=10)
        assert point.lower_bound_usd == pytest.approx(promise.lower_bound_usd, abs=10)
        days = [level.days_of_cover for level in plan.levels]
        assert point.least_days_of_cover == pytest.approx(min(days))
        assert point.mean_days_of_cover == pytest.approx(sum(days) / 2)
        assert point.materials_held == sum(x > 0 for x in days)
        assert point.least_days_of_cover_held == pytest.approx(
            min(x for x in days if x > 0)
        )
        assert point.is_as_given == (factor == 1)


def test_the_next_dollar_avoids_what_a_dollar_more_avoids(found: Frontier) -> None:
    """Between 1.05 and 1.5 million a dollar avoids 1.50, as in the hand-worked case."""
    less, more = found.points[1:3]
    avoided = (less.expected_shortage_cost_usd or 0) - 2.25e6
    assert more.expected_shortage_cost_usd == pytest.approx(2.25e6)
    assert more.budget_shadow_price == pytest.approx(1.5)
    assert avoided / (more.budget_usd - less.budget_usd) == pytest.approx(1.5, rel=0.02)


@pytest.mark.parametrize("seed", some_of([1, 2, 3], 1))
def test_more_never_costs_more(seed: int) -> None:
    """Without commitment fees the plan of a budget is one of every larger budget.

    So no plan is dearer than that of a smaller budget, although the gap would allow it,
    and none is cheaper than what is proved for a larger one.
    """
    instance = read_instance(
        changed(tiny_case(seed), {"options.gap": 0.1, "events+": CUT})
    )
    assert all(not f.commitment_fee_per_year for f in instance.financing.facilities)
    points = frontier(instance, equal_ratios(0.25, 4.0, 9), executors=(Here(),)).points
    objectives = [_figure(x.objective_usd) for x in points]
    bounds = [_figure(x.lower_bound_usd) for x in points]
    assert objectives[0] > objectives[-1]
    for i, objective in enumerate(objectives):
        assert all(later <= objective + 1 for later in objectives[i:])
        assert all(bound <= objective + 1 for bound in bounds[i:])


def _figure(usd: float | None) -> float:
    assert usd is not None
    return usd


def test_a_budget_without_a_plan_is_a_point(case: Instance) -> None:
    """Cover of 200 days of beta takes 1.1 million: with less there is a conflict."""
    document = changed(
        dict(load("two_materials")), {"materials.1.minimum_days_of_cover": 200}
    )
    points = frontier(read_instance(document), (0.1, 2.0), executors=(Here(),)).points
    assert [x.termination for x in points] == [
        Termination.INFEASIBLE,
        Termination.OPTIMAL,
    ]
    assert any("minimum_cover[beta]" in text for text in points[0].conflict)
    assert points[0].plan_hash is points[0].expected_shortage_cost_usd is None
    assert points[0].budget_usd == pytest.approx(0.1 * case.financing.budget_usd())


def test_without_any_money_nothing_is_held(case: Instance) -> None:
    """The cost is that without vault: 5 million."""
    (point,) = frontier(case, (0.0,), executors=(Here(),)).points
    assert point.expected_shortage_cost_usd == pytest.approx(5e6)
    assert (point.materials_held, point.mean_days_of_cover) == (0, 0)
    assert point.least_days_of_cover_held is None


def test_an_interruption_keeps_what_is_done(case: Instance) -> None:
    """Asked after the second point, the third is left out."""
    points: list[SolvedPoint] = []
    found = frontier(
        case,
        FACTORS,
        on_point=points.append,
        is_interrupted=lambda: len(points) > 1,
        executors=(Here(),),
    )
    assert [dict(x) for x in found.points] == [
        {name: value for name, value in x if name != "plan"} for x in points
    ]
    assert [x.plan_hash for x in found.points] == [
        x.plan and x.plan.content_hash for x in points
    ]
    assert [x.budget_usd for x in points] == [0.75e6, 0.7 * 1.5e6]


def test_opening_cash_is_part_of_a_budget_and_stays(case: Instance) -> None:
    """Twice the limit of 1.5 million, and half a million beside it."""
    document = changed(
        dict(load("two_materials")), {"financing.opening_cash_usd": 0.5e6}
    )
    other = scaled(read_instance(document), 2.0)
    assert other.financing.budget_usd() == 2 * case.financing.limits_usd() + 0.5e6


def test_a_factor_below_zero_is_refused(case: Instance) -> None:
    """There is no such budget."""
    with pytest.raises(ValueError, match="at least 0"):
        frontier(case, (-0.5, 1.0), executors=(Here(),))


def test_ratios_are_equal() -> None:
    """From a half to twice: the middle of eleven is the budget of the case."""
    factors = equal_ratios(0.5, 2.0, 11)
    assert (factors[0], factors[5], factors[10]) == (0.5, 1.0, 2.0)
    ratios = [b / a for a, b in pairwise(factors)]
    assert ratios == pytest.approx([4**0.1] * 10)
