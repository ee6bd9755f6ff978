"""The cost of holding a reserve: what it costs its owners beside shortages."""

from pydantic import Field

from models.record import Record, is_zero
from models.units import Fraction

# Of what is avoided: a smaller cost of holding is rounding.
NOTHING = 1e-9


class CostOfHolding(Record):
    """Expected money of a plan by what it is for, and its cost of holding.

    Amounts are those of the planning scenarios over the horizon, not discounted. The
    cost of holding is all that is paid, less all that is received, less what the stock
    that is left is worth after the haircut; then discounted from the end. Free
    stock counts as paid for with what it is worth at the start after the haircut.
    """

    purchases_usd: float = Field(
        description="Planned buying, replenishment and rotation at landed prices, what "
        "is in place at the start included."
    )
    premia_usd: float = Field(description="Paid above the price for own buying.")
    storage_usd: float = Field(description="Storage and insurance.")
    interest_and_fees_usd: float = Field(
        description="Interest, returns on capital and fees of all facilities."
    )
    contracts_usd: float = Field(
        description="What offtake contracts cost, net of resale and paid-back upside."
    )
    sales_usd: float = Field(
        description="Received for releases, draws, repurchases and rotation."
    )
    right_fees_usd: float = Field(description="Upfront and carrying fees of rights.")
    opening_stock_usd: float = Field(
        default=0.0,
        ge=0,
        exclude_if=is_zero,
        description="Free stock taken, and that of rights in force, at the undisrupted "
        "price of the start.",
    )
    final_stock_usd: float = Field(
        description="The stock at the end of the horizon, at market price."
    )
    final_value_haircut: Fraction = Field(description="Taken off the value of stock.")
    discount_factor: float = Field(
        gt=0, description="Value at the start of a dollar at the end of the horizon."
    )

    @property
    def moved_usd(self) -> float:
        """All that is paid and received: what the digits of the cost are counted in."""
        paid = self.purchases_usd + self.premia_usd + self.storage_usd
        paid += self.interest_and_fees_usd + abs(self.contracts_usd)
        stock = self.opening_stock_usd + self.final_stock_usd
        return paid + self.sales_usd + self.right_fees_usd + stock

    @property
    def total_usd(self) -> float:
        """The cost of holding that follows from the parts."""
        paid = self.purchases_usd + self.premia_usd + self.storage_usd
        paid += self.interest_and_fees_usd + self.contracts_usd + self.given_stock_usd
        received = self.sales_usd + self.right_fees_usd + self.kept_stock_usd
        return self.discount_factor * (paid - received)

    @property
    def given_stock_usd(self) -> float:
        """What the free stock taken counts for after the haircut."""
        return (1 - self.final_value_haircut) * self.opening_stock_usd

    @property
    def kept_stock_usd(self) -> float:
        """What the final stock counts for after the haircut."""
        return (1 - self.final_value_haircut) * self.final_stock_usd


def benefit_cost_ratio(avoided_usd: float, cost_usd: float | None) -> float | None:
    """Return avoided shortage cost by cost of holding; None if holding costs nothing.

    It is None, too, if the cost is unknown, and if holding earns money.
    """
    if cost_usd is None or cost_usd <= NOTHING * abs(avoided_usd):
        return None
    return avoided_usd / cost_usd
