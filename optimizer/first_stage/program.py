"""What the search for few tranches asks of a program, however that is solved."""

from collections.abc import Callable
from typing import Protocol

from optimizer.highs import Solution
from optimizer.point import Point
from optimizer.problem import Problem
from optimizer.scenarios.scenario_set import Floats


class ShareProgram(Protocol):
    """Shares, contracts and draws under bounds that come and go."""

    problem: Problem

    def bound_shares(
        self, upper: list[Floats], lower: list[Floats] | None = None
    ) -> None:
        """Set bounds of all shares, by holding and candidate."""
        ...

    def fix_signed(self, signed: Floats) -> None:
        """Fix which contracts are signed."""
        ...

    def solve(self, *, seconds_left: Callable[[], float]) -> Solution:
        """Solve; the values are None if there is no point, or none yet."""
        ...

    def guess(self, *, seconds_left: Callable[[], float]) -> Solution:
        """Solve by what is known so far: never dearer than the truth, and quick."""
        ...

    def point(self, values: Floats) -> Point:
        """Return the first stage of a solution."""
        ...

    def reduced_costs(self, solution: Solution) -> list[Floats]:
        """Return the reduced cost of each share, by holding and candidate."""
        ...
