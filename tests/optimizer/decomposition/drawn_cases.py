"""Tiny cases with every kind of limit, trials, and what they cost by plain loops."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from models.instance import Instance
from models.reading import read_instance
from optimizer.point import TrialPoint
from optimizer.problem import (
    FirstStageProblem,
    discount_factors,
    first_stage_problem,
    recourse_of,
)
from optimizer.recourse.allocation import Supply, allocate
from optimizer.scenarios.scenario_set import Floats, ScenarioSet
from tests.laws.tiny_cases import tiny_case
from tests.optimizer.random_cases import random_scenarios
from tests.optimizer.vault_case import changed

MILLION = 1e6
NOTHING: Mapping[str, object] = {}


def limited_case(seed: int) -> dict[str, Any]:
    """Return a tiny case with tranche limits, and some of the other limits."""
    draw = np.random.default_rng([seed, 1])
    case = tiny_case(seed)
    loan = case["financing"]["facilities"][0]
    changes: dict[str, object] = {
        "options.gap": 5e-4,
        "options.max_tranches": int(draw.integers(1, 4)),
        "materials.0.lot_tonnes": float(draw.choice([4.0, 10.0])),
    }
    maybe: tuple[tuple[str, object], ...] = (
        ("financing.collateral_cover", float(draw.choice([0.5, 0.9, 1.2]))),
        ("materials.0.minimum_days_of_cover", float(draw.choice([10.0, 40.0]))),
        ("materials.1.price_impact", [_block(100.0, 0.05), _block(200.0, 0.2)]),
        ("financing.facilities+", _capital(0.5 * loan["limit_usd"])),
        ("financing.opening_cash_usd", 1e5),
    )
    changes |= dict(kept for kept in maybe if draw.random() < 0.4)
    if np.random.default_rng([seed, 2]).random() < 0.4:
        impact = [_block(5.0, 0.1), _block(9.0, 0.6)]
        changes["materials.0.refill_impact"] = impact
    if "financing.facilities+" in changes:
        changes["financing.debt_to_equity_limit"] = 2.0
    return changed(case, changes)


def limited(
    seed: int, changes: Mapping[str, object] = NOTHING, *, number: int = 3
) -> tuple[Instance, ScenarioSet]:
    """Return a case with limits after some changes, and scenarios drawn for it."""
    instance = read_instance(changed(limited_case(seed), changes))
    return instance, random_scenarios(instance, seed, number)


def outlined(seed: int) -> FirstStageProblem:
    """Return the problem of a case before any candidate is simulated."""
    return first_stage_problem(*limited(seed))


def drawn_trial(problem: FirstStageProblem, draw: np.random.Generator) -> TrialPoint:
    """Return shares of some candidates of each holding, in all at most 1."""
    shares: list[Floats] = []
    for menu in problem.menus:
        share = np.zeros(len(menu.candidates))
        some = draw.integers(0, len(share), size=3)
        share[some] = draw.uniform(0, 1, 3) / 3
        shares.append(share)
    return TrialPoint(tuple(shares), draw.uniform(0, 1, len(problem.contracts)))


def true_costs(problem: FirstStageProblem, trial: TrialPoint) -> Floats:
    """Return the discounted cost of a trial by scenario, in millions."""
    shape = problem.scenarios.price.shape[1:]
    cost = allocate(recourse_of(problem), supply_of(problem, trial), shape).cost
    return cost @ discount_factors(problem.instance) / MILLION


def supply_of(problem: FirstStageProblem, trial: TrialPoint) -> Supply:
    """Return what a trial supplies, from the whole response of each candidate."""
    every = {
        holding.name: np.arange(len(menu.candidates))
        for holding, menu in zip(problem.holdings, problem.menus, strict=True)
    }
    responses = problem.simulated(every).responses
    recourse = recourse_of(problem)
    own = np.zeros(recourse.number_of_gaps)
    pooled = np.zeros(len(recourse.short_m))
    for holding, response, share in zip(
        problem.holdings, responses, trial.shares, strict=True
    ):
        released = np.tensordot(share, response.released, axes=1)
        _give(problem, (holding.m, holding.o), released, (own, pooled))
    materials = [m.id for m in problem.instance.materials]
    participants = [o.id for o in problem.instance.participants]
    for signed, response in zip(trial.signed, problem.contracts, strict=True):
        first = response.contract.beneficiary
        o = None if first is None else participants.index(first)
        m = materials.index(response.contract.material)
        _give(problem, (m, o), signed * response.delivered, (own, pooled))
    return Supply(own, pooled)


def _give(
    problem: FirstStageProblem,
    to: tuple[int, int | None],
    tonnes: Floats,
    supply: tuple[Floats, Floats],
) -> None:
    """Add tonnes (w, t) to the gaps of one participant, or to what all may share."""
    recourse, (own, pooled) = recourse_of(problem), supply
    if to[1] is None:
        for i, m in enumerate(recourse.short_m):
            if m == to[0]:
                pooled[i] += tonnes[recourse.short_w[i], recourse.short_t[i]]
        return
    for i, pair in enumerate(recourse.gap_pair):
        if problem.market.pairs[pair] == (to[1], to[0]):
            own[i] += tonnes[recourse.gap_w[i], recourse.gap_t[i]]


def _block(tonnes: float, premium: float) -> dict[str, object]:
    return {"tonnes_per_year": tonnes, "premium": premium}


def _capital(limit: float) -> dict[str, object]:
    return {
        "id": "capital",
        "name": "Capital",
        "kind": "equity",
        "limit_usd": limit,
        "rate_per_year": 0.08,
    }
