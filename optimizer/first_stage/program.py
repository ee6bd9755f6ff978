"""What the search for few tranches asks of a program, however that is solved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from optimizer.highs import Solution
from optimizer.point import Point
from optimizer.problem import Problem
from optimizer.scenarios.scenario_set import Floats


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a cost is compared with: an answer on the side of it that matters will do.

    A point at `enough_usd` or less need not be improved; if none can be at
    `at_most_usd` or less, none need be found.
    """

    at_most_usd: float = np.inf
    enough_usd: float = -np.inf


ANYTHING = Wanted()


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

    def solve(
        self, *, seconds_left: Callable[[], float], wanted: Wanted = ANYTHING
    ) -> Solution:
        """Solve; the values are None if there is no point, or none yet.

        It may end early, with or without a point, once what is wanted is decided.
        """
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
