"""The model of FORMULATION.md: same order, same names, same numbers. It only declares.

Stock balances and rule dynamics are not rows: the policy simulator computes them
(FORMULATION.md, section 1). Money is in millions of US dollars, material in tonnes.
"""

import logging
import sys
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.core.expr import LinearExpression

from models.allowed_levels import allowed_tonnes, minimum_tonnes
from models.contracts_in_force import in_force
from models.held_stock import PILES, Pile, pile_tonnes
from models.instance import Instance
from optimizer.cash_rows import (
    Tangent,
    cumulated_contract_flow,
    cumulated_flow,
    known_cash,
)
from optimizer.cost_of_holding import (
    ExpectedMoney,
    cost_of_whole,
    expected_money,
    final_factor,
)
from optimizer.deadline import OutOfTimeError, look
from optimizer.debt_in_force import (
    covered_of_before,
    opening_cash,
    owed_of_before,
)
from optimizer.membership import cash_before_plan
from optimizer.policies.policy import Policies
from optimizer.policies.route_use import route_uses
from optimizer.problem import (
    BEFORE_START,
    CompleteProblem,
    FirstStageProblem,
    SimulatedProblem,
    discount_factors,
)
from optimizer.recourse.blocks import Recourse, nothing_short, parts_of_others
from optimizer.scenarios.scenario_set import Floats

MILLION = 1e6
# Rows of what is held, released or bought, of which rights in force take their part.
LIMITED = {
    "storage_capacity",
    "outload_limit",
    "market_capacity",
    "route_capacity",
    "origin_cap",
    "level_rise",
}


def _is_error(record: logging.LogRecord) -> bool:
    """Return false for what Pyomo logs when time is up in the rule of a row."""
    del record
    return not isinstance(sys.exception(), OutOfTimeError)


logging.getLogger("pyomo.core").addFilter(_is_error)


def build(
    problem: FirstStageProblem,
    *,
    is_relaxed: bool,
    cash_rows: Iterable[tuple[int, int]] = (),
    tangents: Iterable[Tangent] = (),
    money: ExpectedMoney | None = None,
) -> pyo.ConcreteModel:
    """Declare the model of a problem.

    is_relaxed leaves out tranche limit, whole lots and awards, rows (3) to (6);
    cash_rows are the (t, w) whose cash and collateral rows are there from the start;
    where facilities are drawn by the cash rule, tangents are in their place.
    money is what candidates and contracts are expected to earn; that of a simulated
    problem is known.
    """
    model = pyo.ConcreteModel(name=problem.instance.id)
    model.problem = problem
    model.is_relaxed = is_relaxed
    if money is None and isinstance(problem, SimulatedProblem):
        money = expected_money(problem)
    model.money = money
    _attach_data(model)
    look()
    model.tangent = {
        (x.t, x.w, number): x for number, x in enumerate(tangents, start=1)
    }
    _declare_sets(model, cash_rows)
    look()
    _declare_parameters(model)
    look()
    _declare_variables(model)
    look()
    _declare_objective(model)
    _declare_rows(model)
    return model


def _attach_data(model: pyo.ConcreteModel) -> None:
    """Attach what rows look up by name; plain data, no components."""
    problem: FirstStageProblem = model.problem
    instance = problem.instance
    names = [h.name for h in problem.holdings]
    model.holding = dict(zip(names, problem.holdings, strict=True))
    policies = [menu.policies for menu in problem.menus]
    model.policies = dict(zip(names, policies, strict=True))
    if isinstance(problem, SimulatedProblem):
        model.response = dict(zip(names, problem.responses, strict=True))
    model.material = {m.id: m for m in instance.materials}
    model.facility = {f.id: f for f in instance.financing.facilities}
    model.holdings_of = {
        m.id: [h.name for h in problem.holdings if h.material.id == m.id]
        for m in instance.materials
    }
    model.unit_shortages = _unit_shortages(problem)
    model.parts_of_others = parts_of_others(_recourse(problem))
    uses = route_uses(instance, problem.holdings, problem.menus)
    model.use_in_period = {(x.route, x.t): x.parts for x in uses if x.t is not None}
    model.use_before = {x.route: x.parts for x in uses if x.t is None}


def _recourse(problem: FirstStageProblem) -> Recourse:
    """Return the blocks of the problem; a first stage alone has none."""
    return problem.recourse if isinstance(problem, CompleteProblem) else nothing_short()


def _unit_shortages(problem: FirstStageProblem) -> list[list[tuple[int, float]]]:
    """Return by gap the (shortage column, tonnes a unit) that save its material."""
    recourse = _recourse(problem)
    found: list[list[tuple[int, float]]] = [[] for _ in recourse.gap]
    for gap, column, tonnes in zip(
        _list(recourse.coefficient_gap),
        _list(recourse.coefficient_shortage),
        recourse.coefficient.tolist(),
        strict=True,
    ):
        found[gap].append((column, tonnes))
    return found


def _needy(model: pyo.ConcreteModel) -> dict[tuple[str, int, int], list[str]]:
    """Return the participants with a gap by (m, t, w)."""
    needy: dict[tuple[str, int, int], list[str]] = {}
    for o, m, t, w in model.GAPS:
        needy.setdefault((m, t, w), []).append(o)
    return needy


# ---------------------------------------------------------------- 2 sets


