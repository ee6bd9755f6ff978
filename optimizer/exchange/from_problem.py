"""A case as programs to be written: two stages, or one over all scenarios.

Rows and columns are those of the compiled model, with all cash rows, and with columns
of what the cash rule draws. Rows (20), (21) and (24) to (28) and the variables of a
scenario are the second stage, the others the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy.sparse import csr_array

from optimizer.cash_rule import stack_of
from optimizer.compiled import compile_model
from optimizer.exchange.rule_draws import (
    CASH,
    COVER,
    DRAWN,
    MOST,
    RISING,
    rows_without_draws,
    with_draws,
)
from optimizer.exchange.two_stage import (
    Positions,
    ProgramNames,
    TwoStageProblem,
)
from optimizer.exchange.union import Entries, UnionMember, unite
from optimizer.formulation import build
from optimizer.highs import LinearProgram, NamedProgram
from optimizer.problem import BEFORE_START, CompleteProblem

SECOND_STAGE = {
    "released",
    "allocation",
    "emergency",
    "shortage",
    "excess",
    "cash_nonnegative",
    "collateral",
    "release_mix",
    "gap_cover",
    "pool_allocation",
    "emergency_supply",
    "tail_excess",
    DRAWN,
    MOST,
    RISING,
}
Key = tuple[str, tuple[Any, ...]]
FIRST = -1
SMALLEST_ENTRY = 1e-9  # HiGHS leaves out what is not larger, here and in every solve


@dataclass(frozen=True, slots=True)
class _Side:
    """The rows, or the columns: scenario or FIRST, and position within the stage."""

    scenario: Positions
    position: Positions
    first_names: tuple[str, ...]
    second_names: tuple[str, ...]

    @property
    def is_first(self) -> Any:  # noqa: ANN401 - a mask
        """Which of them belong to the first stage."""
        return self.scenario == FIRST


def whole_model(problem: CompleteProblem, *, is_relaxed: bool) -> NamedProgram:
    """Return the extensive form with the names of the formulation."""
    program, rows, columns = _compiled(problem, is_relaxed=is_relaxed)
    return NamedProgram(
        program,
        rows=tuple(_named(*key) for key in rows),
        columns=tuple(_named(*key) for key in columns),
    )


def two_stage(problem: CompleteProblem, *, is_relaxed: bool) -> TwoStageProblem:
    """Return the extensive form split by stage and scenario."""
    program, row_keys, column_keys = _compiled(problem, is_relaxed=is_relaxed)
    rows, columns = _side(row_keys), _side(column_keys)
    top = csr_array(program.rows[rows.is_first])
    if not columns.is_first[top.indices].all():
        msg = "a row of the first stage has a column of the second, expected none"
        raise ValueError(msg)
    integers = program.is_integer
    core, scenarios = unite(
        [
            _part(program, rows, columns, w, probability)
            for w, probability in enumerate(problem.scenarios.probability.tolist())
        ],
        len(columns.first_names),
    )
    return TwoStageProblem(
        names=ProgramNames(
            problem=problem.instance.id,
            first_rows=rows.first_names,
            first_columns=columns.first_names,
            second_rows=rows.second_names,
            second_columns=columns.second_names,
        ),
        first=LinearProgram(
            cost=program.cost[columns.is_first],
            rows=csr_array(top[:, columns.is_first]),
            row_lower=program.row_lower[rows.is_first],
            row_upper=program.row_upper[rows.is_first],
            column_lower=program.column_lower[columns.is_first],
            column_upper=program.column_upper[columns.is_first],
            is_integer=None if integers is None else integers[columns.is_first],
        ),
        core=core,
        scenarios=scenarios,
    )


def _compiled(
    problem: CompleteProblem, *, is_relaxed: bool
) -> tuple[LinearProgram, list[Key], list[Key]]:
    """Return the program with all cash rows, and keys of its rows and columns."""
    stack = stack_of(problem.instance)
    cash_rows = [
        (t, w)
        for w in range(problem.scenarios.number_of_scenarios)
        for t in range(BEFORE_START, problem.instance.horizon.number_of_periods)
    ]
    model = (
        build(problem, is_relaxed=is_relaxed, cash_rows=cash_rows)
        if stack is None
        else build(
            problem, is_relaxed=is_relaxed, tangents=rows_without_draws(problem, stack)
        )
    )
    compiled = compile_model(model)
    program = compiled.program
    rows = [_key(row) for row in compiled.rows]
    columns = [_key(variable) for variable in compiled.variables]
    if stack is not None:
        program, new_rows, new_columns = with_draws(problem, stack, program, rows)
        rows, columns = [*rows, *new_rows], [*columns, *new_columns]
    matrix = program.rows
    matrix.data[np.abs(matrix.data) <= SMALLEST_ENTRY] = 0.0
    matrix.eliminate_zeros()
    return program, rows, columns


def _side(keys: Sequence[Key]) -> _Side:
    """Sort rows or columns into stages; names of the second stage are without w."""
    first: list[str] = []
    second: dict[str, int] = {}
    places: list[tuple[int, int]] = []
    for kind, index in keys:
        if kind in SECOND_STAGE:
            name = _named(kind, index[:-1])
            places.append((int(index[-1]), second.setdefault(name, len(second))))
        else:
            places.append((FIRST, len(first)))
            first.append(_named(kind, index))
    scenario, position = np.array(places, dtype=np.int64).reshape(-1, 2).T
    return _Side(scenario, position, tuple(first), tuple(second))


def _key(component: Any) -> Key:  # noqa: ANN401 - of Pyomo
    """Return the name on the page and the index of a row or variable.

    Rows (20) and (21) by the cash rule are told apart by (t, w): their number is left
    out.
    """
    parent = component.parent_component()
    name, index = str(parent.local_name), component.index()
    if not parent.is_indexed():
        return name, ()
    if not isinstance(index, tuple):
        return name, (index,)
    parts = cast("tuple[Any, ...]", index)
    return name, parts[:2] if name in {CASH, COVER} else parts


def _named(kind: str, index: tuple[Any, ...]) -> str:
    """Return a name as on the page, without a blank: MPS has none in names."""
    return f"{kind}[{','.join(str(part) for part in index)}]" if index else kind


def _part(
    program: LinearProgram, rows: _Side, columns: _Side, w: int, probability: float
) -> UnionMember:
    """Return what belongs to a scenario; its costs without the probability."""
    own_rows = np.flatnonzero(rows.scenario == w)
    own = np.flatnonzero(columns.scenario == w)
    entries = program.rows[own_rows].tocoo()
    i, j = rows.position[own_rows][entries.row], columns.position[entries.col]
    of = columns.scenario[entries.col]
    if not np.isin(of, (FIRST, w)).all():
        msg = f"a row of scenario {w} has a column of another one, expected none"
        raise ValueError(msg)
    height, width = len(rows.second_names), len(columns.second_names)
    at_rows, at_columns = rows.position[own_rows], columns.position[own]

    def by_row(values: Any) -> Any:  # noqa: ANN401 - arrays
        return _spread(height, at_rows, values[own_rows])

    def by_column(values: Any) -> Any:  # noqa: ANN401
        return _spread(width, at_columns, values[own])

    is_first = of == FIRST
    first_width = len(columns.first_names)
    return UnionMember(
        name=f"w{w}",
        probability=probability,
        has_row=_spread(height, at_rows, np.ones(len(own_rows))) > 0,
        has_column=_spread(width, at_columns, np.ones(len(own))) > 0,
        cost=by_column(program.cost) / probability,
        technology=Entries(
            i[is_first] * first_width + j[is_first], entries.data[is_first]
        ),
        recourse=Entries(i[~is_first] * width + j[~is_first], entries.data[~is_first]),
        row_lower=by_row(program.row_lower),
        row_upper=by_row(program.row_upper),
        column_lower=by_column(program.column_lower),
        column_upper=by_column(program.column_upper),
    )


def _spread(number: int, positions: Positions, values: Any) -> Any:  # noqa: ANN401
    spread = np.zeros(number)
    spread[positions] = values
    return spread
