"""Financing in plain numbers: balances, fees, premia of own buying. US dollars.

Rows (15), (17) and (19) of the page as functions of given draws, for simulation and
separation.
"""

from dataclasses import dataclass

import numpy as np

from models.finance import Facility
from models.instance import Instance
from models.material import Material
from optimizer.debt_in_force import covered_of_before, owed_of_before
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Charges:
    """What facilities cost, by facility and period (f, t), US dollars."""

    exposure_fees: Floats
    interest: Floats
    commitment_fees: Floats


def balances(instance: Instance, draws: Floats) -> Floats:
    """Return what is owed or called of draws (f, t): draws less instalments."""
    repaid = np.cumsum(instalments(instance, draws), axis=1)
    return np.cumsum(draws, axis=1) - repaid


def instalments(instance: Instance, draws: Floats) -> Floats:
    """Return what is paid back by facility and period (f, t)."""
    return np.array(
        [
            _instalments(facility, drawn)
            for facility, drawn in zip(
                instance.financing.facilities, draws, strict=True
            )
        ]
    ).reshape(draws.shape)


def financing_costs(
    instance: Instance, draws: Floats, *, are_all: bool = True
) -> Floats:
    """Return exposure fees, interest and commitment fees by period (t).

    Those of all facilities, or of those that are drawn by schedule only.
    """
    found = charges(instance, draws)
    costs = np.zeros(draws.shape[1])
    for f, facility in enumerate(instance.financing.facilities):
        if facility.is_drawn_by_rule and not are_all:
            continue
        costs += found.exposure_fees[f]
        costs += found.interest[f]
        costs += found.commitment_fees[f]
    return costs


def charges(instance: Instance, draws: Floats) -> Charges:
    """Return what each facility costs: on draws, on its balance, on what is undrawn."""
    years = np.array(instance.horizon.period_lengths_years)
    facilities = instance.financing.facilities
    interest = balances(instance, draws)
    exposure, commitment = draws.copy(), np.zeros_like(draws)
    drawn = np.cumsum(draws, axis=1)
    for f, facility in enumerate(facilities):
        exposure[f] *= facility.exposure_fee
        interest[f] *= facility.rate_per_year * years
        undrawn = facility.limit_usd - drawn[f]
        commitment[f] = facility.commitment_fee_per_year * years * undrawn
        if facility.last_draw_period is not None:
            commitment[f, facility.last_draw_period + 1 :] = 0.0
    return Charges(exposure, interest, commitment)


def net_financing(instance: Instance, draws: Floats) -> Floats:
    """Return draws less fees, interest and instalments, up to each period (t).

    Of facilities that are drawn by schedule: the cash rule counts the others.
    """
    repaid = instalments(instance, draws).sum(axis=0)
    costs = financing_costs(instance, draws, are_all=False)
    return np.cumsum(draws.sum(axis=0) - repaid - costs)


def drawn_before_start(instance: Instance, draws: Floats) -> float:
    """Return the draws of period 0 less their fees: they come before all else."""
    return sum(
        (1 - facility.exposure_fee) * float(drawn[0])
        for facility, drawn in zip(instance.financing.facilities, draws, strict=True)
    )


def debt(instance: Instance, draws: Floats) -> Floats:
    """Return the balance of all loans by period (t), those of before included."""
    return _balance_of(instance, draws, "loan")


def covered_debt(instance: Instance, draws: Floats) -> Floats:
    """Return the balance of all loans that need collateral by period (t).

    Those of before are included.
    """
    chosen = [f.needs_collateral for f in instance.financing.facilities]
    owed = balances(instance, draws)[np.array(chosen, dtype=np.bool_)].sum(axis=0)
    return owed + covered_of_before(instance)


def capital(instance: Instance, draws: Floats) -> Floats:
    """Return the capital called by period (t), that of before included."""
    return _balance_of(instance, draws, "equity")


def premium(
    instance: Instance, material: Material, tonnes: Floats, price: Floats
) -> Floats:
    """Return what planned buying of `tonnes` (t) pays above the price (t)."""
    years = instance.horizon.average_period_years
    left = tonnes.copy()
    paid = np.zeros_like(tonnes)
    for i, block in enumerate(material.price_impact):
        is_last = i == len(material.price_impact) - 1
        width = np.inf if is_last else block.tonnes_per_year * years
        inside = np.minimum(left, width)
        paid += inside * block.premium * price
        left = left - inside
    return paid


def _balance_of(instance: Instance, draws: Floats, kind: str) -> Floats:
    chosen = [f.kind == kind for f in instance.financing.facilities]
    owed = balances(instance, draws)[np.array(chosen, dtype=np.bool_)].sum(axis=0)
    return owed + owed_of_before(instance, kind)


def _instalments(facility: Facility, drawn: Floats) -> Floats:
    """Return equal parts of all draws over the instalment periods (t)."""
    due = np.zeros_like(drawn)
    start, number = facility.repayment_start_period, facility.number_of_instalments
    if start is not None and number is not None:
        due[start : start + number] = drawn[:start].sum() / number
    return due
