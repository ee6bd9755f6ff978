"""A plan for one participant: its rights, products and own cost.

The view has no figure of another participant, and no hash of case or plan, which would
change with those figures.
"""

import datetime as dt

from pydantic import Field

from models.history import RunningDays
from models.record import Record, is_absent, is_zero
from models.units import Fraction, Identifier, Tonnes


class RepurchaseMark(Record):
    """The duty to buy the remaining stock at the inventory price, marked to market.

    It is a forward on the whole right, as if nothing were drawn before: the participant
    loses the difference if the market price is below the inventory price.
    """

    period: int = Field(ge=0, description="Repurchase period, from 0.")
    date: dt.date = Field(description="First day of that period.")
    inventory_price_usd_per_tonne: float = Field(ge=0, description="Price to be paid.")
    price_p5_usd_per_tonne: float = Field(
        ge=0, description="5 % quantile of the market price in the repurchase period."
    )
    price_p95_usd_per_tonne: float = Field(
        ge=0, description="95 % quantile of the market price in that period."
    )
    value_at_p5_usd: float = Field(
        description="Tonnes x (market price - inventory price) at the 5 % quantile."
    )
    value_at_p95_usd: float = Field(description="The same at the 95 % quantile.")


class RightView(Record):
    """A right of the participant: its terms, its cost and the cost that it avoids.

    Avoided cost is the rise of the participant's shortage cost without this right, the
    rest of the plan unchanged, so the values of several rights do not add up.
    """

    offer: Identifier
    material: Identifier
    material_name: str
    tonnes: Tonnes = Field(description="Size of the right, tonnes.")
    lots: int = Field(ge=1, description="Lots.")
    days_of_own_cover: float = Field(ge=0, description="Days of the own need.")
    inventory_price_usd_per_tonne: float = Field(ge=0, description="Of draws.")
    upfront_fee_usd: float = Field(ge=0, description="Paid at the start, US dollars.")
    carrying_fee_usd_per_year: float = Field(
        ge=0, description="US dollars a year while all of it is held."
    )
    term_years: float = Field(
        gt=0, description="To the end of the repurchase period, or of the horizon."
    )
    avoided_cost_usd: float = Field(
        description="Expected own shortage cost avoided by the right, discounted."
    )
    avoided_cost_interval_usd: tuple[float, float] | None = Field(
        description="95 % interval of that expectation; null for a few scenarios only."
    )
    avoided_cost_alone_usd: float = Field(
        description=(
            "Cost avoided if nothing else were held or signed; above avoided_cost_usd "
            "where pool or contracts also serve the holder."
        )
    )
    expected_fees_usd: float = Field(
        ge=0, description="Expected fees as they fall due, discounted."
    )
    all_in_cost_usd_per_kg_year: float = Field(
        ge=0,
        description=(
            "Upfront fee / term_years + carrying fee, US dollars a kg and year. The "
            "inventory price needs no financing by the participant: it is paid when "
            "material is drawn or taken."
        ),
    )
    gap_probability: Fraction = Field(
        description="Probability of a gap in the material after the own buffer."
    )
    avoided_cost_given_gap_usd: float | None = Field(
        description="Expected avoided cost given such a gap; null if there is none."
    )
    break_even_probability: float | None = Field(
        ge=0,
        description=(
            "Probability of such a gap within the horizon at which the all-in cost of "
            "the term equals the avoided cost; above 1 the right costs more than it "
            "avoids even if the gap is certain; null if nothing is avoided."
        ),
    )
    repurchase: RepurchaseMark | None = Field(description="Null without repurchase.")
    is_in_force: bool = Field(
        default=False,
        exclude_if=is_zero,
        description="Whether it was awarded before the start; its upfront fee is paid.",
    )
    terms: tuple[str, ...] = Field(description="Draws, refill and end, as sentences.")


class MembershipView(Record):
    """What membership costs the participant, and what it avoids of its own cost.

    The avoided cost is the rise of its shortage cost if it left, or the fall if it
    joined; tranches as printed, and pools serve the members that there are then.
    """

    is_member: bool = Field(description="Whether it is a member as it is.")
    fee_usd_per_year: float = Field(ge=0, description="Paid, or what it would pay.")
    fees_usd: float = Field(ge=0, description="Over the horizon, discounted.")
    avoided_cost_usd: float = Field(
        description="Expected own shortage cost that membership avoids, discounted."
    )
    avoided_cost_interval_usd: tuple[float, float] | None = Field(
        description="95 % interval of that expectation; null for a few scenarios only."
    )


class LineRun(Record):
    """An own product in one historic replay."""

    replay: Identifier
    replay_name: str
    product: Identifier
    name: str
    with_vault: RunningDays
    without_vault: RunningDays


class ParticipantView(Record):
    """A plan as one participant may see it; its costs are not weighted.

    Where a tonne is worth the same to several participants, the allocation between them
    is one of several optimal ones, and their costs depend on it.
    """

    participant: Identifier
    name: str
    scenarios: int = Field(ge=1, description="Number of fresh scenarios.")
    seed: int = Field(ge=0, description="Seed that they are drawn with.")
    shortage_cost_usd: float = Field(
        ge=0, description="Expected own shortage cost with the vault, discounted."
    )
    shortage_cost_interval_usd: tuple[float, float] | None = Field(
        description="95 % interval of that expectation; null for a few scenarios only."
    )
    cost_without_vault_usd: float = Field(ge=0, description="The same, nothing held.")
    cvar_level: Fraction = Field(description="CVaR is the mean of the worst 1 - level.")
    cvar_usd: float = Field(ge=0, description="Of the own cost with the vault.")
    cvar_without_vault_usd: float = Field(ge=0, description="Nothing held.")
    membership: MembershipView | None = Field(
        default=None,
        exclude_if=is_absent,
        description="Absent in a case without membership.",
    )
    rights: tuple[RightView, ...] = Field(description="Awarded by the plan.")
    offers_not_awarded: tuple[Identifier, ...] = Field(
        description="Own offers that the plan does not take up."
    )
    lines: tuple[LineRun, ...] = Field(
        description="Own products in the historic replays of the case."
    )
