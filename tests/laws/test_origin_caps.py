"""An origin cap diversifies what is bought; one that cannot does not stop buying."""

import pytest

from models.options import Method
from models.plan import Plan
from models.reading import read_instance
from optimizer.feasibility.orders import route_weights
from optimizer.solve import solve_on
from tests.cases import Case, changed
from tests.optimizer.vault_case import bans, vault_case

METHODS = [Method.EXTENSIVE_FORM, Method.DECOMPOSITION]
CHINA = {"trade": {"ineligible_countries": ["CHN"]}}


def plan_of(method: Method, changes: Case) -> Plan:
    """Return the plan of a case in which four fifths are refined in China."""
    case = changed(vault_case(), changes | {"options.method": method.value})
    instance = read_instance(case)
    plan = solve_on(instance, bans(instance)).plan
    assert plan is not None
    assert sum(level.tonnes for level in plan.levels) > 0
    return plan


@pytest.mark.parametrize("method", METHODS)
def test_where_one_origin_is_left_a_cap_has_no_effect(method: Method) -> None:
    """The plan under a cap of a half is the one without a cap."""
    free = plan_of(method, CHINA)
    capped = plan_of(method, CHINA | {"materials.0.origin_share_cap": 0.5})
    assert capped.promise == free.promise
    assert capped.levels == free.levels


@pytest.mark.parametrize("method", METHODS)
def test_where_two_are_left_they_share_what_is_bought(method: Method) -> None:
    """What is held keeps the cap by the recount of the check, which has seen it."""
    capped = {"materials.0.origin_share_cap": 0.6}
    plan_of(method, capped)
    instance = read_instance(changed(vault_case(), capped))
    (option,) = instance.sourcing_options
    weights = route_weights(instance, instance.materials[0], option)
    assert weights == pytest.approx({0: 0.6, 1: 0.4})