def _declare_sets(
    model: pyo.ConcreteModel, cash_rows: Iterable[tuple[int, int]]
) -> None:
    problem: FirstStageProblem = model.problem
    instance = problem.instance
    model.MATERIALS = pyo.Set(initialize=[m.id for m in instance.materials])
    model.PERIODS = pyo.RangeSet(0, instance.horizon.number_of_periods - 1)
    model.SCENARIOS = pyo.RangeSet(0, problem.scenarios.number_of_scenarios - 1)
    model.HOLDINGS = pyo.Set(initialize=[h.name for h in problem.holdings])
    candidates = [
        (h.name, c)
        for h, menu in zip(problem.holdings, problem.menus, strict=True)
        for c in range(len(menu.candidates))
    ]
    model.CANDIDATES = pyo.Set(initialize=candidates, dimen=2)
    sales = {h.name for h in problem.holdings if h.sale is not None}
    whole = [] if model.is_relaxed else candidates
    tranches = [k for k in whole if k[0] not in sales]
    model.TRANCHES = pyo.Set(initialize=tranches, dimen=2)
    model.STORAGE_CLASSES = pyo.Set(initialize=[s.id for s in instance.storage_classes])
    model.FACILITIES = pyo.Set(initialize=[f.id for f in instance.financing.facilities])
    model.CONTRACTS = pyo.Set(initialize=[q.id for q in instance.contracts])
    blocks = [
        (m.id, t, i)
        for m in instance.materials
        for t in model.PERIODS
        for i in range(len(m.price_impact))
    ]
    model.IMPACT_BLOCKS = pyo.Set(initialize=blocks, dimen=3)
    model.ROUTE_PERIODS = pyo.Set(initialize=list(model.use_in_period), dimen=2)
    model.OPENING_ROUTES = pyo.Set(initialize=list(model.use_before))
    model.ORIGINS = pyo.Set(initialize=_capped_origins(problem), dimen=2)
    model.PILES = pyo.Set(initialize=_piles(instance), dimen=2)
    model.CASH_ROWS = pyo.Set(initialize=[*cash_rows, *model.tangent], dimen=None)
    model.GAPS = pyo.Set(initialize=_gaps(problem), dimen=4)
    model.SHORT_MATERIALS = pyo.Set(initialize=_short_materials(problem), dimen=3)
    model.SHORTAGE_BLOCKS = pyo.Set(initialize=_shortage_blocks(problem), dimen=4)
    model.RELEASES = pyo.Set(initialize=_releases(model), dimen=3)
    model.needy = _needy(model)


def _gaps(problem: FirstStageProblem) -> list[tuple[str, str, int, int]]:
    """Return (o, m, t, w) wherever a participant misses something."""
    instance, recourse = problem.instance, _recourse(problem)
    pairs = [
        (instance.participants[o].id, instance.materials[m].id)
        for o, m in problem.market.pairs
    ]
    places = zip(
        _list(recourse.gap_pair),
        _list(recourse.gap_t),
        _list(recourse.gap_w),
        strict=True,
    )
    return [(*pairs[i], t, w) for i, t, w in places]


def _short_materials(problem: FirstStageProblem) -> list[tuple[str, int, int]]:
    """Return (m, t, w) wherever a participant misses some of the material."""
    recourse = _recourse(problem)
    materials = [m.id for m in problem.instance.materials]
    places = zip(
        _list(recourse.short_m),
        _list(recourse.short_t),
        _list(recourse.short_w),
        strict=True,
    )
    return [(materials[m], t, w) for m, t, w in places]


def _shortage_blocks(problem: FirstStageProblem) -> list[tuple[str, int, int, int]]:
    """Return (p, i, t, w) wherever a product may have to be cut."""
    recourse = _recourse(problem)
    products = [p.id for p in problem.instance.final_products()]
    places = zip(
        _list(recourse.shortage_product),
        _list(recourse.shortage_block),
        _list(recourse.products.t[recourse.shortage_entry]),
        _list(recourse.products.w[recourse.shortage_entry]),
        strict=True,
    )
    return [(products[p], i, t, w) for p, i, t, w in places]


def _releases(model: pyo.ConcreteModel) -> list[tuple[str, int, int]]:
    """Return (h, t, w) wherever a holding can help against a gap."""
    problem: FirstStageProblem = model.problem
    short: list[tuple[str, int, int]] = list(model.SHORT_MATERIALS)
    gaps = set(model.GAPS)
    return [
        (h.name, t, w)
        for h in problem.holdings
        for m, t, w in short
        if m == h.material.id
        and (h.is_pool or (h.offer and (h.offer.participant, m, t, w) in gaps))
    ]


def _list(positions: NDArray[np.int64]) -> list[int]:
    return positions.tolist()


def _capped_origins(problem: FirstStageProblem) -> list[tuple[str, str]]:
    """Return (material, country) wherever an origin cap could bind."""
    capped = {
        (holding.material.id, country): None
        for holding in problem.holdings
        if problem.origin_cap(holding.m) < 1
        for purchase in holding.purchases
        for country in sorted(purchase.origins)
    }
    return list(capped)


def _piles(instance: Instance) -> list[tuple[str, Pile]]:
    """Return (material, pile) wherever there is something to take."""
    return [
        (m.id, pile)
        for m in instance.materials
        for pile in PILES
        if pile_tonnes(instance, m, pile) > 0
    ]


# ---------------------------------------------------------- 3 parameters


