"""The cost of a year without one supplier.

One scenario for each cut-off: the country delivers nothing for a year, neither as miner
nor as refiner; no vault, no contracts; prices and demand stay as they are at the start.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.sections import PublishedLoss
from optimizer.policies.market import observe
from optimizer.recourse.allocation import allocate, no_supply
from optimizer.recourse.blocks import find_blocks
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

UNNAMED = "OTH"
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Materials that a country stops delivering, and what was published of it."""

    materials: tuple[str, ...]
    country: str
    published: PublishedLoss | None


def cutoffs(instance: Instance) -> tuple[Cutoff, ...]:
    """Return the published cut-offs and those of the other materials' suppliers."""
    published = [Cutoff(x.materials, x.country, x) for x in instance.published_losses]
    alone = {cutoff.materials[0] for cutoff in published if len(cutoff.materials) == 1}
    others = [
        Cutoff((m.id,), country, None)
        for m in instance.materials
        if m.id not in alone
        and (country := dominant_supplier(instance, m.id)) is not None
    ]
    return (*published, *others)


def dominant_supplier(instance: Instance, material: str) -> str | None:
    """Return the named country with the largest share of mining or of refining."""
    volumes: dict[tuple[str, str], float] = {}
    for route in instance.routes:
        if route.material != material or route.kind == "recycling":
            continue
        share = instance.index.normal_share(route)
        for step, country in (
            ("mining", route.mining_country),
            ("refining", route.refining_country),
        ):
            if country != UNNAMED:
                volumes[step, country] = volumes.get((step, country), 0.0) + share
    if not volumes:
        return None
    return max(volumes, key=lambda key: volumes[key])[1]


@dataclass(frozen=True, slots=True)
class YearlyLosses:
    """Losses of cut-offs: in US dollars a year, (cut-off), and by product.

    by_product, (product, cut-off), leaves out what is paid for emergency purchases.
    """

    total: Floats
    by_product: Floats

    def share(self, cutoff: int, products: Sequence[int]) -> float:
        """Return the share of a loss that falls on some products."""
        whole = float(self.by_product[:, cutoff].sum())
        part = float(self.by_product[list(products), cutoff].sum())
        return part / whole if whole > 0 else 0.0


def yearly_losses(instance: Instance, found: Sequence[Cutoff]) -> YearlyLosses:
    """Return the losses of cut-offs, undiscounted, in plain dollars.

    Weights of priority classes are left out: published losses have none.
    """
    products = len(instance.final_products())
    if not found:
        return YearlyLosses(np.zeros(0), np.zeros((products, 0)))
    plain = _of_a_year(_without_weights(instance))
    scenarios = _scenarios(plain, found)
    market = observe(plain, scenarios)
    recourse = find_blocks(plain, scenarios, market)
    # In millions: a tonne of rhodium or lutetium short costs billions of dollars, too
    # far from a tonne of aluminium for one linear program in dollars.
    in_millions = replace(
        recourse,
        shortage_cost=recourse.shortage_cost / MILLION,
        emergency_cost=recourse.emergency_cost / MILLION,
    )
    shape = (len(found), plain.horizon.number_of_periods)
    allocation = allocate(in_millions, no_supply(recourse), shape)
    usd = MILLION / plain.horizon.years
    by_product = np.zeros((products, len(found)))
    w = recourse.products.w[recourse.shortage_entry]
    cost = in_millions.shortage_cost * allocation.shortage
    np.add.at(by_product, (recourse.shortage_product, w), cost)
    return YearlyLosses(allocation.cost.sum(axis=1) * usd, by_product * usd)


def _scenarios(instance: Instance, found: Sequence[Cutoff]) -> ScenarioSet:
    """Return one scenario of a year for each cut-off."""
    number, periods = len(found), instance.horizon.number_of_periods
    plane = (number, periods)
    availability = np.ones((len(instance.routes), *plane))
    for w, cutoff in enumerate(found):
        for r, route in enumerate(instance.routes):
            countries = {route.mining_country, route.refining_country}
            if route.material in cutoff.materials and cutoff.country in countries:
                availability[r, w] = 0.0
    price = np.array([m.price_usd_per_tonne for m in instance.materials])
    demand = np.array([p.units_per_year(0) for p in instance.final_products()])
    units = np.outer(demand, instance.horizon.period_lengths_years)
    return ScenarioSet(
        names=tuple(f"{w}_{x.country}" for w, x in enumerate(found)),
        probability=np.full(number, 1 / number),
        stratum=np.arange(number),
        availability=availability,
        announced=np.zeros((len(instance.materials), *plane), dtype=np.bool_),
        price=np.broadcast_to(price[:, None, None], (len(price), *plane)).copy(),
        base_price=np.repeat(price[:, None], periods, axis=1),
        demand=np.broadcast_to(units[:, None], (len(units), *plane)).copy(),
    )


def _of_a_year(instance: Instance) -> Instance:
    """Return the case with as many average periods as come nearest to a year.

    No particular year is meant, so they are not those of the calendar.
    """
    days = instance.horizon.average_period_days
    length = {"period": None, "period_days": days}
    periods = {"number_of_periods": max(1, round(DAYS_PER_YEAR / days))}
    horizon = instance.horizon.model_copy(update=length | periods)
    return instance.model_copy(update={"horizon": horizon})


def _without_weights(instance: Instance) -> Instance:
    classes = tuple(
        k.model_copy(update={"weight": 1.0}) for k in instance.priority_classes
    )
    return instance.model_copy(update={"priority_classes": classes})
