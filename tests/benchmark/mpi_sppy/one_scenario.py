"""A problem cut down to one of its scenarios; menus stay those of all scenarios.

Candidates that respond alike are merged over all scenarios, so a menu assembled on one
scenario would be another menu: first stages of two scenarios could not be compared.
"""

from dataclasses import replace

import numpy as np
import pyomo.environ as pyo

from optimizer.formulation import build
from optimizer.policies.market import observe
from optimizer.policies.offtake import OfftakeResponse
from optimizer.policies.response import Response
from optimizer.problem import CompleteProblem
from optimizer.recourse.blocks import find_blocks

CashRow = tuple[int, int]


def build_scenario(
    problem: CompleteProblem, w: int, *, is_relaxed: bool, cash_rows: list[CashRow]
) -> pyo.ConcreteModel:
    """Declare the model in which scenario w is certain.

    cash_rows are (t, scenario) of the whole problem. They have first-stage variables
    only, so the model has those of other scenarios too: then a first stage that it
    proposes can be evaluated in every scenario.
    """
    kept = [w, *sorted({x for _, x in cash_rows} - {w})]
    return build(
        _with_scenarios(problem, kept),
        is_relaxed=is_relaxed,
        cash_rows=[(t, kept.index(x)) for t, x in cash_rows],
    )


def _with_scenarios(problem: CompleteProblem, kept: list[int]) -> CompleteProblem:
    """Return the problem on the first of the scenarios; the others have cash flows."""
    positions = np.array(kept)
    scenarios = replace(
        problem.scenarios.select(positions),
        probability=(positions == kept[0]).astype(np.float64),
    )
    certain = scenarios.select(slice(0, 1))
    recourse = find_blocks(
        problem.instance, certain, observe(problem.instance, certain)
    )
    return replace(
        problem,
        scenarios=scenarios,
        market=observe(problem.instance, scenarios),
        responses=tuple(
            Response(
                x.released[:, positions],
                x.cash_flow[:, positions],
                x.stock_value[:, positions],
                x.on_hand[:, positions],
                x.opening_flow,
                x.opening_value,
            )
            for x in problem.responses
        ),
        contracts=tuple(
            OfftakeResponse(
                x.contract,
                x.delivered[positions],
                x.cash_flow[positions],
                x.opening_flow,
                x.is_in_force,
            )
            for x in problem.contracts
        ),
        recourse=recourse,
    )
