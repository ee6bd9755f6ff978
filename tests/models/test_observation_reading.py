"""Observations of a period: what is asked for, and what is wrong, all at once."""

import math

import pytest

from models.observation import Observation
from models.observation_reading import read_observation
from models.reading import InvalidCaseError, read_instance
from tests import cases
from tests.cases import Case

FACTS: Case = {
    "start": "2026-01-01",
    "events": [],
    "prices_usd_per_tonne": {"gallium": 500_000.0},
    "demand_units": {"wafer": 1_000.0},
}


def observed(case: Case, **facts: object) -> Observation:
    """Return an observation of a calm month with other facts; None leaves one out."""
    given = {name: x for name, x in (FACTS | facts).items() if x is not None}
    return read_observation(given, read_instance(case))


def mistakes_in(case: Case, **facts: object) -> dict[str, str]:
    """Return what was expected, by place."""
    with pytest.raises(InvalidCaseError) as caught:
        observed(case, **facts)
    return {mistake.path: mistake.expected for mistake in caught.value.mistakes}


def test_facts_that_are_missing_are_asked_for_by_name(tiny_case: Case) -> None:
    """The route that no event can cut needs none."""
    found = mistakes_in(
        tiny_case, events=None, prices_usd_per_tonne=None, demand_units=None
    )
    assert set(found) == {
        "availability.gallium-chn",
        "prices_usd_per_tonne.gallium",
        "demand_units.wafer",
    }
    assert "chn-ban can cut" in found["availability.gallium-chn"]
    assert all("otherwise: as_planned" in x for x in found.values())


def test_as_planned_needs_no_other_fact(tiny_case: Case) -> None:
    """But the period that it is of."""
    plain = {"start": "2026-01-01", "otherwise": "as_planned"}
    found = read_observation(plain, read_instance(tiny_case))
    assert found.model_dump(mode="json") == plain
    with pytest.raises(InvalidCaseError, match="start: is 'absent'"):
        read_observation({"otherwise": "as_planned"}, read_instance(tiny_case))


def test_all_mistakes_are_told_at_once(tiny_case: Case) -> None:
    """Wrong values do not hide unknown names, nor are they asked for again."""
    for route in tiny_case["routes"]:
        route["vault_tonnes_per_year"] = 12.0
    found = mistakes_in(
        tiny_case,
        start="2026-02-01",
        events=[
            {"event": "flood", "since": "2026-01-03"},
            {"event": "chn-ban", "phase": 1, "since": "2026-03-01"},
            {"event": "chn-ban", "since": "2025-12-01", "until": "2025-11-01"},
        ],
        availability={"gallium-chn": 1.2, "gallium-usa": 0.5},
        announced=["zinc", "gallium", "gallium"],
        prices_usd_per_tonne={"gallium": math.nan},
        demand_units={"wafer": -1.0, "chip": 2.0},
        happened={
            "released_tonnes": {"gallium": -1.0},
            "drawn_tonnes": {"right": 1.0},
            "arrived_tonnes": {"gallium-chn": 1.5},
            "stock_tonnes": {"lead": 1.0},
            "cash_usd": math.inf,
        },
    )
    assert set(found) == {
        "start",
        "events[flood].event",
        "events[chn-ban].phase",
        "events[chn-ban].since",
        "events[2]",
        "availability.gallium-chn",
        "availability.gallium-usa",
        "announced.zinc",
        "announced",
        "prices_usd_per_tonne.gallium",
        "demand_units.wafer",
        "demand_units.chip",
        "happened.released_tonnes.gallium",
        "happened.drawn_tonnes.right",
        "happened.arrived_tonnes.gallium-chn",
        "happened.stock_tonnes.lead",
        "happened.cash_usd",
    }
    assert "2026-01-01, the first day of the period that comes next" in found["start"]
    assert "at most 1 t in the period" in found["happened.arrived_tonnes.gallium-chn"]


def test_phases_of_an_event_follow_one_another(tiny_case: Case) -> None:
    """The first is not over when the second begins."""
    phases = cases.phase(30), cases.phase(60)
    tiny_case["events"] = [cases.event("chn-ban", *phases, hazard_per_year=1.0)]
    first = {"event": "chn-ban", "since": "2025-12-20"}
    second = {"event": "chn-ban", "phase": 1, "since": "2026-01-10"}
    assert set(mistakes_in(tiny_case, events=[second, first])) == {
        "events[chn-ban].until"
    }
    over = first | {"until": "2026-01-10"}
    assert observed(tiny_case, events=[over, second]).events is not None


def test_a_phase_that_must_be_over_is_asked_for(tiny_case: Case) -> None:
    """Of 60 to 120 days it has lasted 30 + 100; what came after is not known."""
    old = {"event": "chn-ban", "since": "2025-09-22"}
    found = mistakes_in(tiny_case, events=[old])
    assert found["events[chn-ban].until"].startswith("the day on which phase 0 was")
    assert observed(tiny_case, events=[old | {"until": "2026-01-20"}]).events


def test_what_was_over_before_is_no_fact_of_the_period(tiny_case: Case) -> None:
    """It is told until when an event may have lasted."""
    over = {"event": "chn-ban", "since": "2025-11-20", "until": "2026-01-01"}
    found = mistakes_in(tiny_case, events=[over])
    assert found["events[chn-ban].until"].startswith("a day after 2026-01-01 and up to")


@pytest.mark.parametrize("raw", [[], "calm", None])
def test_what_is_no_mapping_is_refused(tiny_case: Case, raw: object) -> None:
    """The message tells what it should be."""
    with pytest.raises(InvalidCaseError, match="a mapping of facts"):
        read_observation(raw, read_instance(tiny_case))


def test_what_is_not_said_is_left_out(tiny_case: Case) -> None:
    """So a field that is added later changes no hash; an empty list is said."""
    found = observed(tiny_case)
    assert found.model_dump(mode="json") == FACTS
    assert found.content_hash == Observation.model_validate(FACTS).content_hash
    planned = observed(tiny_case, otherwise="as_planned")
    assert planned.content_hash != found.content_hash