def _declare_parameters(model: pyo.ConcreteModel) -> None:
    problem: FirstStageProblem = model.problem
    instance, recourse = problem.instance, _recourse(problem)
    options = instance.options
    model.probability = pyo.Param(
        model.SCENARIOS, initialize=_numbered(problem.scenarios.probability)
    )
    model.discount = pyo.Param(
        model.PERIODS, initialize=_numbered(discount_factors(instance))
    )
    horizon = instance.horizon
    model.years = pyo.Param(
        model.PERIODS, initialize=dict(enumerate(horizon.period_lengths_years))
    )
    model.average_years = pyo.Param(initialize=horizon.average_period_years)
    model.lot = pyo.Param(
        model.HOLDINGS,
        initialize={h.name: h.material.lot_tonnes for h in problem.holdings},
    )
    model.max_tranches = pyo.Param(
        model.HOLDINGS,
        initialize={
            h.name: options.max_tranches if h.is_pool else 1 for h in problem.holdings
        },
    )
    model.gap = _param(model.GAPS, recourse.gap)
    model.emergency_cost = _param(model.GAPS, recourse.emergency_cost / MILLION)
    model.emergency_limit = _param(model.SHORT_MATERIALS, recourse.emergency_limit)
    model.shortage_limit = _param(model.SHORTAGE_BLOCKS, recourse.shortage_limit)
    model.shortage_cost = _param(
        model.SHORTAGE_BLOCKS, recourse.shortage_cost / MILLION
    )
    model.shortage_keys = list(model.SHORTAGE_BLOCKS)
    model.cvar_weight = pyo.Param(initialize=options.cvar_weight)
    model.cost_of_holding_weight = pyo.Param(
        initialize=options.cost_of_holding_weight or 0.0
    )
    model.final_factor = pyo.Param(initialize=final_factor(instance))
    model.cvar_level = pyo.Param(initialize=options.cvar_level)


def _param(index: pyo.Set, values: Floats) -> pyo.Param:
    return pyo.Param(index, initialize=dict(zip(index, values.tolist(), strict=True)))


def _numbered(values: Floats) -> dict[int, float]:
    listed: list[float] = values.tolist()
    return dict(enumerate(listed))


# ----------------------------------------------------------- 4 variables


def _declare_variables(model: pyo.ConcreteModel) -> None:
    tonnes = pyo.NonNegativeReals
    model.share = pyo.Var(model.CANDIDATES, domain=tonnes, bounds=(0, 1))
    model.use = pyo.Var(model.TRANCHES, domain=pyo.Binary)
    model.lots = pyo.Var(model.TRANCHES, domain=pyo.NonNegativeIntegers)
    contract_domain = pyo.UnitInterval if model.is_relaxed else pyo.Binary
    model.signed = pyo.Var(
        model.CONTRACTS, domain=contract_domain, bounds=_signed_bounds
    )
    model.draw = pyo.Var(
        model.FACILITIES, model.PERIODS, domain=tonnes, bounds=_draw_bounds
    )
    model.balance = pyo.Var(model.FACILITIES, model.PERIODS, domain=tonnes)
    model.net_financing = pyo.Var(model.PERIODS, domain=pyo.Reals)
    model.purchase_block = pyo.Var(
        model.IMPACT_BLOCKS, domain=tonnes, bounds=_purchase_bounds
    )
    model.released = pyo.Var(model.RELEASES, domain=tonnes)
    model.allocation = pyo.Var(model.GAPS, domain=tonnes, bounds=_allocation_bounds)
    model.emergency = pyo.Var(model.GAPS, domain=tonnes)
    model.shortage = pyo.Var(
        model.SHORTAGE_BLOCKS, domain=tonnes, bounds=_shortage_bounds
    )
    model.value_at_risk = pyo.Var(domain=tonnes)
    model.excess = pyo.Var(model.SCENARIOS, domain=tonnes)


def _signed_bounds(model: pyo.ConcreteModel, q: str) -> tuple[int, int]:
    is_in_force = q in in_force(model.problem.instance)
    return (1, 1) if is_in_force else (0, 1)


def _draw_bounds(
    model: pyo.ConcreteModel, f: str, t: int
) -> tuple[float, float | None]:
    """Nothing is drawn outside the facility's window, or by schedule if by the rule."""
    facility = model.facility[f]
    if facility.is_drawn_by_rule:
        return (0, 0)
    last = facility.last_draw_period
    is_inside = facility.first_draw_period <= t and (last is None or t <= last)
    return (0, None if is_inside and facility.limit_usd > 0 else 0)


def _purchase_bounds(
    model: pyo.ConcreteModel, m: str, _t: int, i: int
) -> tuple[float, float | None]:
    """Blocks are as wide as their tonnes a year allow; the last one has no end."""
    material = model.material[m]
    is_last = i == len(material.price_impact) - 1
    width = material.price_impact[i].tonnes_per_year * pyo.value(model.average_years)
    return (0, None if is_last else width)


def _allocation_bounds(
    model: pyo.ConcreteModel, o: str, _m: str, _t: int, _w: int
) -> tuple[float, float | None]:
    """Only members draw from what is pooled."""
    index = model.problem.instance.index
    return (0, None if index.is_member[index.participant[o]] else 0)


