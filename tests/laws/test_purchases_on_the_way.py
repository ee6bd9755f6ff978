"""What a reserve has bought and waits for: counted and paid once, never in its way."""

import pytest

from tests import cases
from tests.cases import Case
from tests.laws.test_opening_position import HELD, WORLDS, stock, told
from tests.laws.tiny_cases import EXACT
from tests.optimizer.vault_case import Changes, vault_plan

COMING = cases.sourcing("coming", is_on_order=True)


def purchases(*ships: tuple[float, int, str], **terms: object) -> list[Case]:
    """Return purchases: tonnes, period due, route; at no price."""
    return [
        cases.purchase(
            f"ship-{i}", tonnes, material="alpha", route=route, arrival_period=due
        )
        | {"price_usd_per_tonne": 0.0}
        | terms
        for i, (tonnes, due, route) in enumerate(ships)
    ]


def on_the_way(*ships: tuple[float, int, str], **terms: object) -> Changes:
    """Return the change to a case with purchases and the option that takes them."""
    position = {"purchases": purchases(*ships, **terms)}
    return {"sourcing_options+": COMING, "position": position}


def objective(*steps: Changes) -> float:
    """Return the objective of the plan of the vault case with changes."""
    return vault_plan(*steps).promise.objective_usd


def test_what_arrives_before_it_is_needed_is_free_stock() -> None:
    """Before the cut in period 2 it is all the same whether 10 t are there or come."""
    coming = vault_plan(on_the_way((10.0, 0, "alpha-chn")))
    there = vault_plan(stock(10.0))
    assert coming.promise.objective_usd == pytest.approx(there.promise.objective_usd)
    (found,), (wanted,) = coming.levels, there.levels
    assert (found.tonnes, found.cost_usd) == (wanted.tonnes, wanted.cost_usd)
    lot = found.held[0]
    assert (lot.lot, lot.tonnes, lot.arrival_period) == ("ship-0", 10.0, 0)


def test_what_a_cut_holds_back_helps_after_it() -> None:
    """Due in the first month of the cut, over the route that is cut or another one."""
    cut, other = (
        objective(on_the_way((10.0, 2, route))) for route in ("alpha-chn", "alpha-aus")
    )
    assert other < cut < objective()


def test_purchases_at_no_price_never_cost_more() -> None:
    """Two of them, or twice as much, beside free stock that a cut makes them wait for.

    Equal parts of stock and purchases would leave stock behind, and cost more.
    """
    ships = (5.0, 2, "alpha-chn"), (2.0, 4, "alpha-aus")
    more = [(2 * tonnes, due, route) for tonnes, due, route in ships]
    costs = [
        objective(
            WORLDS["little room"],
            {"sourcing_options+": COMING},
            {
                "sourcing_options+": HELD,
                "position": {
                    "stock": [cases.stock_lot("lot", 5.0, material="alpha")],
                    "purchases": purchases(*some),
                },
            },
        )
        for some in ((), ships, more)
    ]
    for less, greater in zip(costs[1:], costs, strict=False):
        assert less <= greater * (1 + EXACT)


def test_cutting_a_purchase_changes_nothing() -> None:
    """Its parts are the same cargo."""
    plans = [
        vault_plan(on_the_way(*((x, 2, "alpha-aus") for x in parts)))
        for parts in ((10.0,), (4.0, 6.0))
    ]
    assert told(plans[0]) == told(plans[1])


def test_a_purchase_is_paid_when_agreed_and_once() -> None:
    """8 t at 500 dollars in period 3 of a cut, though they come over the cut route.

    Nothing else is paid: what is left of it is what the plan without it has.
    """
    poor: Changes = {
        "financing.facilities": [],
        "financing.opening_cash_usd": 9e3,
        "sourcing_options": [COMING],
        "rules.0.steps.0.replenishment_rate_per_month": 0.0,
    }
    ship = 8.0, 3, "alpha-chn"

    def cash(**terms: object) -> list[float]:
        plan = vault_plan(poor, {"position": {"purchases": purchases(ship, **terms)}})
        return [x.lowest_cash_usd for x in plan.financing]

    paid = cash(price_usd_per_tonne=500.0, is_paid=True)
    due = cash(price_usd_per_tonne=500.0)
    owed = [before - after for before, after in zip(paid, due, strict=True)]
    assert owed == pytest.approx([0.0, 0.0, 0.0, 4e3, 4e3, 4e3])


def test_both_methods_take_the_same() -> None:
    """With free stock, a right, and purchases of two routes: one cost."""
    ships = ((4.0, 1, "alpha-chn"), (6.0, 3, "alpha-aus"))
    case: tuple[Changes, ...] = (
        WORLDS["a right and a contract"],
        on_the_way(*ships, price_usd_per_tonne=5e3),
        {
            "sourcing_options+": HELD,
            "position.stock": [cases.stock_lot("lot", 3.0, material="alpha")],
        },
    )
    plans = [
        vault_plan(*case, {"options.method": method})
        for method in ("extensive_form", "decomposition")
    ]
    found, wanted = (plan.promise.objective_usd for plan in plans)
    assert found == pytest.approx(wanted, rel=EXACT)
    for plan in plans:
        lots = [x for level in plan.levels for x in level.held]
        whole = {x.lot: x.tonnes + x.sold_tonnes + x.left_tonnes for x in lots}
        assert whole == pytest.approx({"lot": 3.0, "ship-0": 4.0, "ship-1": 6.0})


def test_a_position_without_purchases_is_the_case_as_it_was() -> None:
    """To the last byte."""
    plans = [vault_plan(), vault_plan({"position": {"purchases": []}})]
    assert plans[0] == plans[1]
