"""The cost of a year without one supplier, compared with published losses.

One scenario for each cut-off: the country delivers nothing for a year, neither as miner
nor as refiner; no vault, no contracts; prices and demand stay as they are at the start.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from models.calibration import Calibration, CalibrationRow
from models.horizon import DAYS_PER_YEAR
from models.instance import Instance
from models.sections import PublishedLoss
from optimizer.cores import on_one_thread
from optimizer.policies.market import observe
from optimizer.recourse.allocation import allocate, no_supply
from optimizer.recourse.blocks import find_blocks
from optimizer.scenarios.scenario_set import Floats, ScenarioSet

FEWEST_RANKS = 3
UNNAMED = "OTH"
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Materials that a country stops delivering, and what was published of it."""

    materials: tuple[str, ...]
    country: str
    published: PublishedLoss | None


@on_one_thread
def calibrate(instance: Instance) -> Calibration:
    """Return the shortage cost of each cut-off, undiscounted, in plain dollars.

    Cut-offs are those with a published loss, and for every other material that of its
    dominant supplier. Weights of priority classes are left out: published losses have
    none.
    """
    found = cutoffs(instance)
    losses = yearly_losses(instance, found)
    rows = tuple(
        _row(cutoff, float(loss)) for cutoff, loss in zip(found, losses, strict=True)
    )
    return Calibration(rows=rows, rank_correlation=_rank_correlation(rows))


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
    need = instance.index.need_tonnes_per_day[material] * DAYS_PER_YEAR
    volumes: dict[tuple[str, str], float] = {}
    for route in instance.routes:
        if route.material != material or route.kind == "recycling":
            continue
        share = route.share
        if share is None:
            share = (route.tonnes_per_year or 0.0) / need
        for step, country in (
            ("mining", route.mining_country),
            ("refining", route.refining_country),
        ):
            if country != UNNAMED:
                volumes[step, country] = volumes.get((step, country), 0.0) + share
    if not volumes:
        return None
    return max(volumes, key=lambda key: volumes[key])[1]


def yearly_losses(instance: Instance, found: tuple[Cutoff, ...]) -> Floats:
    """Return the loss of each cut-off in US dollars, (cut-off)."""
    if not found:
        return np.zeros(0)
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
    cost = allocate(in_millions, no_supply(recourse), shape).cost
    return cost.sum(axis=1) * MILLION / plain.horizon.years


def _scenarios(instance: Instance, found: tuple[Cutoff, ...]) -> ScenarioSet:
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
    demand = np.array(
        [p.demand_units_per_year or 0.0 for p in instance.final_products()]
    )
    units = np.outer(demand, instance.horizon.period_lengths_years)
    return ScenarioSet(
        names=tuple("_".join((x.country, *x.materials)) for x in found),
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


def _row(cutoff: Cutoff, loss: float) -> CalibrationRow:
    published = cutoff.published
    sources = published.sources if published is not None else {}
    return CalibrationRow(
        materials=cutoff.materials,
        country=cutoff.country,
        modelled_loss_usd=max(0.0, loss),
        published_loss_usd=published.loss_usd if published else None,
        published_low_usd=published.loss_usd_low if published else None,
        published_high_usd=published.loss_usd_high if published else None,
        published_rank=published.rank if published else None,
        source=sources.get("loss_usd", sources.get("rank", "")),
    )


def _rank_correlation(rows: tuple[CalibrationRow, ...]) -> float | None:
    """Return Spearman's rho where only a rank is known: 1 if the order agrees."""
    ranked = [
        (row.published_rank, -row.modelled_loss_usd)
        for row in rows
        if row.published_rank is not None and row.published_loss_usd is None
    ]
    ranks, losses = {rank for rank, _ in ranked}, {loss for _, loss in ranked}
    if len(ranked) < FEWEST_RANKS or len(ranks) == 1 or len(losses) == 1:
        return None
    # Imported late: it takes a second, and every worker process would pay for it.
    from scipy.stats import (  # pyright: ignore[reportMissingTypeStubs]  # noqa: PLC0415
        spearmanr,  # pyright: ignore[reportUnknownVariableType]
    )

    correlate = cast("Callable[..., Any]", spearmanr)
    found = correlate([rank for rank, _ in ranked], [loss for _, loss in ranked])
    return float(np.clip(found.statistic, -1.0, 1.0))