def _shortage_bounds(
    model: pyo.ConcreteModel, p: str, i: int, t: int, w: int
) -> tuple[float, float]:
    """Blocks are as wide as their share of demand."""
    return (0, model.shortage_limit[p, i, t, w])


# ----------------------------------------------------------- 5 objective


def _declare_objective(model: pyo.ConcreteModel) -> None:
    model.scenario_cost = pyo.Expression(
        model.SCENARIOS, initialize=_costs_by_scenario(model)
    )
    model.expected_shortage_cost = pyo.Expression(
        expr=pyo.quicksum(
            model.probability[w] * model.scenario_cost[w] for w in model.SCENARIOS
        )
    )
    model.cvar = pyo.Expression(
        expr=model.value_at_risk
        + pyo.quicksum(
            model.probability[w] / (1 - model.cvar_level) * model.excess[w]
            for w in model.SCENARIOS
        )
    )
    model.cost_of_holding = pyo.Expression(expr=_cost_of_holding(model))
    model.objective = pyo.Objective(rule=objective)


def objective(model: pyo.ConcreteModel) -> pyo.Expression:
    """(1) min (1 - cvar_weight) expected_shortage_cost + cvar_weight cvar + holding.

    The last is cost_of_holding_weight cost_of_holding.
    """
    weight = pyo.value(model.cvar_weight)
    cost = model.expected_shortage_cost
    if weight > 0:
        cost = (1 - weight) * cost + weight * model.cvar
    holding = pyo.value(model.cost_of_holding_weight)
    return cost if holding == 0 else cost + holding * model.cost_of_holding


def _cost_of_holding(model: pyo.ConcreteModel) -> pyo.Expression:
    """Return what is owed at the end, less what was earned and what stock is worth.

    It is 0 where the money of candidates is not known: then nothing reads it.
    """
    if model.money is None:
        return 0.0
    shares, contracts = cost_of_whole(model.problem.instance, model.money)
    held = pyo.quicksum(
        mix(model, h, cost / MILLION)
        for h, cost in zip(model.HOLDINGS, shares, strict=True)
    )
    signed = sum(
        float(cost) / MILLION * model.signed[q]
        for q, cost in zip(model.CONTRACTS, contracts, strict=True)
    )
    last = model.PERIODS.last()
    owed = sum(model.balance[f, last] for f in model.FACILITIES)
    return held + signed + model.final_factor * (owed - model.net_financing[last])


def _costs_by_scenario(model: pyo.ConcreteModel) -> dict[int, pyo.Expression]:
    """Return the discounted cost of shortage and emergency purchases by scenario."""
    terms: dict[int, list[pyo.Expression]] = {w: [] for w in model.SCENARIOS}
    for p, i, t, w in model.SHORTAGE_BLOCKS:
        cost = model.discount[t] * model.shortage_cost[p, i, t, w]
        terms[w].append(cost * model.shortage[p, i, t, w])
    for o, m, t, w in model.GAPS:
        cost = model.discount[t] * model.emergency_cost[o, m, t, w]
        terms[w].append(cost * model.emergency[o, m, t, w])
    return {w: pyo.quicksum(parts) for w, parts in terms.items()}


# ---------------------------------------------------------------- 6 rows


def _declare_rows(model: pyo.ConcreteModel) -> None:
    model.one_policy = pyo.Constraint(model.HOLDINGS, rule=one_policy)
    model.tranche_use = pyo.Constraint(model.TRANCHES, rule=tranche_use)
    model.tranche_limit = pyo.Constraint(model.HOLDINGS, rule=tranche_limit)
    model.whole_lots = pyo.Constraint(model.TRANCHES, rule=whole_lots)
    model.whole_award = pyo.Constraint(model.TRANCHES, rule=whole_award)
    model.minimum_cover = pyo.Constraint(model.MATERIALS, rule=minimum_cover)
    model.storage_capacity = pyo.Constraint(
        model.STORAGE_CLASSES, rule=storage_capacity
    )
    model.outload_limit = pyo.Constraint(model.MATERIALS, rule=outload_limit)
    model.market_capacity = pyo.Constraint(model.MATERIALS, rule=market_capacity)
    model.route_capacity = pyo.Constraint(model.ROUTE_PERIODS, rule=route_capacity)
    model.opening_purchase = pyo.Constraint(model.OPENING_ROUTES, rule=opening_purchase)
    model.origin_cap = pyo.Constraint(model.ORIGINS, rule=origin_cap)
    model.held_stock = pyo.Constraint(model.PILES, rule=held_stock)
    model.planned_buying = pyo.Constraint(
        model.MATERIALS, model.PERIODS, rule=planned_buying
    )
    model.draw_limit = pyo.Constraint(model.FACILITIES, rule=draw_limit)
    model.facility_balance = pyo.Constraint(
        model.FACILITIES, model.PERIODS, rule=facility_balance
    )
    model.debt_to_equity = pyo.Constraint(model.PERIODS, rule=debt_to_equity)
    model.financing_flow = pyo.Constraint(model.PERIODS, rule=financing_flow)
    model.cash_nonnegative = pyo.Constraint(model.CASH_ROWS, rule=cash_nonnegative)
    model.collateral = pyo.Constraint(model.CASH_ROWS, rule=collateral)
    model.level_rise = pyo.Constraint(model.MATERIALS, rule=level_rise)
    model.level_fall = pyo.Constraint(model.MATERIALS, rule=level_fall)
    model.release_mix = pyo.Constraint(model.RELEASES, rule=release_mix)
    model.gap_cover = pyo.Constraint(model.GAPS, rule=gap_cover)
    model.pool_allocation = pyo.Constraint(model.SHORT_MATERIALS, rule=pool_allocation)
    model.emergency_supply = pyo.Constraint(
        model.SHORT_MATERIALS, rule=emergency_supply
    )
    model.tail_excess = pyo.Constraint(model.SCENARIOS, rule=tail_excess)


