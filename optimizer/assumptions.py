"""Assumptions of a case that an auditor would change, each as one factor.

GAO asked the stockpile's planners to vary assumptions singly and together (NSIAD-93-60,
NSIAD-87-146). A factor scales every figure of its kind in the case.
"""

from collections.abc import Callable, Mapping

from models.disruption import Event, Phase
from models.instance import Instance
from models.sensitivity import Assumption

Change = Callable[[Instance, float], Instance]
LARGEST_HAZARD_PER_YEAR = 10.0


def hazards(instance: Instance, factor: float) -> Instance:
    """Scale how likely each event is; no probability is above 1."""
    return instance.model_copy(
        update={"events": tuple(_hazard(event, factor) for event in instance.events)}
    )


def severities(instance: Instance, factor: float) -> Instance:
    """Scale the share of normal flow that is lost in each phase, up to all of it."""

    def worse(phase: Phase) -> Phase:
        lost = min(factor * (1 - phase.availability), 1.0)
        return phase.model_copy(update={"availability": 1 - lost})

    return _with_phases(instance, worse)


def durations(instance: Instance, factor: float) -> Instance:
    """Scale how long each phase lasts."""

    def longer(phase: Phase) -> Phase:
        if phase.duration is not None:
            scaled = phase.duration.scaled(factor)
            return phase.model_copy(update={"duration": scaled})
        return phase.model_copy(
            update={
                "duration_days_low": factor * (phase.duration_days_low or 0.0),
                "duration_days_high": factor * (phase.duration_days_high or 0.0),
            }
        )

    return _with_phases(instance, longer)


def prices(instance: Instance, factor: float) -> Instance:
    """Scale the undisrupted price of every material."""
    return instance.model_copy(
        update={
            "materials": tuple(
                material.model_copy(
                    update={
                        "price_usd_per_tonne": factor * material.price_usd_per_tonne,
                        "price_path_usd_per_tonne": None
                        if material.price_path_usd_per_tonne is None
                        else tuple(
                            factor * x for x in material.price_path_usd_per_tonne
                        ),
                    }
                )
                for material in instance.materials
            )
        }
    )


def shortage_costs(instance: Instance, factor: float) -> Instance:
    """Scale the loss per unit not made, in every shortage block."""
    return instance.model_copy(
        update={
            "products": tuple(
                product.model_copy(
                    update={
                        "shortage_blocks": tuple(
                            block.model_copy(
                                update={
                                    "cost_usd_per_unit": factor
                                    * block.cost_usd_per_unit
                                }
                            )
                            for block in product.shortage_blocks
                        )
                    }
                )
                for product in instance.products
            )
        }
    )


_SCALED: Mapping[Assumption, Change] = {
    Assumption.HAZARDS: hazards,
    Assumption.SEVERITIES: severities,
    Assumption.DURATIONS: durations,
    Assumption.PRICES: prices,
    Assumption.SHORTAGE_COSTS: shortage_costs,
}
# Named combinations: +1 raises an assumption by the change, -1 lowers it.
_NATURE = (Assumption.HAZARDS, Assumption.SEVERITIES, Assumption.DURATIONS)
COMBINATIONS: Mapping[str, Mapping[Assumption, int]] = {
    "darker": dict.fromkeys(_NATURE, 1),
    "brighter": dict.fromkeys(_NATURE, -1),
    "dear and needed": {Assumption.PRICES: 1, Assumption.SHORTAGE_COSTS: 1},
    "dear and not needed": {Assumption.PRICES: 1, Assumption.SHORTAGE_COSTS: -1},
    "cheap and needed": {Assumption.PRICES: -1, Assumption.SHORTAGE_COSTS: 1},
}


def changed(instance: Instance, factors: Mapping[Assumption, float]) -> Instance:
    """Return the case with each assumption scaled by its factor."""
    for name, factor in factors.items():
        instance = _SCALED[name](instance, factor)
    return instance


def _hazard(event: Event, factor: float) -> Event:
    if event.hazard_per_year is not None:
        hazard = min(factor * event.hazard_per_year, LARGEST_HAZARD_PER_YEAR)
        return event.model_copy(update={"hazard_per_year": hazard})
    probability = min(factor * (event.probability or 0.0), 1.0)
    return event.model_copy(update={"probability": probability})


def _with_phases(instance: Instance, change: Callable[[Phase], Phase]) -> Instance:
    return instance.model_copy(
        update={
            "events": tuple(
                event.model_copy(
                    update={"phases": tuple(change(phase) for phase in event.phases)}
                )
                for event in instance.events
            )
        }
    )
