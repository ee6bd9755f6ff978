"""Cost of rules on the same fresh scenarios, and the value of information."""

from enum import StrEnum

from pydantic import Field

from models.record import Record, is_absent
from models.units import Identifier


class RuleKind(StrEnum):
    """The kind of rule in a row of the comparison."""

    NO_VAULT = "no_vault"
    MENU_RULE = "menu_rule"
    PRICE_TRIGGER = "price_trigger"
    BEST_SINGLE_RULE = "best_single_rule"
    PLAN = "plan"
    CLAIRVOYANT = "clairvoyant"


class RuleCost(Record):
    """Discounted shortage cost under one rule, with the levels of the plan."""

    kind: RuleKind
    rule: Identifier | None = Field(
        default=None, description="Rule of the menu, if the row is about one."
    )
    name: str = Field(description="Name for people.")
    expected_shortage_cost_usd: float = Field(
        ge=0, description="Mean over the scenarios; a lower bound for the clairvoyant."
    )
    confidence_interval_usd: tuple[float, float] | None = Field(
        description="95 % interval of the mean; null for a few scenarios only."
    )
    difference_usd: float = Field(
        description="Mean of its cost less the plan's in the same scenario."
    )
    difference_interval_usd: tuple[float, float] | None = Field(
        description="95 % interval of the difference; null for a few scenarios only."
    )
    cvar_usd: float = Field(ge=0, description="Mean of the worst 1 - cvar_level.")
    lowest_cash_usd: float | None = Field(
        description=(
            "Lowest cash balance with the draws of the plan; null without vault and "
            "for the clairvoyant, whose buying is not priced."
        )
    )


class ValueOfInformation(Record):
    """What modelling uncertainty is worth, and what removing it would be.

    All costs are objectives (mean and CVaR of shortage cost, and cost of holding, as
    weighted in the options) on the same planning scenarios. Bounds say so: a plan may
    be short of the optimum, and waiting to see is solved as a relaxation.
    """

    number_of_scenarios: int = Field(ge=1, description="Planning scenarios.")
    seed: int = Field(ge=0, description="Seed that they are drawn with.")
    plan_usd: float = Field(description="Of the best plan found for these scenarios.")
    lower_bound_usd: float = Field(description="No plan has a lower one.")
    expected_value_plan_usd: float | None = Field(
        description=(
            "Of the plan made for one mean scenario, followed through all of them; "
            "null if the mean scenario has no plan."
        )
    )
    expected_value_plan_promise_usd: float | None = Field(
        description="What that plan promises for the mean scenario."
    )
    expected_value_plan_lowest_cash_usd: float | None = Field(
        description="Its lowest cash balance; below 0 it cannot be followed everywhere."
    )
    expected_value_plan_is_affordable: bool | None = Field(
        description=(
            "Whether its own draws pay and cover its debt in all scenarios. If not, "
            "its cost need not be above the optimum."
        )
    )
    value_of_stochastic_solution_usd: float | None = Field(
        description="Its cost less that of the best plan found; a lower bound."
    )
    wait_and_see_usd: float = Field(
        description=(
            "Mean of the best for each scenario known beforehand; relaxed, so a lower "
            "bound."
        )
    )
    value_of_perfect_information_usd: float = Field(
        description="Best plan found less wait and see; an upper bound."
    )


class RuleComparison(Record):
    """Rules on the same fresh scenarios, with the levels of one plan.

    Of shortage cost alone: the cost of holding has no part in rows and best rules.
    """

    instance_hash: str
    plan_hash: str
    scenarios: int = Field(ge=1, description="Number of fresh scenarios.")
    seed: int = Field(ge=0, description="Seed that they are drawn with.")
    scenarios_hash: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Content hash of the scenarios, if they are those of a file.",
    )
    cvar_level: float = Field(ge=0, lt=1, description="CVaR is of the worst 1 - level.")
    price_trigger: float = Field(
        gt=0, description="Multiple of the undisrupted price at which it releases."
    )
    choosing_scenarios: int = Field(
        ge=0,
        description=(
            "Other scenarios, on which the best single rule of each material was "
            "chosen; 0 if nothing is held."
        ),
    )
    best_rules: dict[Identifier, Identifier] = Field(
        default_factory=dict, description="Best single rule by material held in a pool."
    )
    rows: tuple[RuleCost, ...]
    value: ValueOfInformation | None = Field(
        default=None, description="Value of information; null if not requested."
    )
    no_value_because: str | None = Field(
        default=None, description="Why it was requested but could not be computed."
    )

    def row(self, kind: RuleKind) -> RuleCost:
        """Return the first row of a kind; raises StopIteration if there is none."""
        return next(row for row in self.rows if row.kind is kind)
