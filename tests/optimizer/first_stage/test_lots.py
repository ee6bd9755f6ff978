"""Shares become whole lots, and limits that need one more get it."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.first_stage.lots import downwards, rounded_shares, to_nearest, up_from
from optimizer.point import Point
from optimizer.problem import CompleteProblem, complete_problem
from tests import cases
from tests.optimizer.vault_case import Changes, bans, changed, offer, vault_case

Floats = np.ndarray


def problem_of(**changes: object) -> CompleteProblem:
    """Return the vault case with levels of 10 and 20 t in lots of 1 t."""
    # 120 t a year are needed, so 10 t are 30.4375 days.
    paths: Changes = {
        "levels_days_of_cover": [30.4375, 60.875],
        "materials.0.lot_tonnes": 1.0,
        **{path.replace("__", "."): x for path, x in changes.items()},
    }
    instance = read_instance(changed(vault_case(), paths))
    return complete_problem(instance, bans(instance))


def lots_of(problem: CompleteProblem, *shares: list[float]) -> list[list[float]]:
    """Return the lots of each holding whose shares were rounded to the nearest."""
    point = Point(
        tuple(np.array(share) for share in shares),
        np.zeros(0),
        np.zeros((1, 6)),
        0.0,
        0.0,
    )
    return [
        (share * menu.policies.target / holding.material.lot_tonnes).tolist()
        for share, menu, holding in zip(
            rounded_shares(problem, point, to_nearest),
            problem.menus,
            problem.holdings,
            strict=True,
        )
    ]


def test_a_right_in_force_stays_where_a_route_is_too_small() -> None:
    """Each right alone buys back all that both routes have: the other one goes."""
    right = {"offer": "right", "lots": 6, "sourcing": "ready"}
    free = cases.stock_lot("free", 20.0, material="alpha")
    problem = problem_of(
        entitlement_offers=[offer(id="other"), offer()],
        position={"rights": [right], "stock": [free]},
        sourcing_options=[
            cases.sourcing("ready"),
            cases.sourcing("held", is_held=True),
        ],
        routes__0__vault_tonnes_per_year=1.0,
        routes__1__vault_tonnes_per_year=0.25,
    )
    pool, other, held = (np.zeros(len(menu.candidates)) for menu in problem.menus)
    other[-1] = held[0] = 1.0  # a lot of the one in force buys back more
    found = lots_of(problem, pool.tolist(), other.tolist(), held.tolist())
    assert [sum(lots) for lots in found] == [0.0, 0.0, 6.0]


def test_to_nearest() -> None:
    """Half a lot and more is a lot."""
    assert to_nearest(np.array([0.4, 0.6, 3.0])).tolist() == [0, 1, 3]


def test_downwards() -> None:
    """What is a whole number up to tolerance stays one."""
    assert downwards(np.array([0.9, 2.9999999, 3.0])).tolist() == [0, 3, 3]


def test_up_from() -> None:
    """A part of a lot is one from there on; whole numbers stay what they are."""
    lots = np.array([0.6, 0.7, 0.71, 2.9999999, 3.0, 3.0000001])
    assert up_from(0.7)(lots).tolist() == [0, 1, 1, 3, 3, 3]


def test_shares_become_whole_lots() -> None:
    """0.36 of 10 t is 3.6 t, so 4; 0.22 of 20 t is 4.4 t, so 4."""
    assert lots_of(problem_of(), [0.36, 0.22]) == [pytest.approx([4, 4])]


def test_all_of_a_candidate_is_no_more_than_the_whole_of_it() -> None:
    """A share is never above 1 by rounding, whatever the days of cover."""
    for days in (30.4375, 3.6525 * 7, 3.6525 * 9, 91.3125):
        problem = problem_of(levels_days_of_cover=[days], materials__0__lot_tonnes=0.1)
        point = Point((np.ones(1),), np.zeros(0), np.zeros((1, 6)), 0.0, 0.0)
        (share,) = rounded_shares(problem, point, to_nearest)
        assert share[0] <= 1


def test_shares_sum_to_one_at_most() -> None:
    """0.46 and 0.54 would be 5 and 11 lots, 1.05 in all: the larger loses one."""
    assert lots_of(problem_of(), [0.46, 0.54]) == [pytest.approx([5, 10])]


def test_a_minimum_cover_gets_the_lot_it_needs() -> None:
    """7.6 t are asked for; 7.4 t would be 7 lots, and 8 are needed."""
    asked = 7.6 / 10 * 30.4375
    problem = problem_of(materials__0__minimum_days_of_cover=asked)
    assert lots_of(problem, [0.74, 0.0]) == [pytest.approx([8, 0])]


@pytest.mark.parametrize(("free", "lots"), [(7.5, [2, 7, 0, 0]), (10.0, [0, 9, 0, 0])])
def test_what_free_stock_lacks_of_a_minimum_cover_is_bought(
    free: float, lots: list[float]
) -> None:
    """Of 8.6 t asked for, free stock has whole lots of 1 t up to its end."""
    asked = 8.6 / 10 * 30.4375
    problem = problem_of(
        materials__0__minimum_days_of_cover=asked,
        sourcing_options=[
            cases.sourcing("held", is_held=True),
            cases.sourcing("ready"),
        ],
        position={"stock": [cases.stock_lot("old", free, material="alpha")]},
    )
    assert lots_of(problem, [0.0, 0.74, 0.0, 0.0]) == [pytest.approx(lots)]


def test_a_whole_tranche_moves_up_a_level_for_its_minimum_cover() -> None:
    """Of 10 t the share is 1 already: 11 lots are held of the candidate of 20 t."""
    asked = 10.4 / 10 * 30.4375
    problem = problem_of(materials__0__minimum_days_of_cover=asked)
    assert lots_of(problem, [1.0, 0.0]) == [pytest.approx([0, 11])]


@pytest.mark.parametrize("shares", [[0.5, 0.3, 0, 0], [0.6, 0.3, 0, 0]])
def test_an_origin_cap_takes_lots_back(shares: list[float]) -> None:
    """Of five lots from anywhere, four fifths Chinese, and three others half are.

    A sixth one is taken back.
    """
    problem = problem_of(
        materials__0__origin_share_cap=0.5,
        **{"sourcing_options+": cases.sourcing("local", origins=["AUS"])},
    )
    assert lots_of(problem, shares) == [pytest.approx([5, 3, 0, 0])]


def test_an_origin_cap_takes_nothing_from_a_right_in_force() -> None:
    """It buys from anywhere, four fifths Chinese; the pool buys elsewhere and stays."""
    right = {"offer": "right", "lots": 6, "sourcing": "slow", "build_up_periods": 3}
    problem = problem_of(
        materials__0__origin_share_cap=0.5,
        entitlement_offers=[offer()],
        position={"rights": [right]},
        sourcing_options=[
            cases.sourcing("slow", build_up_periods=3),
            cases.sourcing("local", origins=["AUS"]),
        ],
    )
    assert lots_of(problem, [0, 0.1, 0, 0], [1.0]) == [[0, 1, 0, 0], [6]]


def test_a_right_that_is_not_awarded_stays_so() -> None:
    """A share of 0 is no lot, for pools and rights."""
    problem = problem_of(**{"entitlement_offers+": offer()})
    right = [0.0] * len(problem.menus[1].candidates)
    assert lots_of(problem, [0.5, 0.0], right) == [pytest.approx([5, 0]), right]
