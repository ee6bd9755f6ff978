"""Limits as sentences: the name of the row and the path of its value in the case."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable

from models.held_stock import pile_tonnes
from models.level_changes import level_in_force
from models.on_order import due_usd
from optimizer.policies.holding import Holding
from optimizer.policies.route_supply import vault_tonnes
from optimizer.problem import FirstStageProblem

Key = tuple[str, tuple[object, ...]]
Text = Callable[[FirstStageProblem, str], str]
LARGE = 1e6


def limit_texts(problem: FirstStageProblem, rows: Iterable[Key]) -> tuple[str, ...]:
    """Return a sentence for each limit among rows, in the order of the page.

    Rows are given by name and index. Those of the same limit in several periods or
    scenarios are one sentence.
    """
    periods: dict[tuple[str, str], set[int]] = defaultdict(set)
    for name, index in rows:
        item, found_in = _place(name, index)
        periods[name, item] |= found_in
    order = list(TEXTS)
    found = sorted(periods, key=lambda limit: (order.index(limit[0]), limit[1]))
    return tuple(
        f"{name}{f'[{item}]' if item else ''}: {TEXTS[name](problem, item)}"
        f"{_when(periods[name, item])}"
        for name, item in found
    )


def _place(name: str, index: tuple[object, ...]) -> tuple[str, set[int]]:
    """Return the item that a row limits, and its period if it has one.

    A row of a candidate limits its holding, a row of a scenario the whole case.
    """
    if name in OF_CANDIDATES:
        return str(index[0]), set()
    if name in OF_SCENARIOS:
        return "", {int(str(index[0]))}
    if name in OF_PERIODS:
        return ",".join(map(str, index[:-1])), {int(str(index[-1]))}
    return ",".join(map(str, index)), set()


def _when(periods: set[int]) -> str:
    if not periods:
        return ""
    first, last = min(periods), max(periods)
    if first == last:
        return f" (period {first})"
    if len(periods) == last - first + 1:
        return f" (periods {first} to {last})"
    return f" (periods {', '.join(str(t) for t in sorted(periods))})"


def _number(value: float) -> str:
    if abs(value) < LARGE:
        return f"{value:.10g}"
    mantissa, exponent = f"{value:.10e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _of_material(field: str, unit: str) -> Text:
    def text(problem: FirstStageProblem, m: str) -> str:
        instance = problem.instance
        material = instance.materials[instance.index.material[m]]
        return f"materials[{m}].{field} = {_number(getattr(material, field))}{unit}"

    return text


def _storage_capacity(problem: FirstStageProblem, s: str) -> str:
    storage = next(x for x in problem.instance.storage_classes if x.id == s)
    return f"storage_classes[{s}].capacity_tonnes = {_number(storage.capacity_tonnes)}"


def _outload(problem: FirstStageProblem, m: str) -> str:
    storage = next(x.storage for x in problem.holdings if x.material.id == m)
    outload = _number(storage.outload_tonnes_per_day)
    return f"storage_classes[{storage.id}].outload_tonnes_per_day = {outload}"


def _origin_cap(problem: FirstStageProblem, item: str) -> str:
    m, country = item.split(",")
    cap = _of_material("origin_share_cap", "")(problem, m)
    position = problem.instance.index.material[m]
    in_force = problem.origin_cap(position)
    if in_force > problem.instance.materials[position].origin_share_cap:
        cap += f", at least an even split: {_number(in_force)}"
    return f"{cap} of what is bought may come from {country}"


def _route(problem: FirstStageProblem, r: str) -> str:
    instance = problem.instance
    route = instance.routes[instance.index.route[r]]
    material = instance.materials[instance.index.material[route.material]]
    most = vault_tonnes(instance, material)[instance.index.route[r]]
    text = f"routes[{r}].vault_tonnes_per_year = "
    stated = route.vault_tonnes_per_year or 0.0
    if most == stated:
        return f"{text}{_number(stated)}"
    return f"{text}{_number(stated)}, of which competing buyers leave {_number(most)}"


def _held_stock(problem: FirstStageProblem, item: str) -> str:
    instance = problem.instance
    m, pile = item.rsplit(",", 1)
    material = instance.materials[instance.index.material[m]]
    if pile == "purchases":
        coming = _number(pile_tonnes(instance, material, "purchases"))
        return f"position.purchases has {coming} t of {m}"
    free = _number(pile_tonnes(instance, material, "stock"))
    return f"position.stock has {free} t of {m} that have not expired"


def _level_change(problem: FirstStageProblem, m: str) -> str:
    instance = problem.instance
    cap, level = instance.options.level_change_cap_days, level_in_force(instance, m)
    return (
        f"position.levels[{m}].tonnes = {_number(level or 0.0)}, "
        f"options.level_change_cap_days = {_number(cap or 0.0)} days of need"
    )


def _one_policy(problem: FirstStageProblem, h: str) -> str:
    holding = _holding(problem, h)
    if holding.sale is not None:
        return f"position.sales[{holding.material.id}] allows no more to be sold"
    if holding.offer is None:
        levels = problem.instance.pool_levels_days_of_cover(holding.material.id)
        highest = _number(max(levels))
        return f"levels_days_of_cover go up to {highest} days of need"
    if holding.in_force is not None:
        lots = f"position.rights[{holding.offer.id}].lots = {holding.in_force.lots}"
        return f"{lots}; a right in force is held whole"
    path = f"entitlement_offers[{holding.offer.id}].maximum_lots"
    return f"{path} = {holding.offer.maximum_lots}"


def _lots(problem: FirstStageProblem, h: str) -> str:
    return _of_material("lot_tonnes", "")(problem, _holding(problem, h).material.id)


def _tranches(problem: FirstStageProblem, h: str) -> str:
    if _holding(problem, h).offer is not None:
        return "a right is a single tranche"
    return f"options.max_tranches = {problem.instance.options.max_tranches}"


def _award(problem: FirstStageProblem, h: str) -> str:
    offer = _holding(problem, h).offer
    return f"entitlement_offers[{offer.id if offer else h}] is whole or nothing"


def _draw_limit(problem: FirstStageProblem, f: str) -> str:
    limit = next(
        x.limit_usd for x in problem.instance.financing.facilities if x.id == f
    )
    return f"financing.facilities[{f}].limit_usd = {_number(limit)}"


def _cash(problem: FirstStageProblem, _item: str) -> str:
    text = f"cash may not fall below 0{_beside_what_was(problem)}"
    ruled = problem.instance.financing.drawn_by_rule()
    if not ruled:
        return text
    limits = ", ".join(
        f"financing.facilities[{x.id}].limit_usd = {_number(x.limit_usd)}"
        for x in ruled
    )
    return f"{text}, drawing at most {limits}"


def _of_financing(field: str) -> Text:
    def text(problem: FirstStageProblem, _item: str) -> str:
        value = getattr(problem.instance.financing, field)
        return f"financing.{field} = {_number(value)}{_beside_what_was(problem)}"

    return text


def _beside_what_was(problem: FirstStageProblem) -> str:
    """Say that what is owed, signed and to be paid counts, if anything is."""
    position, due = problem.instance.position, math.fsum(due_usd(problem.instance))
    owed = sum(x.balance_usd for x in position.debt)
    signed = ", ".join(x.contract for x in position.contracts)
    found = [
        *([f"position.debt of {_number(owed)}"] if owed > 0 else []),
        *([f"position.contracts {signed}"] if signed else []),
        *([f"position.purchases of {_number(due)} to be paid"] if due > 0 else []),
    ]
    return f" with {' and '.join(found)}" if found else ""


def _always(sentence: str) -> Text:
    def text(_problem: FirstStageProblem, item: str) -> str:
        return sentence.format(item=item)

    return text


def _holding(problem: FirstStageProblem, h: str) -> Holding:
    return next(x for x in problem.holdings if x.name == h)


TEXTS: dict[str, Text] = {
    "one_policy": _one_policy,
    "tranche_use": _tranches,
    "tranche_limit": _tranches,
    "whole_lots": _lots,
    "whole_award": _award,
    "minimum_cover": _of_material("minimum_days_of_cover", " days of need"),
    "storage_capacity": _storage_capacity,
    "outload_limit": _outload,
    "market_capacity": _of_material("market_capacity_tonnes_per_year", ""),
    "route_capacity": _route,
    "opening_purchase": _route,
    "origin_cap": _origin_cap,
    "held_stock": _held_stock,
    "planned_buying": _always("materials[{item}].price_impact"),
    "draw_limit": _draw_limit,
    "facility_balance": _always("draws and instalments of the facility"),
    "debt_to_equity": _of_financing("debt_to_equity_limit"),
    "financing_flow": _always("interest, fees, instalments and premia are paid"),
    "cash_nonnegative": _cash,
    "collateral": _of_financing("collateral_cover"),
    "level_rise": _level_change,
    "level_fall": _level_change,
}
OF_CANDIDATES = {"tranche_use", "whole_lots", "whole_award"}
OF_SCENARIOS = {"cash_nonnegative", "collateral"}
OF_PERIODS = {
    "route_capacity",
    "planned_buying",
    "facility_balance",
    "debt_to_equity",
    "financing_flow",
}
