"""The solve of the extensive form: bound, shadow price, termination."""

import numpy as np
import pytest

from models.outcome import Termination
from models.reading import read_instance
from optimizer.deadline import NEVER, Deadline
from optimizer.extensive_form import solve_extensive_form
from optimizer.first_stage.incumbent import SolveResult
from optimizer.problem import CompleteProblem, complete_problem
from optimizer.progress import ProgressLog
from optimizer.separation import SeparatedProgram
from optimizer.share_program import budget_shadow_price
from optimizer.solve import solve_on
from tests.cases import rule
from tests.optimizer.vault_case import Changes, bans, changed, facility, vault_case

Report = list[tuple[str, float, float]]


def problem_of(changes: Changes) -> CompleteProblem:
    """Return the vault case after some changes, on the bans."""
    instance = read_instance(changed(vault_case(), changes))
    return complete_problem(instance, bans(instance))


def found_in(
    problem: CompleteProblem, seconds: float = 60.0
) -> tuple[SolveResult, Report]:
    """Return the end of a solve and what it reported."""
    log = ProgressLog()
    found = solve_extensive_form(problem, Deadline.after(seconds), log)
    told: Report = []
    for record in log.records:
        assert record.cuts is None
        lower, upper = record.lower_bound_usd, record.upper_bound_usd
        told.append(
            (
                record.stage,
                -np.inf if lower is None else lower,
                np.inf if upper is None else upper,
            )
        )
    return found, told


def relaxed_objective(problem: CompleteProblem) -> float:
    """Return the optimum of the relaxation in US dollars."""
    solution = SeparatedProgram(problem, is_relaxed=True).solve(NEVER)
    assert solution.values is not None
    return 1e6 * solution.objective


def test_the_relaxation_is_the_first_bound() -> None:
    """What is reported first is its optimum, without an incumbent."""
    problem = problem_of({})
    _, told = found_in(problem)
    stage, lower, upper = told[0]
    assert (stage, upper) == ("relaxation", np.inf)
    assert lower == pytest.approx(relaxed_objective(problem))


def test_bounds_close_in() -> None:
    """Lower bounds do not fall, and none is above an upper bound."""
    found, told = found_in(problem_of({"materials.0.lot_tonnes": 4.0}))
    lower = [record[1] for record in told]
    assert lower == sorted(lower)
    assert found.incumbent is not None
    assert found.lower_bound_usd <= found.incumbent.objective_usd * (1 + 1e-9)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"financing.facilities+": facility(rate_per_year=0.01)},
        {"levels_days_of_cover": [45]},
        {"financing.facilities.0.commitment_fee_per_year": 0.05},
    ],
    ids=["a loan", "a loan and capital", "one level", "a fee on undrawn money"],
)
def test_the_shadow_price_is_what_a_dollar_more_avoids(changes: Changes) -> None:
    """All limits grow in proportion by 100 dollars in all, and so falls the bound."""
    problem = problem_of(changes)
    program = SeparatedProgram(problem, is_relaxed=True)
    solution = program.solve(NEVER)
    price = budget_shadow_price(program, solution)
    assert price is not None
    limits = [f.limit_usd for f in problem.instance.financing.facilities]
    growth = 1 + 100 / sum(limits)
    larger = {
        f"financing.facilities.{i}.limit_usd": growth * limit
        for i, limit in enumerate(limits)
    }
    case = changed(changed(vault_case(), changes), larger)
    instance = read_instance(case)
    avoided = relaxed_objective(problem) - relaxed_objective(
        complete_problem(instance, bans(instance))
    )
    assert avoided / 100 == pytest.approx(price, rel=1e-3, abs=1e-4)


def test_without_a_facility_there_is_no_shadow_price() -> None:
    """A budget of nothing cannot grow in proportion."""
    found, _ = found_in(problem_of({"financing.facilities": []}))
    assert found.budget_shadow_price is None


def test_a_wide_gap_is_met_by_the_first_plan() -> None:
    """With coarse lots and a gap of 90 % no mixed-integer program is solved."""
    changes = {"materials.0.lot_tonnes": 4.0, "options.gap": 0.9}
    found, told = found_in(problem_of(changes))
    assert found.termination is Termination.GAP_REACHED
    assert "whole menu" not in {stage for stage, *_ in told}


def test_without_time_there_is_no_point() -> None:
    """Time that is up before the relaxation ends leaves nothing to report."""
    found, told = found_in(problem_of({}), seconds=-1.0)
    assert found.termination is Termination.TIME_LIMIT
    assert found.incumbent is None
    assert found.lower_bound_usd == -np.inf
    assert told == []


def test_a_plan_is_of_the_menu_and_not_of_merged_candidates() -> None:
    """Two rules that do the same are one in the program; the plan names its own.

    The rule that comes first in the menu never releases, and the last one is the best.
    """
    twins = [rule("never", 0.0), rule("never_either", 0.0), rule("whole", 1.0)]
    case = changed(vault_case(), {"rules": twins, "options.method": "extensive_form"})
    instance = read_instance(case)
    outcome = solve_on(instance, bans(instance))
    assert outcome.termination is Termination.OPTIMAL
    assert outcome.plan is not None
    assert {x.rule for x in outcome.plan.tranches()} == {"whole"}
