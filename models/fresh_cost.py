"""The cost of a plan on fresh scenarios, estimated beside its promise."""

from pydantic import Field

from models.benefit import Benefit
from models.record import Record, is_absent

# Of the fresh cost: how far outside the interval a promise is too rough to be used.
MARGIN = 0.05
FEWEST_TO_TRY = 200
TIMES_AS_MANY = 4


class FreshCost(Record):
    """The expected cost on scenarios that the plan was not made with."""

    number_of_scenarios: int = Field(
        ge=4, le=100_000, description="Number of fresh scenarios."
    )
    seed: int = Field(ge=0, description="Seed that they are drawn with.")
    expected_shortage_cost_usd: float
    confidence_interval_usd: tuple[float, float] = Field(
        description="95 % interval of that cost, from independent batches."
    )
    # Absent in plans of before the cost of holding.
    benefit: Benefit | None = Field(
        default=None,
        exclude_if=is_absent,
        description="What the plan avoids there and what it costs to hold.",
    )


def rough_promise(
    promised_usd: float, number_of_scenarios: int, fresh: FreshCost
) -> str | None:
    """Return a warning if a promise is far outside the interval on fresh scenarios."""
    low, high = fresh.confidence_interval_usd
    cost = fresh.expected_shortage_cost_usd
    outside = max(low - promised_usd, promised_usd - high)
    if outside <= MARGIN * abs(cost):
        return None
    more = max(FEWEST_TO_TRY, TIMES_AS_MANY * number_of_scenarios)
    return (
        f"{number_of_scenarios} planning scenarios are too few: the promise is "
        f"{promised_usd / 1e6:,.4g} million dollars, {fresh.number_of_scenarios} fresh "
        f"scenarios cost {cost / 1e6:,.4g} ({low / 1e6:,.4g} to {high / 1e6:,.4g}); "
        f"try --scenarios {more}"
    )
