"""Laws of a duration: their figures, and what is wrong with one."""

from math import inf

import pytest
from pydantic import ValidationError

from models.disruption import Phase
from models.duration import Duration
from models.reading import InvalidCaseError, read_instance
from tests import cases
from tests.cases import Case

UNIFORM = Duration(low_days=30, high_days=90)
GEOMETRIC = Duration(mean_days=60, step_days=30)
TABLE = Duration.model_validate(
    {
        "table": [
            {"days": 10, "probability": 0.75},
            {"days": 50, "probability": 0.25},
            {"days": 900, "probability": 0.0},
        ]
    }
)


@pytest.mark.parametrize(
    ("duration", "average", "shortest", "longest"),
    [(UNIFORM, 60, 30, 90), (GEOMETRIC, 60, 30, inf), (TABLE, 20, 10, 50)],
)
def test_figures_of_a_law(
    duration: Duration, average: float, shortest: float, longest: float
) -> None:
    """Mean and bounds; what has no probability does not count."""
    figures = (duration.average_days, duration.shortest_days, duration.longest_days)
    assert figures == (average, shortest, longest)
    twice = duration.scaled(2)
    figures = (twice.average_days, twice.shortest_days, twice.longest_days)
    assert figures == (2 * average, 2 * shortest, 2 * longest)


def test_a_step_is_a_day() -> None:
    """If it is not given."""
    assert Duration(mean_days=5).geometric_step_days == 1


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({}, "low_days and high_days, or mean_days, or table"),
        ({"low_days": 5}, "both low_days and high_days"),
        ({"step_days": 5}, "mean_days beside step_days"),
        ({"mean_days": 5, "high_days": 9}, "or mean_days, or table"),
        ({"low_days": 9, "high_days": 5}, "high_days of at least low_days = 9, not 5"),
        ({"mean_days": 0.5}, "mean_days of at least step_days = 1, not 0.5"),
    ],
)
def test_a_wrong_law_says_what_is_expected(
    figures: dict[str, float], expected: str
) -> None:
    """One law, with all its figures, in order."""
    with pytest.raises(ValidationError, match=expected):
        Duration.model_validate(figures)


def test_all_mistakes_of_a_case_at_once(tiny_case: Case) -> None:
    """A table that is wrong twice, a phase with two laws, a dated event that recurs."""
    table = [{"days": 50, "probability": 0.5}, {"days": 10, "probability": 0.4}]
    day = {"onset_date": "2026-02-01", "probability": 0.5}
    rest = {"mean_days": 30}
    none = {"table": [{"days": 0, "probability": 1}]}
    tiny_case["events"] = [
        cases.event("a", cases.chance_phase(table=table), hazard_per_year=1),
        cases.event("b", cases.phase(9) | {"duration": rest}, hazard_per_year=1),
        cases.event("c", cases.phase(9), recurs_after=rest, **day),
        cases.event("d", cases.chance_phase(**none), hazard_per_year=1),
        cases.event("e", {"name": "ban", "availability": 0.0}, hazard_per_year=1),
    ]
    with pytest.raises(InvalidCaseError) as raised:
        read_instance(tiny_case)
    found = {x.path: x.expected for x in raised.value.mistakes}
    assert found == {
        "events[a].phases[0].duration": (
            "lengths each above the one before, not [50.0, 10.0]; probabilities that "
            "sum to 1, not 0.9"
        ),
        "events[b].phases[0]": (
            "either duration_days_low and duration_days_high, or duration"
        ),
        "events[c]": (
            "no recurs_after: a dated event happens on its date and once (these need "
            "hazard_per_year)"
        ),
        "events[d].phases[0]": "a duration above 0 days",
        "events[e].phases[0]": "duration_days_low and duration_days_high, or duration",
    }


def test_a_phase_of_before_is_written_as_before() -> None:
    """Its document has no further field, so its case keeps its hash."""
    phase = Phase.model_validate(cases.phase(30, 90))
    assert phase.model_dump() == cases.phase(30, 90) | {"price_multiplier": 1.0}
    assert phase.law == UNIFORM
