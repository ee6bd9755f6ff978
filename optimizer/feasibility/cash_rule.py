"""The cash rule once more, as an operator follows it: one scenario, dollar by dollar.

Independent of `optimizer.cash_rule`, which the model and the replay use.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.finance import Facility
from models.instance import Instance
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Step:
    """What stands in the books after one column, US dollars.

    drawn is by facility; costs are all interest and fees paid up to then, accrued the
    returns on capital owed after the end.
    """

    drawn: tuple[float, ...]
    cash: float
    costs: float
    accrued: float


@dataclass(frozen=True, slots=True)
class Ruled:
    """The facilities drawn by the rule, before the start and in each period (T + 1).

    drawn is by facility (f, w, T + 1); cash, costs and accrued are (w, T + 1).
    """

    facilities: tuple[Facility, ...]
    drawn: Floats
    cash: Floats
    costs: Floats
    accrued: Floats

    def owed(self, counts: Callable[[Facility], bool]) -> Floats:
        """Return what is drawn from all facilities that count (w, t)."""
        chosen = [f for f, x in enumerate(self.facilities) if counts(x)]
        return self.drawn[chosen, :, 1:].sum(axis=0)


def follow_rule(instance: Instance, available: Floats) -> Ruled:
    """Return what the rule draws in all scenarios, given all other money (w, T + 1)."""
    facilities = tuple(
        x for x in instance.financing.facilities if x.drawn != "by_schedule"
    )
    if not facilities:
        nothing = np.zeros_like(available)
        return Ruled((), np.zeros((0, *available.shape)), available, nothing, nothing)
    years = (0.0, *instance.horizon.period_lengths_years)
    rows = [tuple(row) for row in available.tolist()]
    # Where nothing is held, the money is the same in all scenarios.
    followed = {row: follow_scenario(facilities, years, row) for row in set(rows)}
    steps = [followed[row] for row in rows]
    drawn = [[step.drawn for step in of_scenario] for of_scenario in steps]
    shape = (*available.shape, len(facilities))
    return Ruled(
        facilities=facilities,
        drawn=np.moveaxis(np.array(drawn).reshape(shape), -1, 0),
        cash=np.array([[step.cash for step in x] for x in steps]),
        costs=np.array([[step.costs for step in x] for x in steps]),
        accrued=np.array([[step.accrued for step in x] for x in steps]),
    )


def follow_scenario(
    facilities: Sequence[Facility], years: Sequence[float], available: Sequence[float]
) -> list[Step]:
    """Return the steps of one scenario; years are 0 before the start.

    The facilities of the highest order are drawn beyond their limits if need be.
    """
    found: list[Step] = []
    drawn, paid, accrued = [0.0] * len(facilities), 0.0, 0.0
    for length, there in zip(years, available, strict=True):
        if any(x.drawn == "revolving" for x in facilities):
            drawn = [0.0] * len(facilities)
        standby = sum(
            x.commitment_fee_per_year * length * x.limit_usd for x in facilities
        )
        brought = sum(
            a * _brings(x, length) for x, a in zip(facilities, drawn, strict=True)
        )
        drawn = _drawn_more(facilities, drawn, length, paid + standby - there - brought)
        paid += standby + sum(
            _paid_per_year(x) * length * a
            for x, a in zip(facilities, drawn, strict=True)
        )
        accrued += sum(
            x.rate_per_year * length * a
            for x, a in zip(facilities, drawn, strict=True)
            if x.accrues
        )
        fees = sum(x.exposure_fee * a for x, a in zip(facilities, drawn, strict=True))
        cash = there + sum(drawn) - fees - paid
        found.append(Step(tuple(drawn), cash, paid + fees, accrued))
    return found


def _drawn_more(
    facilities: Sequence[Facility], drawn: list[float], years: float, missing: float
) -> list[float]:
    """Return what is drawn once what is missing is there as well."""
    drawn = list(drawn)
    orders = sorted({x.order for x in facilities})
    for order in orders:
        if missing <= 0:
            break
        group = [f for f, x in enumerate(facilities) if x.order == order]
        width = sum(facilities[f].limit_usd for f in group)
        parts = {
            f: facilities[f].limit_usd / width if width > 0 else 1 / len(group)
            for f in group
        }
        brings = sum(part * _brings(facilities[f], years) for f, part in parts.items())
        more = missing / brings
        if order != orders[-1]:
            more = min(more, width - sum(drawn[f] for f in group))
        for f, part in parts.items():
            drawn[f] += part * more
        missing -= more * brings
    return drawn


def _brings(facility: Facility, years: float) -> float:
    """Return what a dollar of a facility brings after fee and interest of a period."""
    return 1 - facility.exposure_fee - _paid_per_year(facility) * years


def _paid_per_year(facility: Facility) -> float:
    """Return what a dollar drawn adds to what is paid in cash a year."""
    rate = 0.0 if facility.accrues else facility.rate_per_year
    return rate - facility.commitment_fee_per_year
