"""Two plans side by side: what changes, which facts moved it, what keeping one costs.

The plan compared with, most often the one in force, comes first: `before`; `after` is
the other. A figure is null where a plan does not state it or has no such part.
"""

from enum import StrEnum
from math import isclose

from pydantic import Field

from models.evaluation import PlanDifference
from models.record import Record, is_absent
from models.units import CaseIdentifier, Day, Identifier, Tonnes

ROUNDING = 1e-6  # of an objective: less is no difference


class Unit(StrEnum):
    """The unit of a figure."""

    US_DOLLARS = "usd"
    SHARE = "share"
    US_DOLLARS_A_DOLLAR = "usd_per_usd"


class ComparedPlan(Record):
    """One of the two plans, with its case."""

    plan_hash: str
    instance_id: CaseIdentifier
    instance_hash: str
    number_of_periods: int = Field(ge=0, description="Periods that it is made for.")
    start: Day | None = Field(
        description="First day of period 0; null if the case is not at hand."
    )
    number_of_scenarios: int = Field(description="Planning scenarios.")
    seed: int = Field(description="Seed that they are drawn with.")
    fresh_cost_usd: float | None = Field(
        description="Shortage cost on fresh scenarios; null if the plan does not state "
        "it."
    )
    fresh_interval_usd: tuple[float, float] | None = Field(
        description="95 % interval of that cost."
    )


