"""Disruptions in force at the start: what is wrong with them."""

import pytest

from models.duration import Duration
from models.reading import InvalidCaseError, read_instance
from tests.cases import Case


def in_force(event: str, since: str, **terms: object) -> Case:
    """Return an event that is in its first phase since a day."""
    return {"event": event, "since": since} | terms


def mistakes_in(case: Case, *disruptions: Case) -> dict[str, str]:
    """Return what was expected, by place."""
    with pytest.raises(InvalidCaseError) as caught:
        read_instance(case | {"position": {"disruptions": list(disruptions)}})
    return {mistake.path: mistake.expected for mistake in caught.value.mistakes}


def test_all_mistakes_are_found_at_once(tiny_case: Case) -> None:
    """The ban lasts 60 to 120 days, and the horizon starts on 1 January 2026."""
    names = ("late", "long", "phase")
    for name in names:
        tiny_case["events"].append(tiny_case["events"][0] | {"id": name})
    found = mistakes_in(
        tiny_case,
        in_force("nothing", "2025-12-01"),
        in_force("late", "2026-01-02"),
        in_force("long", "2025-09-03"),
        in_force("phase", "2025-12-01", phase=1),
        in_force("chn-ban", "2025-12-01"),
        in_force("chn-ban", "2025-12-02"),
    )
    assert found == {
        "position.disruptions": "to be listed once, found 2 times",
        "position.disruptions[nothing].event": (
            "one of the events (chn-ban, late, long, phase)"
        ),
        "position.disruptions[late].since": "a day up to the start, 2026-01-01",
        "position.disruptions[long].since": (
            "a later day: the phase lasts 60 to 120 days, so it is over after the 120 "
            "days until 2026-01-01"
        ),
        "position.disruptions[phase].phase": "one of the 1 phases of the event, from 0",
    }


@pytest.mark.parametrize(
    ("law", "days", "outlasts"),
    [
        ({"low_days": 10, "high_days": 20}, 19.0, True),
        ({"low_days": 10, "high_days": 20}, 20.0, False),
        ({"mean_days": 20, "step_days": 10}, 1e6, True),
        ({"mean_days": 10, "step_days": 10}, 9.0, True),
        ({"mean_days": 10, "step_days": 10}, 10.0, False),
        ({"table": [{"days": 5, "probability": 1}]}, 5.0, False),
        ({"table": [{"days": 5, "probability": 1}]}, 4.0, True),
    ],
)
def test_a_law_may_outlast_what_has_passed(
    law: Case, days: float, *, outlasts: bool
) -> None:
    """As far as it allows anything longer."""
    assert Duration.model_validate(law).outlasts(days) is outlasts
