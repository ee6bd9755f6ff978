"""The cash rule once more for one scenario, in plain Python, facility by facility."""

from dataclasses import dataclass
from math import inf

from models.finance import Facility
from models.instance import Instance


@dataclass(frozen=True)
class Step:
    """What stands in the books after one column."""

    level: float
    cash: float
    costs: float


def follow_plainly(
    instance: Instance, available: list[float], most: float = inf
) -> list[Step]:
    """Return the steps of one scenario; see `follow` of optimizer.cash_rule."""
    facilities = [x for x in instance.financing.facilities if x.drawn != "by_schedule"]
    years = [0.0, *instance.horizon.period_lengths_years]
    found: list[Step] = []
    level = paid = 0.0
    for length, there in zip(years, available, strict=True):
        fees = sum(x.commitment_fee_per_year * x.limit_usd * length for x in facilities)
        least = _least_level(facilities, paid + fees - there, length)
        least = min(least, most)
        level = least if facilities[0].drawn == "revolving" else max(level, least)
        brought, interest = _brought(facilities, level, length)
        paid += interest + fees
        found.append(Step(level, there + brought - paid, paid))
    return found


def _groups(facilities: list[Facility]) -> list[list[Facility]]:
    orders = sorted({x.order for x in facilities})
    return [[x for x in facilities if x.order == order] for order in orders]


def _terms(group: list[Facility]) -> tuple[float, float, float]:
    """Return width, exposure fee and net rate of facilities of one order."""
    width = sum(x.limit_usd for x in group)
    fee = sum(x.exposure_fee * x.limit_usd for x in group) / width
    net = sum(
        (x.rate_per_year - x.commitment_fee_per_year) * x.limit_usd for x in group
    )
    return width, fee, net / width


def _least_level(facilities: list[Facility], need: float, years: float) -> float:
    groups, level = _groups(facilities), 0.0
    for i, group in enumerate(groups):
        width, fee, rate = _terms(group)
        gross = max(need, 0.0) / (1 - fee - rate * years)
        if i < len(groups) - 1:
            gross = min(gross, width)
        level += gross
        need -= gross * (1 - fee - rate * years)
    return level


def _brought(
    facilities: list[Facility], level: float, years: float
) -> tuple[float, float]:
    """Return what a level brings after exposure fees, and its interest of a period."""
    groups, brought, interest = _groups(facilities), 0.0, 0.0
    for i, group in enumerate(groups):
        width, fee, rate = _terms(group)
        part = level if i == len(groups) - 1 else min(level, width)
        level -= part
        brought += (1 - fee) * part
        interest += rate * years * part
    return brought, interest
