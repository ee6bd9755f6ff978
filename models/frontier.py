"""The budget frontier: expected shortage cost by the financing available."""

from enum import StrEnum

from pydantic import Field

from models.outcome import Termination
from models.plan import Plan
from models.record import Record


class Against(StrEnum):
    """What the shortage cost of a frontier is drawn against."""

    BUDGET = "budget"
    COST_OF_HOLDING = "cost_of_holding"


class FrontierPoint(Record):
    """The best plan found for one budget and its bound.

    Figures of the plan are null if there is none.
    """

    budget_usd: float = Field(
        ge=0, description="Limits of all facilities and opening cash."
    )
    termination: Termination = Field(description="How its solve ended.")
    conflict: tuple[str, ...] = Field(
        default=(), description="Limits that cannot hold together, if infeasible."
    )
    expected_shortage_cost_usd: float | None = None
    objective_usd: float | None = Field(
        default=None,
        description="Mean and CVaR of shortage cost, and cost of holding, as weighted "
        "in the options.",
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
        default=None, ge=0, description="Of all materials, held or not, unweighted."
    )
    least_days_of_cover_held: float | None = Field(
        default=None,
        ge=0,
        description="Of the materials that are held; null if none is.",
    )
    mean_days_of_cover_held: float | None = Field(
        default=None,
        ge=0,
        description="Of the materials that are held, unweighted; null if none is.",
    )
    cost_of_holding_usd: float | None = Field(
        default=None, description="Expected cost of holding."
    )
    net_benefit_usd: float | None = Field(
        default=None, description="Shortage cost avoided less cost of holding."
    )
    plan_hash: str | None = Field(default=None, description="Content hash of the plan.")
    is_as_given: bool = Field(
        default=False, description="Whether it is the budget of the case."
    )


class SolvedPoint(FrontierPoint):
    """A point with its plan, reported while other points are solved."""

    plan: Plan | None = Field(default=None, description="Checked plan, if any.")


class Frontier(Record):
    """One case with several budgets, each with the best plan found for it."""

    instance_hash: str = Field(description="Of the case with its own budget.")
    materials: int = Field(ge=1, description="Materials of the case.")
    points: tuple[FrontierPoint, ...] = Field(
        description="By budget, ascending; after an interruption some are missing."
    )


def equal_ratios(first: float, last: float, number: int) -> tuple[float, ...]:
    """Return `number` factors from first to last in equal ratios."""
    ratio = last / first
    return tuple(first * ratio ** (i / (number - 1)) for i in range(number))