def one_policy(model: pyo.ConcreteModel, h: str) -> pyo.Expression:
    """(2) sum_c share[h,c] <= 1; the rest of the holding is not held.

    It is an equality for a right in force.
    """
    policies: Policies = model.policies[h]
    shares = mix(model, h, np.ones_like(policies.target))
    if model.holding[h].in_force is None or not pyo.is_potentially_variable(shares):
        return _bounded(shares, 1.0)
    return shares == 1.0


def tranche_use(model: pyo.ConcreteModel, h: str, c: int) -> pyo.Expression:
    """(3) share[h,c] <= use[h,c]."""
    return model.share[h, c] <= model.use[h, c]


def tranche_limit(model: pyo.ConcreteModel, h: str) -> pyo.Expression:
    """(4) sum_c use[h,c] <= max_tranches[h]."""
    number = model.policies[h].number_of_policies
    if model.is_relaxed or number <= model.max_tranches[h]:
        return pyo.Constraint.Skip
    return sum(model.use[h, c] for c in range(number)) <= model.max_tranches[h]


def whole_lots(model: pyo.ConcreteModel, h: str, c: int) -> pyo.Expression:
    """(5) target[h,c] share[h,c] = lot[h] lots[h,c]."""
    target = float(model.policies[h].target[c])
    return target * model.share[h, c] == model.lot[h] * model.lots[h, c]


def whole_award(model: pyo.ConcreteModel, h: str, c: int) -> pyo.Expression:
    """(6) share[h,c] = use[h,c] for rights: a whole candidate or nothing."""
    if model.holding[h].offer is None:
        return pyo.Constraint.Skip
    return model.share[h, c] - model.use[h, c] == 0


def minimum_cover(model: pyo.ConcreteModel, m: str) -> pyo.Expression:
    """(7) sum_h,c target[h,c] share[h,c] >= minimum_days_of_cover[m] need[m]."""
    problem, material = model.problem, model.material[m]
    least = problem.eased(material, minimum_tonnes(problem.instance, material))
    if least == 0:
        return pyo.Constraint.Skip
    return _at_least(_mixed(model, _level(model, m)), least)


def storage_capacity(model: pyo.ConcreteModel, s: str) -> pyo.Expression:
    """(8) sum_m in s, h, c target[h,c] share[h,c] <= capacity[s]."""
    instance = model.problem.instance
    inside = [m.id for m in instance.materials if m.storage_class == s]
    capacity = {x.id: x.capacity_tonnes for x in instance.storage_classes}[s]
    held = [_parts(model, m, lambda policies: policies.target) for m in inside]
    return _limited(model, {h: x for parts in held for h, x in parts.items()}, capacity)


def outload_limit(model: pyo.ConcreteModel, m: str) -> pyo.Expression:
    """(9) sum_h,c most_released[h,c] share[h,c] <= outload[m] shortest_days."""
    holding = next(h for h in model.problem.holdings if h.material.id == m)
    horizon = model.problem.instance.horizon
    shortest = horizon.shortest_period_share
    days = horizon.average_period_days * shortest
    limit = holding.storage.outload_tonnes_per_day * days
    released = _parts(model, m, lambda policies: policies.most_released(shortest))
    return _limited(model, released, limit)


def market_capacity(model: pyo.ConcreteModel, m: str) -> pyo.Expression:
    """(10) sum_h,c most_acquired[h,c] share[h,c] <= capacity[m] average_years."""
    limit = model.material[m].market_capacity_tonnes_per_year * model.average_years
    acquired = _parts(model, m, lambda policies: policies.most_acquired())
    return _limited(model, acquired, limit)


def route_capacity(model: pyo.ConcreteModel, r: str, t: int) -> pyo.Expression:
    """(11) sum_h,c most_acquired[h,c,t] weight[h,c,r] share[h,c] <= vault[r] years."""
    return _limited(model, model.use_in_period[r, t], 1.0)


def opening_purchase(model: pyo.ConcreteModel, r: str) -> pyo.Expression:
    """(12) sum_h,c initial[h,c] weight[h,c,r] share[h,c] <= vault[r] in a year."""
    parts = model.use_before[r]
    return _bounded(pyo.quicksum(mix(model, h, x) for h, x in parts.items()), 1.0)


def origin_cap(model: pyo.ConcreteModel, m: str, country: str) -> pyo.Expression:
    """(13) planned buying from a country <= origin cap of m in all planned buying."""

    def excess(h: str) -> Floats:
        holding, policies = model.holding[h], model.policies[h]
        share = np.array([x.origins.get(country, 0.0) for x in holding.purchases])
        bought = holding.bought(policies, len(model.PERIODS))
        cap = model.problem.origin_cap(holding.m)
        return bought * (share[policies.sourcing] - cap)

    return _limited(model, {h: excess(h) for h in _in_tranches(model, m)}, 0.0)


