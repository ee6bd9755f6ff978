"""Whether the log of a solve is one of the plan: it names its objective and bound."""

from collections.abc import Sequence

from models.outcome import ProgressRecord
from models.plan import Plan
from models.verification import CheckResult

TOLERANCE = 1e-6  # relative, that of the solver


def log_check(plan: Plan, log: Sequence[ProgressRecord]) -> CheckResult:
    """Return the check of a log."""
    promise = plan.promise
    allowed = TOLERANCE * abs(promise.objective_usd) + 1.0
    objectives = [x.upper_bound_usd for x in log if x.upper_bound_usd is not None]
    bounds = [x.lower_bound_usd for x in log if x.lower_bound_usd is not None]
    violations: list[str] = []
    if not any(abs(x - promise.objective_usd) <= allowed for x in objectives):
        expected = f"{promise.objective_usd:.12g} as in the plan"
        violations.append(f"upper_bound_usd: in no record, expected {expected}")
    if not any(x >= promise.lower_bound_usd - allowed for x in bounds):
        best = f"{max(bounds):.12g}" if bounds else "in no record"
        expected = f"at least {promise.lower_bound_usd:.12g} as in the plan"
        violations.append(f"lower_bound_usd: is {best}, expected {expected}")
    return CheckResult(
        name="log",
        statement="The log tells of the plan's objective and of its lower bound.",
        is_passed=not violations,
        violations=tuple(violations),
    )
