"""What the iteration asks of whoever knows the recourse."""

from dataclasses import dataclass
from typing import Protocol

from optimizer.decomposition.stage import Rows
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Seen:
    """A trial point after its recourse was solved.

    values are those of the trial with the true value in every column of the recourse,
    so that cost @ values is what it costs. is_feasible says that it breaks no row, not
    even one that is unknown so far. cuts bound columns of the recourse from below, and
    rows cut off what cannot be; both hold everywhere.
    """

    values: Floats
    is_feasible: bool
    cuts: Rows
    rows: Rows | None


class Oracle(Protocol):
    """The recourse of a problem, behind its first stage."""

    def see(self, trial_point: Floats) -> Seen:
        """Solve the recourse of a trial point (all columns of the stage)."""
        ...
