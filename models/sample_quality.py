"""The optimality gap of a plan that was made on a sample of scenarios."""

from pydantic import Field

from models.record import Record


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
