"""The models that mpi-sppy gets are together the extensive form."""

import numpy as np
import pytest

from models.reading import read_instance
from optimizer.compiled import compile_model
from optimizer.deadline import Deadline
from optimizer.formulation import MILLION
from optimizer.highs import Solver
from optimizer.problem import CompleteProblem, complete_problem
from optimizer.separation import Point, SeparatedProgram
from tests.benchmark.mpi_sppy.one_scenario import CashRow, build_scenario
from tests.laws.tiny_cases import EXACT, tiny_case, tiny_scenarios


def weighed_once(seed: int) -> CompleteProblem:
    """Return a problem without CVaR: only then do costs of scenarios add up."""
    case = tiny_case(seed)
    case["options"]["cvar_weight"] = 0.0
    instance = read_instance(case)
    return complete_problem(instance, tiny_scenarios(instance, seed))


def cost_alone(
    problem: CompleteProblem, w: int, point: Point, cash_rows: list[CashRow]
) -> float:
    """Return the least cost of a scenario with shares and contracts of the point."""
    model = build_scenario(problem, w, is_relaxed=True, cash_rows=cash_rows)
    compiled = compile_model(model)
    solver = Solver(compiled.program)
    variables = [
        *(model.share[k] for k in model.CANDIDATES),
        *(model.signed[k] for k in model.CONTRACTS),
    ]
    columns = np.array([compiled.column(x) for x in variables], dtype=np.int32)
    values = np.concatenate([*point.shares, point.signed])
    solver.set_column_bounds(columns, values, values)
    solution = solver.run(time_limit_s=10.0, relative_gap=0.0)
    assert solution.values is not None
    return MILLION * float(compiled.program.cost @ solution.values)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_costs_of_scenarios_add_up_to_that_of_the_extensive_form(seed: int) -> None:
    """At one first stage, one model a scenario costs what the whole model does."""
    problem = weighed_once(seed)
    program = SeparatedProgram(problem, is_relaxed=True)
    solution = program.solve(Deadline.after(10.0))
    assert solution.values is not None
    point = program.point(solution.values)
    rows = sorted(program.cash_rows)
    costs = [
        cost_alone(problem, w, point, rows)
        for w in range(problem.scenarios.number_of_scenarios)
    ]
    expected = float(problem.scenarios.probability @ np.array(costs))
    assert point.expected_cost_usd > 0
    assert expected == pytest.approx(point.expected_cost_usd, rel=EXACT)


def test_every_model_has_the_cash_rows_of_all_scenarios() -> None:
    """What one scenario proposes can be paid for in the others."""
    problem = weighed_once(1)
    rows = [(0, 0), (1, 1), (2, 2)]
    for w in range(3):
        model = build_scenario(problem, w, is_relaxed=True, cash_rows=rows)
        assert len(model.cash_nonnegative) == len(rows)
