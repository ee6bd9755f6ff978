"""When events happen, how long their phases last, and when they happen again."""

import datetime as dt
from math import exp, log

import numpy as np
import pytest
from numpy.typing import NDArray

from models.disruption import Event
from models.horizon import Horizon
from models.reading import read_instance
from optimizer.scenarios import ScenarioSet, sample
from optimizer.scenarios.courses import draw_course
from optimizer.scenarios.streams import Streams
from optimizer.scenarios.timeline import Course
from tests import cases
from tests.cases import Case
from tests.optimizer.scenarios.test_sampling import equal_bytes

START = dt.date(2026, 1, 1)
TWO_YEARS = Horizon(start=START, number_of_periods=24)
CHN = 0
YEAR = 365.25
MONTH = YEAR / 12


def hazardous(hazard_per_year: float, **terms: object) -> Event:
    """Return an event with a hazard."""
    return event(hazard_per_year=hazard_per_year, **terms)


def event(**terms: object) -> Event:
    """Return a ban of 30 to 90 days that comes by a clock."""
    phases = [cases.phase(30, 90)]
    return Event.model_validate(cases.event("ban", *phases) | terms)


def course_of(event: Event, number: int = 1000, horizon: Horizon = TWO_YEARS) -> Course:
    """Return its course in as many scenarios."""
    streams = Streams(np.random.default_rng(2))
    return draw_course(
        event, horizon, [np.arange(number)], streams, streams, label="ban"
    )


def test_onsets_follow_the_truncated_exponential() -> None:
    """Onsets are at the quantiles of the exponential law given the horizon."""
    number = 1000
    course = course_of(hazardous(0.3), number)
    # One onset in each of 1,000 cells: the distribution function hits (cell + u)/1,000.
    law = (1 - np.exp(-0.3 * np.sort(course.onset_day) / 365.25)) / (1 - exp(-0.6))
    assert np.all(np.floor(law * number) == np.arange(number))


@pytest.mark.parametrize("hazard_per_year", [5e-324, 1e-200, 1e-9])
def test_onsets_of_a_tiny_hazard_fill_the_horizon(hazard_per_year: float) -> None:
    """Any day is as likely, down to the smallest number there is."""
    number = 1000
    course = course_of(hazardous(hazard_per_year), number)
    days = TWO_YEARS.days
    cells = np.sort(course.onset_day) / days * number
    assert np.all(np.floor(cells) == np.arange(number))


def test_durations_are_uniform_between_low_and_high() -> None:
    """Durations fill the cells between the shortest and the longest."""
    course = course_of(hazardous(0.3), 60)
    # 60 cells of one day from day 30 to day 90.
    days = np.sort(course.duration_days[:, 0])
    assert np.floor(days).tolist() == list(range(30, 90))


def test_dated_onset_before_the_start_is_negative() -> None:
    """An event of 31 days ago has 31 days behind it."""
    course = course_of(event(onset_date=dt.date(2025, 12, 1), probability=0.4), 2)
    assert course.onset_day.tolist() == [-31, -31]


AGAIN = {"recurs_after": {"low_days": 20, "high_days": 40}}


def gaps(course: Course) -> NDArray[np.float64]:
    """Return the days from the end of each time to the next onset in its scenario."""
    order = np.lexsort((course.onset_day, course.scenarios))
    w, onset = course.scenarios[order], course.onset_day[order]
    end = onset + course.duration_days[order].sum(axis=1)
    return (onset[1:] - end[:-1])[w[1:] == w[:-1]]


def test_an_event_recurs_after_its_rest() -> None:
    """No time begins before the rest after the one before is over."""
    course = course_of(hazardous(3.0, **AGAIN))
    assert len(course.scenarios) > 2 * 1000
    assert gaps(course).min() >= 20
    assert course.onset_day.max() < TWO_YEARS.days


def test_the_first_time_is_that_of_an_event_that_happens_once() -> None:
    """Whether it may recur does not move its first onset and durations."""
    once, again = course_of(hazardous(3.0)), course_of(hazardous(3.0, **AGAIN))
    assert np.array_equal(again.scenarios[:1000], once.scenarios)
    assert np.array_equal(again.onset_day[:1000], once.onset_day)
    assert np.array_equal(again.duration_days[:1000], once.duration_days)


def test_a_rest_beyond_the_end_keeps_every_bit(eventful: Case) -> None:
    """An event that could recur but has no time to is drawn as if it could not."""
    plain = drawn(eventful)
    rest = {"low_days": 1000, "high_days": 1000}
    for each in eventful["events"]:
        each["recurs_after"] = rest
    assert equal_bytes(drawn(eventful), plain)


