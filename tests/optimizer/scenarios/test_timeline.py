"""From onsets and durations to period averages, by hand arithmetic."""

from typing import Any

import numpy as np
import pytest

from models.disruption import Disruption
from models.reading import read_instance
from optimizer.scenarios.timeline import Course, Timeline, timeline
from tests import cases
from tests.cases import Case

CHN, DEU = 0, 1
YES, NO = True, False


def disruption(**changes: Any) -> Disruption:  # noqa: ANN401 - any field of it
    """Return a refining ban by CHN: 60 days at 0, then a quota of 0.4."""
    phases = [phase(0.0, 3.0), phase(0.4, 2.0)]
    return Disruption.model_validate(cases.disruption(*phases) | changes)


def phase(availability: float, price_multiplier: float = 1.0) -> Case:
    """Return a phase; its length is given with the course."""
    return cases.phase(availability=availability, price_multiplier=price_multiplier)


def course(
    cause: Disruption, onset_day: float, *durations: float, w: int = 0
) -> Course:
    """Return the course of a disruption in the one scenario w."""
    onset = np.array([onset_day])
    return Course(cause, np.array([w]), onset, np.array([durations]))


def laid(case: Case, *courses: Course, scenarios: int = 1) -> Timeline:
    """Lay courses over four periods of 30 days."""
    case["horizon"]["period_days"] = 30
    return timeline(read_instance(case), courses, scenarios)


def test_availability_is_the_mean_over_days(tiny_case: Case) -> None:
    """A ban from day 15 for 30 days, then 20 days of quota, by hand."""
    nature = laid(tiny_case, course(disruption(), 15, 30, 20))
    # Period 0: 15 open days of 30. Period 1: 15 at 0, 15 at .4. Period 2: 5 at .4 and
    # 25 open: (5 x .4 + 25) / 30 = .9.
    expected = [0.5, 0.2, 0.9, 1.0]
    assert nature.availability[CHN, 0] == pytest.approx(expected)


def test_price_multiplier_is_the_mean_over_days(tiny_case: Case) -> None:
    """The same ban triples and then doubles the price."""
    nature = laid(tiny_case, course(disruption(), 15, 30, 20))
    # (15 + 15 x 3) / 30, (15 x 3 + 15 x 2) / 30, (5 x 2 + 25) / 30, 1.
    expected = [2.0, 2.5, 35 / 30, 1.0]
    assert nature.price_multiplier[0, 0] == pytest.approx(expected)


def test_a_ban_on_direct_trade_leaves_what_third_countries_pass_on(
    tiny_case: Case,
) -> None:
    """Where three quarters are bought from the origin, its ban leaves a quarter."""
    tiny_case["routes"][CHN]["direct_share"] = 0.75
    ban = disruption(scope="direct_trade")
    nature = laid(tiny_case, course(ban, 30, 30, 30))
    # In the quota 0.4 of the direct three quarters flow: .25 + .75 x .4.
    assert nature.availability[CHN, 0] == pytest.approx([1.0, 0.25, 0.55, 1.0])
    world = laid(tiny_case, course(disruption(), 30, 30, 30))
    assert world.availability[CHN, 0] == pytest.approx([1.0, 0.0, 0.4, 1.0])


def test_full_periods_are_exact(tiny_case: Case) -> None:
    """A period covered in full has the phase's availability to the last bit."""
    tiny_case["horizon"]["number_of_periods"] = 36
    nature = laid(tiny_case, course(disruption(), 0, 900, 900))
    assert nature.availability[CHN, 0].tolist() == [0.0] * 30 + [0.4] * 6


def test_days_before_the_start_have_passed(tiny_case: Case) -> None:
    """Of a ban of 40 days begun 25 days ago, 15 days are left."""
    cause = disruption(phases=[phase(0.0)])
    nature = laid(tiny_case, course(cause, -25, 40))
    assert nature.availability[CHN, 0] == pytest.approx([0.5, 1, 1, 1])


def test_other_scenarios_and_routes_are_untouched(tiny_case: Case) -> None:
    """A course changes its own scenario and the routes through its country only."""
    nature = laid(tiny_case, course(disruption(), 0, 60, 60, w=1), scenarios=3)
    assert np.all(nature.availability[DEU] == 1)
    assert np.all(nature.availability[CHN, [0, 2]] == 1)
    assert np.all(nature.price_multiplier[0, [0, 2]] == 1)


@pytest.mark.parametrize(
    ("stage", "availability"), [("mining", 1), ("refining", 0), ("both", 0)]
)
def test_the_side_of_a_stage(tiny_case: Case, stage: str, availability: float) -> None:
    """A route refined but not mined in a country feels what hits refining there."""
    tiny_case["routes"][CHN]["mining_country"] = "KAZ"
    nature = laid(tiny_case, course(disruption(stage=stage), 0, 60, 60))
    assert nature.availability[CHN, 0, 0] == availability


