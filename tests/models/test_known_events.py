"""Which event of a case a historic disruption is, and what a case lacks for one."""

import pytest

from models.instance import Instance
from models.known_events import (
    events_of,
    lacks_for_rehearsal,
    phase_days,
    phase_of_event,
)
from models.reading import read_instance
from service.casefiles import load
from tests import cases
from tests.cases import Case, Part

PHASES = cases.phase(30), cases.phase(60, 120)


def _case(*events: Part, history: Part | None = None, **terms: object) -> Instance:
    content: Case = cases.smallest_case()
    cases.add_germanium(content)
    cut = cases.disruption(cases.phase(40), onset_day=20.0)
    replay = cases.replay("cut", (history or cut) | terms)
    return read_instance(content | {"events": list(events), "replays": [replay]})


def _event_of(case: Instance) -> str | None:
    (event,) = events_of(case, case.replays[0])
    return None if event is None else event.id


def test_it_is_the_event_that_cuts_fewest_other_routes() -> None:
    """Of those that cut all that is cut; likelier ones first among equals."""
    both = ["gallium", "germanium"]
    wide = cases.event("wide", *PHASES, materials=both, hazard_per_year=2.0)
    rare = cases.event("rare", *PHASES, hazard_per_year=0.1)
    dated = cases.event("dated", *PHASES, onset_date="2025-12-01", probability=0.5)
    assert _event_of(_case(wide, rare)) == "rare"
    assert _event_of(_case(wide, rare, dated)) == "dated"
    assert _event_of(_case(wide, rare, materials=both)) == "wide"


def test_what_a_case_lacks_is_named() -> None:
    """A route through the country, or an event that cuts all of it."""
    event = cases.event("one", *PHASES, hazard_per_year=0.1)
    nowhere = _case(event, country="FRA")
    (mistake,) = lacks_for_rehearsal(nowhere, nowhere.replays[0])
    assert mistake.path == "replays[cut].disruptions[0].country"
    assert mistake.expected == (
        "a country that a route of gallium runs through for refining"
    )
    both = _case(event, materials=["gallium", "germanium"])
    (mistake,) = lacks_for_rehearsal(both, both.replays[0])
    assert mistake.path == "replays[cut].disruptions[0].materials"
    assert "an event of CHN cuts together for refining" in mistake.expected
    enough = _case(event)
    assert not list(lacks_for_rehearsal(enough, enough.replays[0]))


def test_each_disruption_is_another_event() -> None:
    """The same event does not happen twice at a time."""
    event = cases.event("one", *PHASES, hazard_per_year=0.1)
    case = _case(event)
    replay = case.replays[0]
    twice = replay.model_copy(update={"disruptions": replay.disruptions * 2})
    first, second = events_of(case, twice)
    assert (first and first.id, second) == ("one", None)


def test_what_comes_later_takes_no_event_from_what_is_known() -> None:
    """Whatever the order in the file: of two alike the first has the likely event."""
    rare = cases.event("rare", *PHASES, hazard_per_year=0.1)
    likely = cases.event("likely", *PHASES, hazard_per_year=2.0)
    case = _case(rare, likely)
    replay = case.replays[0]
    (first,) = replay.disruptions
    later = first.model_copy(update={"onset_day": 50.0})
    announced = later.model_copy(update={"notice_days": 40.0})
    for cuts, expected in (
        ((first, later), ["likely", "rare"]),
        ((later, first), ["rare", "likely"]),
        ((first, announced), ["rare", "likely"]),
    ):
        found = events_of(case, replay.model_copy(update={"disruptions": cuts}))
        assert [x and x.id for x in found] == expected


def test_later_phases_of_history_are_the_last_of_the_event() -> None:
    """Their days add up; a phase that is never reached has none."""
    three = [cases.phase(x) for x in (10, 20, 40)]
    event = cases.event("one", *PHASES, hazard_per_year=0.1)
    case = _case(event, phases=three)
    cut = case.replays[0].disruptions[0]
    assert [phase_of_event(case.events[0], i) for i in range(3)] == [0, 1, 1]
    assert phase_days(case.events[0], cut) == (10.0, 60.0)
    short = _case(event)
    cut = short.replays[0].disruptions[0]
    assert phase_days(short.events[0], cut) == (40.0, 0.0)


@pytest.mark.parametrize(
    ("name", "replay", "event"),
    [
        ("magnets", "rare_earths_2010", "rare_earth_second_wave"),
        (
            "project_vault:supply_chains",
            "gallium_germanium_2023",
            "gallium_germanium_licences",
        ),
        ("project_vault:supply_chains", "cobalt_2025", "congo_cobalt_ban"),
    ],
)
def test_history_is_as_long_as_the_law_of_its_event_allows(
    name: str, replay: str, event: str
) -> None:
    """Each phase of the shipped cases."""
    case = read_instance(load(name))
    history = next(x for x in case.replays if x.id == replay)
    (found,) = events_of(case, history)
    assert found is not None
    assert found.id == event
    days = phase_days(found, history.disruptions[0])
    for phase, lasted in zip(found.phases, days, strict=True):
        assert phase.law.shortest_days <= lasted <= phase.law.longest_days
