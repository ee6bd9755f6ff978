"""Limits a little tighter or looser than those of the case, where digits end.

Each program leaves its rows by the tolerance of the solver, and several rows may add
up. A point that keeps tighter limits keeps those of the case for certain; a conflict of
looser ones is one of the case.
"""

from dataclasses import replace

import numpy as np

from optimizer.compiled import Compiled, Floats
from optimizer.program_units import ROWS_OF_LIMITS

# Above what three rows in a chain are left by (4e-9 of a limit each).
MARGIN = 2e-8
# Within what the check accepts, and more than the solver's tolerance.
LOOSER = -5e-9


def tightened(compiled: Compiled, margin: float) -> Compiled:
    """Return a compiled model whose limits are tighter by a share of themselves.

    With a negative margin they are looser.
    """
    if margin == 0:
        return compiled
    program = compiled.program
    names = [row.parent_component().local_name for row in compiled.rows]
    is_limit = np.isin(names, list(ROWS_OF_LIMITS))

    def part(sides: Floats) -> Floats:
        return np.where(is_limit & np.isfinite(sides), margin * abs(sides), 0.0)

    lower, upper = program.row_lower, program.row_upper
    tighter = replace(
        program, row_lower=lower + part(lower), row_upper=upper - part(upper)
    )
    return replace(compiled, program=tighter)
