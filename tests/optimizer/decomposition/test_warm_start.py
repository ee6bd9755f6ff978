"""A warm start from another process is used only where it is valid."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.instance import Instance
from models.options import Method
from models.outcome import Outcome
from models.reading import read_instance
from optimizer import SolveCallbacks, SolveSession, solve, solve_in_session
from optimizer.decomposition.warm_start import (
    FORMAT,
    UnreadableWarmStartError,
    WarmStart,
)
from optimizer.executors.here import Here
from tests.optimizer.decomposition.drawn_cases import limited_case
from tests.optimizer.vault_case import changed

SEEDS = (0, 1, 2, 5)


def solved(
    instance: Instance, content: bytes | None = None
) -> tuple[Outcome, bytes | None]:
    """Return the outcome of a new session, and its warm start as bytes."""
    given = None if content is None else WarmStart.from_bytes(content)
    with SolveSession((Here(),), given) as session:
        outcome, left = solve_in_session(session, instance), session.warm_start()
    return outcome, None if left is None else left.to_bytes()


def optimum_usd(instance: Instance) -> float:
    """Return the cost that the extensive form finds, in US dollars."""
    options = instance.options.model_copy(update={"method": Method.EXTENSIVE_FORM})
    found = solve(instance.model_copy(update={"options": options})).plan
    return np.inf if found is None else found.promise.objective_usd


def dearer(document: dict[str, Any], factor: float) -> Instance:
    """Return a case with another limit of its loan, and another rate."""
    loan = document["financing"]["facilities"][0]
    changes: dict[str, object] = {
        "financing.facilities.0.limit_usd": loan["limit_usd"] * factor,
        "financing.facilities.0.rate_per_year": 0.07 * factor,
    }
    return read_instance(changed(document, changes))


def number_of_rounds(outcome: Outcome) -> int:
    """Return how often the log tells of the relaxation."""
    return sum(record.stage == "relaxation" for record in outcome.log)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("factor", [0.6, 1.3])
def test_bounds_hold_from_a_warm_start(seed: int, factor: float) -> None:
    """A what-if on money: bounds around the optimum, as the extensive form finds it."""
    document = limited_case(seed)
    _, known = solved(read_instance(document))
    other = dearer(document, factor)
    outcome, _ = solved(other, known)
    best = optimum_usd(other)
    if outcome.plan is None:
        assert best == np.inf
        return
    promise = outcome.plan.promise
    slack = 1e-6 * (1 + abs(best))
    assert promise.lower_bound_usd <= best + slack
    gap = other.options.gap
    assert promise.objective_usd <= best * (1 + gap) + slack
    assert promise.objective_usd >= best * (1 - gap) - slack


def test_the_same_case_again_needs_next_to_no_rounds() -> None:
    """It starts where the other ended, with its plan."""
    instance = read_instance(limited_case(1))
    first, known = solved(instance)
    again, _ = solved(instance, known)
    assert first.plan is not None
    assert again.plan is not None
    assert again.plan.promise.objective_usd == pytest.approx(
        first.plan.promise.objective_usd, rel=instance.options.gap
    )
    assert number_of_rounds(again) < number_of_rounds(first)


def test_what_is_not_valid_is_not_used() -> None:
    """With another loss per unit everything is as without a warm start."""
    document = limited_case(2)
    _, known = solved(read_instance(document))
    blocks = document["products"][0]["shortage_blocks"]
    cost = blocks[0]["cost_usd_per_unit"] / 2
    other = read_instance(
        changed(document, {"products.0.shortage_blocks.0.cost_usd_per_unit": cost})
    )
    one, alone = solved(other, known)[0], solved(other)[0]
    assert one.plan is not None
    assert one.plan == alone.plan
    assert number_of_rounds(one) == number_of_rounds(alone)


def test_a_warm_start_survives_serialisation() -> None:
    """To bytes and back, and to bytes: nothing is lost."""
    for seed in SEEDS:
        _, known = solved(read_instance(limited_case(seed)))
        if known is not None:
            assert WarmStart.from_bytes(known).to_bytes() == known


def test_before_a_solve_there_is_no_warm_start() -> None:
    """The session is empty then."""
    with SolveSession((Here(),)) as session:
        assert session.warm_start() is None


def test_other_bytes_are_refused() -> None:
    """Cut off, of another format, something else, or code: the error names it."""
    _, known = solved(read_instance(limited_case(1)))
    assert known is not None
    pickled = io.BytesIO()
    np.savez(pickled, head=np.array([{"format": FORMAT}], dtype=object))
    empty = io.BytesIO()
    np.savez(empty, head=np.frombuffer(b'{"format": -1}', dtype=np.uint8))
    for content in (b"", b"PK", known[:-40], known[: len(known) // 2]):
        with pytest.raises(UnreadableWarmStartError, match="expected that of a solve"):
            WarmStart.from_bytes(content)
    with pytest.raises(UnreadableWarmStartError, match="allow_pickle"):
        WarmStart.from_bytes(pickled.getvalue())
    with pytest.raises(UnreadableWarmStartError, match="format -1, expected"):
        WarmStart.from_bytes(empty.getvalue())


def test_a_warm_start_needs_no_point_and_no_plan() -> None:
    """A solve that was cut short leaves cuts alone."""
    _, known = solved(read_instance(limited_case(1)))
    assert known is not None
    bare = replace(
        WarmStart.from_bytes(known),
        start=None,
        incumbent=None,
        cost_without_vault_usd=None,
    )
    assert WarmStart.from_bytes(bare.to_bytes()).incumbent is None
    outcome, _ = solved(read_instance(limited_case(1)), bare.to_bytes())
    assert outcome.plan is not None


def test_a_solve_starts_from_the_warm_start_of_another() -> None:
    """The second has the other budget's plan in fewer rounds, within its own bounds."""
    document = limited_case(0)
    method = {"options.method": "decomposition"}
    base = read_instance(changed(document, method))
    learned: list[bytes] = []
    solve(
        base,
        callbacks=SolveCallbacks(on_warm_start=learned.append),
        executors=(Here(),),
    )
    loan = base.financing.facilities[0].limit_usd
    limit: dict[str, object] = {"financing.facilities.0.limit_usd": 1.3 * loan}
    other = read_instance(changed(document, method | limit))
    (warm_start,) = learned
    alone = solve(other, executors=(Here(),))
    taught = solve(other, executors=(Here(),), warm_start=warm_start)
    assert taught.plan is not None
    promise = taught.plan.promise
    optimum = optimum_usd(other)
    assert promise.lower_bound_usd <= optimum * (1 + 1e-6)
    assert promise.objective_usd >= optimum * (1 - 1e-6)
    assert number_of_rounds(taught) <= number_of_rounds(alone)


def test_the_warm_start_of_another_version_is_not_used() -> None:
    """The solve starts cold, with the same plan."""
    case = read_instance(changed(limited_case(0), {"options.method": "decomposition"}))
    alone = solve(case, executors=(Here(),))
    taught = solve(case, executors=(Here(),), warm_start=b"of the future")
    assert taught.plan == alone.plan
