"""Statistics of a plan on scenarios that it was not made with."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from models.benefit import Benefit, Estimate
from models.financing_view import FinancingFans
from models.record import Record, is_absent
from models.sample_quality import SampleQuality
from models.story import WorstScenario
from models.units import Fraction, Identifier


class ScenarioSource(StrEnum):
    """Which scenarios a plan was followed through."""

    FRESH = "fresh"
    PLANNING = "planning"
    FILE = "file"


def _is_fresh(followed: object) -> bool:
    """Say whether scenarios are those of all evaluations of earlier versions."""
    return followed == ScenarioSource.FRESH


class Fresh(Record):
    """A request for fresh scenarios."""

    number_of_scenarios: int = Field(ge=1, description="Number of scenarios.")
    seed: int = Field(ge=0, description="Seed that they are drawn with.")
    precision: float = Field(
        default=0.05,
        gt=0,
        description="Wanted half width of the interval, as a share of the cost.",
    )
    replications: int = Field(
        default=0, ge=0, description="Samples for the optimality gap; 0 for none."
    )
    replication_scenarios: int = Field(
        default=100, ge=1, description="Scenarios in each sample."
    )

    @model_validator(mode="after")
    def _enough_replications(self) -> Self:
        if self.replications == 1:
            msg = "replications is 1, expected 0, or 2 and more"
            raise ValueError(msg)
        return self


class ReplayResult(Record):
    """A plan in one historic replay."""

    replay: Identifier
    name: str
    shortage_cost_usd: float
    cost_without_vault_usd: float


class TailCost(Record):
    """The mean cost of the worst scenarios."""

    level: Fraction = Field(description="The worst 1 - level of the probability.")
    cvar_usd: float
    cvar_without_vault_usd: float


class ProductService(Record):
    """Service level of one product of a participant."""

    participant: Identifier
    participant_name: str
    product: Identifier
    name: str
    days_of_cover: float = Field(
        ge=0,
        description=("Mean stock of its scarcest material, in days of members' need."),
    )
    fill_rate: Fraction = Field(description="Expected output by planned output.")
    fill_rate_without_vault: Fraction
    line_stop_probability: Fraction = Field(
        description="Probability that its line stops in any period of the horizon."
    )
    line_stop_probability_without_vault: Fraction


class MaterialService(Record):
    """Cover by the stock of a material, pool and rights together."""

    material: Identifier
    name: str
    mean_days_of_cover: float = Field(
        ge=0, description="Mean stock over horizon and scenarios, in days of need."
    )
    gap_probability: Fraction = Field(description="Probability that it is ever short.")
    stock_out_probability: Fraction = Field(
        description=(
            "Probability that it is ever short while less than a lot is on hand, used "
            "up or not bought yet; 0 if none is to be held."
        )
    )


class PlanDifference(Record):
    """How much more another plan costs on the same scenarios."""

    plan_hash: str
    expected_shortage_cost_usd: float
    difference_usd: float = Field(description="Mean of its cost less the plan's.")
    confidence_interval_usd: tuple[float, float] | None = Field(
        description="95 % interval of the difference; null for a few scenarios only."
    )
    cost_of_holding_difference_usd: Estimate | None = Field(
        default=None, description="Mean of its cost of holding less the plan's."
    )
    net_benefit_difference_usd: Estimate | None = Field(
        default=None, description="Mean of its net benefit less the plan's."
    )


class Evaluation(Record):
    """Statistics of a plan on fresh scenarios, its own, or those of a file."""

    instance_hash: str
    plan_hash: str
    scenarios: int = Field(ge=1, description="Number of scenarios.")
    seed: int
    followed: ScenarioSource = Field(
        default=ScenarioSource.FRESH,
        exclude_if=_is_fresh,
        description="Which scenarios these are: fresh if absent, those that the plan "
        "was made for, or others of a file.",
    )
    scenarios_hash: str | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Content hash of the scenarios, if they are those of a file.",
    )
    expected_shortage_cost_usd: float
    confidence_interval_usd: tuple[float, float] | None = Field(
        description=(
            "95 % interval of the expected cost, from independent batches of "
            "scenarios; null for a few scenarios only."
        )
    )
    precision: float | None = Field(
        default=None,
        gt=0,
        description="Wanted half width of the interval, as a share of the cost.",
    )
    scenarios_for_precision: int | None = Field(
        default=None,
        ge=1,
        description="Estimated scenarios for that precision; null if unknown.",
    )
    cost_without_vault_usd: float
    benefit: Benefit | None = Field(
        default=None,
        description="What the plan avoids and what it costs to hold; null in documents "
        "of before the cost of holding.",
    )
    cvar_usd: float
    cvar_level: float
    tails: tuple[TailCost, ...] = Field(
        default=(), description="Mean of the worst 10, 5 and 1 %."
    )
    lowest_cash_usd: float = Field(description="Lowest cash balance in any scenario.")
    fans: FinancingFans = Field(description="Cash and collateral over time.")
    products: tuple[ProductService, ...] = ()
    materials: tuple[MaterialService, ...] = ()
    others: tuple[PlanDifference, ...] = Field(
        default=(), description="Other plans on the same scenarios."
    )
    replays: tuple[ReplayResult, ...] = ()
    worst: tuple[WorstScenario, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Scenarios that cost most, the worst first, with their stories.",
    )
    quality: SampleQuality | None = Field(
        default=None, description="Optimality gap beyond the planning scenarios."
    )
