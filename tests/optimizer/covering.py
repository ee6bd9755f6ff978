"""A linear program of any size that takes a solver some steps."""

import numpy as np
from scipy.sparse import csr_array, random_array

from optimizer.highs import INFINITY, LinearProgram

COLUMNS_IN_A_ROW = 4


def covering_program(number: int) -> LinearProgram:
    """Return a program of `number` rows, each half covered by a few columns."""
    draw = np.random.default_rng(1)
    density = COLUMNS_IN_A_ROW / number
    rows = csr_array(random_array((number, number), density=density, rng=draw))
    return LinearProgram(
        cost=draw.random(number) + 0.1,
        rows=rows,
        row_lower=np.asarray(rows.sum(axis=1)).ravel() / 2,
        row_upper=np.full(number, INFINITY),
        column_lower=np.zeros(number),
        column_upper=np.full(number, 10.0),
    )
