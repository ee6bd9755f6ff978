"""Month by month along a scenario, orders are what the replay of the plan does."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings

from models.instance import Instance
from models.observation import Observation
from models.orders import Orders
from models.plan import Plan
from models.tranche_in_force import tranche_name
from optimizer import advance
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import PlanReplay, replay
from optimizer.scenarios.market import demand_path
from optimizer.scenarios.scenario_set import ScenarioSet
from tests.laws.test_plans_in_force import (
    PERIODS,
    SEEDS,
    by_tranche,
    decided,
    reserve_case,
)
from tests.optimizer.random_cases import random_scenarios
from tests.plans import financing_period, written_plan

LAW = settings(max_examples=5, deadline=None, derandomize=True)


def plan_of(case: Instance, decisions: Decisions) -> Plan:
    """Return the document of decisions."""
    signed = tuple(decisions.signed)
    plan = written_plan(case, *decisions.tranches, signed=signed)
    names = [facility.id for facility in case.financing.facilities]
    financing = tuple(
        financing_period(t, draws_usd=dict(zip(names, draws, strict=True)))
        for t, draws in enumerate(decisions.draws.T.tolist())
    )
    sales = {sale.material: sale for sale in decisions.sales}
    levels = tuple(
        level.model_copy(update={"sale": sales.get(level.material)})
        for level in plan.levels
    )
    return plan.model_copy(update={"financing": financing, "levels": levels})


def observed(
    case: Instance, first: Instance, scenarios: ScenarioSet, t: int
) -> Observation:
    """Return the facts of a period of the one scenario, of the case as it stands."""
    materials = [m.id for m in first.materials]
    products = [p.id for p in first.final_products()]
    return Observation(
        start=case.horizon.start,
        availability={
            route.id: scenarios.availability[r, 0, t]
            for r, route in enumerate(first.routes)
        },
        announced=tuple(
            m for i, m in enumerate(materials) if scenarios.announced[i, 0, t]
        ),
        prices_usd_per_tonne=dict(
            zip(materials, scenarios.price[:, 0, t].tolist(), strict=True)
        ),
        demand_units=dict(
            zip(products, scenarios.demand[:, 0, t].tolist(), strict=True)
        ),
    )


def assert_as_replayed(orders: Orders, expected: PlanReplay, t: int) -> None:
    """Assert that tonnes, stock, cash and cost are those of the replay in period t."""

    def same(found: float, wanted: float) -> bool:
        return found == pytest.approx(wanted, rel=1e-6, abs=1e-6)

    ordered = {x.tranche: x.tonnes for x in orders.releases}
    bought: dict[str, float] = defaultdict(float)
    for x in orders.purchases:
        if x.purpose != "opening":
            bought[x.tranche] += x.tonnes
    there: dict[str, float] = defaultdict(float)
    for name, (tranche, done) in by_tranche(expected).items():
        assert same(ordered.get(name, 0.0), float(done.released[0, 0, t]))
        arrived = done.acquired[0, 0, t] + done.rotated[0, 0, t]
        assert same(bought[name], float(arrived))
        there[tranche.material] += float(done.on_hand[0, 0, t])
        assert tranche_name(tranche) == name
    for x in orders.releases:
        allotted = sum(part.tonnes for part in x.beneficiaries)
        assert same(allotted + x.unallotted_tonnes, x.tonnes)
    for account in orders.reconciliation.stock:
        assert same(account.expected_tonnes, there[account.material])
    assert same(orders.reconciliation.cash.expected_usd, float(expected.cash[0, t]))
    owed = expected.books.debt + expected.books.capital
    more = np.diff(owed.reshape(-1, owed.shape[-1]), axis=1, prepend=0.0)[0, t]
    assert same(sum(x.draw_usd - x.repayment_usd for x in orders.facilities), more)
    cost = float(expected.allocation.cost[0, t])
    assert same(orders.reconciliation.cost.incurred_usd, cost)


@LAW
@given(seed=SEEDS)
def test_month_by_month_is_the_replay(seed: int) -> None:
    """Each case is what the month before has left; costs add up along the way."""
    first = case = reserve_case(seed)
    drawn = random_scenarios(case, seed, 2)
    decisions = decided(case, drawn, seed)
    scenarios = replace(drawn.select(slice(0, 1)), probability=np.ones(1))
    # As in all planning scenarios: the demand of the first period is known.
    scenarios.demand[:, 0, 0] = demand_path(case)[:, 0]
    expected = replay(case, scenarios, decisions)
    assume(bool((expected.cash >= 0).all()))
    plan, orders = plan_of(case, decisions), None
    for t in range(PERIODS):
        facts = observed(case, first, scenarios, t)
        advanced = advance(case, plan, facts, previous=orders)
        orders = advanced.orders
        assert_as_replayed(orders, expected, t)
        assert (advanced.next_case is None) == (t == PERIODS - 1)
        case = advanced.next_case or case
    assert orders is not None
    total = orders.reconciliation.cost_so_far
    assert total.periods == PERIODS
    assert total.incurred_usd == pytest.approx(expected.allocation.cost.sum())
