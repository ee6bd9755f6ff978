"""Replay a plan period by period on any scenarios, without the Pyomo model.

Only the document is used: tranches with their numbers, signed contracts, draws.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.plan import Tranche
from optimizer.cost_of_holding import cost_by_scenario
from optimizer.debt_in_force import opening_cash, owed_of_before_at_the_end
from optimizer.evaluation.books import Books, settle
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.service_level import (
    ServiceLevel,
    StockLevel,
    service_level,
    stock_level,
)
from optimizer.financing import drawn_before_start, net_financing, premium
from optimizer.membership import cash_before_plan
from optimizer.policies.holding import (
    Holding,
    holding_name,
    holdings,
    sale_name,
)
from optimizer.policies.market import Market, observe
from optimizer.policies.offtake import OfftakeResponse, respond_to_contracts
from optimizer.policies.policy import Policies
from optimizer.policies.response import Response, respond
from optimizer.policies.sale import sale_policies
from optimizer.policies.tranche import to_policies
from optimizer.problem import discount_factors
from optimizer.recourse.allocation import (
    Allocation,
    Supply,
    allocate,
    no_supply,
)
from optimizer.recourse.blocks import Recourse, find_blocks, parts_of_others
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class HoldingReplay:
    """One holding of a plan with what its tranches do."""

    holding: Holding
    tranches: tuple[Tranche, ...]
    policies: Policies
    response: Response


@dataclass(frozen=True, slots=True)
class PlanReplay:
    """What happened, by scenario and period (w, t), money in US dollars.

    cost is weighted by priority and discounted; released by material (m, w, t) in
    tonnes. sold are sales of free stock, which have no tranches.
    """

    market: Market
    recourse: Recourse
    supply: Supply
    allocation: Allocation
    held: tuple[HoldingReplay, ...]
    contracts: tuple[OfftakeResponse, ...]
    cost: Floats
    released: Floats
    books: Books
    sold: tuple[HoldingReplay, ...] = ()

    @property
    def cash(self) -> Floats:
        """The balance after all payments (w, t)."""
        return self.books.cash

    @property
    def opening_value_usd(self) -> float:
        """What the free stock in tranches and for sale is worth at the start."""
        parts = (*self.held, *self.sold)
        return sum(float(part.response.opening_value.sum()) for part in parts)

    def scenario_costs(self) -> Floats:
        """Return the discounted cost of each scenario (w)."""
        return self.cost.sum(axis=1)

    def taken_up(self) -> Floats:
        """Return what gaps took of all supply (m, w, t), contracts included, in tonnes.

        A gap needs no more than what is made with it: allocation costs nothing, so what
        stands allocated may be for units that miss another material.
        """
        recourse, allocation = self.recourse, self.allocation
        saved = np.bincount(
            recourse.coefficient_gap,
            weights=recourse.coefficient
            * allocation.shortage[recourse.coefficient_shortage],
            minlength=recourse.number_of_gaps,
        )
        needed = np.maximum(recourse.gap - saved, 0.0)
        supplied = self.supply.own + allocation.allocated
        pairs = np.array(self.market.pairs, dtype=np.int64).reshape(-1, 2)
        at = (pairs[recourse.gap_pair, 1], recourse.gap_w, recourse.gap_t)
        found = np.zeros_like(self.market.market_gap)
        np.add.at(found, at, np.minimum(supplied, needed))
        return found


@dataclass(frozen=True, slots=True)
class ReplayComparison:
    """What each scenario brings with the plan and without any vault.

    with_plan and without_vault are discounted costs (w), served and unserved the same
    for products, stock what becomes of the materials, books the plan's money and
    cost_of_holding what its owners lose by it (w).
    """

    with_plan: Floats
    without_vault: Floats
    cost_of_holding: Floats
    served: ServiceLevel
    unserved: ServiceLevel
    stock: StockLevel
    books: Books


def compare(
    instance: Instance, scenarios: ScenarioSet, decisions: Decisions
) -> ReplayComparison:
    """Follow the printed rules through every scenario, and the case without vault."""
    happened = replay(instance, scenarios, decisions)
    recourse, (number, _) = happened.recourse, happened.cost.shape
    bare = allocate(recourse, no_supply(recourse), happened.cost.shape)
    on_hand = np.zeros_like(scenarios.price)
    target = np.zeros(len(instance.materials))
    for part in happened.held:
        on_hand[part.holding.m] += part.response.on_hand.sum(axis=0)
        target[part.holding.m] += part.policies.target.sum()
    return ReplayComparison(
        with_plan=happened.scenario_costs(),
        without_vault=(bare.cost * discount_factors(instance)).sum(axis=1),
        cost_of_holding=cost_of_holding(instance, happened),
        served=service_level(instance, recourse, happened.allocation, number),
        unserved=service_level(instance, recourse, bare, number),
        stock=stock_level(instance, recourse, on_hand, target),
        books=happened.books,
    )


def cost_of_holding(instance: Instance, happened: PlanReplay) -> Floats:
    """Return what a plan costs its owners in each scenario (w), beside shortages."""
    books = happened.books
    owed = books.debt[:, -1] + books.capital[:, -1] + books.accrued[:, -1]
    owed = owed - owed_of_before_at_the_end(instance)
    return cost_by_scenario(
        instance, books.cash, books.stock_value, owed, happened.opening_value_usd
    )


def replay(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    seen: tuple[Market, Recourse] | None = None,
) -> PlanReplay:
    """Follow the printed rules through every scenario.

    seen is what the market shows in them, observed here if it is None.
    """
    if seen is None:
        market = observe(instance, scenarios)
        seen = market, find_blocks(instance, scenarios, market)
    market, recourse = seen
    held = _held(instance, scenarios, market, decisions.tranches)
    sold = _sold(instance, scenarios, market, decisions)
    contracts = _signed(instance, scenarios, decisions)
    supply = _supply(instance, market, recourse, held, contracts)
    shape = (scenarios.number_of_scenarios, instance.horizon.number_of_periods)
    allocation = allocate(recourse, supply, shape)
    released = np.zeros_like(scenarios.price)
    for part in held:
        released[part.holding.m] += part.response.released.sum(axis=0)
    return PlanReplay(
        market=market,
        recourse=recourse,
        supply=supply,
        allocation=allocation,
        held=held,
        contracts=contracts,
        cost=allocation.cost * discount_factors(instance),
        released=released,
        books=_books(instance, scenarios, decisions, (*held, *sold), contracts),
        sold=sold,
    )


def keep_books(
    instance: Instance, scenarios: ScenarioSet, decisions: Decisions
) -> Books:
    """Follow the printed rules through every scenario for the money alone."""
    market = observe(instance, scenarios)
    held = _held(instance, scenarios, market, decisions.tranches)
    sold = _sold(instance, scenarios, market, decisions)
    contracts = _signed(instance, scenarios, decisions)
    return _books(instance, scenarios, decisions, (*held, *sold), contracts)


def _signed(
    instance: Instance, scenarios: ScenarioSet, decisions: Decisions
) -> tuple[OfftakeResponse, ...]:
    return tuple(
        contract
        for contract in respond_to_contracts(instance, scenarios)
        if contract.contract.id in decisions.signed
    )


def _held(
    instance: Instance,
    scenarios: ScenarioSet,
    market: Market,
    tranches: tuple[Tranche, ...],
) -> tuple[HoldingReplay, ...]:
    by_holding: dict[str, list[Tranche]] = defaultdict(list)
    for tranche in tranches:
        by_holding[holding_name(tranche.material, tranche.offer)].append(tranche)
    held: list[HoldingReplay] = []
    for holding in holdings(instance, scenarios, market, by_holding):
        mine = by_holding[holding.name]
        policies = to_policies(instance, holding, mine)
        response = respond(instance, holding, policies)
        held.append(HoldingReplay(holding, tuple(mine), policies, response))
    return tuple(held)


def _sold(
    instance: Instance, scenarios: ScenarioSet, market: Market, decisions: Decisions
) -> tuple[HoldingReplay, ...]:
    by_name = {sale_name(sale.material): sale for sale in decisions.sales}
    sold: list[HoldingReplay] = []
    for holding in holdings(instance, scenarios, market, by_name):
        policies = sale_policies(instance, holding, by_name[holding.name])
        response = respond(instance, holding, policies)
        sold.append(HoldingReplay(holding, (), policies, response))
    return tuple(sold)


def _supply(
    instance: Instance,
    market: Market,
    recourse: Recourse,
    held: tuple[HoldingReplay, ...],
    contracts: tuple[OfftakeResponse, ...],
) -> Supply:
    """Return what reaches each gap and each short material."""
    pooled = np.zeros(len(recourse.short_m))
    own = np.zeros(recourse.number_of_gaps)
    pairs = np.array(market.pairs).reshape(-1, 2)[recourse.gap_pair]
    index = instance.index
    flows = [(p.holding.m, p.holding.o, p.response.shared.sum(axis=0)) for p in held]
    for k in contracts:
        beneficiary = k.contract.beneficiary
        o = None if beneficiary is None else index.participant[beneficiary]
        flows.append((index.material[k.contract.material], o, k.delivered))
    for m, o, tonnes in flows:
        if o is None:
            there = recourse.short_m == m
            pooled[there] += tonnes[recourse.short_w[there], recourse.short_t[there]]
        else:
            there = (pairs[:, 0] == o) & (pairs[:, 1] == m)
            own[there] += tonnes[recourse.gap_w[there], recourse.gap_t[there]]
    own += supply_of_others(recourse, held)
    return Supply(own, pooled)


def supply_of_others(recourse: Recourse, held: Sequence[HoldingReplay]) -> Floats:
    """Return what pools release for others than members, by gap in tonnes."""
    own = np.zeros(recourse.number_of_gaps)
    for pool in held:
        if pool.response.for_others is not None:
            tonnes = pool.response.for_others.sum(axis=0)
            own += tonnes_of_others(recourse, pool.holding.m, tonnes)
    return own


def tonnes_of_others(recourse: Recourse, m: int, tonnes: Floats) -> Floats:
    """Return tonnes (w, t) of a material, shared out in proportion to others' gaps."""
    there = recourse.short_m[recourse.gap_short] == m
    at = recourse.gap_w[there], recourse.gap_t[there]
    own = np.zeros(recourse.number_of_gaps)
    own[there] = parts_of_others(recourse)[there] * tonnes[at]
    return own


def _books(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    held: tuple[HoldingReplay, ...],
    contracts: tuple[OfftakeResponse, ...],
) -> Books:
    """Return the money of holdings, contracts and draws."""
    periods = instance.horizon.number_of_periods
    flow = np.zeros((scenarios.number_of_scenarios, periods))
    value = np.zeros_like(flow)
    planned = np.zeros((len(instance.materials), periods))
    before = opening_cash(instance) + drawn_before_start(instance, decisions.draws)
    for part in held:
        flow += part.response.cash_flow.sum(axis=0)
        value += part.response.stock_value.sum(axis=0)
        before += float(part.response.opening_flow.sum())
        planned[part.holding.m] += part.policies.planned(periods).sum(axis=0)
    for contract in contracts:
        flow += contract.cash_flow
        before += contract.opening_flow
    for m, material in enumerate(instance.materials):
        flow -= premium(instance, material, planned[m], scenarios.base_price[m])
    financed = net_financing(instance, decisions.draws)
    cash = cash_before_plan(instance) + np.cumsum(flow, axis=1) + financed
    first = np.full((len(cash), 1), before)
    available = np.concatenate([first, cash], axis=1)
    return settle(instance, decisions.draws, available, value)
