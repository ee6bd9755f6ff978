"""Demand: participants, products, bills of materials, shortage cost."""

from typing import Literal, Self

from pydantic import Field, model_validator

from models.record import Record, SourcedRecord, is_absent
from models.time_path import Ramp, fraction_in
from models.units import Days, GrowthPerYear, Identifier, PositiveFraction

TOLERANCE = 1e-9


class PriorityClass(SourcedRecord):
    """A class k of participants; its weight multiplies their shortage cost."""

    id: Identifier = Field(description="Name of the class.")
    name: str = Field(description="Name for people.")
    weight: float = Field(
        default=1.0, gt=0, le=1000, description="1 counts a dollar lost as a dollar."
    )


class Participant(SourcedRecord):
    """A manufacturer o that may draw on the reserve."""

    id: Identifier = Field(description="Name of the participant.")
    name: str = Field(description="Name for people.")
    priority_class: Identifier = Field(description="Its priority class.")
    working_buffer_days: Days = Field(
        default=0.0, description="Own stock that is used before a gap opens."
    )


class BillLine(SourcedRecord):
    """The quantity of a material or component in one unit of a product."""

    material: Identifier | None = Field(default=None, description="Material needed.")
    component: Identifier | None = Field(default=None, description="Product needed.")
    quantity_per_unit: float = Field(
        gt=0, description="Tonnes of the material, or units of the component."
    )

    @model_validator(mode="after")
    def _one_item(self) -> Self:
        if (self.material is None) == (self.component is None):
            msg = "give either material or component, expected exactly one of the two"
            raise ValueError(msg)
        return self


class ShortageBlock(Record):
    """A slice of unmet output and what each unit in it costs.

    The first slices are what can be saved by thrift and substitution, the last one
    stops the line. Costs rise from block to block, so the cost of a shortage is convex.
    """

    kind: Literal["thrift", "substitution", "line_stop"] = Field(
        description="How the slice is absorbed."
    )
    share: PositiveFraction = Field(description="Width, as a share of demand.")
    cost_usd_per_unit: float = Field(ge=0, description="Loss per unit not made.")


class Product(SourcedRecord):
    """A product p of one participant, or a component of other products."""

    id: Identifier = Field(description="Name of the product.")
    name: str = Field(description="Name for people.")
    unit: str = Field(description="What one unit is (vehicle, engine, t of magnets).")
    participant: Identifier | None = Field(
        default=None, description="Maker; absent for a component."
    )
    demand_units_per_year: float | None = Field(
        default=None, gt=0, description="Planned output; absent for a component."
    )
    ramp: Ramp = Field(
        default=(),
        exclude_if=is_absent,
        description=(
            "How much of the demand there is, by period, between 0 and 1; all of it if "
            "absent. One product that takes the place of another ramps up as that "
            "other ramps down."
        ),
    )
    growth_per_year: GrowthPerYear = Field(default=0.0, description="Growth of demand.")
    demand_volatility_per_year: float = Field(
        default=0.0, ge=0, le=2, description="Standard deviation of yearly log changes."
    )
    bill_of_materials: tuple[BillLine, ...] = Field(
        min_length=1, description="What one unit needs."
    )
    shortage_blocks: tuple[ShortageBlock, ...] = Field(
        default=(), description="Convex shortage cost; needed where there is demand."
    )

    def units_per_year(self, t: int) -> float:
        """Return the planned output of a period, without growth; 0 of a component."""
        return (self.demand_units_per_year or 0.0) * fraction_in(self.ramp, t)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        mistakes: list[str] = []
        if self.ramp and self.participant is None:
            mistakes.append("ramp of a component, expected of a product with demand")
        if (self.participant is None) != (self.demand_units_per_year is None):
            mistakes.append("participant and demand_units_per_year go together")
        if self.participant is not None:
            mistakes += self._block_mistakes()
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def _block_mistakes(self) -> list[str]:
        mistakes: list[str] = []
        width = sum(block.share for block in self.shortage_blocks)
        if abs(width - 1) > TOLERANCE:
            mistakes.append(f"shares of shortage_blocks sum to {width:g}, expected 1")
        costs = [block.cost_usd_per_unit for block in self.shortage_blocks]
        if costs != sorted(costs):
            mistakes.append(
                f"costs of shortage_blocks are {costs}, "
                "expected none below the one before"
            )
        return mistakes
