"""Which events happen in which scenario: drawn branch by branch, stratum by stratum.

The most important event makes the branches (`importance_strata`), the number of onsets
the strata (`strata`); `onsets` draws the set of events within a stratum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.disruption import Event
from models.horizon import Horizon
from models.instance import Instance
from optimizer.scenarios.importance_strata import Branch, branches
from optimizer.scenarios.onsets import draw_sets, onset_probability
from optimizer.scenarios.scenario_set import Booleans, Floats
from optimizer.scenarios.strata import (
    Stratum,
    allocate,
    calm_covers_need,
    completion_probabilities,
    onset_strata,
)
from optimizer.scenarios.streams import Streams, stratified_uniforms


@dataclass(frozen=True, slots=True)
class ScenarioGroup:
    """The scenarios of one stratum of a branch.

    The positions in uncertain are those of the events that count for the stratum.
    """

    branch: Branch
    stratum: Stratum
    uncertain: NDArray[np.int64]
    number_of_scenarios: int

    def probability_under(self, probabilities: Floats) -> float:
        """Return the probability of the group if events have other probabilities."""
        completion = completion_probabilities(
            probabilities[self.uncertain], self.stratum.least, self.stratum.most
        )
        return float(completion[0, 0]) * self.branch.probability_under(probabilities)


@dataclass(frozen=True, slots=True)
class EventSets:
    """Groups in the order of their scenarios, whether i happens in w, probability (w).

    happens has the shape (i, w); a group's probability is shared equally.
    """

    groups: tuple[ScenarioGroup, ...]
    happens: Booleans
    probability: Floats

    @property
    def stratum(self) -> NDArray[np.int64]:
        """Number of the group that each scenario was drawn from (w)."""
        numbers = [group.number_of_scenarios for group in self.groups]
        return np.repeat(np.arange(len(self.groups)), numbers)


def draw_event_sets(
    instance: Instance,
    events: Sequence[Event],
    number_of_scenarios: int,
    streams: Streams,
    labels: Sequence[str],
) -> EventSets:
    """Draw which events happen, each from the stream of its label (i)."""
    probabilities = _onset_probabilities(events, instance.horizon)
    groups = tuple(
        group
        for branch in branches(instance, events, probabilities, number_of_scenarios)
        for group in _groups(instance, branch)
    )
    shares = [
        x.stratum.probability / x.number_of_scenarios * x.branch.probability
        for x in groups
    ]
    happens = _draw(groups, labels, probabilities, streams)
    return EventSets(groups, happens, _spread(groups, shares))


def redraw_event_sets(
    sets: EventSets,
    before: Sequence[Event],
    after: Sequence[Event],
    horizon: Horizon,
    streams: Streams,
    labels: Sequence[str],
) -> EventSets | None:
    """Return sets of events with other chances, from the same random numbers.

    Groups keep their numbers of scenarios; their probabilities, and the sets within a
    group, follow the chances after, so means stay unbiased. Equal chances give equal
    sets. None if the groups do not fit the new chances: an event is no longer certain
    or impossible, or has become impossible.
    """
    if [_chance(x) for x in before] == [_chance(x) for x in after]:
        return sets
    old = _onset_probabilities(before, horizon)
    new = _onset_probabilities(after, horizon)
    if (((old <= 0) != (new <= 0)) | ((old >= 1) & (new < 1))).any():
        return None
    shares = [x.probability_under(new) / x.number_of_scenarios for x in sets.groups]
    happens = _draw(sets.groups, labels, new, streams)
    return EventSets(sets.groups, happens, _spread(sets.groups, shares))


def _chance(event: Event) -> tuple[float | None, float | None]:
    return event.hazard_per_year, event.probability


def _onset_probabilities(events: Sequence[Event], horizon: Horizon) -> Floats:
    return np.array([onset_probability(event, horizon) for event in events])


def _groups(instance: Instance, branch: Branch) -> list[ScenarioGroup]:
    """Return the groups of one branch.

    Events that are certain or impossible do not count for the strata.
    """
    probabilities = branch.probabilities
    uncertain = np.flatnonzero((probabilities > 0) & (probabilities < 1))
    strata = onset_strata(probabilities[uncertain], branch.number_of_scenarios)
    numbers = allocate(
        strata,
        branch.number_of_scenarios,
        is_calm_safe=calm_covers_need(instance) and not (probabilities >= 1).any(),
    )
    return [
        ScenarioGroup(branch, x, uncertain, n)
        for x, n in zip(strata, numbers, strict=True)
    ]


def _draw(
    groups: Sequence[ScenarioGroup],
    labels: Sequence[str],
    probabilities: Floats,
    streams: Streams,
) -> Booleans:
    """Draw whether event i happens in scenario w, (i, w), group by group."""
    generators: dict[str, np.random.Generator] = {}

    def of(name: str) -> np.random.Generator:
        return generators.setdefault(name, streams.of(name))

    drawn: list[Booleans] = []
    for x in groups:
        number, branch = x.number_of_scenarios, x.branch.name
        uniforms = np.empty((len(x.uncertain), number))
        for row, i in enumerate(map(int, x.uncertain)):
            generator = of(f"{labels[i]} set {branch}".rstrip())
            uniforms[row] = stratified_uniforms(number, generator)
        happens = np.tile((x.branch.probabilities >= 1)[:, np.newaxis], number)
        offset = of(f" offset {branch}".rstrip()).random()
        happens[x.uncertain] = draw_sets(
            probabilities[x.uncertain], x.stratum, uniforms, offset
        )
        drawn.append(happens)
    return np.concatenate(drawn, axis=1)


def _spread(groups: Sequence[ScenarioGroup], shares: Sequence[float]) -> Floats:
    return np.repeat(shares, [x.number_of_scenarios for x in groups])
