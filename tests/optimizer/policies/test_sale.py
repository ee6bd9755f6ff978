"""The sale of a surplus as a policy: equal parts, oldest first, nothing expired."""

import numpy as np
import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.policies.candidates import menu_of
from optimizer.policies.holding import Holding, holdings
from optimizer.policies.market import observe
from optimizer.policies.policy import Policies
from optimizer.policies.response import respond
from optimizer.policies.sale import sale_policies, to_sale
from optimizer.policies.simulator import simulate
from tests import cases
from tests.cases import Case, changed
from tests.optimizer.one_scenario import one_scenario

CUT = {"gallium-chn": [1.0, 0.0, 0.0, 1.0]}
PRICE = [500_000.0, 1e6, 1e6, 500_000.0]


def sale_of(case: Case, *lots: Case, **terms: object) -> tuple[Instance, Holding]:
    """Return a case with a ban in periods 1 and 2, and its sale within 3 periods."""
    sale = {"material": "gallium", "within_periods": 3} | terms
    position = {"stock": list(lots), "sales": [sale]}
    instance = read_instance(changed(case, {"position": position}))
    scenarios = one_scenario(instance, availability=CUT, price={"gallium": PRICE})
    found = holdings(instance, scenarios, observe(instance, scenarios))
    return instance, found[-1]


def whole(instance: Instance, holding: Holding) -> Policies:
    """Return the policy that sells all."""
    return menu_of(instance, holding).policies


def test_a_surplus_is_sold_in_equal_parts_whatever_the_alert(tiny_case: Case) -> None:
    """6 t in three periods; participants get none of it."""
    instance, holding = sale_of(tiny_case, cases.stock_lot("a", 6.0), discount=0.1)
    policies = whole(instance, holding)
    done = simulate(policies, holding.observables)
    assert done.released[0, 0] == pytest.approx([2, 2, 2, 0])
    assert done.on_hand[0, 0] == pytest.approx([4, 2, 0, 0])
    response = respond(instance, holding, policies)
    assert not response.released.any()
    storage = holding.storage
    kept = storage.cost_usd_per_tonne_year + storage.insurance_rate_per_year * (
        np.array(PRICE)
    )
    years = np.array(instance.horizon.period_lengths_years)
    expected = 0.9 * np.array([2, 2, 2, 0]) * PRICE - done.on_hand[0, 0] * kept * years
    assert response.cash_flow[0, 0] == pytest.approx(expected)
    assert response.opening_value == pytest.approx(6 * 500_000)
    assert response.stock_value[0, 0] == pytest.approx(np.array([4, 2, 0, 0]) * PRICE)


def test_what_has_expired_is_not_sold(tiny_case: Case) -> None:
    """Of 3 t that are too old after the first period 2 t are sold before, 1 t is lost.

    The others follow at the same pace.
    """
    tiny_case["materials"][0]["shelf_life_days"] = 100
    lots = [
        cases.stock_lot("old", 3.0, arrival="2025-11-20"),
        cases.stock_lot("new", 3.0),
    ]
    instance, holding = sale_of(tiny_case, *lots)
    done = simulate(whole(instance, holding), holding.observables)
    assert done.released[0, 0] == pytest.approx([2, 2, 1, 0])
    assert done.on_hand[0, 0] == pytest.approx([3, 1, 0, 0])


def test_a_part_of_a_sale_does_that_part_of_it(tiny_case: Case) -> None:
    """And so does the policy that is read from the printed sale."""
    instance, holding = sale_of(tiny_case, cases.stock_lot("a", 6.0))
    policies = whole(instance, holding)
    part = policies.scaled(np.array([0.25]))
    sale = to_sale(instance, holding, part)
    assert (
        sale.text == "Sell 0.5 t a month for 3 months, 1.5 t in all, oldest out first."
    )
    expected = respond(instance, holding, policies)
    for some in (part, sale_policies(instance, holding, sale)):
        found = respond(instance, holding, some)
        assert found.cash_flow == pytest.approx(0.25 * expected.cash_flow)
        assert found.stock_value == pytest.approx(0.25 * expected.stock_value)


@pytest.mark.parametrize(
    ("change", "tonnes"),
    [
        ({}, 6.0),
        # 12 t a year are 1 t a month; 0.02 t a day are 0.6088 t.
        ({"most_tonnes_per_year": 12.0}, 3.0),
        ({"outload": 0.02}, 3 * 0.02 * 30.4375),
    ],
)
def test_no_more_is_sold_than_terms_and_outload_allow(
    tiny_case: Case, change: Case, tonnes: float
) -> None:
    """The whole sale is the largest that keeps the pace."""
    terms = dict(change)
    if outload := terms.pop("outload", None):
        tiny_case["storage_classes"][0]["outload_tonnes_per_day"] = outload
    instance, holding = sale_of(tiny_case, cases.stock_lot("a", 6.0), **terms)
    policies = whole(instance, holding)
    assert policies.target == pytest.approx(tonnes)
    assert policies.most_released(1.0) == pytest.approx(tonnes / 3)
