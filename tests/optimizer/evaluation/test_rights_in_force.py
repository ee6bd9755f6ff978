"""A right in force in views of a plan: named as such, with the fees still to come."""

from dataclasses import dataclass
from io import StringIO
from typing import cast

import pytest
from rich.console import Console

from models.instance import Instance
from models.plan import Plan
from models.plan_references import plan_mistakes
from models.reading import read_instance
from optimizer import solve
from optimizer.evaluation.decisions import PlanMismatchError, decisions_of
from optimizer.evaluation.participant import participant_view
from optimizer.evaluation.right_menu import right_menus
from optimizer.explanation.explain import explain
from service.printing.participant import terms
from service.printing.plan import entitlements
from service.printing.right_menu import right_tables
from tests import cases
from tests.cases import Case

CARRYING = 12_000.0


@dataclass(frozen=True)
class Solved:
    """A case in which a right of 1 t is in force, and its plan."""

    case: Instance
    plan: Plan


@pytest.fixture(scope="module")
def solved() -> Solved:
    """Return the smallest case with 0.6 t there and 0.4 t drawn, in calm."""
    right = {"offer": "right", "lots": 10, "drawn_tonnes": 0.4, "sourcing": "in-place"}
    raw = cases.smallest_case() | {
        "entitlement_offers": [cases.offer(replenish_within_periods=4)],
        "position": {
            "rights": [right | {"fees_paid_until": "2026-02-01"}],
            "stock": [cases.stock_lot("lot", 0.6, right="right")],
        },
        "options": {"number_of_scenarios": 8},
        "horizon": cases.horizon(4, discount_rate_per_year=0.0),
        "events": [cases.event("ban", cases.phase(1), hazard_per_year=1e-9)],
    }
    case = read_instance(raw)
    plan = solve(case).plan
    assert plan is not None
    return Solved(case, plan)


def expected_fees() -> float:
    """Return the fees on 1 t from the first of February on, on day 31 of 121.75."""
    return CARRYING * (121.75 - 31) / 365.25


def test_its_holder_sees_what_is_left_to_pay(solved: Solved) -> None:
    """No upfront fee, and carrying fees from the first day that is not paid."""
    view = participant_view(
        solved.case, solved.plan, "maker", number_of_scenarios=8, seed=1
    )
    (right,) = view.rights
    assert right.is_in_force
    assert (right.lots, right.upfront_fee_usd) == (10, 0.0)
    assert right.expected_fees_usd == pytest.approx(expected_fees())
    assert "In force: awarded before the start" in printed(terms(view))


def test_it_is_valued_as_it_is(solved: Solved) -> None:
    """Other quantities are not on offer, whatever is asked for."""
    found = right_menus(
        solved.case, "maker", number_of_scenarios=8, seed=1, lots=(1, 20)
    )
    (menu,) = found.rights
    assert menu.is_in_force
    (quantity,) = menu.quantities
    assert (quantity.lots, quantity.available_from_period) == (10, 0)
    assert quantity.expected_fees_usd == pytest.approx(expected_fees())
    (told,) = right_tables(found)
    assert "In force: awarded before the start" in printed(told)


def test_it_is_as_large_as_it_was_awarded(solved: Solved) -> None:
    """A larger award is no choice of this plan."""
    (right,) = explain(solved.case, solved.plan).rights
    assert (right.lots, right.next_lots) == (10, None)
    assert right.reason == "It was awarded before the start, and keeps its terms."


def test_the_plan_prints_it_as_in_force(solved: Solved) -> None:
    """Beside its offer, with no upfront fee."""
    assert "right (in force)" in printed(entitlements(solved.plan))


@pytest.mark.parametrize("change", [{"lots": 12}, {"sourcing": "slow"}])
def test_a_plan_that_does_not_hold_it_is_of_another_case(
    solved: Solved, change: Case
) -> None:
    """It can be followed nowhere but where the right is as the plan has it."""
    raw = solved.case.model_dump(mode="json")
    raw["position"]["rights"][0] |= change
    raw["sourcing_options"].append(cases.sourcing("slow", 1))
    other = read_instance(raw)
    with pytest.raises(PlanMismatchError, match="10 lots by in-place"):
        decisions_of(other, solved.plan)
    assert [x.path for x in plan_mistakes(solved.plan, other)] == [
        "levels.tranches[right]"
    ]


def printed(table: object) -> str:
    """Return a table as text."""
    console = Console(width=160, file=StringIO())
    console.print(table)
    return cast("StringIO", console.file).getvalue()
