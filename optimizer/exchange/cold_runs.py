"""Linear programs run again from nothing, for where a warm run fails."""

from collections.abc import Iterator

from optimizer.deadline import Deadline
from optimizer.highs import Algorithm, LinearProgram, Solution, Solver, Status

ALGORITHMS: tuple[Algorithm, ...] = ("simplex", "ipm")


class NoAnswerError(RuntimeError):
    """HiGHS has no usable answer to a program, in whichever way it is run."""


def cold_runs(program: LinearProgram, deadline: Deadline) -> Iterator[Solution]:
    """Yield the solutions of runs with presolve, by simplex and by interior points.

    Raises TimeoutError if time is up.
    """
    for algorithm in ALGORITHMS:
        solver = Solver(program)
        solution = solver.run(solver=algorithm, time_limit_s=deadline.seconds_left())
        check_time(solution, deadline)
        yield solution


def confirmed(
    program: LinearProgram, solution: Solution, deadline: Deadline
) -> Solution:
    """Return a run that is optimal, among a first one and cold ones.

    That a program is infeasible or unbounded is said only if no run disagrees. Raises
    TimeoutError if time is up.
    """
    found = [solution, *cold_runs(program, deadline)]
    for status in (Status.OPTIMAL, Status.INFEASIBLE, Status.UNBOUNDED):
        for run in found:
            if run.status is status:
                return run
    return solution


def check_time(solution: Solution, deadline: Deadline) -> None:
    """Raise TimeoutError if a run was cut short or time is up."""
    if solution.status is Status.LIMIT or deadline.is_over:
        msg = "time is up before the end of a program"
        raise TimeoutError(msg)
