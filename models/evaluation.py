"""What a plan does on scenarios that it was not made with."""

from pydantic import Field

from models.record import Record
from models.units import Identifier


class ReplayResult(Record):
    """A plan in one historic replay."""

    replay: Identifier
    name: str
    shortage_cost_usd: float
    cost_without_vault_usd: float


class Evaluation(Record):
    """Statistics of a plan on fresh scenarios."""

    instance_hash: str
    plan_hash: str
    scenarios: int = Field(ge=1, description="Number of scenarios.")
    seed: int
    expected_shortage_cost_usd: float
    confidence_interval_usd: tuple[float, float] = Field(
        description="95 % interval of the expected cost, from the strata."
    )
    cost_without_vault_usd: float
    cvar_usd: float
    cvar_level: float
    lowest_cash_usd: float = Field(description="Worst cash balance met.")
    replays: tuple[ReplayResult, ...] = ()