def held_stock(model: pyo.ConcreteModel, m: str, pile: Pile) -> pyo.Expression:
    """(14) sum_h,c taken[h,c] share[h,c] <= all of a pile, what is sold included."""
    there = pile_tonnes(model.problem.instance, model.material[m], pile)
    taken = [
        mix(model, h, model.holding[h].taken(model.policies[h], pile))
        for h in model.holdings_of[m]
        if model.holding[h].in_force is None
    ]
    return _bounded(pyo.quicksum(taken), there)


def planned_buying(model: pyo.ConcreteModel, m: str, t: int) -> pyo.Expression:
    """(15) sum_h,c planned[h,c,t] share[h,c] <= sum_i purchase_block[m,t,i]."""
    blocks = range(len(model.material[m].price_impact))
    if not blocks:
        return pyo.Constraint.Skip
    bought = _mixed(
        model,
        _parts(model, m, lambda policies: policies.planned(len(model.PERIODS))[:, t]),
    )
    return _bounded(
        bought - pyo.quicksum(model.purchase_block[m, t, i] for i in blocks), 0.0
    )


def draw_limit(model: pyo.ConcreteModel, f: str) -> pyo.Expression:
    """(16) sum_t draw[f,t] <= limit[f]."""
    limit = model.facility[f].limit_usd / MILLION
    return sum(model.draw[f, t] for t in model.PERIODS) <= limit


def facility_balance(model: pyo.ConcreteModel, f: str, t: int) -> pyo.Expression:
    """(17) balance[f,t] = balance[f,t-1] + draw[f,t] - instalment[f,t]."""
    before = model.balance[f, t - 1] if t > 0 else 0.0
    change = model.draw[f, t] - _instalment(model, f, t)
    return model.balance[f, t] - before - change == 0


def debt_to_equity(model: pyo.ConcreteModel, t: int) -> pyo.Expression:
    """(18) sum_loans balance[f,t] <= debt_to_equity_limit sum_equity balance[f,t].

    What is owed of before counts too, unless the cash rule draws: then in its limit.
    """
    instance = model.problem.instance
    limit = instance.financing.debt_to_equity_limit
    if limit is None or not _facilities(model, "loan"):
        return pyo.Constraint.Skip
    capital = sum(model.balance[f, t] for f in _facilities(model, "equity"))
    room = 0.0
    if not instance.financing.drawn_by_rule():
        called, owed = (owed_of_before(instance, x)[t] for x in ("equity", "loan"))
        room = float(limit * called - owed) / MILLION
    return debt(model, t) - limit * capital <= room


def financing_flow(model: pyo.ConcreteModel, t: int) -> pyo.Expression:
    """(19) net_financing[t] = net_financing[t-1] + draws - fees - interest - premia."""
    before = model.net_financing[t - 1] if t > 0 else 0.0
    received = sum(_facility_flow(model, f, t) for f in model.FACILITIES)
    change = received - premium_paid(model, t)
    return model.net_financing[t] - before - change == 0


def cash_nonnegative(
    model: pyo.ConcreteModel, t: int, w: int, *number: int
) -> pyo.Expression:
    """(20) cash[t,w] >= 0, from t = -1 on; separated: only those of CASH_ROWS.

    With a number it is a tangent of what the cash rule draws.
    """
    if not number:
        return _at_least(cash(model, t, w), 0.0)
    tangent: Tangent = model.tangent[t, w, *number]
    if tangent.is_cover:
        return pyo.Constraint.Skip
    return _at_least(_weighted_cash(model, tangent), tangent.least_usd / MILLION)


def collateral(
    model: pyo.ConcreteModel, t: int, w: int, *number: int
) -> pyo.Expression:
    """(21) collateral_cover covered_debt[t] <= stock_value[t,w] + cash[t,w]."""
    cover = model.problem.instance.financing.collateral_cover
    if cover is None or t == BEFORE_START or not _covered_facilities(model):
        return pyo.Constraint.Skip
    stock = pyo.quicksum(
        mix(model, h, model.response[h].stock_value[:, w, t] / MILLION)
        for h in model.HOLDINGS
    )
    if not number:
        return cover * covered_debt(model, t) - stock - cash(model, t, w) <= 0
    tangent: Tangent = model.tangent[t, w, *number]
    if not tangent.is_cover:
        return pyo.Constraint.Skip
    beside = _weighted_cash(model, tangent) - tangent.least_usd / MILLION
    return cover * covered_debt(model, t) - stock - beside <= 0


def level_rise(model: pyo.ConcreteModel, m: str) -> pyo.Expression:
    """(22) sum_h,c target[h,c] share[h,c] <= level[m] + change_cap_days need[m]."""
    _, most = allowed_tonnes(model.problem.instance, model.material[m])
    if not np.isfinite(most):
        return pyo.Constraint.Skip
    return _limited(model, _level(model, m), most)


def level_fall(model: pyo.ConcreteModel, m: str) -> pyo.Expression:
    """(23) sum_h,c target[h,c] share[h,c] >= level[m] - change_cap_days need[m]."""
    problem, material = model.problem, model.material[m]
    least = problem.eased(material, allowed_tonnes(problem.instance, material)[0])
    if least == 0:
        return pyo.Constraint.Skip
    return _at_least(_mixed(model, _level(model, m)), least)


