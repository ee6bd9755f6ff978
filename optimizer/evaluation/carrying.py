"""Who pays for what: what each right and the pools cost to carry, and their fees."""

import numpy as np

from models.financing_view import CarryingCost
from models.instance import Instance
from models.rights_in_force import unpaid_years
from optimizer.evaluation.decisions import Decisions
from optimizer.membership import membership_fees
from optimizer.policies.holding import Holding, holding_name, holdings
from optimizer.policies.market import observe
from optimizer.policies.policy import Policies
from optimizer.policies.simulator import simulate
from optimizer.policies.tranche import to_policies
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


def carrying_costs(
    instance: Instance, scenarios: ScenarioSet, decisions: Decisions
) -> tuple[CarryingCost, ...]:
    """Return the rights of a plan in the order of their offers, then all its pools.

    What is expected over the horizon, not discounted.
    """
    market = observe(instance, scenarios)
    rate, rights = mean_rate_per_year(instance), list[CarryingCost]()
    pool, pool_tonnes = np.zeros(3), 0.0
    used = {holding_name(x.material, x.offer) for x in decisions.tranches}
    for holding in holdings(instance, scenarios, market, used):
        mine = [x for x in decisions.tranches if _is_of(holding, x.material, x.offer)]
        policies = to_policies(instance, holding, mine)
        on_hand = simulate(policies, holding.observables).on_hand
        cost = _cost(instance, scenarios, holding, policies, on_hand, rate)
        tonnes = float(policies.target.sum())
        if holding.offer is None:
            pool, pool_tonnes = pool + cost, pool_tonnes + tonnes
            continue
        held = scenarios.probability @ on_hand.sum(axis=0)
        years = np.array(unpaid_years(instance, holding.in_force))
        fees = holding.offer.upfront_fee_usd_per_tonne * tonnes
        fees += holding.offer.carrying_fee_usd_per_tonne_year * float(held @ years)
        payer = holding.offer.participant
        rights.append(_row(holding.offer.id, payer, tonnes, cost, fees))
    fees = float(membership_fees(instance).sum())
    return (*rights, _row(None, None, pool_tonnes, pool, fees))


def mean_rate_per_year(instance: Instance) -> float:
    """Return the rate of all facilities, weighted by their limits; 0 without any."""
    facilities = instance.financing.facilities
    if not (limits := sum(f.limit_usd for f in facilities)):
        return 0.0
    return sum(f.rate_per_year * f.limit_usd for f in facilities) / limits


def _is_of(holding: Holding, material: str, offer: str | None) -> bool:
    return holding.name == holding_name(material, offer)


def _cost(
    instance: Instance,
    scenarios: ScenarioSet,
    holding: Holding,
    policies: Policies,
    on_hand: Floats,
    rate: float,
) -> Floats:
    """Return expected rent, insurance and interest of what is on hand (c, w, t).

    Interest is on what the stock cost: its landed price with all routes open.
    """
    years = np.array(instance.horizon.period_lengths_years)
    storage, probability = holding.storage, scenarios.probability
    tonnes = on_hand.sum(axis=0)
    rent = storage.cost_usd_per_tonne_year * (probability @ tonnes)
    value = probability @ (tonnes * holding.price)
    paid = np.array([x.opening_unit_cost for x in holding.purchases])
    tied_up = probability @ np.tensordot(paid[policies.sourcing], on_hand, axes=1)
    insurance = storage.insurance_rate_per_year * value
    return np.stack([rent, insurance, rate * tied_up]) @ years


def _row(
    offer: str | None, payer: str | None, tonnes: float, cost: Floats, fees: float
) -> CarryingCost:
    rent, insurance, interest = cost.tolist()
    total = rent + insurance + interest
    return CarryingCost(
        offer=offer,
        participant=payer,
        tonnes=tonnes,
        storage_usd=rent,
        insurance_usd=insurance,
        interest_usd=interest,
        fees_usd=fees,
        covered_share=fees / total if total > 0 else None,
    )
