"""Tranches of a plan in force: what they hold is there, and as old as its lots are."""

from typing import Any

import pytest

from models.instance import Instance
from models.opening_position import StockLot
from models.plan import Tranche
from models.reading import read_instance
from models.tranche_in_force import TrancheInForce, tranche_name
from optimizer.policies.holding import holdings
from optimizer.policies.market import observe
from optimizer.policies.response import Response, respond
from optimizer.policies.tranche import to_policies
from tests import cases
from tests.cases import Case, changed
from tests.optimizer.one_scenario import one_scenario
from tests.plans import in_place, steps

OLD = cases.stock_lot("old", 0.4, arrival="2025-08-01")
NEW = cases.stock_lot("new", 0.6)


def in_force(*lots: Case, **terms: Any) -> TrancheInForce:  # noqa: ANN401 - any field
    """Return a tranche of 2 t that holds these lots."""
    printed = in_place(2.0, **terms).model_dump()
    found = tuple(StockLot.model_validate(lot) for lot in lots)
    return TrancheInForce.model_validate(printed | {"in_place": found})


def response_of(case: Instance, *tranches: Tranche) -> Response:
    """Return what tranches of the pool do in a calm world."""
    scenarios = one_scenario(case)
    pool = holdings(case, scenarios, observe(case, scenarios))[0]
    return respond(case, pool, to_policies(case, pool, tranches))


def test_what_is_there_is_not_bought_and_grows_old(tiny_case: Case) -> None:
    """Of a build-up of four months two are left; the old lot expires in the first."""
    tiny_case["materials"][0]["shelf_life_days"] = 200.0
    build_up = {"build_up_periods": 4, "build_up_tonnes_per_period": 0.5}
    begun = in_force(OLD, NEW, **build_up).model_copy(
        update={"build_up_start_period": -2}
    )
    found = response_of(read_instance(tiny_case), begun, in_place(1.0))
    assert found.on_hand[0, 0] == pytest.approx([1.1, 1.6, 1.6, 1.6])
    assert found.on_hand[1, 0] == pytest.approx([1.0] * 4)
    assert found.opening_flow == pytest.approx([0.0, -500_000])
    assert found.opening_value == pytest.approx([500_000, 0.0])


def test_what_took_free_stock_is_followed_without_any(tiny_case: Case) -> None:
    """All of it was released: the rule buys it back over the routes of the option."""
    held = {"sourcing_options+": cases.sourcing("held", is_held=True)}
    case = read_instance(changed(tiny_case, held))
    refilling = steps(2.0, replenishment_tonnes_per_period=0.3)
    found = response_of(case, in_force(sourcing="held", steps=refilling))
    assert found.on_hand[0, 0] == pytest.approx([0.3, 0.6, 0.9, 1.2])
    assert found.opening_flow.tolist() == [0.0]


def test_what_was_bought_over_closed_routes_is_held_on(tiny_case: Case) -> None:
    """No route lies in the zone any more: what is there stays, nothing is bought."""
    zone = {"sourcing_options+": cases.sourcing("zone", origins="zone")}
    case = read_instance(changed(tiny_case, zone))
    refilling = steps(2.0, replenishment_tonnes_per_period=0.3)
    found = response_of(case, in_force(NEW, sourcing="zone", steps=refilling))
    assert found.on_hand[0, 0] == pytest.approx([0.6] * 4)


def test_names_tell_tranches_apart() -> None:
    """By what they are a part of, and by the candidate."""
    right = {"offer": "right", "participant": "maker", "rule": "entitlement"}
    names = [
        tranche_name(x)
        for x in (
            in_place(1.0),
            in_place(1.0, sourcing="late"),
            in_place(1.0, level_days_of_cover=60.000001),
            in_place(1.0, **right),
        )
    ]
    assert names[0] == "gallium/immediate/in-place/60"
    assert len(set(names)) == len(names)
