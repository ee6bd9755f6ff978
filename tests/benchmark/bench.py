"""What all measures share: processes, sizes, the reference case, its solve."""

from dataclasses import dataclass, replace
from typing import Any

from tests.benchmark.case import Case
from tests.benchmark.processes import Answer, Processes
from tests.benchmark.sizes import Sizes
from tests.benchmark.solving import Solve, Solved

GRACE_S = 120.0  # for imports and reading the case, and to end by itself


@dataclass(frozen=True, slots=True)
class Bench:
    """Where and how large measures are made."""

    processes: Processes
    sizes: Sizes

    def case(self, scenarios: int, **changes: Any) -> Case:  # noqa: ANN401 - of Case
        """Return the reference case with a limit of time, and changes."""
        case = Case(self.sizes.case, scenarios, time_limit_s=self.sizes.time_limit_s)
        return replace(case, **changes)

    def solve(self, case: Case) -> Answer[Solved]:
        """Return how a solve from nothing ended."""
        return self.processes.perform(Solve(case), case.time_limit_s + GRACE_S)

    def base(self) -> Solved:
        """Return the solve that several measures are held against."""
        return self.solve(self.case(self.sizes.scenarios)).value


def failure_of(*found: Solved) -> str:
    """Return why figures of solves are not valid: one did not meet its gap."""
    ends = [f"{x.termination} at {percent(x.gap)}" for x in found if not x.is_done]
    return "" if not ends else f"gap not met: {', '.join(ends)}"


def percent(gap: float | None) -> str:
    """Return a gap in words."""
    return "unknown" if gap is None else f"{100 * gap:.2f} %"
