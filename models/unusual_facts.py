"""Warnings about the facts of a period: figures that look misread, and what was found.

What cannot be at all is a mistake: see `impossible_facts`.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from models.instance import Instance
from models.mistakes import Mistake
from models.observation import Observation
from models.orders import Orders
from models.plan import Plan

# Times what the case has: prices have risen by ten in real disruptions, not by more.
FAR = 10.0
ROUNDING = 1e-9


def unusual_facts(
    case: Instance, plan: Plan, observation: Observation
) -> Iterator[Mistake]:
    """Yield facts far from what the case and its plan have, as a wrong unit gives."""
    prices = {m.id: m.price_usd_per_tonne for m in case.materials}
    field, unit = "prices_usd_per_tonne", "US dollars a tonne"
    yield from _far(field, observation.prices_usd_per_tonne, prices, unit)
    field, sold_at = "happened.sold_at_usd_per_tonne", observation.happened
    yield from _far(field, sold_at.sold_at_usd_per_tonne, prices, unit)
    planned = planned_units(case)
    yield from _far("demand_units", observation.demand_units, planned, "units")
    yield from _more_than_the_plan(case, plan, observation)


def planned_units(case: Instance) -> dict[str, float]:
    """Return the units that are planned to be made in the first period, by product."""
    years = case.horizon.period_lengths_years[0]
    return {x.id: x.units_per_year(0) * years for x in case.final_products()}


def found_beyond(orders: Orders) -> Iterator[Mistake]:
    """Yield counts that are above what should be there: what was found is entered."""
    books = orders.reconciliation
    for field, account in chain(
        (("stock_tonnes", x) for x in books.stock),
        (("free_stock_tonnes", x) for x in books.free_stock),
    ):
        found = -account.missing_tonnes
        if found > ROUNDING * max(account.expected_tonnes, 1.0):
            expected = (
                f"{account.expected_tonnes:g} t; the {found:g} t that were found "
                "beyond that are entered as of the oldest lots"
            )
            path = f"happened.{field}.{account.material}"
            yield Mistake(path, account.counted_tonnes, expected)


def _far(
    field: str, given: Mapping[str, float], usual: Mapping[str, float], unit: str
) -> Iterator[Mistake]:
    for name, value in given.items():
        known = usual.get(name, 0.0)
        if value > 0 and known > 0 and not 1 / FAR <= value / known <= FAR:
            expected = f"about {known:.6g} {unit}, as in the case; it is taken as it is"
            yield Mistake(f"{field}.{name}", value, expected)


def _more_than_the_plan(
    case: Instance, plan: Plan, observation: Observation
) -> Iterator[Mistake]:
    """Find more arrivals over a route than the plan is to hold at all."""
    held: dict[str, float] = {}
    for tranche in plan.tranches():
        held[tranche.material] = held.get(tranche.material, 0.0) + tranche.tonnes
    for route, tonnes in observation.happened.arrived_tonnes.items():
        material = case.routes[case.index.route[route]].material
        whole = held.get(material, 0.0)
        if tonnes > whole * (1 + ROUNDING):
            expected = (
                f"at most {whole:g} t, all that the plan is to hold of {material}"
            )
            path = f"happened.arrived_tonnes.{route}"
            yield Mistake(path, tonnes, f"{expected}; it is taken as it is")
