"""The optimality gap of a plan that was made on a sample of scenarios."""

from pydantic import Field

from models.record import Record
from models.units import Fraction


class Replication(Record):
    """One independent sample: the plan's objective and a lower bound."""

    plan_objective_usd: float = Field(description="The plan's rules on this sample.")
    lower_bound_usd: float = Field(
        description="No plan of the menu has a lower objective on this sample."
    )


class SampleQuality(Record):
    """The optimality gap of a plan beyond its own sample.

    The expected bound is at most the optimal objective, whatever the size of the
    samples, so the mean difference overestimates the gap (Mak, Morton & Wood 1999,
    Operations Research Letters 24:47-56). With a CVaR weight this holds approximately,
    because each sample has its own tail.

    The bounds are of plans that pay for all and keep the cover of the debt in every
    scenario of a sample. A plan that does not on fresh scenarios has more money than
    they have, and can cost less than its bound: the two probabilities say how often.
    """

    promised_objective_usd: float = Field(description="On the planning scenarios.")
    number_of_scenarios: int = Field(ge=1, description="In each sample.")
    seed: int
    replications: tuple[Replication, ...] = Field(min_length=2)
    objective_usd: float = Field(description="Mean of the plan's objective.")
    lower_bound_usd: float = Field(description="Mean of the bounds.")
    gap_usd: float = Field(description="Mean of their differences.")
    gap_upper_usd: float = Field(
        description="With 95 % confidence the plan's true gap is no larger."
    )
    unfunded_probability: Fraction | None = Field(
        default=None,
        description=(
            "Of scenarios in which cash falls below 0: all facilities are exhausted, "
            "or scheduled draws do not suffice. Null if not known."
        ),
    )
    most_unfunded_usd: float | None = Field(
        default=None, ge=0, description="Most that is missing in any scenario."
    )
    cover_broken_probability: Fraction | None = Field(
        default=None,
        description="Of scenarios that break the cover of the debt; null without one.",
    )