def release_mix(model: pyo.ConcreteModel, h: str, t: int, w: int) -> pyo.Expression:
    """(24) released[h,t,w] = sum_c response[h,c,t,w] share[h,c], what is shared."""
    mixed = mix(model, h, model.response[h].shared[:, w, t])
    return mixed - model.released[h, t, w] == 0


def gap_cover(
    model: pyo.ConcreteModel, o: str, m: str, t: int, w: int
) -> pyo.Expression:
    """(25) sum_p,i tonnes_per_unit[p,m] shortage[p,i,t,w] + supplies >= gap."""
    look()
    gap = model.GAPS.ord((o, m, t, w)) - 1
    saved = sum(
        tonnes * model.shortage[model.shortage_keys[column]]
        for column, tonnes in model.unit_shortages[gap]
    )
    own = sum(
        model.released[h, t, w]
        for h in model.holdings_of[m]
        if model.holding[h].offer is not None
        and model.holding[h].offer.participant == o
    )
    supplied = model.allocation[o, m, t, w] + model.emergency[o, m, t, w]
    delivered = _delivered(model, m, t, w, o)
    beyond = _beyond_members(model, gap, m, t, w)
    return saved + own + supplied + delivered + beyond >= model.gap[o, m, t, w]


def pool_allocation(model: pyo.ConcreteModel, m: str, t: int, w: int) -> pyo.Expression:
    """(26) sum_o allocation[o,m,t,w] <= released[pool m,t,w] + deliveries to all."""
    pool = next(h for h in model.holdings_of[m] if model.holding[h].offer is None)
    shared = sum(model.allocation[o, m, t, w] for o in model.needy[m, t, w])
    return shared - model.released[pool, t, w] - _delivered(model, m, t, w, None) <= 0


def emergency_supply(
    model: pyo.ConcreteModel, m: str, t: int, w: int
) -> pyo.Expression:
    """(27) sum_o emergency[o,m,t,w] <= emergency_limit[m,t,w]."""
    bought = sum(model.emergency[o, m, t, w] for o in model.needy[m, t, w])
    return bought <= model.emergency_limit[m, t, w]


def tail_excess(model: pyo.ConcreteModel, w: int) -> pyo.Expression:
    """(28) excess[w] >= scenario_cost[w] - value_at_risk."""
    if pyo.value(model.cvar_weight) == 0:
        return pyo.Constraint.Skip
    return model.scenario_cost[w] - model.value_at_risk - model.excess[w] <= 0


# ------------------------------------------------- expressions in the rows


def mix(model: pyo.ConcreteModel, h: str, coefficients: Floats) -> pyo.Expression:
    """Return sum_c coefficients[c] share[h,c]."""
    look()
    used = np.flatnonzero(coefficients)
    return LinearExpression(
        linear_coefs=coefficients[used].tolist(),
        linear_vars=[model.share[h, c] for c in used.tolist()],
    )


def cash(model: pyo.ConcreteModel, t: int, w: int) -> pyo.Expression:
    """Return cash[t,w]: all that came in up to t, less all that was paid.

    That of t = -1 is before the start: what is in place then is bought from the first
    draws, before anything is sold.
    """
    if t == BEFORE_START:
        return _cash_before_start(model)
    flows = pyo.quicksum(
        mix(model, h, model.response[h].cash_flow[:, w, : t + 1].sum(axis=1) / MILLION)
        for h in model.HOLDINGS
    )
    contracts = sum(
        float(x.cash_flow[w, : t + 1].sum()) / MILLION * model.signed[x.contract.id]
        for x in model.problem.contracts
    )
    before = float(cash_before_plan(model.problem.instance)[t]) / MILLION
    return before + flows + contracts + model.net_financing[t]


def _weighted_cash(model: pyo.ConcreteModel, tangent: Tangent) -> pyo.Expression:
    """Return the weighted sum of cash without what the cash rule draws."""
    problem, weights = model.problem, np.array(tangent.weights)
    flows = pyo.quicksum(
        mix(model, h, cumulated_flow(model.response[h], tangent.w) @ weights / MILLION)
        for h in model.HOLDINGS
    )
    contracts = sum(
        float(cumulated_contract_flow(x)[tangent.w] @ weights)
        / MILLION
        * model.signed[x.contract.id]
        for x in problem.contracts
    )
    financed = sum(
        weight * _financed_up_to(model, t)
        for t, weight in enumerate(tangent.weights, start=BEFORE_START)
        if weight
    )
    known = float(known_cash(problem.instance) @ weights) / MILLION
    return known + flows + contracts + financed


def _financed_up_to(model: pyo.ConcreteModel, t: int) -> pyo.Expression:
    return _drawn_before_start(model) if t == BEFORE_START else model.net_financing[t]


def _drawn_before_start(model: pyo.ConcreteModel) -> pyo.Expression:
    return sum(
        (1 - model.facility[f].exposure_fee) * model.draw[f, 0]
        for f in model.FACILITIES
    )


def _cash_before_start(model: pyo.ConcreteModel) -> pyo.Expression:
    flows = pyo.quicksum(
        mix(model, h, model.response[h].opening_flow / MILLION) for h in model.HOLDINGS
    )
    contracts = sum(
        x.opening_flow / MILLION * model.signed[x.contract.id]
        for x in model.problem.contracts
    )
    opening = opening_cash(model.problem.instance) / MILLION
    return opening + flows + contracts + _drawn_before_start(model)


