"""From decisions and their replay to the plan as a document."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import metadata

import numpy as np

from models.cost_of_holding import CostOfHolding
from models.debt_in_force import room_in_force_usd
from models.entitlement import EntitlementOffer
from models.held_stock import Pile, free_stock, free_tonnes, pile_tonnes
from models.instance import Instance
from models.material import Material
from models.on_order import free_purchases
from models.plan import (
    Award,
    EarlierAward,
    FinancingPeriod,
    HeldLot,
    Level,
    Plan,
    Promise,
    Provenance,
    RoutePurchase,
    Sale,
    Shortfall,
    SignedContract,
    Tranche,
    UnmodelledNote,
)
from models.rights_in_force import right_in_force, tonnes_of
from optimizer.cash_rule import stack_of
from optimizer.cash_rule_text import cash_rule_text
from optimizer.cost_of_holding import final_factor
from optimizer.debt_in_force import balances_of_before, interest_of_before
from optimizer.evaluation.books import mean_draws
from optimizer.evaluation.decisions import Decisions
from optimizer.evaluation.replay import HoldingReplay, PlanReplay
from optimizer.evaluation.statistics import cvar, mean
from optimizer.feasibility.tolerances import NO_COST
from optimizer.financing import balances, financing_costs, premium
from optimizer.gap import gap_of
from optimizer.point import Point
from optimizer.policies.response import money_parts
from optimizer.policies.sale import to_sale
from optimizer.policies.simulator import simulate
from optimizer.policies.tranche import to_tranche
from optimizer.problem import FirstStageProblem
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

PACKAGES = ("strongroom", "highspy", "pyomo", "numpy", "scipy")


@dataclass(frozen=True, slots=True)
class Proof:
    """What the solve proved and what the model itself counted, in US dollars."""

    expected_cost_usd: float
    objective_usd: float
    lower_bound_usd: float
    cost_without_vault_usd: float
    budget_shadow_price: float | None
    method: str
    cost_of_holding_usd: float


def decide(problem: FirstStageProblem, point: Point, draws: Floats) -> Decisions:
    """Return the decisions of a point as the plan will print them."""
    tranches: list[Tranche] = []
    sales: list[Sale] = []
    for holding, menu, share in zip(
        problem.holdings, problem.menus, point.shares, strict=True
    ):
        used = np.flatnonzero(share)
        scaled = menu.policies.select(used).scaled(share[used])
        for i, c in enumerate(used):
            policy = scaled.select(np.array([i]))
            if holding.sale is not None:
                sales.append(to_sale(problem.instance, holding, policy))
                continue
            candidate = menu.candidates[c]
            tranches.append(to_tranche(problem.instance, holding, candidate, policy))
    signed = frozenset(
        k.contract.id
        for k, value in zip(problem.contracts, point.signed, strict=True)
        if value > 0.5  # noqa: PLR2004 - signed is 0 or 1 up to solver tolerance
    )
    return Decisions(tuple(tranches), signed, draws, tuple(sales))


def write_plan(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
    proof: Proof,
) -> Plan:
    """Return the document, unchecked."""
    return Plan(
        levels=_levels(instance, scenarios, decisions, happened),
        awards=_awards(instance, decisions),
        contracts=_contracts(scenarios, happened),
        cash_rule=cash_rule_text(instance.financing, room_in_force_usd(instance)),
        financing=_financing(instance, scenarios, decisions, happened),
        promise=_promise(instance, scenarios, decisions, happened, proof),
        shortfalls=_shortfalls(instance, scenarios, decisions, happened),
        unmodelled=tuple(
            UnmodelledNote(
                id=x.id, name=x.name, reason=x.reason, known_risk=x.known_risk
            )
            for x in instance.unmodelled
        ),
        provenance=_provenance(instance, scenarios, proof),
    ).sealed()


def _levels(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
) -> tuple[Level, ...]:
    levels: list[Level] = []
    sale = {x.material: x for x in decisions.sales}
    for m, material in enumerate(instance.materials):
        mine = [x for x in decisions.tranches if x.material == material.id]
        held = [x for x in happened.held if x.holding.m == m]
        tonnes = sum(x.tonnes for x in mine)
        levels.append(
            Level(
                material=material.id,
                name=material.name,
                tonnes=tonnes,
                pool_tonnes=sum(x.tonnes for x in mine if x.offer is None),
                lots=sum(x.lots for x in mine),
                days_of_cover=instance.index.days_of_cover(material.id, tonnes),
                cost_usd=_cost(instance, scenarios.base_price[m], material, held),
                tranches=tuple(mine),
                purchases=_purchases(instance, held),
                held=_held(instance, material, held, sale.get(material.id)),
                sale=sale.get(material.id),
            )
        )
    return tuple(levels)


def _cost(
    instance: Instance, price: Floats, material: Material, held: list[HoldingReplay]
) -> float:
    """Return what planned buying costs at undisrupted prices (t), with premia."""
    planned = np.zeros(instance.horizon.number_of_periods)
    cost = 0.0
    for part in held:
        planned += part.policies.planned(len(planned)).sum(axis=0)
        landed = np.array([x.opening_unit_cost for x in part.holding.purchases])
        cost += float(_bought(instance, part) @ landed[part.policies.sourcing])
    return cost + float(premium(instance, material, planned, price).sum())


def _purchases(
    instance: Instance, held: list[HoldingReplay]
) -> tuple[RoutePurchase, ...]:
    tonnes: dict[int, float] = defaultdict(float)
    for part in held:
        sourcing: list[int] = part.policies.sourcing.tolist()
        bought: list[float] = _bought(instance, part).tolist()
        for s, amount in zip(sourcing, bought, strict=True):
            purchase = part.holding.purchases[s]
            for r, weight in purchase.routes.items() if amount > 0 else ():
                tonnes[r] += weight * amount
    return tuple(
        RoutePurchase(route=instance.routes[r].id, tonnes=tonnes[r])
        for r in sorted(tonnes)
    )


def _held(
    instance: Instance,
    material: Material,
    held: list[HoldingReplay],
    sale: Sale | None,
) -> tuple[HeldLot, ...]:
    """Return what tranches and the sale take of each lot: the same part of all.

    Purchases on the way come after what is there; a sale takes nothing of them.
    """
    free = free_tonnes(instance, material)
    part = min(_taken(held, "stock") / free, 1.0) if free > 0 else 0.0
    sold = min(sale.tonnes / free, 1 - part) if free > 0 and sale is not None else 0.0
    coming = pile_tonnes(instance, material, "purchases")
    taken = min(_taken(held, "purchases") / coming, 1.0) if coming > 0 else 0.0
    lots = (
        HeldLot(
            lot=lot.id,
            tonnes=part * lot.tonnes,
            sold_tonnes=sold * lot.tonnes,
            left_tonnes=(1 - part - sold) * lot.tonnes,
            book_value_usd=part * lot.book_value_usd,
        )
        for lot in free_stock(instance, material)
    )
    purchases = (
        HeldLot(
            lot=x.id,
            arrival_period=x.arrival_period,
            tonnes=taken * x.tonnes,
            left_tonnes=(1 - taken) * x.tonnes,
            book_value_usd=taken * x.value_usd,
        )
        for x in free_purchases(instance, material)
    )
    return (*lots, *purchases)


def _taken(held: list[HoldingReplay], pile: Pile) -> float:
    """Return what all tranches of a material take of a pile, tonnes."""
    return sum(float(x.holding.taken(x.policies, pile).sum()) for x in held)


def _bought(instance: Instance, part: HoldingReplay) -> Floats:
    """Return planned buying by tranche (c), what is in place included, tonnes."""
    periods = instance.horizon.number_of_periods
    return part.holding.bought(part.policies, periods)


def _awards(instance: Instance, decisions: Decisions) -> tuple[Award, ...]:
    need = instance.index.need_by_participant_tonnes_per_day
    return tuple(
        Award(
            offer=offer.id,
            participant=offer.participant,
            material=offer.material,
            lots=x.lots,
            tonnes=x.tonnes,
            days_of_own_cover=x.tonnes / need[offer.material][offer.participant],
            inventory_price_usd_per_tonne=offer.inventory_price_usd_per_tonne,
            upfront_fee_usd=offer.upfront_fee_usd_per_tonne * x.tonnes,
            carrying_fee_usd_per_year=offer.carrying_fee_usd_per_tonne_year * x.tonnes,
            in_force=_in_force(instance, offer),
        )
        for x in decisions.tranches
        if x.offer is not None
        for offer in (instance.index.offer[x.offer],)
    )


def _in_force(instance: Instance, offer: EntitlementOffer) -> EarlierAward | None:
    right = right_in_force(instance, offer.id)
    if right is None:
        return None
    material = instance.materials[instance.index.material[offer.material]]
    return EarlierAward(
        held_tonnes=tonnes_of(instance, material, right),
        drawn_tonnes=right.drawn_tonnes,
    )


def _contracts(
    scenarios: ScenarioSet, happened: PlanReplay
) -> tuple[SignedContract, ...]:
    return tuple(
        SignedContract(
            contract=k.contract.id,
            material=k.contract.material,
            volume_tonnes_per_year=k.contract.volume_tonnes_per_year,
            expected_cost_usd=-mean(k.cash_flow.sum(axis=1), scenarios.probability),
            is_in_force=k.is_in_force,
        )
        for k in happened.contracts
    )


def _financing(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
) -> tuple[FinancingPeriod, ...]:
    facilities, probability = instance.financing.facilities, scenarios.probability
    fixed = [f for f, x in enumerate(facilities) if not x.is_drawn_by_rule]
    before = balances_of_before(instance)
    owed = balances(instance, decisions.draws) + before
    level = happened.books.level
    drawn = mean_draws(instance, decisions.draws, level, probability)
    costs = financing_costs(instance, drawn) + interest_of_before(instance).sum(axis=0)
    by_rule = _balances_by_rule(instance, level[:, 1:], before)
    expected = probability @ happened.cash
    lowest = happened.cash.min(axis=0)
    return tuple(
        FinancingPeriod(
            period=t,
            draws_usd={facilities[f].id: float(decisions.draws[f, t]) for f in fixed},
            balances_usd={facilities[f].id: float(owed[f, t]) for f in fixed},
            expected_balances_usd={
                name: float(probability @ x[:, t]) for name, x in by_rule.items()
            },
            highest_balances_usd={
                name: float(x[:, t].max()) for name, x in by_rule.items()
            },
            interest_and_fees_usd=float(costs[t]),
            expected_cash_usd=float(expected[t]),
            lowest_cash_usd=float(lowest[t]),
        )
        for t in range(instance.horizon.number_of_periods)
    )


def _balances_by_rule(
    instance: Instance, level: Floats, before: Floats
) -> dict[str, Floats]:
    """Return what is owed (w, t) by facility that the cash rule draws.

    Of a level (w, t), and of what is owed of before (f, t).
    """
    stack = stack_of(instance)
    if stack is None:
        return {}
    return {
        facility.id: balance + owed
        for facility, balance, owed in zip(
            instance.financing.facilities, stack.by_facility(level), before, strict=True
        )
        if facility.is_drawn_by_rule
    }


def _promise(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
    proof: Proof,
) -> Promise:
    costs = happened.scenario_costs()
    level = instance.options.cvar_level
    return Promise(
        expected_shortage_cost_usd=proof.expected_cost_usd,
        simulated_shortage_cost_usd=mean(costs, scenarios.probability),
        cost_without_vault_usd=proof.cost_without_vault_usd,
        objective_usd=proof.objective_usd,
        cvar_usd=cvar(costs, scenarios.probability, level),
        lower_bound_usd=proof.lower_bound_usd,
        gap=gap_of(
            proof.objective_usd,
            proof.lower_bound_usd,
            NO_COST * proof.cost_without_vault_usd,
        ),
        budget_usd=instance.financing.budget_usd(),
        budget_used_usd=float(decisions.draws.sum() + happened.books.level.max()),
        budget_shadow_price=proof.budget_shadow_price,
        cost_of_holding_usd=proof.cost_of_holding_usd,
        cost_of_holding=_cost_of_holding(instance, scenarios, decisions, happened),
    )


def _cost_of_holding(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
) -> CostOfHolding:
    """Return the expected money of the plan by what it is for."""
    probability = scenarios.probability
    purchases, keeping, sales, fees = 0.0, 0.0, 0.0, 0.0
    planned = np.zeros_like(scenarios.base_price)
    for part in (*happened.held, *happened.sold):
        done = simulate(part.policies, part.holding.observables)
        money = money_parts(instance, part.holding, part.policies, done)
        purchases += _expected(probability, money.purchases, money.opening_purchases)
        fees += _expected(probability, money.fees, money.opening_fees)
        keeping += _expected(probability, money.keeping)
        sales += _expected(probability, money.sales)
        planned[part.holding.m] += part.policies.planned(planned.shape[1]).sum(axis=0)
    premia = sum(
        float(premium(instance, material, planned[m], scenarios.base_price[m]).sum())
        for m, material in enumerate(instance.materials)
    )
    earned = sum(mean(x.cash_flow.sum(axis=1), probability) for x in happened.contracts)
    level = happened.books.level
    drawn = mean_draws(instance, decisions.draws, level, probability)
    return CostOfHolding(
        purchases_usd=purchases,
        premia_usd=premia,
        storage_usd=keeping,
        interest_and_fees_usd=float(financing_costs(instance, drawn).sum()),
        contracts_usd=0.0 - earned,
        sales_usd=sales,
        right_fees_usd=fees,
        opening_stock_usd=happened.opening_value_usd,
        final_stock_usd=mean(happened.books.stock_value[:, -1], probability),
        final_value_haircut=instance.financing.final_value_haircut,
        discount_factor=final_factor(instance),
    )


def _expected(
    probability: Floats, money: Floats, before_start: Floats | None = None
) -> float:
    """Return the expected sum of money (c, w, t) and of what comes before it (c)."""
    total = float(probability @ money.sum(axis=(0, 2)))
    return total if before_start is None else total + float(before_start.sum())


def _shortfalls(
    instance: Instance,
    scenarios: ScenarioSet,
    decisions: Decisions,
    happened: PlanReplay,
) -> tuple[Shortfall, ...]:
    """Return the complete list, materials that are not held included."""
    gap, covered = happened.market.market_gap, happened.taken_up()
    probability = scenarios.probability
    rows: list[Shortfall] = []
    for m, material in enumerate(instance.materials):
        held = sum(x.tonnes for x in decisions.tranches if x.material == material.id)
        unused = np.maximum(happened.released[m] - covered[m], 0.0)
        rows.append(
            Shortfall(
                material=material.id,
                name=material.name,
                days_of_cover=instance.index.days_of_cover(material.id, held),
                gap_tonnes=float(probability @ gap[m].sum(axis=1)),
                released_tonnes=float(probability @ happened.released[m].sum(axis=1)),
                unused_tonnes=float(probability @ unused.sum(axis=1)),
                uncovered_tonnes=float(probability @ (gap[m] - covered[m]).sum(axis=1)),
                probability_of_gap=min(
                    1.0, float(probability @ (gap[m] > 0).any(axis=1))
                ),
            )
        )
    return tuple(rows)


def _provenance(instance: Instance, scenarios: ScenarioSet, proof: Proof) -> Provenance:
    return Provenance(
        instance_id=instance.id,
        instance_hash=instance.content_hash,
        method=proof.method,
        seed=instance.options.seed,
        number_of_scenarios=scenarios.number_of_scenarios,
        scenarios_hash=scenarios.file_hash or None,
        options=instance.options.model_dump(),
        versions=versions(),
    )


def versions() -> dict[str, str]:
    """Return the versions of Strongroom and of what it computes with."""
    return {name: _version(name) for name in PACKAGES}


@cache
def _version(name: str) -> str:
    return metadata.version(name)
