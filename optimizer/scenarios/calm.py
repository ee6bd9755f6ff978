"""Whether scenarios without any onset can hurt, and so deserve to be many."""

from models.horizon import DAYS_PER_YEAR
from models.instance import Instance

TOLERANCE = 1e-6


def is_calm_safe(instance: Instance) -> bool:
    """Tell whether normal supply covers every need as long as nothing happens.

    Volatilities do not count: they may not move a scenario from one stratum to another.
    """
    horizon = instance.horizon
    years = horizon.number_of_periods * horizon.years_per_period
    growth = max(1 + product.growth_per_year for product in instance.final_products())
    supply = dict.fromkeys((m.id for m in instance.materials), 0.0)
    for m, need_tonnes_per_day in instance.index.need_tonnes_per_day.items():
        need = need_tonnes_per_day * DAYS_PER_YEAR * max(1.0, growth) ** years
        for route in instance.routes:
            if route.material == m:
                tonnes = (route.tonnes_per_year or 0.0) * route.capacity_factor
                supply[m] += tonnes / need if need > 0 else 1.0
                supply[m] += (route.share or 0.0) * route.capacity_factor
    return min(supply.values()) >= 1 - TOLERANCE
