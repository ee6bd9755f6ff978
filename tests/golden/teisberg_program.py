"""Teisberg's dynamic program, written anew from its data: costs, values, best moves.

A Dynamic Programming Model of the U.S. Strategic Petroleum Reserve, Bell Journal of
Economics 12(2), 1981, with the data of the GAMS model library (markov, 82). The market
is normal or disrupted, a Markov chain of years. Each year the reserve is filled or
released, not filled while the market is disrupted, and own trade moves the price. What
is minimised, discounted, is what home consumers lose by the price, what is paid for oil
less what sales bring, and storage.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from optimizer.scenarios.scenario_set import Floats

DISCOUNT = 0.95
ELASTICITY = 0.1
DEMAND_SHIFT = -130.0
DEMAND_SCALE = 342.0
HOME_SHARE = 0.25
SUPPLY = 110.0
DISRUPTION = 11.0
NORMAL_PRICE = 34.526
STORAGE = 0.32
TRANSITION = np.array([[0.8, 0.2], [0.5, 0.5]])
STEP = 3
STOCKS = range(0, 22, STEP)
NORMAL, DISRUPTED = 0, 1


def price_at(missing: float) -> float:
    """Return the price at which the world demands what is supplied."""
    demanded = SUPPLY - missing - DEMAND_SHIFT
    return (DEMAND_SCALE / demanded) ** (1 / ELASTICITY)


def lost(missing: float) -> float:
    """Return what home consumers lose: the area beside their demand curve."""
    price, power = price_at(missing), 1 - ELASTICITY
    curve = (price**power - NORMAL_PRICE**power) / power
    return HOME_SHARE * (DEMAND_SHIFT * (price - NORMAL_PRICE) + DEMAND_SCALE * curve)


def cost(stock: int, after: int, state: int) -> float:
    """Return the cost of a year in which the stock changes so."""
    filled = after - stock
    missing = filled + (DISRUPTION if state == DISRUPTED else 0.0)
    return lost(missing) + price_at(missing) * filled + STORAGE * after


@dataclass(frozen=True, slots=True)
class Program:
    """The value of each stock and state, and the stock that it is best to go to."""

    value: Floats
    best: NDArray[np.int64]


@cache
def cost_table(*, sells: bool = True) -> Floats:
    """Return the cost of each move, (stock, state, stock after).

    Nothing is filled in disrupted years; and nothing sold in normal ones, unless it
    `sells` then, as his does.
    """
    table = np.full((len(STOCKS), 2, len(STOCKS)), np.inf)
    for i, stock in enumerate(STOCKS):
        for j, after in enumerate(STOCKS):
            if after >= stock or sells:
                table[i, NORMAL, j] = cost(stock, after, NORMAL)
            if after <= stock:
                table[i, DISRUPTED, j] = cost(stock, after, DISRUPTED)
    return table


@cache
def program(*, sells: bool = True) -> Program:
    """Solve the dynamic program by value iteration, to the last digits."""
    value = np.zeros((len(STOCKS), 2))
    while True:
        better = _before(DISCOUNT * value, sells=sells)
        if np.abs(better.value - value).max() < 1e-10:
            return better
        value = better.value


def programs(years: int, worth: Floats, *, sells: bool = True) -> list[Program]:
    """Return the programs of some years without discounting, the first year first.

    A unit that is left is worth `worth` by the state of the last year.
    """
    total = cost_table(sells=sells) - np.multiply.outer(worth, STOCKS)
    found = [_cheapest(total)]
    while len(found) < years:
        found.insert(0, _before(found[0].value, sells=sells))
    return found


def _before(value: Floats, *, sells: bool) -> Program:
    """Return the program a year before stocks and states have these values."""
    return _cheapest(cost_table(sells=sells) + (value @ TRANSITION.T).T)


def _cheapest(total: Floats) -> Program:
    return Program(total.min(axis=2), np.array(STOCKS)[total.argmin(axis=2)])
