"""Offtake contracts counted again: deliveries, payments, paid-back upside.

Period by period, without `optimizer.policies.offtake`.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.supply import OfftakeContract
from optimizer.feasibility.running import runs_under
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a signed contract delivers in tonnes and pays in US dollars, both (w, t).

    m and o are the positions of the material and of the beneficiary, None for all.
    """

    contract: OfftakeContract
    m: int
    o: int | None
    delivered: Floats
    cash_flow: Floats


def deliveries(
    instance: Instance, scenarios: ScenarioSet, signed: AbstractSet[str]
) -> tuple[Delivery, ...]:
    """Return what each signed contract does, in the order of the case."""
    return tuple(
        _delivery(instance, scenarios, contract)
        for contract in instance.contracts
        if contract.id in signed
    )


def _delivery(
    instance: Instance, scenarios: ScenarioSet, contract: OfftakeContract
) -> Delivery:
    m = [x.id for x in instance.materials].index(contract.material)
    r = [x.id for x in instance.routes].index(contract.route)
    participants = [x.id for x in instance.participants]
    who = contract.beneficiary
    delivered = np.zeros_like(scenarios.price[m])
    flow = np.zeros_like(delivered)
    is_running = runs_under(instance, instance.routes[r], contract)
    before = [
        x.paid_back_usd
        for x in instance.position.contracts
        if x.contract == contract.id
    ]
    returned_by_year = {
        instance.horizon.start.year: np.full_like(delivered[:, 0], sum(before))
    }
    for t in range(instance.horizon.number_of_periods):
        price = scenarios.price[m, :, t]
        open_share = scenarios.availability[r, :, t] * is_running[t]
        tonnes = _tonnes(instance, contract, open_share, t)
        year = instance.horizon.start_of(t).year
        returned = returned_by_year.setdefault(year, np.zeros_like(price))
        upside = _upside(contract, price, tonnes, returned)
        returned_by_year[year] = returned + upside
        delivered[:, t] = tonnes
        above_market = np.maximum(contract.floor_usd_per_tonne - price, 0.0)
        flow[:, t] = upside - tonnes * above_market
    flow[:, 0] -= signing_cost_usd(instance, contract)
    o = None if who is None else participants.index(who)
    return Delivery(contract, m, o, delivered, flow)


def signing_cost_usd(instance: Instance, contract: OfftakeContract) -> float:
    """Return what it costs to sign a contract; what is in force is signed already."""
    is_signed = any(x.contract == contract.id for x in instance.position.contracts)
    return 0.0 if is_signed else contract.signing_cost_usd


def _tonnes(
    instance: Instance, contract: OfftakeContract, open_share: Floats, t: int
) -> Floats:
    """Return what arrives in a period (w), after the senior claims on the output."""
    last = contract.start_period + contract.term_periods - 1
    if not contract.start_period <= t <= last:
        return np.zeros_like(open_share)
    volume = contract.volume_tonnes_per_year
    a_year = volume * open_share
    if contract.capacity_tonnes_per_year is not None:
        output = contract.capacity_tonnes_per_year * open_share
        ours = np.maximum(output - contract.senior_claims_tonnes_per_year, 0.0)
        a_year = np.minimum(volume, ours)
    return a_year * instance.horizon.years_between(t, t + 1)


def _upside(
    contract: OfftakeContract, price: Floats, tonnes: Floats, returned: Floats
) -> Floats:
    """Return what is paid back in a period (w), within the cap of its year."""
    threshold = contract.upside_threshold_usd_per_tonne
    if threshold is None:
        return np.zeros_like(price)
    owed = contract.upside_share * np.maximum(price - threshold, 0.0) * tonnes
    cap = contract.upside_cap_usd_per_year
    return owed if cap is None else np.minimum(owed, np.maximum(cap - returned, 0.0))
