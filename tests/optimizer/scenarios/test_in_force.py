"""Events in force at the start: certain, half over, and drawn on from there."""

import numpy as np
import pytest

from models.duration import Duration
from models.instance import Instance
from models.reading import read_instance
from optimizer import solve
from optimizer.scenarios import sample
from optimizer.scenarios.durations import days_at, days_beyond
from optimizer.scenarios.sampling import drawn_courses
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.scenarios.timeline import Course
from tests import cases
from tests.cases import Case
from tests.optimizer.scenarios.test_sampling import equal_bytes
from tests.renaming import renamed

MONTH = 365.25 / 12
NUMBER = 200


def case_of(tiny_case: Case, *events: Case, **state: object) -> Instance:
    """Return a year with these events, the first of which may be in force."""
    tiny_case |= {"horizon": cases.horizon(12), "events": list(events)}
    if state:
        state |= {"event": events[0]["id"]}
        tiny_case["position"] = {"disruptions": [state]}
    return read_instance(tiny_case)


def scenarios_of(instance: Instance) -> ScenarioSet:
    """Return scenarios of a case, always from the same numbers."""
    generator = np.random.default_rng(4)
    return sample(instance, number_of_scenarios=NUMBER, generator=generator)


def course_of(instance: Instance) -> Course:
    """Return the course of the first event."""
    found = drawn_courses(
        instance, number_of_scenarios=NUMBER, generator=np.random.default_rng(4)
    )
    name = instance.events[0].id
    return next(course for event, course in found if event.id == name)


def ban(*phases: Case, **terms: object) -> Case:
    """Return a ban that is rare by itself."""
    return cases.event("ban", *phases, **({"hazard_per_year": 0.01} | terms))


def test_it_goes_on_in_every_scenario(tiny_case: Case) -> None:
    """A ban of 60 to 120 days, 75 of them over: up to 45 are left, as likely all."""
    instance = case_of(tiny_case, ban(cases.phase(60, 120)), since="2025-10-18")
    course = course_of(instance)
    assert course.scenarios.tolist() == list(range(NUMBER))
    assert set(course.onset_day) == {-75.0}
    rest = np.sort(course.duration_days[:, 0] - 75)
    cells = (np.arange(NUMBER) + 0.5) / NUMBER
    assert rest == pytest.approx(45 * cells, abs=45 / NUMBER)
    found = scenarios_of(instance)
    assert found.probability == pytest.approx(1 / NUMBER)
    # Of 30.4 days a mean of 22.5 at most is cut in period 0, none from period 2 on.
    open_share = found.availability[0]
    assert (open_share[:, 0] < 1).all()
    assert (open_share[:, 2:] == 1).all()
    assert (1 - open_share).sum() * MONTH / NUMBER == pytest.approx(22.5, rel=0.01)


def test_phases_before_the_one_in_force_are_over(tiny_case: Case) -> None:
    """A quota of 30 % after a ban; what comes after it is drawn as ever."""
    phases = (
        cases.phase(30),
        cases.phase(50, 50, availability=0.3),
        cases.phase(20, 20, availability=0.9),
    )
    instance = case_of(tiny_case, ban(*phases), phase=1, since="2025-12-22")
    course = course_of(instance)
    assert np.unique(course.duration_days, axis=0).tolist() == [[0.0, 50.0, 20.0]]
    found = scenarios_of(instance).availability[0]
    assert found[:, 0] == pytest.approx(0.3)
    lost = 0.7 * 40 + 0.1 * 20
    assert (1 - found).sum(axis=1) * MONTH == pytest.approx(lost)


def test_it_happens_again_only_if_it_recurs(tiny_case: Case) -> None:
    """With a high hazard after ten days of rest it does, in most scenarios."""
    once = ban(cases.phase(30), hazard_per_year=9.0)
    again = once | {"recurs_after": {"low_days": 10, "high_days": 10}}
    numbers: list[int] = []
    for event in (once, again):
        course = course_of(case_of(tiny_case, event, since="2025-12-17"))
        assert (course.onset_day == -15).sum() == NUMBER
        numbers.append(len(course.scenarios))
    assert numbers[0] == NUMBER
    assert numbers[1] > 3 * NUMBER
    later = course.onset_day[course.onset_day >= 0]
    assert later.min() >= 25


def test_neither_names_nor_order_say_which_of_two_is_in_force(tiny_case: Case) -> None:
    """Two events are alike but for that, so it tells them apart."""
    events = [ban(cases.phase(60, 120), hazard_per_year=2.0) | {"id": x} for x in "ab"]
    first = scenarios_of(case_of(tiny_case, *events, since="2025-12-17"))
    other = read_instance(tiny_case | {"events": events[::-1]})
    assert equal_bytes(first, scenarios_of(other))
    assert equal_bytes(first, scenarios_of(read_instance(renamed(tiny_case))))


def test_a_plan_is_made_for_it(tiny_case: Case) -> None:
    """What is certain to be missing costs more than what is only possible."""
    tiny_case["options"] = {"number_of_scenarios": 10}
    costs: list[float] = []
    for state in ({}, {"since": "2025-12-17"}):
        plan = solve(case_of(tiny_case, ban(cases.phase(60, 120)), **state)).plan
        assert plan is not None
        costs.append(plan.promise.cost_without_vault_usd)
    assert costs[1] > 10 * costs[0]


@pytest.mark.parametrize(
    "law",
    [
        {"low_days": 10.0, "high_days": 100.0},
        {"mean_days": 40.0, "step_days": 7.0},
        {
            "table": [
                {"days": 20.0, "probability": 0.5},
                {"days": 50.0, "probability": 0.2},
                {"days": 90.0, "probability": 0.3},
            ]
        },
    ],
)
@pytest.mark.parametrize("lasted", [0.0, 33.0, 49.5])
def test_lengths_are_those_of_the_law_that_are_longer(law: Case, lasted: float) -> None:
    """At equally spaced numbers they are the upper part of the law's lengths."""
    duration = Duration.model_validate(law)
    uniforms = (np.arange(100_000) + 0.5) / 100_000
    whole = days_at(duration, uniforms)
    longer = whole[whole > lasted]
    found = days_beyond(duration, lasted, uniforms)
    assert (found > lasted).all()
    for q in (0.1, 0.35, 0.6, 0.9):
        expected = np.quantile(longer, q, method="inverted_cdf")
        at = np.quantile(found, q, method="inverted_cdf")
        assert at == pytest.approx(expected, rel=1e-3)


def test_a_phase_that_can_last_no_longer_ends_with_the_start() -> None:
    """As in a what-if in which it is shorter than it has lasted."""
    law = Duration(low_days=10, high_days=20)
    assert days_beyond(law, 25.0, np.array([0.1, 0.9])).tolist() == [25.0, 25.0]
