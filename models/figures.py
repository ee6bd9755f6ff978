"""Figures of a plan, for comparison with plans of other cases."""

from enum import StrEnum
from math import inf

from pydantic import Field

from models.plan import Plan
from models.record import Record, is_absent


class PlanFigures(Record):
    """The promise, the money and the stock of a plan."""

    expected_shortage_cost_usd: float
    objective_usd: float = Field(
        description=(
            "Mean and CVaR of shortage cost, and cost of holding, as weighted in the "
            "options."
        ),
    )
    lower_bound_usd: float = Field(description="No plan of the case has a lower one.")
    gap: float = Field(ge=0, description="Relative distance of objective and bound.")
    cvar_usd: float = Field(description="Mean of the worst 1 - cvar_level.")
    cost_without_vault_usd: float = Field(description="Same scenarios, nothing held.")
    budget_usd: float = Field(description="Limits of all facilities and opening cash.")
    budget_shadow_price: float | None = Field(
        description="Objective avoided by one more dollar of financing."
    )
    drawn_usd: float = Field(description="Drawn from all facilities.")
    spent_usd: float = Field(description="Planned buying.")
    materials_held: int = Field(
        ge=0, description="Materials of which anything is held."
    )
    least_days_of_cover: float = Field(
        ge=0, description="Of all materials, held or not."
    )
    mean_days_of_cover: float = Field(
        ge=0, description="Of all materials, held or not, unweighted."
    )
    # Absent for plans of before the cost of holding.
    cost_of_holding_usd: float | None = Field(
        default=None, exclude_if=is_absent, description="Expected cost of holding."
    )
    net_benefit_usd: float | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Shortage cost avoided less cost of holding.",
    )


class Measure(StrEnum):
    """A figure that plans are compared by."""

    EXPECTED_SHORTAGE_COST = "expected_shortage_cost_usd"
    OBJECTIVE = "objective_usd"
    CVAR = "cvar_usd"
    DRAWN = "drawn_usd"
    BUDGET = "budget_usd"
    SPENT = "spent_usd"
    COST_OF_HOLDING = "cost_of_holding_usd"
    NET_BENEFIT = "net_benefit_usd"
    MATERIALS_HELD = "materials_held"
    LEAST_DAYS_OF_COVER = "least_days_of_cover"
    MEAN_DAYS_OF_COVER = "mean_days_of_cover"

    @property
    def is_better_if_larger(self) -> bool:
        """Whether larger is better; for money spent or lost it is not."""
        return self in {
            Measure.NET_BENEFIT,
            Measure.MATERIALS_HELD,
            Measure.LEAST_DAYS_OF_COVER,
            Measure.MEAN_DAYS_OF_COVER,
        }

    def of(self, figures: PlanFigures) -> float | None:
        """Return the figure, None if it is unknown."""
        found = getattr(figures, self.value)
        return None if found is None else float(found)

    def badness(self, figures: PlanFigures) -> float:
        """Return the figure so that smaller is better; infinite if it is unknown."""
        found = self.of(figures)
        if found is None:
            return inf
        return -found if self.is_better_if_larger else found


def figures_of(plan: Plan) -> PlanFigures:
    """Return the figures of a plan."""
    promise = plan.promise
    days = [level.days_of_cover for level in plan.levels]
    return PlanFigures(
        expected_shortage_cost_usd=promise.expected_shortage_cost_usd,
        objective_usd=promise.objective_usd,
        lower_bound_usd=promise.lower_bound_usd,
        gap=promise.gap,
        cvar_usd=promise.cvar_usd,
        cost_without_vault_usd=promise.cost_without_vault_usd,
        budget_usd=promise.budget_usd,
        budget_shadow_price=promise.budget_shadow_price,
        drawn_usd=promise.budget_used_usd,
        spent_usd=sum(level.cost_usd for level in plan.levels),
        materials_held=sum(level.tonnes > 0 for level in plan.levels),
        least_days_of_cover=min(days, default=0.0),
        mean_days_of_cover=sum(days) / max(len(days), 1),
        cost_of_holding_usd=promise.cost_of_holding_usd,
        net_benefit_usd=promise.net_benefit_usd,
    )
