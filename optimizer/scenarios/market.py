"""Undisrupted prices and demand by period, and the noise around them.

Noise is a lognormal random walk with mean 1 in every period. It starts at 1 in period
0, whose price and demand are known; that of a price starts at the level that the
position states, which is its mean in every period then. What disruptions do to prices
is in `timeline`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from models.instance import Instance
from models.prices_today import price_level
from optimizer.deadline import look
from optimizer.scenarios.scenario_set import Floats
from optimizer.scenarios.streams import Streams


def price_path(instance: Instance) -> Floats:
    """Return the undisrupted price in US dollars a tonne, (m, t)."""
    periods = instance.horizon.number_of_periods
    return np.array(
        [
            m.price_path_usd_per_tonne or (m.price_usd_per_tonne,) * periods
            for m in instance.materials
        ],
        dtype=np.float64,
    )


def price_levels(instance: Instance) -> Floats:
    """Return prices at the start, but for events, as multiples of their paths (m)."""
    return np.array([price_level(instance, m.id) for m in instance.materials])


def demand_path(instance: Instance) -> Floats:
    """Return the planned demand of the final products in units a period, (p, t)."""
    horizon = instance.horizon
    years = np.array(horizon.period_lengths_years)
    since_start = np.array(horizon.period_offsets_years)
    products = instance.final_products()
    paths = np.empty((len(products), len(years)))
    for p, product in enumerate(products):
        a_year = [product.units_per_year(t) for t in range(len(years))]
        units = np.array(a_year) * years
        paths[p] = units * (1 + product.growth_per_year) ** since_start
    return paths


def price_noise(
    instance: Instance,
    number_of_scenarios: int,
    streams: Streams,
    labels: Mapping[str, str],
) -> Floats:
    """Return what multiplies the price, (m, w, t); labels are by material."""
    return _noise(
        instance,
        [(labels[m.id], m.price_volatility_per_year) for m in instance.materials],
        number_of_scenarios,
        streams,
    )


def demand_noise(
    instance: Instance,
    number_of_scenarios: int,
    streams: Streams,
    labels: Mapping[str, str],
) -> Floats:
    """Return what multiplies the demand, (p, w, t); labels are by product."""
    return _noise(
        instance,
        [
            (labels[p.id], p.demand_volatility_per_year)
            for p in instance.final_products()
        ],
        number_of_scenarios,
        streams,
    )


def _noise(
    instance: Instance,
    volatilities: Sequence[tuple[str, float]],
    number_of_scenarios: int,
    streams: Streams,
) -> Floats:
    # From the start of each period to that of the next.
    years = np.array(instance.horizon.period_lengths_years[:-1])
    periods = instance.horizon.number_of_periods
    noise = np.ones((len(volatilities), number_of_scenarios, periods))
    for i, (label, volatility) in enumerate(volatilities):
        look()
        deviation = volatility * np.sqrt(years)
        if volatility > 0:
            shape = (number_of_scenarios, periods - 1)
            steps = deviation * streams.of(label).standard_normal(shape)
            # E[exp(deviation * z)] = exp(deviation^2 / 2), taken off at each step.
            walk = np.cumsum(steps - deviation**2 / 2, axis=1)
            noise[i, :, 1:] = np.exp(walk)
    return noise
