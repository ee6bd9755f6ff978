"""Release and replenishment rules: tables by alert level, and the menu of levels."""

from typing import Annotated

from pydantic import Field

from models.record import Record, SourcedRecord
from models.units import Fraction, Identifier

NUMBER_OF_ALERT_LEVELS = 4


class RuleStep(Record):
    """The operator's actions while the alert is at one level.

    release = min(draw rate x target, coverage x market gap, on hand - floor x target).
    """

    draw_rate_per_month: Fraction = Field(
        description="Most that is released in a month, share of the target."
    )
    coverage: Fraction = Field(description="Most that is released, share of the gap.")
    floor: Fraction = Field(
        default=0.0, description="Share of the target held back for a higher alert."
    )
    replenishment_rate_per_month: Fraction = Field(
        default=0.0, description="Pace of buying back, share of the target a month."
    )
    price_cap: float | None = Field(
        default=None,
        gt=0,
        description="Buy back only up to this multiple of the undisrupted price.",
    )


RuleSteps = Annotated[
    tuple[RuleStep, RuleStep, RuleStep, RuleStep],
    Field(
        description="One step for each alert level: 0 calm, 1 watch, 2 high, 3 severe."
    ),
]


class ReleaseRule(SourcedRecord):
    """A rule j: one step for each alert level. Its parameters are first-stage."""

    id: Identifier = Field(description="Name of the rule.")
    name: str = Field(description="Name for people.")
    steps: RuleSteps
