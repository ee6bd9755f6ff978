"""How much of a year a supplier is cut off, by the events of a case."""

from collections.abc import Sequence

from models.disrupted_routes import is_hit, share_hit
from models.disruption import Event
from models.horizon import DAYS_PER_YEAR
from models.instance import Instance


def cutoff_years_per_year(
    instance: Instance, materials: Sequence[str], country: str
) -> float:
    """Return the expected share of a year without the supplier, at most 1.

    Events of the country that hit all the materials count, each with its frequency a
    year times the length of its phases, times the share of the flow that each cuts.
    """
    expected = sum(
        yearly_frequency(instance, event)
        * severity_years(event)
        * _share_hit(instance, event, materials)
        for event in instance.events
        if event.country == country and set(materials) <= set(event.materials)
    )
    return min(expected, 1.0)


def yearly_frequency(instance: Instance, event: Event) -> float:
    """Return how often an event happens a year; a dated one once in the horizon."""
    if event.mean_cycle_days is not None:
        return DAYS_PER_YEAR / event.mean_cycle_days
    if event.hazard_per_year is not None:
        return event.hazard_per_year
    return (event.probability or 0.0) / instance.horizon.years


def severity_years(event: Event) -> float:
    """Return the mean length of an event in years of a complete cut-off."""
    return sum(
        (1.0 - phase.availability) * phase.law.average_days / DAYS_PER_YEAR
        for phase in event.phases
    )


def _share_hit(instance: Instance, event: Event, materials: Sequence[str]) -> float:
    """Return the mean share of the flows of materials that an event can cut."""
    hit = [
        (share_hit(route, event), instance.index.normal_share(route))
        for route in instance.routes
        if route.material in materials and is_hit(route, event)
    ]
    whole = sum(flow for _, flow in hit)
    return sum(share * flow for share, flow in hit) / whole if whole > 0 else 0.0
