"""Sampling of scenarios: stratified on the gravest event and the number of onsets.

A scenario's probability is that of its stratum, shared equally within the stratum, so
probabilities sum to 1 and every mean over scenarios is unbiased. Onsets, durations,
prices and demand have generators of their own (common random numbers): a change of a
price's volatility leaves every onset where it was.
"""

import numpy as np
from numpy.typing import NDArray

from models.disruption import Event
from models.instance import Instance
from optimizer.scenarios.calm import is_calm_safe
from optimizer.scenarios.gravest import Branch, branches
from optimizer.scenarios.market import (
    demand_noise,
    demand_path,
    price_noise,
    price_path,
)
from optimizer.scenarios.onsets import draw_course, draw_sets, onset_probability
from optimizer.scenarios.scenario_set import Booleans, Floats, ScenarioSet
from optimizer.scenarios.strata import allocate, onset_strata
from optimizer.scenarios.streams import Streams, stratified_uniforms
from optimizer.scenarios.timeline import Course, timeline


def sample(
    instance: Instance, *, number_of_scenarios: int, generator: np.random.Generator
) -> ScenarioSet:
    """Draw scenarios of a case.

    price = undisrupted path x noise x multiplier of the active phase, the largest of
    overlapping ones; it is back on its path once no phase is active (its decay is not
    modelled).

    Raises
    ------
    ValueError
        If number_of_scenarios is below 1.
    """
    if number_of_scenarios < 1:
        msg = f"number_of_scenarios is {number_of_scenarios}, expected at least 1"
        raise ValueError(msg)
    onsets, durations, prices, demands = (Streams(g) for g in generator.spawn(4))
    stratum, probability, drawn = _draw_courses(
        instance, number_of_scenarios, onsets, durations
    )
    courses = [course for _, course in drawn]
    nature = timeline(instance, courses, number_of_scenarios)
    base_price = price_path(instance)
    price = price_noise(instance, number_of_scenarios, prices)
    price *= base_price[:, np.newaxis]
    price *= nature.price_multiplier
    demand = demand_noise(instance, number_of_scenarios, demands)
    demand *= demand_path(instance)[:, np.newaxis]
    digits = len(str(number_of_scenarios - 1))
    return ScenarioSet(
        names=tuple(f"w{w:0{digits}d}" for w in range(number_of_scenarios)),
        probability=probability,
        stratum=stratum,
        availability=nature.availability,
        announced=nature.announced,
        price=price,
        base_price=base_price,
        demand=demand,
    )


def drawn_courses(
    instance: Instance, *, number_of_scenarios: int, generator: np.random.Generator
) -> tuple[tuple[Event, Course], ...]:
    """Return how each event goes in the scenarios that `sample` draws, if in any."""
    onsets, durations, _, _ = (Streams(g) for g in generator.spawn(4))
    return _draw_courses(instance, number_of_scenarios, onsets, durations)[2]


def _draw_courses(
    instance: Instance, number_of_scenarios: int, onsets: Streams, durations: Streams
) -> tuple[NDArray[np.int64], Floats, tuple[tuple[Event, Course], ...]]:
    """Return stratum (w), probability (w) and the events that happen."""
    # Sorted, so that the order in which a case lists its events does not matter.
    events = sorted(instance.events, key=lambda event: event.id)
    stratum, probability, happens = _draw_events(
        instance, events, number_of_scenarios, onsets
    )
    strata = [stratum == h for h in np.unique(stratum)]
    drawn = tuple(
        (
            event,
            draw_course(
                event,
                instance.horizon,
                [np.flatnonzero(happens[i] & there) for there in strata],
                onsets,
                durations,
            ),
        )
        for i, event in enumerate(events)
        if happens[i].any()
    )
    return stratum, probability, drawn


def _draw_events(
    instance: Instance, events: list[Event], number_of_scenarios: int, streams: Streams
) -> tuple[NDArray[np.int64], Floats, Booleans]:
    """Return stratum (w), probability (w) and which event i happens in w, (i, w).

    Branch by branch, with strata numbered on from one to the next.
    """
    horizon = instance.horizon
    probabilities = np.array([onset_probability(event, horizon) for event in events])
    strata: list[NDArray[np.int64]] = []
    weights: list[Floats] = []
    happens: list[Booleans] = []
    first = 0
    for branch in branches(instance, events, probabilities, number_of_scenarios):
        drawn = _draw_branch(instance, events, branch, streams)
        strata.append(drawn[0] + first)
        weights.append(drawn[1] * branch.probability)
        happens.append(drawn[2])
        first += int(drawn[0].max()) + 1
    return (
        np.concatenate(strata),
        np.concatenate(weights),
        np.concatenate(happens, axis=1),
    )


def _draw_branch(
    instance: Instance, events: list[Event], branch: Branch, streams: Streams
) -> tuple[NDArray[np.int64], Floats, Booleans]:
    """Draw the scenarios of one branch.

    Events that are certain or impossible do not count for the strata.
    """
    probabilities = branch.probabilities
    uncertain = np.flatnonzero((probabilities > 0) & (probabilities < 1))
    is_certain = probabilities >= 1
    strata = onset_strata(probabilities[uncertain], branch.number_of_scenarios)
    numbers = allocate(
        strata,
        branch.number_of_scenarios,
        is_calm_safe=is_calm_safe(instance) and not is_certain.any(),
    )
    happens = np.tile(is_certain[:, np.newaxis], branch.number_of_scenarios)
    generators = [
        streams.of(f"{events[i].id} set {branch.name}".rstrip()) for i in uncertain
    ]
    offsets = streams.of(f" offset {branch.name}".rstrip())
    first = 0
    for x, number in zip(strata, numbers, strict=True):
        uniforms = np.empty((len(uncertain), number))
        for i, generator in enumerate(generators):
            uniforms[i] = stratified_uniforms(number, generator)
        happens[uncertain, first : first + number] = draw_sets(
            probabilities[uncertain], x, uniforms, offsets.random()
        )
        first += number
    shares = [x.probability / n for x, n in zip(strata, numbers, strict=True)]
    return (
        np.repeat(np.arange(len(strata)), numbers),
        np.repeat(shares, numbers),
        happens,
    )
