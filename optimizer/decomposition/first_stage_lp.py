"""The first stage of a case over the whole menu, with rows as in FORMULATION.md.

The rows are those of formulation.py without recourse: (2) to (19), (22) and (23), less
(3) to (6) if relaxed. Rows (20) and (21) are added as they are separated. Each cluster
has a column for its expected cost and, with weight on the tail, each scenario has one
for its cost and a row (28). Money is in millions of US dollars.
"""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, hstack

from optimizer.compiled import Compiled, compile_model
from optimizer.cost_of_holding import ExpectedMoney
from optimizer.decomposition.financing_bounds import bound_financing
from optimizer.decomposition.master_data import (
    ColumnGroup,
    MasterData,
    MasterUnits,
    Rows,
)
from optimizer.first_stage.limit_text import Key
from optimizer.formulation import build
from optimizer.highs import Units
from optimizer.limit_margin import tightened
from optimizer.point import TrialPoint
from optimizer.problem import FirstStageProblem
from optimizer.program_units import CaseUnits, case_units, program_units
from optimizer.scenarios.scenario_set import Floats

Positions = NDArray[np.int64]
STARTING_CANDIDATES = 15


@dataclass(frozen=True, slots=True)
class FirstStageColumns:
    """Where the decisions stand among the columns of a stage.

    share and signed in the order of the trial vector; draw and balance (f, t);
    net_financing (t); purchase by block; value_at_risk, excess by scenario; cluster and
    scenario are the columns of the recourse. is_integer is by column.
    """

    share: Positions
    signed: Positions
    draw: Positions
    balance: Positions
    net_financing: Positions
    purchase: Positions
    value_at_risk: int
    excess: Positions
    cluster: Positions
    scenario: Positions
    is_integer: NDArray[np.bool_]

    @property
    def trial(self) -> Positions:
        """Columns of the trial vector."""
        return np.concatenate([self.share, self.signed])

    @property
    def decided(self) -> Positions:
        """All decisions, in an order that is the same for all sets of scenarios."""
        financing = [self.draw, self.balance, self.net_financing, self.purchase]
        return np.concatenate([self.trial, *(x.ravel() for x in financing)])


@dataclass(frozen=True, slots=True)
class FirstStageLp:
    """The stage of a problem, its columns, and name and index of its rows.

    cost_of_holding is that of each column, in millions of US dollars.
    """

    problem: FirstStageProblem
    data: MasterData
    columns: FirstStageColumns
    row_keys: tuple[Key, ...]
    cost_of_holding: Floats

    def rows_of(self, name: str) -> dict[tuple[object, ...], int]:
        """Return the position of each row of a name on the page, by its index."""
        return {
            index: row
            for row, (known, index) in enumerate(self.row_keys)
            if known == name
        }

    def trial(self, point: Floats) -> TrialPoint:
        """Return shares and contracts of a point."""
        sizes = [len(menu.candidates) for menu in self.problem.menus]
        shares = np.clip(point[self.columns.share], 0.0, 1.0)
        signed = np.clip(point[self.columns.signed], 0.0, 1.0)
        return TrialPoint(tuple(np.split(shares, np.cumsum(sizes)[:-1])), signed)


def first_stage_lp(
    problem: FirstStageProblem,
    cluster_costs: Floats,
    scenario_costs: Floats,
    money: ExpectedMoney | None = None,
    *,
    is_relaxed: bool = True,
) -> FirstStageLp:
    """Return the first stage of a problem, with the expected money of its candidates.

    Without it the cost of holding is 0.

    cluster_costs and scenario_costs are those without any supply: recourse never costs
    more, which bounds its columns.
    """
    model = build(problem, is_relaxed=is_relaxed, money=money)
    compiled = tightened(compile_model(model), problem.margin)
    columns = _columns(model, compiled, len(cluster_costs), len(scenario_costs))
    lower, upper = compiled.program.column_lower, compiled.program.column_upper
    bound_financing(problem, model, compiled.column, (lower, upper))
    worst = float(scenario_costs.max(initial=0.0))
    upper[[columns.value_at_risk, *columns.excess]] = worst
    risk = problem.instance.options.cvar_weight
    scenarios = scenario_costs[: len(columns.scenario)]
    groups = _groups(model, compiled, columns.share) if is_relaxed else ()
    number = len(columns.is_integer)
    units = case_units(problem, float(cluster_costs.sum()))
    stage = MasterData(
        cost=np.concatenate(
            [
                compiled.program.cost,
                np.full(len(cluster_costs), 1 - risk),
                np.zeros(len(scenarios)),
            ]
        ),
        rows=_rows(compiled, columns, number),
        column_lower=np.concatenate([lower, np.zeros(number - len(lower))]),
        column_upper=np.concatenate([upper, cluster_costs, scenarios]),
        groups=groups,
        is_started=_started(groups, number),
        units=_units(program_units(model, compiled, units), number, units),
    )
    holding = compiled.coefficients(model.cost_of_holding.expr)
    holding = np.concatenate([holding, np.zeros(number - len(holding))])
    return FirstStageLp(problem, stage, columns, _keys(compiled), holding)


