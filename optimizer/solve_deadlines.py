"""The deadlines of a solve's parts: time for the check of a plan is kept in reserve."""

from dataclasses import dataclass, replace

from optimizer.deadline import Deadline

CHECKS_IN_RESERVE = 1.5  # a plan that holds much takes longer than the least one
WINDING_UP_SHARE = 0.1  # of the limit, from the end of a search to its whole lots
MOST_OVERRUN_SHARE = 0.1
MOST_OVERRUN_S = 0.7


@dataclass(frozen=True, slots=True)
class SolveDeadlines:
    """The time limit of a solve, and the seconds that one check of a plan has taken."""

    limit: Deadline
    limit_s: float
    check_s: float = 0.0

    def first_plan(self) -> Deadline:
        """Return the time by which the least plan is checked, or there is none.

        It may overrun the limit a little: without it there is no answer.
        """
        overrun = MOST_OVERRUN_SHARE * self.limit_s + MOST_OVERRUN_S
        return replace(self.limit, ends_at=self.limit.ends_at + overrun)

    def check(self) -> Deadline:
        """Return the time by which the last check has ended; nothing interrupts it."""
        return replace(self.first_plan(), is_interrupted=None)

    def set_up(self) -> Deadline:
        """Return the time by which a method is given up, the checks still to come."""
        reserve = CHECKS_IN_RESERVE * self.check_s
        return replace(self.limit, ends_at=self.limit.ends_at - reserve)

    def search(self) -> Deadline:
        """Return the time by which a method has to end its search."""
        winding_up = WINDING_UP_SHARE * self.limit_s
        return replace(self.limit, ends_at=self.set_up().ends_at - winding_up)
