"""What is known at a date: phases that have begun, what is announced, what is over."""

import datetime as dt
from dataclasses import replace

import pytest

from models.instance import Instance
from models.reading import read_instance
from optimizer.rehearsal.known_world import events_to_come, known_world
from optimizer.rehearsal.paths import FreshPath, Happening, fresh_paths
from optimizer.scenarios.market import demand_path
from optimizer.scenarios.replays import calm_scenario
from tests import cases

MONTH = 365.25 / 12


@pytest.fixture
def case() -> Instance:
    """Return four months with a ban of two phases that is announced 20 days before."""
    phases = cases.phase(30), cases.phase(60, 120)
    ban = cases.event("chn-ban", *phases, hazard_per_year=0.3, notice_days=20.0)
    other = cases.event("other", cases.phase(10), hazard_per_year=0.1)
    tiny = cases.smallest_case()
    return read_instance(cases.changed(tiny, {"events": [ban, other]}))


def _path(case: Instance, *happenings: Happening) -> FreshPath:
    (path,) = fresh_paths(case, number_of_paths=1, seed=1)
    return replace(path, happenings=happenings)


@pytest.mark.parametrize(
    ("onset", "phase", "since"),
    [
        (2 * MONTH, 0, "2026-03-01"),  # on the first day of the period
        (2 * MONTH - 10.5, 0, "2026-02-19"),  # ten full days ago
        (2 * MONTH - 30.0, 1, "2026-03-01"),  # the second phase begins
        (2 * MONTH - 45.0, 1, "2026-02-14"),
    ],
)
def test_a_phase_in_force_is_stated_since_it_began(
    case: Instance, onset: float, phase: int, since: str
) -> None:
    """Days are full ones, so that it can have lasted so long."""
    path = _path(case, Happening("chn-ban", onset, (30.0, 80.0)))
    (found,) = known_world(case, path, 2).disruptions
    assert (found.event, found.phase) == ("chn-ban", phase)
    assert found.since == dt.date.fromisoformat(since)


def test_what_is_announced_comes_on_its_day(case: Instance) -> None:
    """Notice is 20 days: 15 before it is known, 25 before not."""
    soon, late = (
        known_world(case, _path(case, Happening("chn-ban", day, (30.0, 80.0))), 2)
        for day in (2 * MONTH + 15, 2 * MONTH + 25)
    )
    assert not soon.disruptions
    assert soon.announced == {"chn-ban": dt.date(2026, 3, 16)}
    ban, _ = events_to_come(case, soon)
    assert (ban.onset_date, ban.probability) == (dt.date(2026, 3, 16), 1.0)
    assert not late.announced
    assert tuple(events_to_come(case, late)) == case.events


def test_what_is_over_does_not_come_again(case: Instance) -> None:
    """The other event can still happen."""
    path = _path(case, Happening("chn-ban", -100.0, (30.0, 80.0)))
    world = known_world(case, path, 2)
    assert [x.id for x in events_to_come(case, world)] == ["other"]


def test_levels_are_what_multiplies_the_undisrupted(case: Instance) -> None:
    """Prices in a disruption are its multiple of that."""
    moving = case.model_copy(
        update={
            "materials": tuple(
                x.model_copy(update={"price_volatility_per_year": 0.5})
                for x in case.materials
            )
        }
    )
    calm = calm_scenario(case)
    for path in fresh_paths(moving, number_of_paths=3, seed=2):
        multiplier = path.scenario.price[:, 0] / (calm.price[:, 0] * path.price_level)
        assert multiplier == pytest.approx(1.0)
        assert path.demand_level == pytest.approx(1.0)
        assert path.scenario.demand[:, 0] == pytest.approx(demand_path(case))