def _units(of_model: Units, number: int, units: CaseUnits) -> MasterUnits:
    """Return the units of the model, and the unit of costs for the recourse columns."""
    recourse = np.full(number - len(of_model.columns), units.cost)
    columns = np.concatenate([of_model.columns, recourse])
    return MasterUnits(columns, of_model.rows, units.money, units.cost)


def _columns(
    model: pyo.ConcreteModel,
    compiled: Compiled,
    number_of_clusters: int,
    number_of_scenarios: int,
) -> FirstStageColumns:
    column = compiled.column
    facilities, periods = list(model.FACILITIES), list(model.PERIODS)
    number = len(compiled.variables)
    weighs_risk = pyo.value(model.cvar_weight) > 0
    tail = number_of_scenarios if weighs_risk else 0
    is_integer = np.zeros(number + number_of_clusters + tail, dtype=np.bool_)
    if compiled.program.is_integer is not None:
        is_integer[:number] = compiled.program.is_integer

    def places(variable: Any, keys: Any) -> Positions:  # noqa: ANN401 - Pyomo
        return np.array([column(variable[k]) for k in keys], dtype=np.int64)

    def table(variable: Any) -> Positions:  # noqa: ANN401 - Pyomo
        keys = [(f, t) for f in facilities for t in periods]
        return places(variable, keys).reshape(len(facilities), len(periods))

    return FirstStageColumns(
        share=places(model.share, model.CANDIDATES),
        signed=places(model.signed, model.CONTRACTS),
        draw=table(model.draw),
        balance=table(model.balance),
        net_financing=places(model.net_financing, periods),
        purchase=places(model.purchase_block, model.IMPACT_BLOCKS),
        value_at_risk=column(model.value_at_risk),
        excess=places(model.excess, model.SCENARIOS),
        cluster=number + np.arange(number_of_clusters),
        scenario=number + number_of_clusters + np.arange(tail),
        is_integer=is_integer,
    )


def _rows(compiled: Compiled, columns: FirstStageColumns, number: int) -> Rows:
    """Return the compiled rows, with the cost of its scenario in each row (28)."""
    program = compiled.program
    height, width = program.rows.shape
    matrix = csr_array(hstack([program.rows, csr_array((height, number - width))]))
    tail = _named(compiled, "tail_excess")
    if tail:
        rows = [i for i, _ in tail]
        costs = columns.scenario[[w for _, w in tail]]
        ones = coo_array((np.ones(len(tail)), (rows, costs)), shape=matrix.shape)
        matrix = csr_array(matrix + ones)
    return Rows(matrix, program.row_lower, program.row_upper)


def _groups(
    model: pyo.ConcreteModel, compiled: Compiled, share: Positions
) -> tuple[ColumnGroup, ...]:
    """Return the candidates of each holding, bounded in all by row (2).

    Those of a right in force are no group: row (2) is an equality there, and its one
    candidate is in the master from the start.
    """
    sizes = [len(model.policies[h].target) for h in model.HOLDINGS]
    ends = np.cumsum(sizes)[:-1]
    of_holding = dict(zip(model.HOLDINGS, np.split(share, ends), strict=True))
    return tuple(
        ColumnGroup(i, of_holding[h])
        for i, h in _named(compiled, "one_policy")
        if model.holding[h].in_force is None
    )


def _started(groups: tuple[ColumnGroup, ...], number: int) -> NDArray[np.bool_]:
    """Return all columns but candidates, and some of these from all over the menu."""
    started = np.ones(number, dtype=np.bool_)
    for group in groups:
        started[group.columns] = False
        spread = np.linspace(0, len(group.columns) - 1, STARTING_CANDIDATES)
        started[group.columns[np.unique(spread.round().astype(np.int64))]] = True
    return started


def _keys(compiled: Compiled) -> tuple[Key, ...]:
    """Return name and index of all rows, an index of one part as a tuple too."""
    return tuple(
        (row.parent_component().local_name, _parts(row.index()))
        for row in compiled.rows
    )


def _parts(index: Any) -> tuple[object, ...]:  # noqa: ANN401 - Pyomo
    if index is None:
        return ()
    return cast("tuple[object, ...]", index) if isinstance(index, tuple) else (index,)


def _named(compiled: Compiled, name: str) -> list[tuple[int, Any]]:
    """Return position and index of the rows of a name on the page."""
    return [
        (i, row.index())
        for i, row in enumerate(compiled.rows)
        if row.parent_component().local_name == name
    ]
