"""What the printed plan sells of free stock, lot by lot, and the limits of its sale.

Without `optimizer.policies.sale` and `models.surplus_sale`.
"""

from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from models.material import SHELF_LIFE_ROUNDING, Material
from models.opening_position import SaleTerms, StockLot
from models.plan import Plan, Sale
from optimizer.feasibility.lots import lots_of
from optimizer.feasibility.violation import Violations, at_most, equal, same
from optimizer.policies.policy_text import sale_text
from optimizer.scenarios.scenario_set import Floats, ScenarioSet


@dataclass(frozen=True, slots=True)
class Sold:
    """What becomes of the stock for sale of one material.

    m is its position; on_hand is in tonnes at the end of a period (t), the same in all
    scenarios, and cash_flow in US dollars (w, t).
    """

    sale: Sale
    material: Material
    m: int
    on_hand: Floats
    cash_flow: Floats


def sales_of(
    instance: Instance, scenarios: ScenarioSet, plan: Plan
) -> tuple[Sold, ...]:
    """Follow the sales that a plan prints."""
    return tuple(
        _sold(instance, scenarios, m, level.sale)
        for m, level in enumerate(plan.levels)
        if level.sale is not None
    )


def _sold(instance: Instance, scenarios: ScenarioSet, m: int, sale: Sale) -> Sold:
    material, price = instance.materials[m], scenarios.price[m]
    storage = next(
        x for x in instance.storage_classes if x.id == material.storage_class
    )
    tonnes, on_hand = _followed(instance, material, sale)
    years = np.array(instance.horizon.period_lengths_years)
    kept_at = storage.cost_usd_per_tonne_year + storage.insurance_rate_per_year * price
    terms = terms_of(instance, material)
    discount = 0.0 if terms is None else terms.discount
    flow = tonnes * price - tonnes * discount * price - on_hand * years * kept_at
    return Sold(sale, material, m, on_hand, flow)


def _followed(
    instance: Instance, material: Material, sale: Sale
) -> tuple[Floats, Floats]:
    """Return what is sold and what is left (t), with a stock for each lot."""
    lots = sorted(lots_of(instance, material), key=lambda lot: lot.arrival)
    free = sum(lot.tonnes for lot in lots)
    left = [sale.tonnes * lot.tonnes / free for lot in lots]
    number = instance.horizon.number_of_periods
    sold, on_hand = np.zeros(number), np.zeros(number)
    for t in range(number):
        wanted = sale.tonnes_per_period
        for i, lot in enumerate(lots):
            taken = min(wanted, left[i])
            sold[t] += taken
            wanted -= taken
            left[i] -= taken
            if _is_too_old(instance, material, lot, t):
                left[i] = 0.0
        on_hand[t] = sum(left)
    return sold, on_hand


def _is_too_old(instance: Instance, material: Material, lot: StockLot, t: int) -> bool:
    """Say whether a lot would be too old at the end of the next period."""
    if material.shelf_life_days is None:
        return False
    horizon = instance.horizon
    age = (horizon.start - lot.arrival).days + horizon.days_between(0, t + 2)
    slack = SHELF_LIFE_ROUNDING * horizon.days_between(t + 1, t + 2)
    return age > material.shelf_life_days + slack


def terms_of(instance: Instance, material: Material) -> SaleTerms | None:
    """Return the terms of sale of a material, None if there are none."""
    terms = [x for x in instance.position.sales if x.material == material.id]
    return terms[0] if terms else None


def sale_form(instance: Instance, plan: Plan) -> Violations:
    """Yield the sales that the case has no terms or no stock for."""
    materials = {m.id: m for m in instance.materials}
    for level in plan.levels:
        if level.sale is None or level.material not in materials:
            continue
        material = materials[level.material]
        yield from same("sale", material.id, level.sale.material, material.id)
        if terms_of(instance, material) is None or not lots_of(instance, material):
            expected = "no sale: no terms of sale, or no free stock"
            yield from same("sale", material.id, "a sale", expected)


def sale_violations(instance: Instance, sales: tuple[Sold, ...]) -> Violations:
    """Yield what is beyond the terms of a sale, or not in equal parts."""
    for sold in sales:
        where, sale = sold.material.id, sold.sale
        terms = terms_of(instance, sold.material)
        if terms is None:
            continue
        number = terms.within_periods
        part = sale.tonnes / number
        yield from equal("sale_pace", where, sale.tonnes_per_period, part)
        if terms.most_tonnes_per_year is not None:
            years = instance.horizon.average_period_years
            most = terms.most_tonnes_per_year * years
            yield from at_most("sale_limit", where, part, most, 0.0)
        yield from same("sale_text", where, sale.text, sale_text(instance, sale))
