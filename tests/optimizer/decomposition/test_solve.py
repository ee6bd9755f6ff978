"""A solve by decomposition, interrupted, reported and repeated."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from itertools import pairwise
from typing import Any

import pytest

from models.instance import Instance
from models.outcome import Outcome, Termination
from models.plan import Plan
from models.reading import read_instance
from optimizer import SolveCallbacks, solve
from optimizer.executors import open_executors
from optimizer.executors.here import Here
from service.casefiles import load
from tests.optimizer.vault_case import Changes, changed, vault_case

SMALL: Changes = {
    "options.method": "decomposition",
    "options.number_of_scenarios": 8,
    "options.gap": 1e-4,
    "options.tranche_worth": 0.0,
    "levels_days_of_cover": [30, 90],
}


def two_materials(**options: object) -> Instance:
    """Return the shipped case with two materials, with a small menu."""
    paths = {f"options.{name}": value for name, value in options.items()}
    return read_instance(changed(dict(load("two_materials")), {**SMALL, **paths}))


@pytest.fixture(scope="module")
def processes() -> Iterator[tuple[Executor, ...]]:
    """Two processes of this machine."""
    with open_executors("local:2") as executors:
        yield executors


def written(outcome: Outcome) -> dict[str, Any]:
    """Return the plan's document."""
    assert outcome.plan is not None
    return json.loads(outcome.plan.model_dump_json())


def watched(**options: object) -> tuple[Outcome, list[Plan]]:
    """Return an outcome and the plans that were reported before."""
    told: list[Plan] = []
    instance = two_materials(**options)
    return (
        solve(
            instance,
            callbacks=SolveCallbacks(on_incumbent=told.append),
            executors=(Here(),),
        ),
        told,
    )


def test_the_gap_is_met() -> None:
    """There is a plan, and its gap is within the option."""
    outcome, _ = watched()
    assert outcome.termination in {Termination.OPTIMAL, Termination.GAP_REACHED}
    assert outcome.plan is not None
    promise = outcome.plan.promise
    assert promise.lower_bound_usd <= promise.objective_usd
    assert promise.objective_usd <= promise.lower_bound_usd * (1 + 2e-4)
    assert outcome.plan.provenance.method == "decomposition"


@pytest.mark.parametrize("risk", [0.0, 0.4])
def test_each_incumbent_is_a_better_plan(risk: float) -> None:
    """Each costs less than the one before; all bounds are below the last cost."""
    outcome, told = watched(cvar_weight=risk, max_tranches=1)
    assert outcome.plan is not None
    costs = [plan.promise.objective_usd for plan in told]
    assert costs
    assert all(b < a for a, b in pairwise(costs))
    last = outcome.plan.promise
    assert costs[-1] == pytest.approx(last.objective_usd, rel=1e-12)
    bounds = [plan.promise.lower_bound_usd for plan in told]
    assert bounds == sorted(bounds)
    assert all(bound <= last.objective_usd * (1 + 1e-9) for bound in bounds)
    assert last.lower_bound_usd >= bounds[-1]


def test_interrupted_it_ends_with_the_plan_so_far() -> None:
    """Asked to stop at the first incumbent, it has a plan and a bound that holds."""
    whole, _ = watched(gap=0.0)
    told: list[Plan] = []
    outcome = solve(
        two_materials(gap=0.0),
        callbacks=SolveCallbacks(
            on_incumbent=told.append, is_interrupted=lambda: bool(told)
        ),
        executors=(Here(),),
    )
    assert outcome.termination is Termination.INTERRUPTED
    assert outcome.plan is not None
    assert whole.plan is not None
    cost = whole.plan.promise.objective_usd
    assert outcome.plan.promise.lower_bound_usd <= cost * (1 + 1e-6)
    assert outcome.plan.promise.objective_usd >= whole.plan.promise.lower_bound_usd * (
        1 - 1e-6
    )
    assert outcome.plan.promise.objective_usd == min(
        plan.promise.objective_usd for plan in told
    )


def test_interrupted_at_once_it_blames_no_limit() -> None:
    """There was hardly time for a plan; if there is one, it has a bound."""
    callbacks = SolveCallbacks(is_interrupted=lambda: True)
    outcome = solve(two_materials(), callbacks=callbacks, executors=(Here(),))
    assert outcome.termination is Termination.INTERRUPTED
    assert outcome.conflict == ()
    if outcome.plan is not None:
        promise = outcome.plan.promise
        assert promise.lower_bound_usd <= promise.objective_usd


def test_bounds_close_in() -> None:
    """Lower bounds never fall, upper bounds never rise, and they do not cross."""
    outcome, _ = watched()
    lower = [r.lower_bound_usd for r in outcome.log if r.lower_bound_usd is not None]
    upper = [r.upper_bound_usd for r in outcome.log if r.upper_bound_usd is not None]
    assert lower == sorted(lower)
    assert upper == sorted(upper, reverse=True)
    assert max(lower) <= min(upper) * (1 + 1e-6)


def test_the_same_case_has_the_same_plan() -> None:
    """Every byte of its document."""
    (one, _), (other, _) = watched(), watched()
    assert one.plan is not None
    assert other.plan is not None
    assert one.plan.model_dump_json() == other.plan.model_dump_json()


@pytest.mark.parametrize("number", [2, 3])
def test_blocks_change_digits_only(number: int, processes: Sequence[Executor]) -> None:
    """The cost is the same within the gap, also in processes."""
    executors = processes if number == 2 else (Here(),) * number
    one, _ = watched()
    other = solve(two_materials(), executors=executors)
    cost = written(one)["promise"]["objective_usd"]
    assert written(other)["promise"]["objective_usd"] == pytest.approx(cost, rel=2e-4)


def test_where_nothing_happens_nothing_is_lost() -> None:
    """Without an event every cost is 0 and the answer is optimal."""
    changes = {"options.method": "decomposition", "options.number_of_scenarios": 2}
    outcome = solve(read_instance(changed(vault_case(), changes)))
    assert outcome.termination is Termination.OPTIMAL
    assert outcome.plan is not None
    assert outcome.plan.promise.objective_usd == 0
