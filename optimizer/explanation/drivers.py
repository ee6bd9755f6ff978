"""What the cost of a plan comes from: events, and the scenarios that weigh most."""

from collections.abc import Sequence

import numpy as np

from models.disruption import Event
from models.explanation import DrivingScenario, EventDriver, Onset
from models.instance import Instance
from optimizer.explanation.viewpoint import Viewpoint
from optimizer.scenarios.sampling import drawn_courses
from optimizer.scenarios.scenario_set import Floats
from optimizer.scenarios.timeline import Course

Drawn = Sequence[tuple[Event, Course]]
MOST_SCENARIOS = 10


def drivers(
    view: Viewpoint,
) -> tuple[tuple[EventDriver, ...], tuple[DrivingScenario, ...]]:
    """Return events and scenarios of a plan's cost, the largest share of it first.

    Scenarios of a file do not say which events happen in them.
    """
    instance = view.problem.instance
    drawn: Drawn = ()
    if not view.problem.scenarios.file_hash:
        drawn = drawn_courses(
            instance,
            number_of_scenarios=len(view.costs),
            generator=np.random.default_rng(instance.options.seed),
        )
    part = view.problem.scenarios.probability * view.costs
    total = float(part.sum())
    share = part / total if total > 0 else np.zeros_like(part)
    return _events(view, drawn, share), _scenarios(view, drawn, share)


def _events(view: Viewpoint, drawn: Drawn, share: Floats) -> tuple[EventDriver, ...]:
    found: list[EventDriver] = []
    for event, course in drawn:
        w = np.unique(course.scenarios)
        probability = view.problem.scenarios.probability[w]
        found.append(
            EventDriver(
                event=event.id,
                name=event.name,
                materials=event.materials,
                probability=min(float(probability.sum()), 1.0),
                cost_if_it_happens_usd=float(
                    probability @ view.costs[w] / probability.sum()
                ),
                share_of_cost=min(float(share[w].sum()), 1.0),
            )
        )
    return tuple(sorted(found, key=lambda x: -x.share_of_cost))


def _scenarios(
    view: Viewpoint, drawn: Drawn, share: Floats
) -> tuple[DrivingScenario, ...]:
    scenarios = view.problem.scenarios
    order: list[int] = np.argsort(-share, kind="stable")[:MOST_SCENARIOS].tolist()
    return tuple(
        DrivingScenario(
            name=scenarios.names[w],
            probability=float(scenarios.probability[w]),
            cost_usd=float(view.costs[w]),
            share_of_cost=min(float(share[w]), 1.0),
            onsets=_onsets(view.problem.instance, drawn, w),
        )
        for w in order
        if share[w] > 0
    )


def _onsets(instance: Instance, drawn: Drawn, w: int) -> tuple[Onset, ...]:
    """Return the events of a scenario, the earliest first."""
    found = [
        (float(course.onset_day[i]), event.id, float(course.duration_days[i].sum()))
        for event, course in drawn
        for i in np.flatnonzero(course.scenarios == w)
    ]
    return tuple(
        Onset(event=name, period=instance.horizon.period_at(day), days=days)
        for day, name, days in sorted(found)
    )
