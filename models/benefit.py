"""What a plan avoids and what it costs to hold, estimated on scenarios."""

from pydantic import Field

from models.record import Record


class Estimate(Record):
    """A mean over scenarios and how certain it is."""

    mean: float
    confidence_interval: tuple[float, float] | None = Field(
        default=None,
        description="95 % interval, from independent batches of scenarios; null for a "
        "few scenarios only.",
    )


class Benefit(Record):
    """What a plan avoids, its cost of holding, their difference and their ratio.

    Each is taken scenario by scenario, so the interval of the net benefit is that of
    paired figures. Discounted US dollars.
    """

    avoided_usd: Estimate = Field(
        description="Shortage cost without vault less that with it."
    )
    cost_of_holding_usd: Estimate = Field(
        description="All that is paid less all that is received and less what the "
        "stock at the end is worth after the haircut."
    )
    net_benefit_usd: Estimate = Field(description="Avoided less cost of holding.")
    benefit_cost_ratio: Estimate | None = Field(
        description="Avoided by cost of holding; null unless holding surely costs."
    )
