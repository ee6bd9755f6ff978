"""The response of policies: tonnes and money in every scenario and period."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from optimizer.deadline import look
from optimizer.policies.holding import Holding
from optimizer.policies.policy import Policies
from optimizer.policies.price_impact import refill_premium, sale_discount
from optimizer.policies.simulator import Trajectories, simulate
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Response:
    """What policies do, by policy, scenario and period (c, w, t).

    released is in tonnes; cash_flow in US dollars: paid for purchases and storage
    (minus), received from releases, draws and fees (plus); stock_value in US dollars at
    the scenario's market price.
    """

    released: Floats
    cash_flow: Floats
    stock_value: Floats
    on_hand: Floats

    def select(self, chosen: NDArray[np.int64]) -> "Response":
        """Return the response of some of the policies."""
        return Response(
            self.released[chosen],
            self.cash_flow[chosen],
            self.stock_value[chosen],
            self.on_hand[chosen],
        )


def respond(instance: Instance, holding: Holding, policies: Policies) -> Response:
    """Simulate policies of a holding and price what they do."""
    look()
    trajectories = simulate(policies, holding.observables)
    stock_value = trajectories.on_hand * holding.price
    return Response(
        released=trajectories.released,
        cash_flow=(
            _receipts(instance, holding, policies, trajectories)
            - _payments(instance, holding, policies, trajectories)
        ),
        stock_value=stock_value,
        on_hand=trajectories.on_hand,
    )


def _payments(
    instance: Instance,
    holding: Holding,
    policies: Policies,
    trajectories: Trajectories,
) -> Floats:
    """Return purchases, storage and insurance (c, w, t)."""
    years = np.array(instance.horizon.period_lengths_years)
    storage = holding.storage
    keeping = storage.cost_usd_per_tonne_year + (
        storage.insurance_rate_per_year * holding.price
    )
    paid = trajectories.on_hand * keeping * years
    if holding.purchases:
        unit_cost = np.stack([x.unit_cost for x in holding.purchases])
        opening = np.array([x.opening_unit_cost for x in holding.purchases])
        bought = trajectories.acquired + trajectories.rotated
        paid += bought * unit_cost[policies.sourcing]
        premium = refill_premium(
            holding.material, instance.horizon, policies, trajectories.acquired
        )
        paid += premium * holding.price
        paid[:, :, 0] += (policies.initial * opening[policies.sourcing])[:, None]
    return paid


def _receipts(
    instance: Instance,
    holding: Holding,
    policies: Policies,
    trajectories: Trajectories,
) -> Floats:
    """Return sales and fees (c, w, t): rights at their price, pools at book/market.

    What is rotated is sold at the market price less the spread.
    """
    offer = holding.offer
    swapped = trajectories.rotated * holding.price
    swapped *= 1 - (holding.material.rotation_spread or 0.0)
    if offer is None:
        released = trajectories.released
        if instance.financing.pool_sale_price == "book":
            return released * holding.base_price[None, :] + swapped
        discount = sale_discount(holding.material, instance.horizon, policies, released)
        return (released - discount) * holding.price + swapped
    sold = trajectories.released + trajectories.repurchased
    received = sold * offer.inventory_price_usd_per_tonne + swapped
    years = np.array(instance.horizon.period_lengths_years)
    received += trajectories.on_hand * offer.carrying_fee_usd_per_tonne_year * years
    upfront = policies.target * offer.upfront_fee_usd_per_tonne
    received[:, :, 0] += upfront[:, None]
    return received
