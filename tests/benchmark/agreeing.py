"""Random small instances solved by both methods."""

from dataclasses import dataclass

from models.options import Method
from models.outcome import Outcome, Termination
from optimizer.gap import gap_of
from optimizer.solve import solve_on
from tests.optimizer.decomposition.drawn_cases import limited

ROUNDING = 1e-6  # of the solver's digits, relative to the cost


@dataclass(frozen=True, slots=True)
class Agreed:
    """Seeds whose answers differ by more than the sum of their gaps, with both."""

    number: int
    infeasible: int
    mistakes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agree:
    """Solve the instances of the first seeds by both methods."""

    number: int

    def perform(self) -> Agreed:
        """Return where they do not agree."""
        mistakes: list[str] = []
        infeasible = 0
        for seed in range(self.number):
            whole, parts = (_solved(seed, x) for x in METHODS)
            infeasible += whole.termination is Termination.INFEASIBLE
            if difference := difference_of(whole, parts):
                mistakes.append(f"seed {seed}: {difference}")
        return Agreed(self.number, infeasible, tuple(mistakes))


METHODS = (Method.EXTENSIVE_FORM, Method.DECOMPOSITION)


def difference_of(one: Outcome, other: Outcome) -> str:
    """Return in what two answers contradict each other, nothing if they do not."""
    if one.plan is None or other.plan is None:
        if one.termination is other.termination is Termination.INFEASIBLE:
            return ""
        return f"{one.termination} and {other.termination}"
    a, b = one.plan.promise, other.plan.promise
    slack = ROUNDING * max(abs(a.objective_usd), abs(b.objective_usd))
    allowed = a.gap * abs(a.objective_usd) + b.gap * abs(b.objective_usd) + slack
    costs = f"{a.objective_usd:.6g} and {b.objective_usd:.6g} US dollars"
    if abs(a.objective_usd - b.objective_usd) > allowed:
        return f"{costs}, gaps {a.gap:.2g} and {b.gap:.2g}"
    lower = max(a.lower_bound_usd, b.lower_bound_usd)
    upper = min(a.objective_usd, b.objective_usd)
    if lower > upper + slack:
        return f"bounds cross by {-gap_of(lower, upper):.2g}, costs {costs}"
    return ""


def _solved(seed: int, method: Method) -> Outcome:
    return solve_on(*limited(seed, {"options.method": method.value}))
