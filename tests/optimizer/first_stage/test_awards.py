"""A right is a whole candidate or nothing: 10, 20 or 25 lots of 0.1 t in these."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.first_stage.lots import (
    Rounding,
    downwards,
    to_nearest,
    whole_award,
)
from optimizer.policies.candidates import Menu
from optimizer.problem import complete_problem
from optimizer.scenarios.scenario_set import Floats
from tests import cases
from tests.cases import Case
from tests.optimizer.one_scenario import one_scenario

OFFER = cases.offer(maximum_lots=25)


@pytest.fixture
def menu(tiny_case: Case) -> Menu:
    """Return the menu of a right of 1, 2 or 2.5 t, from two sourcing options each."""
    tiny_case["levels_days_of_cover"] = [30, 60]
    tiny_case["entitlement_offers"] = [OFFER]
    slow = tiny_case["sourcing_options"][0] | {"id": "slow", "build_up_periods": 2}
    tiny_case["sourcing_options"].append(slow)
    instance = read_instance(tiny_case)
    return complete_problem(instance, one_scenario(instance)).menus[1]


def awarded(menu: Menu, rounding: Rounding, **tonnes: Floats) -> tuple[float, str]:
    """Return tonnes and sourcing of what is awarded, from tonnes held by sourcing."""
    share = np.zeros(len(menu.candidates))
    for c, candidate in enumerate(menu.candidates):
        held = tonnes.get(candidate.sourcing.replace("-", "_"), np.zeros(3))
        share[c] = held[c // 2] / candidate.target_tonnes
    award = whole_award(menu, share, rounding)
    assert set(award.tolist()) <= {0.0, 1.0}
    held = award @ menu.policies.target
    names = [menu.candidates[c].sourcing for c in np.flatnonzero(award)]
    return float(held), "".join(names)


@pytest.mark.parametrize(
    ("tonnes", "nearest", "below"),
    [
        # Halves lie at 0.5, 1.5 and 2.25 t.
        (0.4, 0.0, 0.0),
        (0.6, 1.0, 0.0),
        (1.6, 2.0, 1.0),
        (2.2, 2.0, 2.0),
        (2.3, 2.5, 2.0),
        (2.5, 2.5, 2.5),
    ],
)
def test_all_that_is_held_becomes_one_candidate(
    menu: Menu, tonnes: float, nearest: float, below: float
) -> None:
    """What is held is rounded to the nearest size, none included, or down."""
    held = np.array([0.0, 0.0, tonnes])
    assert awarded(menu, to_nearest, slow=held)[0] == pytest.approx(nearest)
    assert awarded(menu, downwards, slow=held)[0] == pytest.approx(below)


def test_it_is_bought_as_most_of_it_was(menu: Menu) -> None:
    """0.4 t in place and 1.4 t bought slowly make 2 t that are bought slowly."""
    found = awarded(
        menu,
        to_nearest,
        in_place=np.array([0.4, 0.0, 0.0]),
        slow=np.array([0.0, 1.4, 0.0]),
    )
    assert found == (pytest.approx(2.0), "slow")


def test_nothing_held_is_nothing_awarded(menu: Menu) -> None:
    """Without a share there is no award."""
    assert awarded(menu, to_nearest) == (0.0, "")
