"""What holds for the scenarios of any list of events."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.reading import read_instance
from optimizer.scenarios import ScenarioSet, sample
from tests import cases
from tests.cases import Case

# Examples share the fixture's mapping, which none of them changes.
LAW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@st.composite
def phases(draw: st.DrawFn) -> Case:
    """Draw a phase of any length."""
    low = draw(st.floats(0.5, 200))
    lasts = draw(
        st.sampled_from(
            [
                cases.phase(low, low + draw(st.floats(0, 200))),
                cases.chance_phase(mean_days=low + 1),
            ]
        )
    )
    return lasts | {
        "availability": draw(st.floats(0, 1)),
        "price_multiplier": draw(st.floats(0.5, 5)),
    }


@st.composite
def clocks(draw: st.DrawFn) -> Case:
    """Draw a hazard, or a date before, within or after the horizon."""
    if draw(st.booleans()):
        rest = draw(st.floats(0, 50))
        again = {"recurs_after": {"low_days": rest, "high_days": 50}}
        return {
            "hazard_per_year": draw(st.floats(0, 10)),
            "begins_with_period": draw(st.booleans()),
            **(again if draw(st.booleans()) else {}),
        }
    dates = ("2025-11-15", "2026-02-01", "2031-01-01")
    return {
        "onset_date": draw(st.sampled_from(dates)),
        "probability": draw(st.sampled_from([0.0, 1e-9, 0.3, 1.0])),
    }


@st.composite
def event_lists(draw: st.DrawFn) -> list[Case]:
    """Draw up to six events."""
    return [
        {
            "id": f"e{i}",
            "name": "event",
            "country": draw(st.sampled_from(["CHN", "DEU", "USA"])),
            "stage": draw(st.sampled_from(["mining", "refining", "both"])),
            "materials": ["gallium"],
            "notice_days": draw(st.sampled_from([0.0, 20.0, 400.0])),
            "phases": draw(st.lists(phases(), min_size=1, max_size=3)),
            **draw(clocks()),
        }
        for i in range(draw(st.integers(0, 6)))
    ]


def drawn(case: Case, events: list[Case], n: int) -> ScenarioSet:
    """Sample n scenarios of the case with these events."""
    return sample(
        read_instance(case | {"events": events}),
        number_of_scenarios=n,
        generator=np.random.default_rng(11),
    )


@LAW
@given(events=event_lists(), n=st.integers(1, 25))
def test_scenarios_stay_in_bounds(tiny_case: Case, events: list[Case], n: int) -> None:
    """Probabilities make 1, availability is a share, prices follow the multipliers."""
    scenarios = drawn(tiny_case, events, n)
    assert scenarios.number_of_scenarios == n
    assert abs(scenarios.probability.sum() - 1) < 1e-9
    assert scenarios.availability.min() >= 0
    assert scenarios.availability.max() <= 1
    multiples = scenarios.price / scenarios.base_price[:, np.newaxis]
    assert multiples.min() >= 0.5 - 1e-9
    assert multiples.max() <= 5 + 1e-9


@LAW
@given(events=event_lists(), n=st.integers(1, 25))
def test_order_of_events_is_free(tiny_case: Case, events: list[Case], n: int) -> None:
    """The list of events is a set."""
    first = drawn(tiny_case, events, n)
    second = drawn(tiny_case, events[::-1], n)
    assert np.array_equal(first.probability, second.probability)
    assert np.array_equal(first.availability, second.availability)
    assert np.array_equal(first.announced, second.announced)
    assert np.array_equal(first.price, second.price)