class FigureChange(Record):
    """A figure of both plans: of their promise, or of their money."""

    figure: Identifier = Field(description="Name of the figure, as in the plan.")
    unit: Unit
    before: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """By how much it is larger; None if a plan does not state it."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


class LevelChange(Record):
    """The stock of a material in both plans, 0 where a plan does not know it."""

    material: Identifier
    name: str
    before_tonnes: Tonnes = Field(description="Pool and rights together.")
    after_tonnes: Tonnes
    before_days_of_cover: float = Field(ge=0, description="Of members' need.")
    after_days_of_cover: float = Field(ge=0)
    before_pool_tonnes: Tonnes = Field(description="Pool alone.")
    after_pool_tonnes: Tonnes
    before_cost_usd: float = Field(ge=0, description="Of planned buying.")
    after_cost_usd: float = Field(ge=0)

    @property
    def change_tonnes(self) -> float:
        """By how much more is held."""
        return self.after_tonnes - self.before_tonnes

    @property
    def is_changed(self) -> bool:
        """Say whether more or less is held, by more than rounding."""
        return not isclose(self.before_tonnes, self.after_tonnes)


class TrancheChange(Record):
    """What is held under one rule and sourcing option; 0 if nothing is."""

    material: Identifier
    name: str = Field(description="Of the material.")
    offer: Identifier | None = Field(description="Right it serves; null is the pool.")
    rule: str
    sourcing: Identifier
    before_tonnes: Tonnes
    after_tonnes: Tonnes

    @property
    def is_resized(self) -> bool:
        """Say whether both plans have it, with other tonnes."""
        return self.before_tonnes > 0 and self.after_tonnes > 0


class StepNumbers(Record):
    """The tranches of a pool, or a right, together at one alert level, in tonnes."""

    release_tonnes_per_period: Tonnes = Field(description="Most released in a period.")
    coverage: float = Field(ge=0, description="Most released, share of the whole gap.")
    floor_tonnes: Tonnes = Field(description="Held back for a higher alert.")
    replenishment_tonnes_per_period: Tonnes = Field(description="Bought back a period.")


class StepChange(Record):
    """What the operator of a pool or a right does otherwise at one alert level."""

    material: Identifier
    name: str = Field(description="Of the material.")
    offer: Identifier | None = Field(description="The right; null is the pool.")
    alert: int = Field(ge=0, le=3, description="Alert level.")
    before: StepNumbers
    after: StepNumbers


class RightChange(Record):
    """A right of either plan; tonnes are 0 where it is not awarded."""

    offer: Identifier
    participant: Identifier
    material: Identifier
    before_tonnes: Tonnes
    after_tonnes: Tonnes
    before_fees_usd_per_year: float = Field(description="Carrying fee.")
    after_fees_usd_per_year: float

    @property
    def is_resized(self) -> bool:
        """Say whether both plans award it, with other tonnes."""
        is_in_both = self.before_tonnes > 0 and self.after_tonnes > 0
        return is_in_both and not isclose(self.before_tonnes, self.after_tonnes)


class ContractChange(Record):
    """An offtake contract of either plan; tonnes are 0 where it is not signed."""

    contract: Identifier
    material: Identifier
    before_tonnes_per_year: Tonnes
    after_tonnes_per_year: Tonnes


class SaleChange(Record):
    """The sale of free stock of a material; 0 where a plan sells none."""

    material: Identifier
    name: str
    before_tonnes: Tonnes
    after_tonnes: Tonnes
    before_tonnes_per_period: Tonnes
    after_tonnes_per_period: Tonnes


class Topic(StrEnum):
    """What a fact of a case is about."""

    TIME = "time"
    POSITION = "position"
    EVENTS = "events"
    PRICES = "prices"
    DEMAND = "demand"
    SUPPLY = "supply"
    STORAGE = "storage"
    FINANCING = "financing"
    MENU = "menu"
    OPTIONS = "options"


class FactChange(Record):
    """A field in which the two cases differ."""

    path: str = Field(description="Field of the case: events[ban].hazard_per_year.")
    before: str | None = Field(description="Null if it is new.")
    after: str | None = Field(description="Null if it is gone.")
    relative_change: float | None = Field(
        description="(after - before) / |before|; null if they are no numbers."
    )

    @property
    def size(self) -> float:
        """Size of the change, the largest if it is none of a number."""
        change = self.relative_change
        return float("inf") if change is None else abs(change)


class TopicChange(Record):
    """What the cases differ in within a topic, the largest change first.

    Both effects are those of these facts alone, all others as they were, on the
    planning scenarios of the plan compared with, which keeps its rules. Effects of
    several topics do not add up.
    """

    topic: Topic
    facts: tuple[FactChange, ...] = Field(min_length=1)
    cost_without_vault_effect_usd: float | None = Field(
        default=None, description="More shortage cost without vault; null if unknown."
    )
    shortage_cost_effect_usd: float | None = Field(
        default=None,
        description="More shortage cost with the plan compared with; null if unknown.",
    )


class KeptPlan(Record):
    """The plan compared with, followed in the case of the other one."""

    objective_usd: float = Field(
        description="On the planning scenarios of the other plan."
    )
    dearer_usd: float = Field(description="Objective less that of the other plan.")
    gap_usd: float = Field(
        ge=0, description="Objective less lower bound of the other plan."
    )
    broken_limits: tuple[str, ...] = Field(
        description="Limits of the case that it does not keep on these scenarios."
    )
    number_of_scenarios: int = Field(ge=1, description="Fresh scenarios.")
    seed: int = Field(ge=0, description="Seed that they are drawn with.")
    scenarios_hash: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Content hash of the scenarios, if they are those of a file.",
    )
    fresh: PlanDifference = Field(
        description="How much more it costs than the other plan on fresh scenarios."
    )

    @property
    def is_within_gap(self) -> bool:
        """Say whether the other plan need not be better than this one."""
        return self.dearer_usd <= self.gap_usd + ROUNDING * abs(self.objective_usd)


class PlanComparison(Record):
    """What changes from one plan to another, and why."""

    before: ComparedPlan = Field(description="The plan compared with.")
    after: ComparedPlan
    figures: tuple[FigureChange, ...]
    best_objective_change_usd: tuple[float, float] = Field(
        description="Between these lies the change of the best objective of the menu: "
        "bound of one plan less objective of the other."
    )
    levels: tuple[LevelChange, ...] = Field(description="Materials held in a plan.")
    tranches: tuple[TrancheChange, ...] = Field(
        description="Those that change, by rule and sourcing option."
    )
    steps: tuple[StepChange, ...] = Field(
        description="Those that change, by alert level."
    )
    rights: tuple[RightChange, ...]
    contracts: tuple[ContractChange, ...]
    sales: tuple[SaleChange, ...] = Field(
        default=(), description="Sales of free stock in a plan."
    )
    periods_later: int = Field(
        default=0,
        ge=0,
        description="Periods by which the second case is later; facts are compared "
        "with the first one as it stands then, nothing bought or drawn since.",
    )
    topics: tuple[TopicChange, ...] = Field(
        default=(), description="What the cases differ in, if they are at hand."
    )
    kept: KeptPlan | None = Field(
        default=None, description="What keeping the plan compared with would cost."
    )
    not_kept_because: str | None = Field(
        default=None, description="Why it cannot be followed in the other case."
    )

    def figure(self, name: str) -> FigureChange:
        """Return the change of a figure; raises StopIteration if there is none."""
        return next(row for row in self.figures if row.figure == name)

    @property
    def is_within_gaps(self) -> bool:
        """Say whether the best objective need not have changed at all."""
        low, high = self.best_objective_change_usd
        slack = ROUNDING * abs(self.figure("objective_usd").after or 0.0)
        return low <= slack and high >= -slack

    @property
    def has_facts(self) -> bool:
        """Say whether the cases of both plans were compared, too."""
        return self.before.start is not None and self.after.start is not None

    @property
    def is_of_one_horizon(self) -> bool:
        """Say whether figures of both plans are of the same periods."""
        before, after = self.before, self.after
        return (before.number_of_periods, before.start) == (
            after.number_of_periods,
            after.start,
        )
