"""A Pyomo model as arrays for the solver, with the way back to its names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.typing import NDArray
from pyomo.repn import generate_standard_repn
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csr_array

from optimizer.deadline import look
from optimizer.highs import INFINITY, LinearProgram

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The arrays of a model; position of a variable by its id, name of a row."""

    program: LinearProgram
    position: dict[int, int]
    variables: tuple[Any, ...]
    rows: tuple[Any, ...]

    def column(self, variable: Any) -> int:  # noqa: ANN401 - Pyomo is untyped
        """Return the column of a variable."""
        return self.position[id(variable)]

    def coefficients(self, expression: Any) -> Floats:  # noqa: ANN401 - as above
        """Return a linear expression without constant as one coefficient a column."""
        repn = generate_standard_repn(expression, compute_values=True)
        vector = np.zeros(len(self.variables))
        for variable, coefficient in zip(
            repn.linear_vars, repn.linear_coefs, strict=True
        ):
            vector[self.position[id(variable)]] += coefficient
        return vector

    def row_of(
        self,
        constraint: Any,  # noqa: ANN401 - as above
    ) -> tuple[csr_array, float, float]:
        """Return a constraint that was added later as one row and its bounds."""
        repn = generate_standard_repn(constraint.body, compute_values=True)
        columns = [self.position[id(v)] for v in repn.linear_vars]
        row = csr_array(
            (np.array(repn.linear_coefs, dtype=np.float64), columns, [0, len(columns)]),
            shape=(1, len(self.variables)),
        )
        constant = float(repn.constant)
        lower, upper = pyo.value(constraint.lower), pyo.value(constraint.upper)
        return (
            row,
            -INFINITY if lower is None else lower - constant,
            INFINITY if upper is None else upper - constant,
        )


def compile_model(model: pyo.ConcreteModel) -> Compiled:
    """Return the arrays of a linear Pyomo model, to be minimised."""
    look()
    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    look()
    columns = [*form.columns, *_unused(model, form.columns)]
    number_of_unused = len(columns) - len(form.columns)
    lower = np.array([-INFINITY if x.lb is None else x.lb for x in columns])
    upper = np.array([INFINITY if x.ub is None else x.ub for x in columns])
    sense = np.array([bound for _, bound in form.rows], dtype=np.int64)
    is_integer = np.array([not x.is_continuous() for x in columns])
    cost = form.c.todense().ravel().astype(np.float64)
    rows = csr_array(form.A)
    rows.resize((rows.shape[0], len(columns)))
    program = LinearProgram(
        cost=np.concatenate([cost, np.zeros(number_of_unused)]),
        rows=rows,
        row_lower=np.where(sense <= 0, form.rhs, -INFINITY),
        row_upper=np.where(sense >= 0, form.rhs, INFINITY),
        column_lower=lower.astype(np.float64),
        column_upper=upper.astype(np.float64),
        is_integer=is_integer if is_integer.any() else None,
    )
    return Compiled(
        program=program,
        position={id(x): i for i, x in enumerate(columns)},
        variables=tuple(columns),
        rows=tuple(constraint for constraint, _ in form.rows),
    )


def _unused(model: pyo.ConcreteModel, used: Sequence[Any]) -> list[Any]:
    """Return the variables without a row or cost: a separated row may need them."""
    known = {id(x) for x in used}
    variables = model.component_data_objects(pyo.Var, descend_into=True)
    return [x for x in variables if id(x) not in known]
