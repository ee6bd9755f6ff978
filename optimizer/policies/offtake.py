"""Offtake contracts: what they deliver and what they cost, by scenario and period.

Lynas-JARE terms of 10 March 2026: the buyer pays max(floor, price) and gets back a
share of what the price is above a threshold, up to a cap a year. Others may have first
call on the output. Nothing comes while the contract pays less than what it costs to run
its route. Delivered material is sold on at the market price, to participants
in need first, so a contract costs what it pays above the market.
"""

from dataclasses import dataclass

import numpy as np

from models.contracts_in_force import in_force, paid_back_before_usd
from models.instance import Instance
from models.supply import OfftakeContract
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class OfftakeResponse:
    """Deliveries in tonnes and net cash flow in US dollars, both (w, t), if signed.

    opening_flow is the part of the cash flow in period 0 that is paid before the start.
    One in force is signed in any case.
    """

    contract: OfftakeContract
    delivered: Floats
    cash_flow: Floats
    opening_flow: float
    is_in_force: bool


def respond_to_contracts(
    instance: Instance, scenarios: ScenarioSet
) -> tuple[OfftakeResponse, ...]:
    """Return what each contract does in every scenario."""
    return tuple(_respond(instance, scenarios, k) for k in instance.contracts)


def _respond(
    instance: Instance, scenarios: ScenarioSet, contract: OfftakeContract
) -> OfftakeResponse:
    price = scenarios.price[instance.index.material[contract.material]]
    open_share = scenarios.availability[instance.index.route[contract.route]]
    open_share = open_share * np.array(instance.index.contract_runs[contract.id])
    delivered = deliveries(instance, contract, open_share)
    paid = delivered * np.maximum(price, contract.floor_usd_per_tonne)
    returned = upside(instance, contract, price, delivered)
    flow = delivered * price - paid + returned
    is_in_force = contract.id in in_force(instance)
    signing = 0.0 if is_in_force else contract.signing_cost_usd
    flow[:, 0] -= signing
    return OfftakeResponse(contract, delivered, flow, 0.0 - signing, is_in_force)


def deliveries(
    instance: Instance, contract: OfftakeContract, open_share: Floats
) -> Floats:
    """Return tonnes delivered (w, t): the volume, after senior claims on the output."""
    years = np.array(instance.horizon.period_lengths_years)
    t = np.arange(open_share.shape[1], dtype=np.int64)
    end = contract.start_period + contract.term_periods
    is_in_term = (t >= contract.start_period) & (t < end)
    delivered = contract.volume_tonnes_per_year * open_share
    if contract.capacity_tonnes_per_year is not None:
        output = contract.capacity_tonnes_per_year * open_share
        left = np.maximum(output - contract.senior_claims_tonnes_per_year, 0.0)
        delivered = np.minimum(contract.volume_tonnes_per_year, left)
    return np.where(is_in_term, delivered * years, 0.0)


def upside(
    instance: Instance, contract: OfftakeContract, price: Floats, delivered: Floats
) -> Floats:
    """Return what is paid back (w, t), capped by calendar year of the contract.

    What was paid back before the start counts in the year of the start.
    """
    threshold = contract.upside_threshold_usd_per_tonne
    if threshold is None:
        return np.zeros_like(price)
    owed = contract.upside_share * np.maximum(price - threshold, 0.0) * delivered
    if contract.upside_cap_usd_per_year is None:
        return owed
    years = np.array([instance.horizon.start_of(t).year for t in range(price.shape[1])])
    before = paid_back_before_usd(instance, contract.id)
    returned = np.zeros_like(owed)
    for year in np.unique(years):
        inside = years == year
        left = contract.upside_cap_usd_per_year
        if year == years[0]:
            left = max(left - before, 0.0)
        total = np.minimum(np.cumsum(owed[:, inside], axis=1), left)
        returned[:, inside] = np.diff(total, axis=1, prepend=0.0)
    return returned
