"""Why a plan is as it is: the worth of each part, its limits and its drivers.

Worth is the change of the objective when the changed plan is replayed on the planning
scenarios.
"""

from pydantic import Field

from models.frontier import Frontier
from models.record import Record
from models.units import Fraction, Identifier, Tonnes


class CandidateName(Record):
    """A candidate of the menu: its rule, level and sourcing option."""

    rule: str = Field(description="Rule of the menu, or 'entitlement'.")
    level_days_of_cover: float = Field(ge=0, description="Level of the candidate.")
    sourcing: Identifier = Field(description="Sourcing option.")


class LotWorth(Record):
    """One lot more or less of a material."""

    candidate: CandidateName = Field(description="Candidate of the lot.")
    in_place_of: CandidateName | None = Field(
        default=None,
        description="Candidate that gives up its share for the lot; null if none does.",
    )
    tonnes: Tonnes = Field(description="One lot.")
    avoided_usd: float = Field(
        description="Fall of the objective with the lot, or rise without it."
    )
    landed_cost_usd: float = Field(ge=0, description="At undisrupted landed prices.")

    @property
    def avoided_per_dollar(self) -> float | None:
        """Objective avoided per dollar spent; None if the lot costs nothing."""
        return self.avoided_usd / self.landed_cost_usd if self.landed_cost_usd else None


class Alternative(Record):
    """The best candidate that the plan does not hold, and the effect of a lot of it."""

    candidate: CandidateName
    in_place_of: CandidateName = Field(description="Tranche that gives up the lot.")
    tonnes: Tonnes = Field(description="One lot, moved from one to the other.")
    extra_cost_usd: float = Field(
        description="Rise of the objective; negative if the move is better."
    )
    limits: tuple[str, ...] = Field(
        default=(), description="Limits of the case that the move would break."
    )
    reason: str = Field(default="", description="Why the move is not made.")


class TrancheWorth(Record):
    """The worth of one tranche: how much the objective rises without it."""

    material: Identifier
    offer: Identifier | None = Field(description="Right it serves; the pool if absent.")
    participant: Identifier | None = Field(description="Beneficiary of a right.")
    participant_name: str | None = Field(description="Name of the participant.")
    candidate: CandidateName
    lots: int = Field(ge=1)
    tonnes: Tonnes
    avoided_usd: float = Field(description="Rise of the objective without it.")
    text: str = Field(description="Its rule as printed in the plan.")


class MaterialReason(Record):
    """Why this much of a material is held, and not a lot more or less."""

    material: Identifier
    name: str
    lots: int = Field(ge=0)
    tonnes: Tonnes
    days_of_cover: float = Field(ge=0)
    avoided_usd: float = Field(
        description="Rise of the objective without any stock of it."
    )
    last_lot: LotWorth | None = Field(description="Cheapest lot to give up.")
    next_lot: LotWorth | None = Field(
        description="Lot most worth adding; null if the menu has no more."
    )
    next_best: Alternative | None = Field(
        description="Null if its pool holds nothing, or has no other candidate."
    )
    limits: tuple[str, ...] = Field(
        description="Limits of the case that the next lot would break."
    )
    reason: str = Field(description="In one sentence.")


class RightReason(Record):
    """Why a right is awarded as it is, and not larger."""

    offer: Identifier
    participant: Identifier
    participant_name: str
    material: Identifier
    lots: int = Field(ge=0, description="Awarded; 0 if the right is not.")
    largest_lots: int = Field(ge=1, description="Largest award that is offered.")
    avoided_usd: float = Field(description="Rise of the objective without the right.")
    next_lots: int | None = Field(
        description="The next larger award; null if the menu has none."
    )
    next_avoided_usd: float | None = Field(
        description="Fall of the objective with it, the rest of the plan unchanged."
    )
    limits: tuple[str, ...] = Field(
        description="Limits of the case that it would break."
    )
    reason: str = Field(description="In one sentence.")


class EventDriver(Record):
    """An event and the shortage cost of the scenarios in which it happens."""

    event: Identifier
    name: str
    materials: tuple[Identifier, ...]
    probability: Fraction = Field(
        description="Probability that it happens within the horizon, once or more."
    )
    cost_if_it_happens_usd: float = Field(description="Mean over those scenarios.")
    share_of_cost: Fraction = Field(
        description=(
            "Part of the expected shortage cost in scenarios where it happens; shares "
            "of events that happen together overlap."
        )
    )


class Onset(Record):
    """An event in a scenario, once for each time that it begins there."""

    event: Identifier
    period: int = Field(ge=0, description="First period that it touches.")
    days: float = Field(ge=0, description="How long all its phases last.")


class DrivingScenario(Record):
    """A planning scenario with a large share of the expected shortage cost."""

    name: str
    probability: Fraction
    cost_usd: float = Field(ge=0, description="Shortage cost in this scenario.")
    share_of_cost: Fraction = Field(description="Of the expected shortage cost.")
    onsets: tuple[Onset, ...]


class Codependence(Record):
    """The worth of one material's stock without another that the same products need.

    Near a share of 0 it is worth little without the other; above 1 each replaces the
    other.
    """

    material: Identifier
    other: Identifier
    products: tuple[Identifier, ...] = Field(description="Products that need both.")
    worth_usd: float = Field(description="Objective avoided by its stock.")
    worth_without_other_usd: float = Field(
        description="The same if nothing of the other is held."
    )

    @property
    def share_kept(self) -> float | None:
        """Share of its worth that is left without the other; None if it has none."""
        return self.worth_without_other_usd / self.worth_usd if self.worth_usd else None


class Explanation(Record):
    """Why a plan is as it is."""

    instance_hash: str = Field(description="Content hash of the case.")
    plan_hash: str = Field(description="Content hash of the plan.")
    scenarios: int = Field(ge=1, description="Planning scenarios.")
    expected_shortage_cost_usd: float
    gap: float = Field(ge=0, description="No plan is better by more than this share.")
    budget_shadow_price: float | None = Field(
        description="Objective avoided by one more dollar of financing."
    )
    materials: tuple[MaterialReason, ...] = Field(description="Every one of the case.")
    tranches: tuple[TrancheWorth, ...]
    rights: tuple[RightReason, ...] = Field(
        default=(), description="Every offer of the case."
    )
    limits: tuple[str, ...] = Field(
        description="Limits without room for the next lot, or on money."
    )
    frontier: Frontier | None = Field(
        default=None, description="Budgets around the case's; null if not asked for."
    )
    events: tuple[EventDriver, ...] = Field(description="Largest share first.")
    driving_scenarios: tuple[DrivingScenario, ...] = Field(
        description="Largest share first."
    )
    codependences: tuple[Codependence, ...] = Field(description="Least share first.")
