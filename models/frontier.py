"""What budgets buy: the expected shortage cost over the financing that there is."""

from pydantic import Field

from models.record import Record


class FrontierPoint(Record):
    """The best plan found for one budget, with what is proved of it."""

    budget_usd: float = Field(
        ge=0, description="Limits of all facilities and opening cash."
    )
    expected_shortage_cost_usd: float = Field(description="Of the best plan found.")
    lower_bound_usd: float = Field(
        description="No plan of this budget has a lower objective."
    )
    is_plan: bool = Field(
        default=False, description="Whether it is the budget of the plan in question."
    )
