"""A plan over time on fresh scenarios: stock, shortages, costs."""

import datetime as dt

from pydantic import Field

from models.record import Record
from models.units import Fraction, Identifier


class Quantiles(Record):
    """Five quantiles of one quantity, in its unit, weighted by probability.

    Each is the least value that is not exceeded with that probability.
    """

    p5: float = Field(description="Exceeded in all but 5 % of the probability.")
    p25: float = Field(description="Lower quartile.")
    p50: float = Field(description="Median.")
    p75: float = Field(description="Upper quartile.")
    p95: float = Field(description="Not exceeded in 95 % of the probability.")


class Fan(Record):
    """The quantiles of one quantity over time."""

    periods: tuple[Quantiles | None, ...] = Field(
        description="By period; null where the quantity is not defined."
    )


class MaterialTrajectory(Record):
    """Stock and shortage of a material over time."""

    material: Identifier
    name: str
    target_tonnes: float = Field(
        ge=0, description="Target, pool and rights together, tonnes."
    )
    on_hand_tonnes: Fan = Field(
        description="Pool and rights together at the end of each period, tonnes."
    )
    need_tonnes: tuple[float, ...] = Field(
        description="Expected need of all participants by period, tonnes."
    )
    gap_tonnes: tuple[float, ...] = Field(
        description="Expected gap before any release by period, tonnes."
    )
    shortage_tonnes: tuple[float, ...] = Field(
        description=(
            "Expected gap by period, less what releases and contracts supply to units "
            "made, tonnes."
        )
    )


class CostDistribution(Record):
    """Quantiles of the shortage cost with the plan and without vault."""

    levels: tuple[Fraction, ...] = Field(description="Probabilities, ascending.")
    with_plan_usd: tuple[float, ...] = Field(
        description="Cost that is not exceeded with the probability of each level."
    )
    without_vault_usd: tuple[float, ...] = Field(
        description="The same if nothing is held."
    )
    mean_with_plan_usd: float
    mean_without_vault_usd: float


class PlanTrajectories(Record):
    """A plan over time on fresh scenarios."""

    instance_hash: str
    plan_hash: str
    scenarios: int = Field(ge=1, description="Number of scenarios.")
    seed: int
    period_starts: tuple[dt.date, ...] = Field(description="First day of each period.")
    materials: tuple[MaterialTrajectory, ...] = Field(
        description="All of the case, held or not."
    )
    cost: CostDistribution
