"""Solve a base and its what-if, and say what moved."""

from dataclasses import dataclass

from models.instance import Instance
from models.plan import Plan
from optimizer import solve

MILLION = 1e6
NUMBER_SHOWN = 4
LEAST_DAYS = 1.0


@dataclass(frozen=True, slots=True)
class Solved:
    """What a case costs at most and at least, in millions of US dollars."""

    without_vault: float
    cost: float
    lower_bound: float
    days: dict[str, float]
    contracts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """What a what-if changes: more than the two gaps together, or perhaps nothing."""

    base: Solved
    what_if: Solved

    @property
    def cost(self) -> float:
        """Change of the cost with the vault, millions of US dollars."""
        return self.what_if.cost - self.base.cost

    @property
    def gaps(self) -> float:
        """What both plans may be from their optima, millions of US dollars."""
        return sum(x.cost - x.lower_bound for x in (self.base, self.what_if))

    @property
    def moves(self) -> bool:
        """Say whether the optima differ, whatever their plans are within the gaps."""
        return abs(self.cost) > self.gaps

    def moved(self) -> str:
        """Return the levels in days of cover and the contracts that differ most."""
        before, after = self.base.days, self.what_if.days
        far = [m for m in before if abs(after.get(m, 0.0) - before[m]) >= LEAST_DAYS]
        far.sort(key=lambda m: -abs(after.get(m, 0.0) - before[m]))
        levels = [
            f"{m} {before[m]:.0f} -> {after.get(m, 0.0):.0f} days"
            for m in far[:NUMBER_SHOWN]
        ]
        signed = [
            f"+ {k}" for k in sorted(self.what_if.contracts - self.base.contracts)
        ]
        ended = [f"- {k}" for k in sorted(self.base.contracts - self.what_if.contracts)]
        return "; ".join([*levels, *signed, *ended]) or "nothing"


def solved(
    instance: Instance, scenarios: int, gap: float, time_limit_s: float
) -> Solved:
    """Return what the plan of a case costs.

    Raises
    ------
    RuntimeError
        If there is no plan.
    """
    options = instance.options.model_copy(
        update={
            "number_of_scenarios": scenarios,
            "gap": gap,
            "time_limit_s": time_limit_s,
        }
    )
    outcome = solve(instance.model_copy(update={"options": options}))
    if outcome.plan is None:
        msg = f"{instance.id} has no plan: {outcome.termination}"
        raise RuntimeError(msg)
    return _of(outcome.plan)


def _of(plan: Plan) -> Solved:
    return Solved(
        without_vault=plan.promise.cost_without_vault_usd / MILLION,
        cost=plan.promise.objective_usd / MILLION,
        lower_bound=plan.promise.lower_bound_usd / MILLION,
        days={x.material: x.days_of_cover for x in plan.levels},
        contracts=frozenset(x.contract for x in plan.contracts),
    )
