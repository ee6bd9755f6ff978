"""Worst scenarios are told by hand arithmetic: gallium is cut, a line stops."""

import datetime as dt

import numpy as np
import pytest

from models.reading import read_instance
from models.story import WorstScenario
from optimizer import evaluate
from tests import cases
from tests.cases import Case
from tests.plans import in_place, written_plan


@pytest.fixture
def worst(tiny_case: Case) -> tuple[WorstScenario, ...]:
    """Return the worst of 40 scenarios: China halts gallium on a known day, or not."""
    tiny_case["horizon"] = cases.horizon(4, period="month", start="2027-01-01")
    tiny_case["events"] = [
        cases.event(
            "halt",
            cases.phase(59, 59),
            onset_date="2027-02-01",
            probability=0.5,
            stage="both",
        )
    ]
    instance = read_instance(tiny_case)
    plan = written_plan(instance, in_place(1.0))
    return evaluate(instance, plan, number_of_scenarios=40, seed=3).worst


def test_a_halt_and_what_comes_of_it(worst: tuple[WorstScenario, ...]) -> None:
    """1 t covers February; in March the rest of it, and wafers are not made."""
    story = worst[0].story
    (cut,) = story.cuts
    assert (cut.country, cut.materials, cut.least_flow) == ("CHN", ("Gallium",), 0)
    assert (cut.onset, cut.period, cut.days) == (dt.date(2027, 2, 1), 2, 59)
    (stock,) = story.stocks
    assert stock.short_from == dt.date(2027, 2, 1)
    assert stock.covered_tonnes == pytest.approx(1.0)
    assert stock.empty_from == dt.date(2027, 3, 1)
    (line,) = story.lines
    assert (line.stopped_from, line.stopped_days) == (dt.date(2027, 3, 1), 31)
    assert line.stopped_days_without_vault == 59


def test_the_worst_come_first_with_their_chance(
    worst: tuple[WorstScenario, ...],
) -> None:
    """Costs fall, and the chance of one as bad grows by that of each."""
    costs = [x.shortage_cost_usd for x in worst]
    assert costs == sorted(costs, reverse=True)
    chances = np.cumsum([x.probability for x in worst])
    assert [x.probability_of_worse for x in worst] == pytest.approx(chances.tolist())
