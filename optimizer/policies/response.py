"""The response of policies: tonnes and money in every scenario and period."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.instance import Instance
from models.prices_today import price_level
from models.rights_in_force import unpaid_years
from optimizer.deadline import look
from optimizer.policies.holding import Holding
from optimizer.policies.policy import Policies
from optimizer.policies.price_impact import refill_premium, sale_discount
from optimizer.policies.simulator import Trajectories, for_others, simulate
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Response:
    """What policies do, by policy, scenario and period (c, w, t).

    released is in tonnes, for participants: nothing of a sale; for_others the part of
    it that others than members share, if a pool serves them; cash_flow in US dollars:
    paid for purchases and storage (minus), received from releases, draws, sales and
    fees (plus); stock_value in US dollars at the scenario's market price, that of what
    is paid for and late included. opening_flow
    (c) is the part of cash_flow in period 0 that is paid and received before the start,
    the same in every scenario; opening_value (c) what was held already is worth then at
    the undisrupted price.
    """

    released: Floats
    cash_flow: Floats
    stock_value: Floats
    on_hand: Floats
    opening_flow: Floats
    opening_value: Floats
    for_others: Floats | None = None

    @property
    def shared(self) -> Floats:
        """What is released for the holder of a right or for members (c, w, t)."""
        if self.for_others is None:
            return self.released
        return self.released - self.for_others

    def select(self, chosen: NDArray[np.int64]) -> "Response":
        """Return the response of some of the policies."""
        return Response(
            self.released[chosen],
            self.cash_flow[chosen],
            self.stock_value[chosen],
            self.on_hand[chosen],
            self.opening_flow[chosen],
            self.opening_value[chosen],
            None if self.for_others is None else self.for_others[chosen],
        )


@dataclass(frozen=True, slots=True)
class MoneyParts:
    """What policies pay and receive, by what it is for (c, w, t), US dollars.

    purchases are those of planned buying, replenishment and rotation, at landed prices
    and without premia; keeping is storage and insurance; sales are releases, draws,
    what is rotated, repurchases and sales of a surplus; fees are those of rights.
    opening_purchases (c) are paid and opening_fees (c) received before the start; they
    are not in the others.
    """

    purchases: Floats
    keeping: Floats
    sales: Floats
    fees: Floats
    opening_purchases: Floats
    opening_fees: Floats


def respond(instance: Instance, holding: Holding, policies: Policies) -> Response:
    """Simulate policies of a holding and price what they do."""
    look()
    trajectories = simulate(policies, holding.observables)
    stock_value = (trajectories.on_hand + trajectories.late) * holding.price
    released = trajectories.released
    if holding.sale is not None:
        released = np.zeros_like(released)
    money = money_parts(instance, holding, policies, trajectories)
    cash_flow = money.sales + money.fees - money.purchases - money.keeping
    opening_flow = money.opening_fees - money.opening_purchases
    today = holding.base_price[0] * price_level(instance, holding.material.id)
    cash_flow[:, :, 0] += opening_flow[:, None]
    return Response(
        released=released,
        cash_flow=cash_flow,
        stock_value=stock_value,
        on_hand=trajectories.on_hand,
        opening_flow=opening_flow,
        opening_value=(holding.held(policies) + policies.coming()) * today,
        for_others=for_others(policies, holding.observables, trajectories.released),
    )


def money_parts(
    instance: Instance,
    holding: Holding,
    policies: Policies,
    trajectories: Trajectories,
) -> MoneyParts:
    """Return what policies pay and receive.

    Rights sell at their price, pools at book or market, a sale of a surplus at market
    less its discount; what is rotated is sold at the market price less the spread.
    """
    years = np.array(instance.horizon.period_lengths_years)
    unpaid = np.array(unpaid_years(instance, holding.in_force))
    storage, offer = holding.storage, holding.offer
    keeping = storage.cost_usd_per_tonne_year + (
        storage.insurance_rate_per_year * holding.price
    )
    purchases = np.zeros_like(trajectories.on_hand)
    opening_purchases = np.zeros(len(policies.target))
    if holding.purchases:
        unit_cost = np.stack([x.unit_cost for x in holding.purchases])
        opening = np.array([x.opening_unit_cost for x in holding.purchases])
        bought = trajectories.acquired + trajectories.rotated
        purchases = bought * unit_cost[policies.sourcing]
        bought_before = holding.bought_before(policies)
        opening_purchases = bought_before * opening[policies.sourcing]
        premium = refill_premium(
            holding.material, instance.horizon, policies, trajectories.acquired
        )
        purchases += premium * holding.price
    swapped = trajectories.rotated * holding.price
    swapped *= 1 - (holding.material.rotation_spread or 0.0)
    fees = np.zeros_like(trajectories.on_hand)
    opening_fees = np.zeros(len(policies.target))
    if offer is None:
        released = trajectories.released
        sales = swapped + _sold_without_right(instance, holding, policies, released)
    else:
        sold = trajectories.released + trajectories.repurchased
        sales = sold * offer.inventory_price_usd_per_tonne + swapped
        fees = trajectories.on_hand * offer.carrying_fee_usd_per_tonne_year * unpaid
        opening_fees = policies.target * offer.upfront_fee_usd_per_tonne
        if policies.is_in_force is not None:
            opening_fees = np.where(policies.is_in_force, 0.0, opening_fees)
    return MoneyParts(
        purchases=purchases,
        keeping=trajectories.on_hand * keeping * years,
        sales=sales,
        fees=fees,
        opening_purchases=opening_purchases,
        opening_fees=opening_fees,
    )


def _sold_without_right(
    instance: Instance, holding: Holding, policies: Policies, released: Floats
) -> Floats:
    """Return what is paid for releases of a pool, or for a surplus (c, w, t).

    Others than members pay the market price.
    """
    if holding.sale is not None:
        return released * holding.price * (1 - holding.sale.discount)
    at_market, at_book = released, None
    if instance.financing.pool_sale_price == "book":
        at_market = for_others(policies, holding.observables, released)
        at_book = released if at_market is None else released - at_market
    sales = np.zeros_like(released)
    if at_book is not None:
        sales = at_book * holding.base_price[None, :]
    if at_market is not None:
        horizon, material = instance.horizon, holding.material
        discount = sale_discount(material, horizon, policies, at_market)
        sales = sales + (at_market - discount) * holding.price
    return sales
