"""What budgets buy: the expected shortage cost over the financing that there is."""

from pydantic import Field

from models.outcome import Termination
from models.plan import Plan
from models.record import Record


class FrontierPoint(Record):
    """The best plan found for one budget, with what is proved of it.

    Figures of the plan are null if there is none.
    """

    budget_usd: float = Field(
        ge=0, description="Limits of all facilities and opening cash."
    )
    termination: Termination = Field(description="How the solve of it ended.")
    conflict: tuple[str, ...] = Field(
        default=(), description="Limits that cannot hold together, if infeasible."
    )
    expected_shortage_cost_usd: float | None = None
    objective_usd: float | None = Field(
        default=None, description="Mean and CVaR as weighted in the options."
    )
    lower_bound_usd: float | None = Field(
        default=None, description="No plan of this budget has a lower objective."
    )
    gap: float | None = Field(
        default=None, ge=0, description="Relative distance of objective and bound."
    )
    budget_shadow_price: float | None = Field(
        default=None, description="Objective avoided by one more dollar of financing."
    )
    drawn_usd: float | None = Field(
        default=None, description="Drawn from all facilities."
    )
    spent_usd: float | None = Field(default=None, description="Planned buying.")
    materials_held: int | None = Field(
        default=None, ge=0, description="Materials of which anything is held."
    )
    least_days_of_cover: float | None = Field(
        default=None, ge=0, description="Of all materials, held or not."
    )
    mean_days_of_cover: float | None = Field(
        default=None, ge=0, description="Of all materials, held or not, each alike."
    )
    least_days_of_cover_held: float | None = Field(
        default=None,
        ge=0,
        description="Of the materials that are held; null if none is.",
    )
    mean_days_of_cover_held: float | None = Field(
        default=None,
        ge=0,
        description="Of the materials that are held, each alike; null if none is.",
    )
    plan_hash: str | None = Field(default=None, description="Content hash of the plan.")
    is_as_given: bool = Field(
        default=False, description="Whether it is the budget of the case itself."
    )


class SolvedPoint(FrontierPoint):
    """A point with its plan, as it is told while the others are solved."""

    plan: Plan | None = Field(default=None, description="Checked plan, if any.")


class Frontier(Record):
    """One case with several budgets, each with the best plan found for it."""

    instance_hash: str = Field(description="Of the case with its own budget.")
    materials: int = Field(ge=1, description="Materials of the case.")
    points: tuple[FrontierPoint, ...] = Field(
        description="By budget, ascending; those that an interruption left out lack."
    )


def equal_ratios(first: float, last: float, number: int) -> tuple[float, ...]:
    """Return factors from first to last, each as many times the one before."""
    ratio = last / first
    return tuple(first * ratio ** (i / (number - 1)) for i in range(number))
