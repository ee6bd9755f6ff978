"""Figures of a case with their sources, and the assumptions that they belong to."""

import pytest

from models.reading import read_instance
from models.sensitivity import Assumption
from models.sourced_figures import FIELDS, figures_in
from optimizer.assumptions import SCALED, changed
from service.casefiles import load


@pytest.mark.parametrize("assumption", SCALED)
def test_what_an_assumption_changes_belongs_to_it(assumption: Assumption) -> None:
    """Each figure that a sensitivity scales has that assumption, and no other."""
    case = read_instance(load("magnets"))
    after = {x.path: x for x in figures_in(changed(case, {assumption: 1.2}))}
    moved = [x for x in figures_in(case) if x.value != after[x.path].value]
    assert all(assumption in x.assumptions for x in moved)
    is_a_default = assumption is Assumption.FINAL_VALUE_HAIRCUT
    assert moved or is_a_default


def test_every_scaled_assumption_has_its_fields() -> None:
    """Membership is of participants, not of a figure."""
    assert set(FIELDS) == set(SCALED) == set(Assumption) - {Assumption.MEMBERSHIP}
