"""Stress tests of a plan: lower prices, a participant in default, no price floors.

A stress changes the case, the scenarios and the decisions; the replay is the same.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from models.entitlement import EntitlementOffer
from models.instance import Instance
from models.membership import Membership
from models.plan import Tranche
from optimizer.evaluation.decisions import Decisions
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

NEARLY = 0.9
World = tuple[Instance, ScenarioSet, Decisions]


@dataclass(frozen=True, slots=True)
class Stress:
    """What is worse than planned; price_fall is a share, from a period on."""

    name: str
    price_fall: float = 0.0
    price_fall_start: int = 0
    defaulted: str | None = None
    has_price_floors: bool = True


def stressed(
    instance: Instance, scenarios: ScenarioSet, decisions: Decisions, stress: Stress
) -> World:
    """Return case, scenarios and decisions under a stress.

    Scheduled draws are as planned; the cash rule draws what the stress makes it need.
    """
    if stress.price_fall > 0:
        scenarios = with_lower_prices(
            scenarios, stress.price_fall, stress.price_fall_start
        )
    if stress.defaulted is not None:
        instance, decisions = with_default(instance, decisions, stress.defaulted)
    if not stress.has_price_floors:
        instance = without_price_floors(instance)
    return instance, scenarios, decisions


def stresses(
    instance: Instance, owed: Floats, price_fall: float, defaulted: str | None
) -> Iterator[Stress]:
    """Yield the plan as it is, a default, and a price fall with it: early and late.

    owed is the debt by period (t), the highest of all scenarios.
    A fall from the start makes the build-up cheaper as well; the later one comes when
    what was bought with most of the debt is in stock. Each comes with the case's price
    floors and, if there are any, without.
    """
    late = nearly_drawn(owed)
    suffix = "" if defaulted is None else ", default"
    worlds = [Stress("as planned")]
    if defaulted is not None:
        worlds.append(Stress("default", defaulted=defaulted))
    worlds.append(Stress(f"price fall at once{suffix}", price_fall, 0, defaulted))
    if late > 0:
        name = f"price fall in period {late}{suffix}"
        worlds.append(Stress(name, price_fall, late, defaulted))
    for world in worlds:
        yield world
        if instance.trade.price_floors:
            yield replace(world, has_price_floors=False)


def with_lower_prices(
    scenarios: ScenarioSet, price_fall: float, start: int
) -> ScenarioSet:
    """Return the scenarios with every market price lower by a share, from a period on.

    What is in stock is worth less, and what is bought from then on costs less. The
    undisrupted price, at which a pool may sell and to which price caps refer, falls as
    well, but never in period 0: what is in place at the start was bought before.
    """
    price, base_price = scenarios.price.copy(), scenarios.base_price.copy()
    price[:, :, start:] *= 1 - price_fall
    base_price[:, max(start, 1) :] *= 1 - price_fall
    return replace(scenarios, price=price, base_price=base_price)


def with_default(
    instance: Instance, decisions: Decisions, participant: str
) -> tuple[Instance, Decisions]:
    """Return case and decisions with a participant in default from the start.

    It pays no fee, upfront, carrying or of membership, draws nothing and does not take
    its repurchase leg; of a case with membership it is no member any more. The tonnes
    of its rights are bought as planned and stay where they are: the vault owns them,
    goes on paying for their storage and counts them as collateral at market price; no
    other participant draws on them and none are sold.
    """
    offers = tuple(
        _unpaid(offer) if offer.participant == participant else offer
        for offer in instance.entitlement_offers
    )
    tranches = tuple(
        _idle(x) if x.participant == participant else x for x in decisions.tranches
    )
    left = _without_member(instance.membership, participant)
    changed = instance.model_copy(
        update={"entitlement_offers": offers, "membership": left}
    )
    return changed, replace(decisions, tranches=tranches)


def without_price_floors(instance: Instance) -> Instance:
    """Return the case without reference-price floors; contracts keep their own."""
    trade = instance.trade.model_copy(update={"price_floors": ()})
    return instance.model_copy(update={"trade": trade})


def nearly_drawn(owed: Floats) -> int:
    """Return the first period in which nine tenths of the highest debt (t) are owed."""
    return int(np.argmax(owed >= NEARLY * owed.max()))


def largest_right_holder(instance: Instance, decisions: Decisions) -> str | None:
    """Return the participant whose rights are worth most at their prices, if any."""
    price = {
        offer.id: offer.inventory_price_usd_per_tonne
        for offer in instance.entitlement_offers
    }
    worth: dict[str, float] = defaultdict(float)
    for tranche in decisions.tranches:
        if tranche.participant is not None and tranche.offer is not None:
            worth[tranche.participant] += tranche.tonnes * price[tranche.offer]
    return max(worth, key=lambda name: worth[name], default=None)


def _without_member(
    membership: Membership | None, participant: str
) -> Membership | None:
    if membership is None:
        return None
    left = tuple(o for o in membership.members if o != participant)
    return membership.model_copy(update={"members": left})


def _unpaid(offer: EntitlementOffer) -> EntitlementOffer:
    nothing = {
        "upfront_fee_usd_per_tonne": 0.0,
        "carrying_fee_usd_per_tonne_year": 0.0,
        "repurchase_period": None,
    }
    return offer.model_copy(update=nothing)


def _idle(tranche: Tranche) -> Tranche:
    nothing = {"release_tonnes_per_period": 0.0, "coverage": 0.0}
    steps = tuple(step.model_copy(update=nothing) for step in tranche.steps)
    return tranche.model_copy(update={"steps": steps})
