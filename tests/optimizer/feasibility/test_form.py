"""Plans that cannot be followed: the check reports that and stops."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.feasibility import Quantities, check
from tests.cases import Case
from tests.optimizer.feasibility import by_hand
from tests.optimizer.feasibility.by_hand import Path, broken_rows

A: Path = ("levels", 0, "tranches", 0)
R: Path = ("levels", 0, "tranches", 2)


@pytest.mark.parametrize(
    ("path", "value", "row"),
    [
        (("levels",), [], "levels"),
        ((*A, "rule"), "unheard-of", "rule"),
        ((*A, "sourcing"), "unheard-of", "sourcing"),
        ((*A, "material"), "gold", "material"),
        ((*A, "participant"), "maker", "participant"),
        ((*R, "offer"), "unheard-of", "offer"),
        ((*R, "participant"), "another", "participant"),
        ((*R, "rule"), "immediate", "rule"),
        (("contracts", 0, "contract"), "unheard-of", "contracts"),
        (("financing", 3, "period"), 4, "financing"),
        (("financing", 0, "draws_usd"), {"loan": 0.0}, "facilities"),
    ],
)
def test_sees_what_cannot_be_followed(
    case: Case, path: Path, value: object, row: str
) -> None:
    """Only the unknown name or the missing part is reported."""
    assert broken_rows(case, path, value) == [row]


def test_sees_a_sourcing_option_without_routes(case: Case) -> None:
    """Where every origin is ineligible, nothing can be bought."""
    assert set(broken_rows(case, ineligible=("CHN", "DEU"))) == {"sourcing"}


def test_sees_quantities_of_another_scenario_set(case: Case) -> None:
    """An allocation for other gaps than those of the scenarios cannot be placed."""
    instance = read_instance(case)
    none = np.zeros(0)
    found = check(
        instance,
        by_hand.scenarios(instance),
        by_hand.plan(instance),
        Quantities(none, none, none),
    )
    assert [violation.row for violation in found] == ["quantities"] * 3