def test_an_event_begins_with_a_period() -> None:
    """Every onset is a first day, also after a rest that ends within a period."""
    horizon = Horizon(start=START, number_of_periods=24, period="month")
    ban = hazardous(3.0, begins_with_period=True, **AGAIN)
    course = course_of(ban, horizon=horizon)
    assert set(course.onset_day) <= set(horizon.period_offsets_days[:-1])
    assert gaps(course).min() >= 20


def drawn(case: Case, number: int = 40, seed: int = 7) -> ScenarioSet:
    """Sample a case."""
    generator = np.random.default_rng(seed)
    return sample(read_instance(case), number_of_scenarios=number, generator=generator)


def cut_off(
    case: Case, number: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what is cut of the route (w, t), and the weights of the scenarios."""
    scenarios = drawn(case, number, seed)
    return 1 - scenarios.availability[CHN], scenarios.probability


def chain(case: Case) -> None:
    """Make a case of 8 months of normal and disrupted ones, a Markov chain.

    A normal month is followed by a disrupted one with probability 0.2, a disrupted one
    by a normal one with 0.5.
    """
    case["horizon"] = cases.horizon(8)
    case["events"] = [
        cases.event(
            "ban",
            cases.chance_phase(mean_days=2 * MONTH, step_days=MONTH),
            hazard_per_year=-12 * log(0.8),
            begins_with_period=True,
            recurs_after={"low_days": MONTH, "high_days": MONTH},
        )
    ]


@pytest.mark.parametrize("number", [3, 25])
def test_normal_and_disrupted_months_are_a_markov_chain(
    tiny_case: Case, number: int
) -> None:
    """Weighted frequencies of states and of pairs of them, in few scenarios."""
    chain(tiny_case)
    found: list[list[NDArray[np.float64]]] = []
    for seed in range(144):
        cut, weight = cut_off(tiny_case, number, seed)
        assert set(cut.flat) <= {0.0, 1.0}
        found.append([weight @ cut, weight @ (cut * np.roll(cut, -1, axis=1))])
    state = np.array([1.0, 0.0])
    transition = np.array([[0.8, 0.2], [0.5, 0.5]])
    expected = np.empty((2, 8))
    for t in range(8):
        state = state @ transition
        expected[:, t] = state[1], 0.5 * state[1]
    mean, error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / 12
    is_next = np.s_[:, :-1]
    assert np.all(np.abs(mean - expected)[is_next] < 4.5 * error[is_next])
    assert error.max() < 0.05


def test_the_share_of_time_cut_off_is_that_of_the_renewal_process(
    tiny_case: Case,
) -> None:
    """Hazard 2 a year, cut off for an exponential time of half a year: a mean of half.

    From a normal start the probability of being cut off at s is (1 - exp(-4 s)) / 2.
    """
    tiny_case["horizon"] = cases.horizon(12)
    phase = cases.chance_phase(mean_days=YEAR / 2, step_days=0.01)
    no_rest = {"low_days": 0, "high_days": 0}
    tiny_case["events"] = [
        cases.event("ban", phase, hazard_per_year=2.0, recurs_after=no_rest)
    ]
    means: list[NDArray[np.float64]] = []
    for seed in range(100):
        cut, weight = cut_off(tiny_case, 20, seed)
        means.append(weight @ cut)
    s = np.arange(13) / 12
    expected = 12 * np.diff((s + np.exp(-4 * s) / 4) / 2)
    error = np.std(means, axis=0, ddof=1) / 10
    assert np.all(np.abs(np.mean(means, axis=0) - expected) < 4.5 * error)
    assert error.max() < 0.02


def test_other_chances_keep_the_numbers_of_later_onsets(tiny_case: Case) -> None:
    """The same scenarios with a higher hazard: every time comes sooner."""
    chain(tiny_case)
    tiny_case["events"][0] |= {"begins_with_period": False}
    case = read_instance(tiny_case)
    more = {"hazard_per_year": 1.1 * tiny_case["events"][0]["hazard_per_year"]}
    other = read_instance(tiny_case | {"events": [tiny_case["events"][0] | more]})
    generator = np.random.default_rng(7)
    like = sample(other, number_of_scenarios=50, generator=generator, like=case)
    base = drawn(tiny_case, 50)
    first = [(x.availability[CHN] < 1).argmax(axis=1) for x in (like, base)]
    assert np.all(first[0] <= first[1])
    assert not np.array_equal(like.availability, base.availability)
