"""Purchases on the way in candidates: late if their route is cut, and never lost."""

import numpy as np
import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.policies.candidates import Menu, menu_of
from optimizer.policies.holding import Holding, holdings
from optimizer.policies.market import observe
from optimizer.policies.response import respond
from optimizer.policies.simulator import simulate
from tests import cases
from tests.cases import Case, changed
from tests.optimizer.one_scenario import one_scenario

COMING = cases.sourcing("coming", is_on_order=True)
# Of the route from China: half of what waits comes in periods 1 and 2, the rest in 3.
OPEN = [1.0, 0.5, 0.5, 1.0]


def holding_of(
    case: Case, *purchases: Case, holding: int = 0
) -> tuple[Instance, Holding, Menu]:
    """Return a holding of a case with purchases on the way, and its menu."""
    position = {"position": {"purchases": list(purchases)}}
    instance = read_instance(changed(case, position | {"sourcing_options": [COMING]}))
    scenarios = one_scenario(instance, availability={"gallium-chn": OPEN})
    found = holdings(instance, scenarios, observe(instance, scenarios))[holding]
    return instance, found, menu_of(instance, found)


def test_what_waits_comes_as_the_route_delivers(tiny_case: Case) -> None:
    """Of a target of 1.97 t, half each in period 1 and of the rest in period 2."""
    tiny_case["participants"][0]["working_buffer_days"] = 90.0
    instance, pool, menu = holding_of(tiny_case, cases.purchase("a", 3.0))
    done = simulate(menu.policies, pool.observables)
    (target,) = menu.policies.target.tolist()
    parts = [0.0, 0.5, 0.25, 0.25]
    assert done.delivered[0, 0] == pytest.approx([target * x for x in parts])
    assert done.late[0, 0] == pytest.approx([0.0, target / 2, target / 4, 0.0])
    assert done.on_hand[0, 0] == pytest.approx(target * np.cumsum(parts))
    assert not done.acquired.any()
    response = respond(instance, pool, menu.policies)
    # What is late is paid for and worth what is there; neither is bought by the plan.
    value = (done.on_hand + done.late) * pool.price
    assert response.stock_value == pytest.approx(value)
    assert response.opening_value == pytest.approx([500_000.0 * target])
    assert response.opening_flow == pytest.approx([0.0])


def test_what_is_on_the_way_is_not_bought_twice(tiny_case: Case) -> None:
    """A rule that refills at once waits for it."""
    tiny_case["rules"][0]["steps"][0]["replenishment_rate_per_month"] = 1.0
    _, pool, menu = holding_of(tiny_case, cases.purchase("a", 3.0, arrival_period=3))
    done = simulate(menu.policies, pool.observables)
    stock = done.on_hand[0, 0] + [*menu.policies.target] * np.array([1, 1, 1, 0])
    assert (stock <= menu.policies.target * (1 + 1e-12)).all()
    assert done.acquired[0, 0, 0] == 0


def test_tranches_have_a_part_of_every_purchase(tiny_case: Case) -> None:
    """A fourth of what each takes comes first, and a third of a policy does a third."""
    purchases = [cases.purchase("a", 1.0), cases.purchase("b", 3.0, arrival_period=3)]
    _, pool, menu = holding_of(tiny_case, *purchases)
    whole = simulate(menu.policies, pool.observables)
    third = simulate(menu.policies.scaled(np.array([1 / 3])), pool.observables)
    (target,) = menu.policies.target.tolist()
    assert whole.delivered[0, 0, 1] == pytest.approx(target / 8)
    assert whole.delivered.sum() == pytest.approx(target)
    for name in ("released", "on_hand", "late", "delivered"):
        expected = getattr(whole, name) / 3
        assert getattr(third, name) == pytest.approx(expected)


@pytest.mark.parametrize(("due", "number"), [(1, 1), (2, 0)])
def test_a_right_takes_only_what_is_due_before_it_ends(
    tiny_case: Case, due: int, number: int
) -> None:
    """Its beneficiary takes in period 2 what is there; what is late stays free."""
    offer = cases.offer(maximum_lots=10, minimum_lots=10, repurchase_period=2)
    tiny_case["entitlement_offers"] = [offer]
    purchase = cases.purchase("a", 3.0, arrival_period=due)
    _, right, menu = holding_of(tiny_case, purchase, holding=1)
    assert len(menu.candidates) == number
    if number:
        done = simulate(menu.policies, right.observables)
        assert done.repurchased[0, 0, 2] <= 0.5
        assert not done.delivered[0, 0, 2:].any()
        assert not done.late[0, 0, 2:].any()
