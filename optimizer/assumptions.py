"""Assumptions of a case that an auditor would change, each as one factor; members.

GAO asked the stockpile's planners to vary assumptions singly and together (NSIAD-93-60,
NSIAD-87-146). A factor scales every figure of its kind in the case.
"""

from collections.abc import Callable, Mapping

from models.disruption import Event, Phase
from models.instance import Instance
from models.member_fees import value_of_need_usd
from models.sensitivity import Assumption
from optimizer.membership import members_of

MOST_MEMBERS_CHANGED = 3
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
    """Scale how long each phase lasts; rests between events stay."""

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


def market_capacity(instance: Instance, factor: float) -> Instance:
    """Scale what the vault may buy: of each material, over each route, by block."""
    materials = tuple(
        material.model_copy(
            update={
                "market_capacity_tonnes_per_year": factor
                * material.market_capacity_tonnes_per_year,
                "price_impact": tuple(
                    block.model_copy(
                        update={"tonnes_per_year": factor * block.tonnes_per_year}
                    )
                    for block in material.price_impact
                ),
            }
        )
        for material in instance.materials
    )
    routes = tuple(
        route
        if route.vault_tonnes_per_year is None
        else route.model_copy(
            update={"vault_tonnes_per_year": factor * route.vault_tonnes_per_year}
        )
        for route in instance.routes
    )
    return instance.model_copy(update={"materials": materials, "routes": routes})


def spare_capacity(instance: Instance, factor: float) -> Instance:
    """Scale what each route can deliver beyond its normal deliveries."""
    routes = tuple(
        route.model_copy(
            update={"capacity_factor": 1 + factor * (route.capacity_factor - 1)}
        )
        for route in instance.routes
    )
    return instance.model_copy(update={"routes": routes})


def working_buffers(instance: Instance, factor: float) -> Instance:
    """Scale the days that participants' own stocks last, full and at the start."""
    participants = tuple(
        x.model_copy(update={"working_buffer_days": factor * x.working_buffer_days})
        for x in instance.participants
    )
    buffers = tuple(
        x.model_copy(
            update={
                "days": factor * x.days,
                "full_days": x.full_days and factor * x.full_days,
            }
        )
        for x in instance.position.buffers
    )
    position = instance.position.model_copy(update={"buffers": buffers})
    return instance.model_copy(
        update={"participants": participants, "position": position}
    )


def build_up_times(instance: Instance, factor: float) -> Instance:
    """Scale over how many periods a target is bought, to whole ones."""
    options = tuple(
        option.model_copy(
            update={"build_up_periods": _whole(factor * option.build_up_periods)}
        )
        for option in instance.sourcing_options
    )
    return instance.model_copy(update={"sourcing_options": options})


def final_value_haircut(instance: Instance, factor: float) -> Instance:
    """Scale what is taken off the value of the final stock, up to all of it."""
    haircut = min(factor * instance.financing.final_value_haircut, 1.0)
    financing = instance.financing.model_copy(update={"final_value_haircut": haircut})
    return instance.model_copy(update={"financing": financing})


_SCALED: Mapping[Assumption, Change] = {
    Assumption.HAZARDS: hazards,
    Assumption.SEVERITIES: severities,
    Assumption.DURATIONS: durations,
    Assumption.PRICES: prices,
    Assumption.SHORTAGE_COSTS: shortage_costs,
    Assumption.MARKET_CAPACITY: market_capacity,
    Assumption.SPARE_CAPACITY: spare_capacity,
    Assumption.WORKING_BUFFERS: working_buffers,
    Assumption.BUILD_UP_TIMES: build_up_times,
    Assumption.FINAL_VALUE_HAIRCUT: final_value_haircut,
}
SCALED = tuple(_SCALED)
# Named combinations: +1 raises an assumption by the change, -1 lowers it.
_NATURE = (Assumption.HAZARDS, Assumption.SEVERITIES, Assumption.DURATIONS)
COMBINATIONS: Mapping[str, Mapping[Assumption, int]] = {
    "darker": dict.fromkeys(_NATURE, 1),
    "brighter": dict.fromkeys(_NATURE, -1),
    "dear and needed": {Assumption.PRICES: 1, Assumption.SHORTAGE_COSTS: 1},
    "dear and not needed": {Assumption.PRICES: 1, Assumption.SHORTAGE_COSTS: -1},
    "cheap and needed": {Assumption.PRICES: -1, Assumption.SHORTAGE_COSTS: 1},
    "hard to buy": {Assumption.MARKET_CAPACITY: -1, Assumption.BUILD_UP_TIMES: 1},
}


def changed(instance: Instance, factors: Mapping[Assumption, float]) -> Instance:
    """Return the case with each assumption scaled by its factor."""
    for name, factor in factors.items():
        instance = _SCALED[name](instance, factor)
    return instance


def largest_participants(instance: Instance) -> tuple[str, ...]:
    """Return up to three participants whose need is worth most, the largest first.

    There is none where the only member would leave.
    """
    worth = value_of_need_usd(instance)
    largest = sorted((o for o in worth if worth[o] > 0), key=lambda o: -worth[o])
    members = set(members_of(instance))
    return tuple(o for o in largest[:MOST_MEMBERS_CHANGED] if members != {o})


def _whole(periods: float) -> int:
    """Return the nearest number of periods; what takes time takes one at least."""
    return max(1, round(periods)) if periods > 0 else 0


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
