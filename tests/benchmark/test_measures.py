"""What measures make of logs and answers."""

import pytest

from models.options import Method
from models.outcome import Outcome, Termination
from models.reading import read_instance
from optimizer.frontier import scaled
from optimizer.solve import solve_on
from tests.benchmark.agreeing import difference_of
from tests.benchmark.case import Case
from tests.benchmark.covering import Cover, Covered
from tests.benchmark.measures import seconds_until_near
from tests.benchmark.others import largest
from tests.benchmark.processes import RequestError
from tests.benchmark.solving import Step
from tests.laws.tiny_cases import tiny_case, tiny_scenarios


def step(seconds: float, cost: float | None) -> Step:
    """Return a line of a log."""
    return Step(seconds, "any", 90.0, cost)


def test_the_first_plan_within_5_percent_counts() -> None:
    """The last one costs 100: 106 is too much, 104 is not."""
    log = (step(1, None), step(2, 106.0), step(3, 104.0), step(9, 100.0))
    assert seconds_until_near(log) == 3
    assert seconds_until_near(log[:1]) is None


def test_the_largest_number_before_the_first_that_fails_counts() -> None:
    """40 fails, so 60 is not tried."""
    tried: list[int] = []

    def try_it(number: int) -> str | None:
        tried.append(number)
        return f"did {number}" if number < 40 else None

    assert largest((10, 20, 40, 60), try_it)[:2] == (20, "did 20")
    assert tried == [10, 20, 40]


def test_without_any_number_there_is_no_figure() -> None:
    """The smallest one did not end in time."""
    with pytest.raises(RequestError, match="10 scenarios: not in time"):
        largest((10, 20), lambda _: None)


def test_a_budget_is_the_limits_of_all_facilities() -> None:
    """Half of 10 and 2 billion US dollars; lines without a limit stay without."""
    instance = Case("project_vault", 20, budget=0.5, tranches=4).instance()
    limits = [f.limit_usd for f in instance.financing.facilities]
    assert limits == [5e9, 1e9, 0, 0]
    assert instance.options.method is Method.DECOMPOSITION
    assert instance.options.max_tranches == 4


def outcome(*, budget: float = 1.0) -> Outcome:
    """Return the solve of a tiny case."""
    instance = scaled(read_instance(tiny_case(1)), budget)
    return solve_on(instance, tiny_scenarios(instance, 1))


def test_answers_that_contradict_each_other_are_found() -> None:
    """With half the budget the optimum is another one; both are proven to the end."""
    whole, half = outcome(), outcome(budget=0.5)
    assert difference_of(whole, whole) == ""
    assert difference_of(whole, half) != ""


def test_a_plan_contradicts_infeasibility() -> None:
    """Two infeasible answers agree."""
    none = Outcome(termination=Termination.INFEASIBLE, seconds=0.0)
    assert difference_of(none, none) == ""
    assert difference_of(outcome(), none) == "OPTIMAL and INFEASIBLE"


def test_intervals_of_a_certain_cost_always_hold_it() -> None:
    """All scenarios of this case are alike."""
    assert Cover("two_materials", replications=3, scenarios=4).perform() == Covered(
        replications=3, held=3, below=0
    )


def test_no_interval_comes_from_one_batch() -> None:
    """Three scenarios are one batch."""
    with pytest.raises(ValueError, match="3 scenarios have no interval"):
        Cover("two_materials", replications=1, scenarios=3).perform()


def test_some_intervals_do_not_hold_it() -> None:
    """From 40 scenarios without vault: a few miss, some of them too low."""
    found = Cover("magnets", 40, 40, is_without_vault=True).perform()
    assert 0 < found.held < found.replications
    assert 0 < found.below <= found.replications - found.held
