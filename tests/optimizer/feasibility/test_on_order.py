"""Purchases on the way in plans: taken once, paid once, worth what they are."""

import numpy as np
import pytest

from models.instance import Instance
from models.plan import Plan
from models.reading import read_instance
from optimizer.evaluation.decisions import decisions_of
from optimizer.evaluation.replay import replay
from optimizer.feasibility import Quantities, check
from optimizer.feasibility.on_order import arrivals, due_usd, late
from optimizer.solve import solve_on
from tests import cases
from tests.cases import Case, changed
from tests.optimizer.vault_case import bans, vault_case

SHIP = cases.purchase(
    "ship",
    10.0,
    material="alpha",
    route="alpha-chn",
    arrival_period=2,
    price_usd_per_tonne=1_000.0,
)


def case_of(**terms: object) -> Instance:
    """Return the vault case with 10 t on the way that a cut holds back."""
    option = cases.sourcing("coming", is_on_order=True)
    position = {"purchases": [SHIP | terms]}
    change = {"sourcing_options+": option, "position": position}
    return read_instance(changed(vault_case(), change))


@pytest.fixture(scope="module")
def solved() -> Case:
    """Return the document of a plan that takes some of it."""
    case = case_of()
    outcome = solve_on(case, bans(case))
    assert outcome.plan is not None
    return outcome.plan.model_dump()


def broken(case: Instance, content: Case) -> set[str]:
    """Return the rows that a plan of the case breaks."""
    plan, scenarios = Plan.model_validate(content), bans(case)
    found = replay(case, scenarios, decisions_of(case, plan)).allocation
    quantities = Quantities(found.allocated, found.emergency, found.shortage)
    return {x.row for x in check(case, scenarios, plan, quantities)}


def test_sees_what_is_not_said_of_a_purchase_once(solved: Case) -> None:
    """Nor when it is due, nor what it is worth."""
    case = case_of()
    assert broken(case, solved) == set()
    (lot,) = solved["levels"][0]["held"]
    assert 0 < lot["tonnes"] < 10
    for change, rows in (
        ({"tonnes": lot["tonnes"] + 1}, {"on_order_tonnes", "lot_tonnes", "lot_left"}),
        ({"arrival_period": 3}, {"lot_arrival"}),
        ({"book_value_usd": 0.0}, {"lot_book_value"}),
    ):
        level = solved["levels"][0] | {"held": [lot | change]}
        assert broken(case, solved | {"levels": [level]}) == rows


def test_sees_more_taken_than_is_on_the_way(solved: Case) -> None:
    """Of a ship with half of what tranches take."""
    (lot,) = solved["levels"][0]["held"]
    assert "held_stock" in broken(case_of(tonnes=lot["tonnes"] / 2), solved)


def test_sees_a_payment_that_is_left_out(solved: Case) -> None:
    """A plan whose purchase was paid has more cash than its table says."""
    found = broken(case_of(is_paid=True), solved)
    assert {"expected_cash", "lowest_cash"} <= found
    assert due_usd(case_of()).tolist() == [0.0, 0.0, 1e4, 0.0, 0.0, 0.0]
    assert not due_usd(case_of(is_paid=True)).any()


def test_what_is_late_is_followed_by_itself() -> None:
    """In the long cut, of periods 2 to 4, it comes in period 5."""
    case = case_of()
    scenarios = bans(case)
    (ship,) = case.position.purchases
    came = arrivals(case, scenarios, ship)
    assert came[1].tolist() == [0.0] * 5 + [10.0]
    assert late(case, scenarios, [ship])[1].tolist() == [0, 0, 10, 10, 10, 0]
    assert np.allclose(came.sum(axis=1), 10.0)
