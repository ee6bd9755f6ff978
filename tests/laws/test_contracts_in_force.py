"""A contract in force is in every plan, and costs no more than its terms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.content import canonical_json
from models.plan import Plan
from tests.laws.tiny_cases import EXACT, LAW
from tests.optimizer.vault_case import Changes, contract, vault_plan

METHODS = ("extensive_form", "decomposition")
IN_FORCE: Changes = {"position": {"contracts": [{"contract": "offtake"}]}}


def plans(position: Changes, **terms: object) -> list[Plan]:
    """Return the plans of both methods for the vault with a contract."""
    offered = {"contracts+": contract(**terms)}
    return [vault_plan(offered, position, {"options.method": x}) for x in METHODS]


@settings(LAW, max_examples=2)
@given(
    floor=st.floats(0.0, 15_000.0),
    volume=st.floats(1.0, 60.0),
    first=st.integers(0, 4),
)
def test_it_is_in_every_plan(floor: float, volume: float, first: int) -> None:
    """However dear it is, by both methods, at the same cost.

    A free choice is no worse than to have it, and as good where it would sign it.
    """
    terms = {
        "floor_usd_per_tonne": floor,
        "volume_tonnes_per_year": volume,
        "start_period": first,
    }
    bound = plans(IN_FORCE, **terms, signing_cost_usd=1e12)
    for plan in bound:
        (signed,) = plan.contracts
        assert signed.is_in_force
    cost, other = (plan.promise.objective_usd for plan in bound)
    assert cost == pytest.approx(other, rel=EXACT, abs=1.0)
    free, _ = plans({}, **terms)
    assert free.promise.objective_usd <= cost * (1 + EXACT) + 1.0
    if free.contracts:
        assert cost == pytest.approx(free.promise.objective_usd, rel=EXACT, abs=1.0)


def test_none_in_force_changes_nothing() -> None:
    """An empty list gives the same plan, to the last byte."""
    empty, absent = vault_plan({"position": {"contracts": []}}), vault_plan()
    assert canonical_json(empty) == canonical_json(absent)
