"""Every limit, the cash balance and the cost of a finished plan, counted again.

Nothing here knows of the model, of the solver or of what they computed: only the case,
the scenarios, what the plan prints and the quantities that were allocated.
"""

from optimizer.feasibility.check import STATEMENTS, check, check_by_part
from optimizer.feasibility.quantities import Quantities
from optimizer.feasibility.violation import Violation

__all__ = ["STATEMENTS", "Quantities", "Violation", "check", "check_by_part"]
