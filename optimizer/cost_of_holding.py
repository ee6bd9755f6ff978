"""The cost of holding: what a reserve costs its owners beside shortages.

What the owners have lost at the end of the horizon: all that was paid less all that was
received, interest and fees of facilities included, less what the stock that is left is
worth after a haircut. Free stock counts as paid for with what it is worth at the start
after the same haircut: who does not plan with it still has it. Discounted from the end
of the horizon. It is linear in shares, contracts, draws and premia (FORMULATION.md,
section 5). US dollars.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.instance import Instance
from optimizer.cash_rows import (
    cumulated_contract_flow,
    cumulated_flow,
    known_cash,
)
from optimizer.cash_rule import follow, stack_of
from optimizer.financing import (
    balances,
    drawn_before_start,
    net_financing,
    premium,
)
from optimizer.membership import cash_before_plan
from optimizer.policies.offtake import OfftakeResponse
from optimizer.policies.response import Response
from optimizer.problem import Chosen, FirstStageProblem, SimulatedProblem
from optimizer.scenarios.scenario_set import Floats

TIED_SHARE_OF_GAP = 0.25
SMALLEST_WEIGHT = 1e-6


@dataclass(frozen=True, slots=True)
class ExpectedMoney:
    """Expected money of whole candidates and signed contracts, US dollars.

    earned is what a candidate receives less what it pays over the horizon, left what
    its stock is worth at the end more than free stock at the start (c), both by
    holding; contracts is by contract (q). The scenarios may be part of all.
    """

    earned: tuple[Floats, ...]
    left: tuple[Floats, ...]
    contracts: Floats

    def plus(self, other: "ExpectedMoney") -> "ExpectedMoney":
        """Return the sum over two parts of the scenarios."""
        return ExpectedMoney(
            tuple(a + b for a, b in zip(self.earned, other.earned, strict=True)),
            tuple(a + b for a, b in zip(self.left, other.left, strict=True)),
            self.contracts + other.contracts,
        )

    def restricted(self, problem: FirstStageProblem, chosen: Chosen) -> "ExpectedMoney":
        """Return the money of some candidates of each holding."""
        names = [holding.name for holding in problem.holdings]
        return ExpectedMoney(
            tuple(x[chosen[name]] for name, x in zip(names, self.earned, strict=True)),
            tuple(x[chosen[name]] for name, x in zip(names, self.left, strict=True)),
            self.contracts,
        )


def carried(instance: Instance) -> Floats:
    """Return what a dollar earned in each period is worth at the end (t).

    Where the cash rule alone draws, money carries interest: what is drawn is at least
    what is missing, so interest on all that is missing, at the least mean rate of any
    level, is at most the true one. With other money, opening cash or scheduled
    draws, less is missing than was paid, and no interest is counted here.
    """
    stack, years = stack_of(instance), np.array(instance.horizon.period_lengths_years)
    is_scheduled = any(
        f.limit_usd > 0 and not f.is_drawn_by_rule
        for f in instance.financing.facilities
    )
    if stack is None or is_scheduled or known_cash(instance).any():
        return np.ones(len(years))
    rate = stack.least_rate
    return 1 + rate * np.cumsum(years[::-1])[::-1]


def expected_of(
    instance: Instance, probability: Floats, response: Response
) -> tuple[Floats, Floats]:
    """Return what candidates earn and what is left of them, expected (c), (c)."""
    earned = response.cash_flow @ carried(instance) @ probability
    gained = response.stock_value[:, :, -1] - response.opening_value[:, None]
    return earned, gained @ probability


def expected_of_contracts(
    instance: Instance, probability: Floats, contracts: Sequence[OfftakeResponse]
) -> Floats:
    """Return what signed contracts earn, expected (q)."""
    factors = carried(instance)
    return np.array([float(probability @ x.cash_flow @ factors) for x in contracts])


def expected_money(problem: SimulatedProblem) -> ExpectedMoney:
    """Return the expected money of all candidates and contracts of a problem."""
    instance, probability = problem.instance, problem.scenarios.probability
    found = [expected_of(instance, probability, x) for x in problem.responses]
    return ExpectedMoney(
        tuple(earned for earned, _ in found),
        tuple(left for _, left in found),
        expected_of_contracts(instance, probability, problem.contracts),
    )


def final_factor(instance: Instance) -> float:
    """Return the value at the start of a dollar at the end of the horizon."""
    horizon = instance.horizon
    return horizon.discount_factor(horizon.number_of_periods)


def kept_of_value(instance: Instance) -> float:
    """Return the part of the market value of the final stock that counts."""
    return 1 - instance.financing.final_value_haircut


def cost_of_whole(
    instance: Instance, money: ExpectedMoney
) -> tuple[tuple[Floats, ...], Floats]:
    """Return the cost of holding whole candidates (c) and of contracts (q)."""
    factor, kept = final_factor(instance), kept_of_value(instance)
    return (
        tuple(
            -factor * (earned + kept * left)
            for earned, left in zip(money.earned, money.left, strict=True)
        ),
        -factor * money.contracts,
    )


def available_cash(
    problem: SimulatedProblem,
    shares: Sequence[Floats],
    signed: Floats,
    draws: Floats,
    flows: Sequence[Floats] | None = None,
) -> Floats:
    """Return cash before the start and in each period (w, 1 + t), US dollars.

    It is without what the cash rule draws. Premia are those of the cheapest blocks;
    flows are `cumulated_flow` of all responses, computed if they are not given.
    """
    instance = problem.instance
    if flows is None:
        flows = [cumulated_flow(response) for response in problem.responses]
    cash = known_cash(instance) + sum(
        np.tensordot(share, flow, axes=1)
        for share, flow in zip(shares, flows, strict=True)
    )
    for part, contract in zip(signed, problem.contracts, strict=True):
        cash = cash + part * cumulated_contract_flow(contract)
    premia = np.cumsum(premia_of(problem, tuple(shares)).sum(axis=0))
    financed = net_financing(instance, draws) - premia
    return cash + np.concatenate([[drawn_before_start(instance, draws)], financed])


def cost_of_point(
    problem: SimulatedProblem, shares: Sequence[Floats], signed: Floats, draws: Floats
) -> float:
    """Return the expected cost of holding of shares, contracts and draws."""
    instance, stack = problem.instance, stack_of(problem.instance)
    cash = available_cash(problem, shares, signed, draws)
    owed = np.full(len(cash), float(balances(instance, draws)[:, -1:].sum()))
    if stack is not None:
        drawn = follow(stack, cash, stack.most_usd)
        cash, owed = drawn.cash, owed + drawn.level[:, -1]
        owed += stack.accrued(drawn.level)[:, -1]
    stock, opening = np.zeros_like(cash), 0.0
    for share, response in zip(shares, problem.responses, strict=True):
        stock[:, 1:] += np.tensordot(share, response.stock_value, axes=1)
        opening += float(share @ response.opening_value)
    costs = cost_by_scenario(instance, cash, stock, owed, opening)
    return float(problem.scenarios.probability @ costs)


def premia_of(problem: FirstStageProblem, shares: tuple[Floats, ...]) -> Floats:
    """Return the premia of planned buying (m, t) in US dollars."""
    instance = problem.instance
    planned = np.zeros((len(instance.materials), instance.horizon.number_of_periods))
    for holding, menu, share in zip(
        problem.holdings, problem.menus, shares, strict=True
    ):
        planned[holding.m] += share @ menu.policies.planned(planned.shape[1])
    return np.array(
        [
            premium(instance, material, planned[m], problem.scenarios.base_price[m])
            for m, material in enumerate(instance.materials)
        ]
    )


def cost_by_scenario(
    instance: Instance,
    cash: Floats,
    stock_value: Floats,
    owed_usd: Floats | float,
    opening_value_usd: float,
) -> Floats:
    """Return the cost of holding by scenario (w) from what is left at the end.

    cash and stock_value are (w, t); owed is what facilities are owed at the end,
    opening_value what free stock was worth at the start. Fees of members are not
    counted: they are paid whatever is held.
    """
    known = cash_before_plan(instance)[-1]
    gained = stock_value[:, -1] - opening_value_usd
    left = cash[:, -1] - known + kept_of_value(instance) * gained
    return final_factor(instance) * (owed_usd - left)


def tie_weight(
    *, gap: float, lower_usd: float, cost_usd: float, least_usd: float
) -> float:
    """Return how many dollars of shortage a dollar of holding is worth to break ties.

    cost_usd is the cost of holding of the relaxation's optimum, least_usd the least
    that any point has. A point that minimises objective + weight x cost of holding then
    has an objective of at most the optimum + weight x (cost - least), which is a share
    of the gap: plans that close are tied.
    """
    spread = cost_usd - least_usd
    tolerance = TIED_SHARE_OF_GAP * gap * max(lower_usd, 0.0)
    if spread <= 0 or tolerance <= 0:
        return 0.0
    weight = min(tolerance / spread, 1.0)
    return weight if weight > SMALLEST_WEIGHT else 0.0
