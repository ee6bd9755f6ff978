"""The log that belongs to a plan: its objective and a bound no weaker than its own."""

from collections.abc import Sequence

import pytest

from models.instance import Instance
from models.outcome import ProgressRecord
from models.plan import Plan
from service.dossier.log_check import log_check
from tests.service.fake_solver import plan_of


@pytest.fixture
def plan(instance: Instance) -> Plan:
    """Return a plan of 1,000,000 dollars, of which 900,000 are proved."""
    plan = plan_of(instance)
    update = {"objective_usd": 1e6, "lower_bound_usd": 9e5, "gap": 0.1}
    promise = plan.promise.model_copy(update=update)
    return plan.model_copy(update={"promise": promise})


def log(*bounds: tuple[float | None, float | None]) -> Sequence[ProgressRecord]:
    """Return a log with lower and upper bounds."""
    return [
        ProgressRecord(
            seconds=0.0, stage="x", lower_bound_usd=lower, upper_bound_usd=upper
        )
        for lower, upper in bounds
    ]


@pytest.mark.parametrize(
    "records",
    [
        log((None, None), (8e5, 2e6), (9e5, 1e6)),
        log((None, 1e6 + 0.5), (9.5e5, None)),
    ],
)
def test_logs_of_the_plan_pass(plan: Plan, records: Sequence[ProgressRecord]) -> None:
    """Any record may have either of the two; the bound may be better by the end."""
    assert log_check(plan, records).is_passed


@pytest.mark.parametrize(
    ("records", "wrong"),
    [
        (log((9e5, 1.001e6)), ["upper_bound_usd"]),
        (log((8.9e5, 1e6)), ["lower_bound_usd"]),
        (log((None, None)), ["upper_bound_usd", "lower_bound_usd"]),
    ],
)
def test_the_log_of_another_solve_does_not(
    plan: Plan, records: Sequence[ProgressRecord], wrong: list[str]
) -> None:
    """What it lacks is named."""
    found = log_check(plan, records)
    assert not found.is_passed
    assert [text.partition(":")[0] for text in found.violations] == wrong
