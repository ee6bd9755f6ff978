"""A session keeps nothing of one case that is wrong for another."""

import pytest

from models.outcome import Termination
from models.reading import read_instance
from optimizer import SolveCallbacks, SolveSession, solve, solve_in_session
from optimizer.executors.here import Here
from service.casefiles import load
from tests.optimizer.vault_case import changed


def test_the_cost_without_vault_is_that_of_the_case() -> None:
    """Also where no cuts are kept: twice the loss per unit costs twice as much."""
    case = changed(dict(load("two_materials")), {"options.method": "extensive_form"})
    dearer = changed(
        case,
        {
            "products.0.shortage_blocks.0.cost_usd_per_unit": 80_000,
            "products.1.shortage_blocks.0.cost_usd_per_unit": 120_000,
        },
    )
    with SolveSession((Here(),)) as session:
        for document in (case, dearer, case):
            instance = read_instance(document)
            found, alone = (
                solve_in_session(session, instance).plan,
                solve(instance).plan,
            )
            assert found is not None
            assert alone is not None
            assert (
                found.promise.cost_without_vault_usd
                == alone.promise.cost_without_vault_usd
            )


def test_cuts_are_those_of_the_scenarios() -> None:
    """A case is solved on its own scenarios, on those like another's, and again."""
    case = changed(
        dict(load("two_materials")),
        {
            "events.0.onset_date": None,
            "events.0.probability": None,
            "events.0.hazard_per_year": 0.9,
            "options.number_of_scenarios": 12,
        },
    )
    instance = read_instance(changed(case, {"events.0.hazard_per_year": 0.1}))
    costs: list[float] = []
    with SolveSession((Here(),)) as session:
        for like in (None, read_instance(case), None, read_instance(case)):
            found = solve_in_session(session, instance, like=like).plan
            with SolveSession((Here(),)) as fresh:
                alone = solve_in_session(fresh, instance, like=like).plan
            assert found is not None
            assert alone is not None
            one, other = found.promise, alone.promise
            assert one.objective_usd == pytest.approx(other.objective_usd, rel=1e-6)
            assert one.lower_bound_usd == pytest.approx(other.lower_bound_usd, rel=1e-6)
            assert one.cost_without_vault_usd == other.cost_without_vault_usd
            costs.append(one.objective_usd)
    assert costs[0] != pytest.approx(costs[1], rel=1e-3)


@pytest.mark.parametrize("number_of_looks", [0, 1, 100, 100_000])
def test_a_known_plan_is_reported_once_a_bound_is_proved(number_of_looks: int) -> None:
    """Interrupted before that, the solve reports none and holds nothing."""
    changes: dict[str, object] = {
        "options.method": "decomposition",
        "options.number_of_scenarios": 6,
        "options.gap": 0.1,
    }
    base_case = changed(dict(load("magnets")), changes)
    limit = {"financing.facilities.0.limit_usd": 7e7}
    told: list[float] = []
    looks = iter(range(number_of_looks))
    with SolveSession((Here(),)) as session:
        solve_in_session(session, read_instance(base_case))
        outcome = solve_in_session(
            session,
            read_instance(changed(base_case, limit)),
            callbacks=SolveCallbacks(
                on_incumbent=lambda plan: told.append(plan.promise.lower_bound_usd),
                is_interrupted=lambda: next(looks, None) is None,
            ),
        )
    is_cut_short = outcome.termination is Termination.INTERRUPTED
    assert is_cut_short == (number_of_looks < 100_000)
    has_tranches = outcome.plan is not None and bool(outcome.plan.tranches())
    assert has_tranches == bool(told)
