"""What a right is worth to its participant, by quantity: the basis of an offer.

It has no figure of another participant, and no hash of the case, which would change
with those figures.
"""

from pydantic import Field

from models.record import Record, is_zero
from models.units import Fraction, Identifier, Tonnes


class RightQuantity(Record):
    """A right of so many lots: the own cost that remains, what it avoids and costs.

    The figures are of the participant's own losses, unweighted and discounted.
    """

    lots: int = Field(ge=1, description="Lots.")
    tonnes: Tonnes = Field(description="Size of the right, tonnes.")
    days_of_own_cover: float = Field(ge=0, description="Days of the own need.")
    sourcing: Identifier = Field(
        description="Sourcing option with which most can be drawn."
    )
    available_from_period: int = Field(
        ge=0, description="First period in which all of it can be held."
    )
    shortage_cost_usd: float = Field(description="Expected own cost with the right.")
    cvar_usd: float = Field(description="Mean of the worst 1 - cvar_level of it.")
    avoided_cost_usd: float = Field(description="Expected own cost that it avoids.")
    avoided_cost_interval_usd: tuple[float, float] | None = Field(
        description="95 % interval of that expectation; null for a few scenarios only."
    )
    expected_fees_usd: float = Field(
        ge=0, description="Expected fees as they fall due, discounted."
    )
    net_benefit_usd: float = Field(description="Avoided cost less expected fees.")
    added_lots: int = Field(ge=1, description="Lots more than the quantity before.")
    added_net_benefit_per_lot_usd: float = Field(
        description="What each of the added lots adds to the net benefit."
    )
    break_even_probability: float | None = Field(
        ge=0,
        description=(
            "Probability of a gap within the horizon from which the right pays; above "
            "1 it never does; null if nothing is avoided."
        ),
    )


class RightMenu(Record):
    """An offer valued at a menu of quantities."""

    offer: Identifier
    material: Identifier
    material_name: str
    lot_tonnes: Tonnes = Field(description="Tonnes of a lot.")
    inventory_price_usd_per_tonne: float = Field(ge=0, description="Of draws.")
    all_in_cost_usd_per_kg_year: float = Field(
        ge=0, description="Upfront fee / years of the term + carrying fee."
    )
    shortage_cost_usd: float = Field(ge=0, description="Own cost without the right.")
    shortage_cost_interval_usd: tuple[float, float] | None = Field(
        description="95 % interval of that expectation; null for a few scenarios only."
    )
    cvar_usd: float = Field(ge=0, description="Mean of the worst 1 - cvar_level of it.")
    gap_probability: Fraction = Field(
        description="Probability of a gap in the material after the own buffer."
    )
    quantities: tuple[RightQuantity, ...] = Field(description="By size.")
    lots_not_available: tuple[int, ...] = Field(
        description="Quantities that routes cannot supply in time."
    )
    best_lots: int = Field(
        ge=0, description="Quantity with the highest net benefit; 0 if none pays."
    )
    is_in_force: bool = Field(
        default=False,
        exclude_if=is_zero,
        description="Whether it was awarded before the start: it has one quantity, "
        "and its upfront fee is paid.",
    )
    terms: tuple[str, ...] = Field(description="Draws, refill and end, as sentences.")


class RightMenus(Record):
    """The rights that a participant offers to take, each at a menu of quantities.

    Each right is valued as if nothing else were held; values of several rights do not
    add up.
    """

    participant: Identifier
    name: str
    scenarios: int = Field(ge=1, description="Number of fresh scenarios.")
    seed: int = Field(ge=0, description="Seed that they are drawn with.")
    cvar_level: Fraction = Field(description="CVaR is the mean of the worst 1 - level.")
    rights: tuple[RightMenu, ...]
