"""The books of the observed period: stock, differences, cash and cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.observation import Observation
from models.orders import Orders, PurchaseOrder, SaleOrder
from models.reconciliation import (
    ArrivalDifference,
    CashAccount,
    CostAccount,
    Reconciliation,
    ReleaseDifference,
    StockAccount,
)
from optimizer.advance.differences import (
    TrancheEnd,
    ordered_by_route,
    pool_of,
    released_in,
    right_of,
)
from optimizer.advance.expected_cost import expected_cost
from optimizer.advance.free_stock import FreeEnd, sale_differences
from optimizer.advance.tranche_month import TrancheMonth
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import PlanReplay
from optimizer.recourse.allocation import Supply, allocate, no_supply


@dataclass(frozen=True, slots=True)
class PeriodEnd:
    """The observed period, as the rules were followed through it and as it ended."""

    observation: Observation
    decisions: Decisions
    happened: PlanReplay
    ends: Sequence[TrancheEnd]
    purchases: Sequence[PurchaseOrder]
    sales: Sequence[SaleOrder]
    free: Sequence[FreeEnd]


def reconciliation(
    instance: Instance, period_end: PeriodEnd, previous: Orders | None
) -> Reconciliation:
    """Return the books of the period, after those of earlier orders."""
    observation, purchases = period_end.observation, period_end.purchases
    months = [end.month for end in period_end.ends]
    cost = _cost(instance, period_end)
    so_far = cost
    if previous is not None:
        so_far = previous.reconciliation.cost_so_far.plus(cost)
    return Reconciliation(
        stock=tuple(_stock(instance, observation, period_end.ends)),
        releases=tuple(_release_differences(instance, observation, months)),
        arrivals=tuple(
            _arrival_differences(observation, purchases, material_of_route(instance))
        ),
        sales=tuple(sale_differences(observation, period_end.sales)),
        free_stock=tuple(x.account for x in period_end.free),
        cash=cash_account(period_end),
        cost=cost,
        cost_so_far=so_far,
    )


def material_of_route(instance: Instance) -> dict[str, str]:
    """Return the material of each route."""
    return {route.id: route.material for route in instance.routes}


def _stock(
    instance: Instance, observation: Observation, ends: Sequence[TrancheEnd]
) -> Iterator[StockAccount]:
    for material in instance.materials:
        mine = [x for x in ends if x.month.tranche.material == material.id]
        if mine:
            yield StockAccount(
                material=material.id,
                at_start_tonnes=sum(x.month.at_start for x in mine),
                released_tonnes=sum(x.released for x in mine),
                handed_over_tonnes=sum(x.month.handed_over for x in mine),
                expired_tonnes=sum(x.expired for x in mine),
                arrived_tonnes=sum(x.added for x in mine),
                expected_tonnes=sum(x.expected for x in mine),
                counted_tonnes=observation.happened.stock_tonnes.get(material.id),
                missing_tonnes=sum(x.missing for x in mine),
            )


def _release_differences(
    instance: Instance, observation: Observation, months: Sequence[TrancheMonth]
) -> Iterator[ReleaseDifference]:
    happened = observation.happened
    for material, tonnes in happened.released_tonnes.items():
        ordered = released_in(pool_of(months, material))
        if tonnes != ordered:
            yield ReleaseDifference(
                material=material, ordered_tonnes=ordered, released_tonnes=tonnes
            )
    for offer, tonnes in happened.drawn_tonnes.items():
        ordered = released_in(right_of(months, offer))
        if tonnes != ordered:
            yield ReleaseDifference(
                material=instance.index.offer[offer].material,
                offer=offer,
                ordered_tonnes=ordered,
                released_tonnes=tonnes,
            )


def _arrival_differences(
    observation: Observation,
    purchases: Sequence[PurchaseOrder],
    materials: Mapping[str, str],
) -> Iterator[ArrivalDifference]:
    ordered = ordered_by_route(purchases)
    for route, tonnes in observation.happened.arrived_tonnes.items():
        expected = ordered.get(route, 0.0)
        if tonnes != expected:
            yield ArrivalDifference(
                material=materials[route],
                route=route,
                ordered_tonnes=expected,
                arrived_tonnes=tonnes,
            )


def cash_account(period_end: PeriodEnd) -> CashAccount:
    """Return cash through the period; of sales that which they really brought."""
    happened, observation = period_end.happened, period_end.observation
    sales = sale_differences(observation, period_end.sales)
    return CashAccount(
        at_start_usd=float(happened.books.opening_cash[0]),
        expected_usd=float(happened.cash[0, 0]) + sum(x.more_usd for x in sales),
        counted_usd=observation.happened.cash_usd,
    )


def _cost(instance: Instance, period_end: PeriodEnd) -> CostAccount:
    happened = period_end.happened
    recourse, allocation = happened.recourse, happened.allocation
    shape = happened.cost.shape
    if any(x.released != x.month.released for x in period_end.ends):
        allocation = allocate(recourse, _supplied(happened, period_end.ends), shape)
    bare = allocate(recourse, no_supply(recourse), shape)
    return CostAccount(
        periods=1,
        expected_usd=expected_cost(instance, period_end.decisions),
        incurred_usd=float(allocation.cost[0, 0]),
        without_vault_usd=float(bare.cost[0, 0]),
    )


def _supplied(happened: PlanReplay, ends: Sequence[TrancheEnd]) -> Supply:
    """Return what really reached participants: releases of the first period differ."""
    recourse = happened.recourse
    own, pooled = happened.supply.own.copy(), happened.supply.pooled.copy()
    owners = np.array(happened.market.pairs).reshape(-1, 2)[recourse.gap_pair]
    for end in ends:
        holding, more = end.month.part.holding, end.released - end.month.released
        if holding.o is None:
            pooled[(recourse.short_m == holding.m) & (recourse.short_t == 0)] += more
        else:
            is_its = (owners == (holding.o, holding.m)).all(axis=1)
            own[is_its & (recourse.gap_t == 0)] += more
    return Supply(np.maximum(own, 0.0), np.maximum(pooled, 0.0))