def debt(model: pyo.ConcreteModel, t: int) -> pyo.Expression:
    """Return the balance of all loans."""
    return sum(model.balance[f, t] for f in _facilities(model, "loan"))


def covered_debt(model: pyo.ConcreteModel, t: int) -> pyo.Expression:
    """Return the balance of all loans that need collateral, those of before too."""
    before = float(covered_of_before(model.problem.instance)[t]) / MILLION
    return before + sum(model.balance[f, t] for f in _covered_facilities(model))


def premium_paid(model: pyo.ConcreteModel, t: int) -> pyo.Expression:
    """Return what own buying pays above the price in t."""
    problem: FirstStageProblem = model.problem
    return sum(
        block.premium
        * float(problem.scenarios.base_price[position, t])
        / MILLION
        * model.purchase_block[material.id, t, i]
        for position, material in enumerate(problem.instance.materials)
        for i, block in enumerate(material.price_impact)
    )


def _facility_flow(model: pyo.ConcreteModel, f: str, t: int) -> pyo.Expression:
    """Return a draw less its fee, interest, instalment and commitment fee in t."""
    facility = model.facility[f]
    if facility.is_drawn_by_rule:
        return 0.0
    drawn = sum(model.draw[f, s] for s in range(t + 1))
    undrawn = facility.limit_usd / MILLION - drawn
    last = facility.last_draw_period
    is_committed = last is None or t <= last
    commitment_fee = facility.commitment_fee_per_year * model.years[t] * is_committed
    return (
        (1 - facility.exposure_fee) * model.draw[f, t]
        - facility.rate_per_year * model.years[t] * model.balance[f, t]
        - _instalment(model, f, t)
        - commitment_fee * undrawn
    )


def _instalment(model: pyo.ConcreteModel, f: str, t: int) -> pyo.Expression:
    """Return the equal part of all draws that is due in t."""
    facility = model.facility[f]
    start, number = facility.repayment_start_period, facility.number_of_instalments
    if start is None or number is None or not start <= t < start + number:
        return 0.0
    return sum(model.draw[f, s] for s in range(start)) / number


def _delivered(
    model: pyo.ConcreteModel, m: str, t: int, w: int, beneficiary: str | None
) -> pyo.Expression:
    """Return contract deliveries of a material to one beneficiary, or to all."""
    return sum(
        float(x.delivered[w, t]) * model.signed[x.contract.id]
        for x in model.problem.contracts
        if x.contract.material == m and x.contract.beneficiary == beneficiary
    )


def _beyond_members(
    model: pyo.ConcreteModel, gap: int, m: str, t: int, w: int
) -> pyo.Expression:
    """Return the part of a gap in what the pool releases for others than members."""
    pool = next(h for h in model.holdings_of[m] if model.holding[h].offer is None)
    others = model.response[pool].for_others
    if others is None:
        return 0.0
    return mix(model, pool, model.parts_of_others[gap] * others[:, w, t])


def _facilities(model: pyo.ConcreteModel, kind: str) -> list[str]:
    return [f for f in model.FACILITIES if model.facility[f].kind == kind]


def _covered_facilities(model: pyo.ConcreteModel) -> list[str]:
    return [f for f in model.FACILITIES if model.facility[f].needs_collateral]


def _parts(
    model: pyo.ConcreteModel, m: str, tonnes: Callable[[Policies], Floats]
) -> dict[str, Floats]:
    """Return tonnes[h,c] of all holdings of a material."""
    return {h: tonnes(model.policies[h]) for h in model.holdings_of[m]}


def _level(model: pyo.ConcreteModel, m: str) -> dict[str, Floats]:
    """Return what the pool and the rights of a material hold at target, in tonnes."""
    return {h: model.policies[h].target for h in _in_tranches(model, m)}


def _mixed(model: pyo.ConcreteModel, parts: Mapping[str, Floats]) -> pyo.Expression:
    """Return sum_h,c parts[h,c] share[h,c]."""
    return pyo.quicksum(mix(model, h, x) for h, x in parts.items())


def _limited(
    model: pyo.ConcreteModel, parts: Mapping[str, Floats], limit: float
) -> pyo.Expression:
    """Return sum_h,c parts[h,c] share[h,c] <= limit.

    Where rights in force alone reach the limit, all others together may add nothing:
    the row is one of LIMITED.
    """
    new = {h: x for h, x in parts.items() if model.holding[h].in_force is None}
    given = sum(float(x.sum()) for h, x in parts.items() if h not in new)
    if given > 0 and given >= limit:
        return _bounded(_mixed(model, new), 0.0)
    return _bounded(_mixed(model, parts), limit)


def _in_tranches(model: pyo.ConcreteModel, m: str) -> list[str]:
    """Return the pool and the rights of a material: all but the sale of a surplus."""
    return [h for h in model.holdings_of[m] if model.holding[h].sale is None]


def _at_least(body: pyo.Expression, limit: float) -> pyo.Expression:
    """Return body >= limit, or nothing where no variable is left in the body.

    So it is before the start where nothing can be paid for or drawn then, and where a
    material has no candidate.
    """
    if pyo.is_potentially_variable(body):
        return body >= limit
    return pyo.Constraint.Skip


def _bounded(body: pyo.Expression, limit: float) -> pyo.Expression:
    """Return body <= limit, or nothing where no variable is left in the body."""
    if pyo.is_potentially_variable(body):
        return body <= limit
    return pyo.Constraint.Skip
