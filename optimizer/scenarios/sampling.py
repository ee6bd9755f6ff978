"""Sampling of scenarios, stratified on the most important event and on onsets.

A scenario's probability is that of its stratum, shared equally within the stratum, so
probabilities sum to 1 and every mean over scenarios is unbiased. Onsets, durations,
prices and demand have separate generators (common random numbers): a change of a
price's volatility leaves every onset where it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.disruption import Event
from models.instance import Instance
from optimizer.scenarios.courses import draw_course
from optimizer.scenarios.event_sets import (
    EventSets,
    draw_event_sets,
    redraw_event_sets,
)
from optimizer.scenarios.in_force import disruptions_in_force, with_certainty
from optimizer.scenarios.labels import Labels, labels_of
from optimizer.scenarios.market import (
    demand_noise,
    demand_path,
    price_levels,
    price_noise,
    price_path,
)
from optimizer.scenarios.scenario_set import ScenarioSet
from optimizer.scenarios.streams import Streams
from optimizer.scenarios.timeline import Course, timeline


def sample(
    instance: Instance,
    *,
    number_of_scenarios: int,
    generator: np.random.Generator,
    like: Instance | None = None,
    labels: Labels | None = None,
) -> ScenarioSet:
    """Draw scenarios of a case.

    price = undisrupted path x level at the start x noise x multiplier of the active
    phase, the largest of
    overlapping ones; it is back on its path once no phase is active (its decay is not
    modelled).

    `like` is a case with the same parts (ids, horizon and dates of events) but other
    figures, such as the chances of its events. Then scenarios are drawn as for that
    case and differ only by what the figures change: strata keep their numbers of
    scenarios, each onset, duration and noise its random number. If those strata do not
    fit the chances of this case, onsets are drawn for this case alone. `labels` are
    those of `like` or else of the case, computed if absent.

    Raises
    ------
    ValueError
        If number_of_scenarios is below 1.
    """
    if number_of_scenarios < 1:
        msg = f"number_of_scenarios is {number_of_scenarios}, expected at least 1"
        raise ValueError(msg)
    onsets, durations, prices, demands = (Streams(g) for g in generator.spawn(4))
    labels = labels or labels_of(like or instance)
    sets, drawn = _Draw(number_of_scenarios, onsets, durations, labels.event).courses(
        instance, like or instance
    )
    courses = [course for _, course in drawn]
    nature = timeline(instance, courses, number_of_scenarios)
    base_price = price_path(instance)
    price = price_noise(instance, number_of_scenarios, prices, labels.material)
    price *= (base_price * price_levels(instance)[:, np.newaxis])[:, np.newaxis]
    price *= nature.price_multiplier
    demand = demand_noise(instance, number_of_scenarios, demands, labels.product)
    demand *= demand_path(instance)[:, np.newaxis]
    digits = len(str(number_of_scenarios - 1))
    return ScenarioSet(
        names=tuple(f"w{w:0{digits}d}" for w in range(number_of_scenarios)),
        probability=sets.probability,
        stratum=sets.stratum,
        availability=nature.availability,
        announced=nature.announced,
        price=price,
        base_price=base_price,
        demand=demand,
    )


def drawn_courses(
    instance: Instance, *, number_of_scenarios: int, generator: np.random.Generator
) -> tuple[tuple[Event, Course], ...]:
    """Return the course of each event that happens in the scenarios of `sample`."""
    onsets, durations, _, _ = (Streams(g) for g in generator.spawn(4))
    labels = labels_of(instance).event
    draw = _Draw(number_of_scenarios, onsets, durations, labels)
    return draw.courses(instance, instance)[1]


@dataclass(frozen=True, slots=True)
class _Draw:
    """What a draw needs beside the case: the number of scenarios, streams, labels."""

    number_of_scenarios: int
    onsets: Streams
    durations: Streams
    labels: Mapping[str, str]

    def courses(
        self, instance: Instance, like: Instance
    ) -> tuple[EventSets, tuple[tuple[Event, Course], ...]]:
        """Return which events happen, and their courses, as drawn for another case."""
        # Sorted, so that neither names nor the order in the case matter.
        events, others = self._sorted(instance), self._sorted(like)
        labels = [self.labels[event.id] for event in events]
        before, after = with_certainty(like, others), with_certainty(instance, events)
        there = draw_event_sets(
            like, before, self.number_of_scenarios, self.onsets, labels
        )
        here = redraw_event_sets(
            there, before, after, instance.horizon, self.onsets, labels
        )
        if here is None:
            return self.courses(instance, instance)
        states = disruptions_in_force(instance)
        strata = [there.stratum == h for h in np.unique(there.stratum)]
        drawn = tuple(
            (
                event,
                draw_course(
                    event,
                    instance.horizon,
                    [np.flatnonzero(there.happens[i] & members) for members in strata],
                    self.onsets,
                    self.durations,
                    label=labels[i],
                    scenarios=np.flatnonzero(here.happens[i]),
                    state=states.get(event.id),
                ),
            )
            for i, event in enumerate(events)
            if here.happens[i].any()
        )
        return here, drawn

    def _sorted(self, instance: Instance) -> list[Event]:
        return sorted(instance.events, key=lambda event: self.labels[event.id])
