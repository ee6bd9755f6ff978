"""What should be there after a period against what was found; promise and cost."""

from pydantic import Field

from models.record import Record, is_absent, is_zero
from models.units import Identifier, Tonnes, UsDollars


class StockAccount(Record):
    """The stock of a material through a period, pool and rights together, tonnes.

    at_end = at_start - released - handed over - expired + arrived - missing. What is
    rotated leaves in the same period in which it arrives: it is in no other figure.
    """

    material: Identifier = Field(description="Material held.")
    at_start_tonnes: Tonnes = Field(
        description="Before the period; what is bought before the start included."
    )
    released_tonnes: Tonnes = Field(description="Released and drawn.")
    handed_over_tonnes: Tonnes = Field(
        default=0.0, description="Taken over by beneficiaries of rights at their end."
    )
    expired_tonnes: Tonnes = Field(default=0.0, description="Older than it keeps.")
    arrived_tonnes: float = Field(
        description="Arrived beyond what is rotated; below 0 if less came than that."
    )
    expected_tonnes: Tonnes = Field(description="That should be there at the end.")
    counted_tonnes: Tonnes | None = Field(
        default=None, exclude_if=is_absent, description="Found there, if counted."
    )
    missing_tonnes: float = Field(
        default=0.0, description="Expected less counted; below 0 if more was found."
    )

    @property
    def at_end_tonnes(self) -> float:
        """What is there at the end: as counted, else as expected."""
        counted = self.counted_tonnes
        return self.expected_tonnes if counted is None else counted


class FreeStockAccount(Record):
    """Free stock of a material that no tranche takes, through a period, tonnes.

    expected = at_start - sold - expired + arrived. What is for sale is part of it.
    """

    material: Identifier = Field(description="Material held.")
    at_start_tonnes: Tonnes = Field(description="Before the period.")
    sold_tonnes: Tonnes = Field(default=0.0, description="Really sold.")
    expired_tonnes: Tonnes = Field(default=0.0, description="Older than it keeps.")
    arrived_tonnes: Tonnes = Field(
        default=0.0,
        exclude_if=is_zero,
        description="Of purchases of before that no tranche takes.",
    )
    expected_tonnes: Tonnes = Field(description="That should be there at the end.")
    counted_tonnes: Tonnes | None = Field(
        default=None, exclude_if=is_absent, description="Found there, if counted."
    )

    @property
    def missing_tonnes(self) -> float:
        """Expected less counted; below 0 if more was found."""
        counted = self.counted_tonnes
        return 0.0 if counted is None else self.expected_tonnes - counted


class SaleDifference(Record):
    """A sale of free stock of other tonnes, or at another price, than ordered."""

    material: Identifier = Field(description="Material sold.")
    ordered_tonnes: Tonnes = Field(description="Ordered for the period.")
    sold_tonnes: Tonnes = Field(description="Really sold.")
    ordered_usd_per_tonne: UsDollars = Field(
        description="Market price less the discount of the terms."
    )
    sold_usd_per_tonne: UsDollars = Field(description="Price that it really brought.")

    @property
    def more_usd(self) -> float:
        """What the sale brought beyond the order, US dollars."""
        ordered = self.ordered_tonnes * self.ordered_usd_per_tonne
        return self.sold_tonnes * self.sold_usd_per_tonne - ordered


class ReleaseDifference(Record):
    """A pool or right that released otherwise than ordered."""

    material: Identifier = Field(description="Material released.")
    offer: Identifier | None = Field(
        default=None, exclude_if=is_absent, description="Right; the pool if absent."
    )
    ordered_tonnes: Tonnes = Field(description="Ordered for the period.")
    released_tonnes: Tonnes = Field(description="Really released or drawn.")


class ArrivalDifference(Record):
    """A route over which otherwise arrived than ordered."""

    material: Identifier = Field(description="Material bought.")
    route: Identifier = Field(description="Route that it came over.")
    ordered_tonnes: Tonnes = Field(description="Ordered, as far as the route was open.")
    arrived_tonnes: Tonnes = Field(description="Really arrived.")

    @property
    def late_tonnes(self) -> float:
        """What has not arrived; 0 if more did than was ordered."""
        return max(self.ordered_tonnes - self.arrived_tonnes, 0.0)


class CashAccount(Record):
    """Cash through a period, US dollars, after the draws of the orders."""

    at_start_usd: float = Field(description="Before the period.")
    expected_usd: float = Field(description="That should be there at its end.")
    counted_usd: float | None = Field(
        default=None, exclude_if=is_absent, description="Found there, if counted."
    )

    @property
    def at_end_usd(self) -> float:
        """What is there at the end: as counted, else as expected."""
        return self.expected_usd if self.counted_usd is None else self.counted_usd


class CostAccount(Record):
    """Shortage cost of periods: as the plan expected it, and as it came.

    US dollars of the periods themselves, not discounted. What came is that of the
    facts and of what was really released.
    """

    periods: int = Field(ge=1, description="Number of periods.")
    expected_usd: float = Field(
        description="Mean of the plan's planning scenarios, as seen before each period."
    )
    incurred_usd: float = Field(description="With the plan.")
    without_vault_usd: float = Field(description="The same if nothing were held.")

    def plus(self, other: "CostAccount") -> "CostAccount":
        """Return the account of the periods of both."""
        return CostAccount(
            periods=self.periods + other.periods,
            expected_usd=self.expected_usd + other.expected_usd,
            incurred_usd=self.incurred_usd + other.incurred_usd,
            without_vault_usd=self.without_vault_usd + other.without_vault_usd,
        )


class Reconciliation(Record):
    """The books of a period: what was ordered and expected, and what was found."""

    stock: tuple[StockAccount, ...] = Field(
        description="Every material of which something is held or was."
    )
    releases: tuple[ReleaseDifference, ...] = Field(
        default=(), exclude_if=is_absent, description="Released otherwise than ordered."
    )
    arrivals: tuple[ArrivalDifference, ...] = Field(
        default=(), exclude_if=is_absent, description="Arrived otherwise than ordered."
    )
    sales: tuple[SaleDifference, ...] = Field(
        default=(), exclude_if=is_absent, description="Sold otherwise than ordered."
    )
    free_stock: tuple[FreeStockAccount, ...] = Field(
        default=(),
        exclude_if=is_absent,
        description="Every material with free stock that no tranche takes.",
    )
    cash: CashAccount
    cost: CostAccount = Field(description="Of this period.")
    cost_so_far: CostAccount = Field(
        description="Of this period and of those of earlier orders that were given."
    )
