"""The shipped case that is worked out on paper, to the last figure.

One maker needs 100 t a year of alpha and of beta, both from one country. A coin decides
whether that country delivers nothing in the second of two years. Nothing but stock
helps then, and nothing costs but stock.

A dollar in alpha buys 1/10,000 t and avoids 1/2 x 40,000 / 10,000 = 2.00 dollars, one
in beta 1/2 x 60,000 / 20,000 = 1.50. Both up to 100 t, the gap of the year. So
1,500,000 dollars buy 100 t of alpha first, for 1,000,000, then 500,000 / 20,000 = 25 t
of beta. Lost then: 75 units of beta x 60,000 = 4,500,000, at even odds 2,250,000. The
next dollar would buy beta.
"""

import pytest

from models.instance import Instance
from models.outcome import Outcome, Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer import evaluate, solve
from service.casefiles import load

OPTIMUM = 0.5 * (100 - 25) * 60_000
WITHOUT_VAULT = 0.5 * (100 * 40_000 + 100 * 60_000)
EXACT = 1e-6


@pytest.fixture(scope="module")
def case() -> Instance:
    """Return the shipped case."""
    return read_instance(load("two_materials"))


@pytest.fixture(scope="module")
def outcome(case: Instance) -> Outcome:
    """Return its answer, solved with gap 0."""
    return solve(case)


@pytest.fixture(scope="module")
def plan(outcome: Outcome) -> Plan:
    """Return the plan of the answer."""
    assert outcome.plan is not None
    return outcome.plan


def test_it_is_solved_to_the_end(case: Instance, outcome: Outcome) -> None:
    """The case asks for gap 0 and gets it."""
    assert case.options.gap == 0
    assert outcome.termination is Termination.OPTIMAL


def test_the_promise_is_the_optimum(plan: Plan) -> None:
    """The figure of the model and that of the replay are 2,250,000."""
    promise = plan.promise
    assert promise.expected_shortage_cost_usd == pytest.approx(OPTIMUM, rel=EXACT)
    assert promise.simulated_shortage_cost_usd == pytest.approx(OPTIMUM, rel=EXACT)
    assert promise.objective_usd == pytest.approx(OPTIMUM, rel=EXACT)


def test_the_bound_is_the_optimum(plan: Plan) -> None:
    """Candidates of 25, 50 and 100 t are there, so nothing is left between them."""
    assert plan.promise.lower_bound_usd == pytest.approx(OPTIMUM, rel=EXACT)
    assert plan.promise.lower_bound_usd <= plan.promise.objective_usd
    assert plan.promise.gap <= EXACT


def test_a_world_without_vault_loses_half_of_ten_million(plan: Plan) -> None:
    """The same scenarios with nothing held cost 5,000,000."""
    found = plan.promise.cost_without_vault_usd
    assert found == pytest.approx(WITHOUT_VAULT, rel=EXACT)


def test_the_levels_are_100_and_25_tonnes(plan: Plan) -> None:
    """A year's need of alpha and a quarter of beta's, for what they cost."""
    held = {x.material: (x.lots, x.tonnes, x.days_of_cover) for x in plan.levels}
    assert held["alpha"] == (100, pytest.approx(100), pytest.approx(365.25))
    assert held["beta"] == (25, pytest.approx(25), pytest.approx(365.25 / 4))
    cost = {x.material: x.cost_usd for x in plan.levels}
    assert cost == {"alpha": pytest.approx(1e6), "beta": pytest.approx(5e5)}


def test_the_whole_loan_is_drawn(plan: Plan) -> None:
    """1,500,000 dollars are there, and all of them are worth more than they cost."""
    assert plan.promise.budget_usd == pytest.approx(1.5e6)
    assert plan.promise.budget_used_usd == pytest.approx(1.5e6)
    assert plan.financing[0].draws_usd == {"loan": pytest.approx(1.5e6)}


def test_the_next_dollar_would_buy_beta(plan: Plan) -> None:
    """It avoids 1/2 x 60,000 / 20,000 dollars."""
    shadow_price = 0.5 * 60_000 / 20_000
    assert plan.promise.budget_shadow_price == pytest.approx(shadow_price, rel=EXACT)


@pytest.mark.parametrize(
    ("limit_usd", "cost", "shadow_price"),
    [
        # 50 t of alpha: half of (50 x 40,000 + 6,000,000); the next dollar buys alpha.
        (500_000.0, 4_000_000.0, 2.0),
        # All of alpha and 50 t of beta: half of 50 x 60,000.
        (2_000_000.0, 1_500_000.0, 1.5),
        # 1,000,000 for alpha and 2,000,000 for beta buy all that can be missing.
        (4_000_000.0, 0.0, 0.0),
    ],
)
def test_other_budgets(
    case: Instance, limit_usd: float, cost: float, shadow_price: float
) -> None:
    """Less money leaves alpha short, more money also covers beta."""
    loan = case.financing.facilities[0].model_copy(update={"limit_usd": limit_usd})
    financing = case.financing.model_copy(update={"facilities": (loan,)})
    found = solve(case.model_copy(update={"financing": financing})).plan
    assert found is not None
    assert found.promise.objective_usd == pytest.approx(cost, rel=EXACT, abs=1e-3)
    assert found.promise.budget_shadow_price == pytest.approx(shadow_price, abs=EXACT)


def test_fresh_scenarios_keep_the_promise(case: Instance, plan: Plan) -> None:
    """The cut comes with even odds in each stratum, so any seed finds 2,250,000."""
    found = evaluate(case, plan, number_of_scenarios=20, seed=99)
    assert found.expected_shortage_cost_usd == pytest.approx(OPTIMUM, rel=EXACT)
    assert found.cost_without_vault_usd == pytest.approx(WITHOUT_VAULT, rel=EXACT)