def test_recycling_follows_the_same_rule(tiny_case: Case) -> None:
    """A recycling route in the country is cut as well."""
    tiny_case["routes"][CHN]["kind"] = "recycling"
    nature = laid(tiny_case, course(disruption(), 0, 60, 60))
    assert nature.availability[CHN, 0, 0] == 0


def test_route_has_the_smaller_of_its_two_sides(tiny_case: Case) -> None:
    """Mined in one troubled country and refined in another, the smaller one counts."""
    tiny_case["routes"][CHN]["mining_country"] = "KAZ"
    mining = disruption(country="KAZ", stage="mining", phases=[phase(0.3)])
    refining = disruption(phases=[phase(0.6)])
    nature = laid(tiny_case, course(mining, 0, 30), course(refining, 0, 60))
    assert nature.availability[CHN, 0] == pytest.approx([0.3, 0.6, 1, 1])


def test_overlap_takes_means_before_the_minimum(tiny_case: Case) -> None:
    """Two bans in different halves of a period give 0.5, not 0."""
    ban = disruption(phases=[phase(0.0)])
    nature = laid(tiny_case, course(ban, 0, 15), course(ban, 15, 15))
    assert nature.availability[CHN, 0, 0] == 0.5


def test_times_of_one_event_add_up_in_a_period(tiny_case: Case) -> None:
    """Ten days at 0, ten open ones and ten at 0 leave a third; so does the price."""
    cause = disruption(phases=[phase(0.0, 4.0)], notice_days=15)
    times = Course(
        cause,
        np.array([1, 0, 1]),
        np.array([20.0, 60.0, 0.0]),
        np.array([[10.0], [30.0], [10.0]]),
    )
    nature = laid(tiny_case, times, scenarios=2)
    assert nature.availability[CHN] == pytest.approx(
        np.array([[1, 1, 0, 1], [1 / 3, 1, 1, 1]])
    )
    assert nature.price_multiplier[0, 1] == pytest.approx([3, 1, 1, 1])
    assert nature.announced[0].tolist() == [[NO, YES, NO, NO], [YES, NO, NO, NO]]


def test_largest_multiplier_of_overlapping_ones(tiny_case: Case) -> None:
    """Overlapping price responses do not add up; a lone one may lower the price."""
    low = disruption(phases=[phase(1.0, 0.8)])
    high = disruption(phases=[phase(1.0, 1.5)])
    nature = laid(tiny_case, course(low, 0, 60), course(high, 0, 30))
    assert nature.price_multiplier[0, 0] == pytest.approx([1.5, 0.8, 1, 1])


@pytest.mark.parametrize(
    ("onset_day", "notice_days", "expected"),
    [
        (60, 20, [False, True, False, False]),  # word from day 40 to day 60
        (70, 20, [False, True, True, False]),  # word from day 50 to day 70
        (70, 0, [False, False, False, False]),
        (10, 90, [True, False, False, False]),  # word from before the start
        (-5, 20, [False, False, False, False]),
        (120, 30, [False, False, False, True]),
    ],
)
def test_word_is_out_from_notice_to_onset(
    tiny_case: Case, onset_day: float, notice_days: float, expected: list[bool]
) -> None:
    """Periods that overlap the notice before the onset are announced, no others."""
    cause = disruption(notice_days=notice_days)
    nature = laid(tiny_case, course(cause, onset_day, 30, 30))
    assert nature.announced[0, 0].tolist() == expected


def test_a_month_of_the_calendar_stops_alone(tiny_case: Case) -> None:
    """31 days from 1 March on are March, to the day, and no other month."""
    tiny_case["horizon"] = cases.horizon(6, period="month", start="2028-01-01")
    cause = disruption(phases=[phase(0.0, 2.0)], notice_days=29)
    nature = timeline(read_instance(tiny_case), [course(cause, 31 + 29, 31)], 1)
    assert nature.availability[CHN, 0].tolist() == [1, 1, 0, 1, 1, 1]
    assert nature.price_multiplier[0, 0].tolist() == [1, 1, 2, 1, 1, 1]
    assert nature.announced[0, 0].tolist() == [NO, YES, NO, NO, NO, NO]


def test_parts_of_months_of_the_calendar_are_days(tiny_case: Case) -> None:
    """30 days from 15 February on are 14 of its 28 and 16 of the 31 of March."""
    tiny_case["horizon"] = cases.horizon(3, period="month", start="2027-01-01")
    cause = disruption(phases=[phase(0.0)])
    nature = timeline(read_instance(tiny_case), [course(cause, 31 + 14, 30)], 1)
    assert nature.availability[CHN, 0] == pytest.approx([1, 0.5, 15 / 31])
    # What runs from before the start beyond the end stops all of it.
    nature = timeline(read_instance(tiny_case), [course(cause, -400, 4000)], 1)
    assert nature.availability[CHN, 0].tolist() == [0, 0, 0]
