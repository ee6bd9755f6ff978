"""Disruptions that are in force at the start: certain, and part of them is over."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.disruption import Event
from models.instance import Instance


@dataclass(frozen=True, slots=True)
class PhaseInForce:
    """The phase that an event is in, and the day of the horizon on which it began.

    The day is at most 0.
    """

    phase: int
    since_day: float


def disruptions_in_force(instance: Instance) -> dict[str, PhaseInForce]:
    """Return what is in force at the start, by event."""
    start = instance.horizon.start
    return {
        x.event: PhaseInForce(x.phase, float((x.since - start).days))
        for x in instance.position.disruptions
    }


def with_certainty(instance: Instance, events: Iterable[Event]) -> list[Event]:
    """Return events with their chances; those in force happen, and have begun."""
    since = {x.event: x.since for x in instance.position.disruptions}
    return [
        event.model_copy(
            update={
                "hazard_per_year": None,
                "onset_date": since[event.id],
                "probability": 1.0,
            }
        )
        if event.id in since
        else event
        for event in events
    ]
