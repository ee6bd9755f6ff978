"""The check of a finished plan: every limit, the cash balance and the cost.

It is independent of the model and of the solver. It reads the case, the scenarios, the
plan document and the quantities that were allocated.
"""

from optimizer.feasibility.check import STATEMENTS, check, check_by_part
from optimizer.feasibility.quantities import Quantities
from optimizer.feasibility.violation import Violation

__all__ = ["STATEMENTS", "Quantities", "Violation", "check", "check_by_part"]
