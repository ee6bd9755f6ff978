"""What was agreed with others: rights, contracts, and the financing schedule."""

from collections.abc import Iterator, Sequence

from rich.table import Table

from models.plan import FinancingPeriod, Plan
from service.cli.quantities import days, money, tonnes
from service.cli.screen import table

MAXIMUM_ROWS = 16
PERIODS_PER_ROW = 3


def entitlements(plan: Plan) -> Table | None:
    """Return the pre-purchase rights that are awarded."""
    if not plan.awards:
        return None
    awarded = table(
        "Rights awarded",
        "participant",
        "material",
        "offer",
        "quantity",
        "lots",
        "days of own cover",
        "price a tonne",
        "upfront fee",
        "carrying fee a year",
        left=3,
    )
    for award in plan.awards:
        awarded.add_row(
            award.participant,
            award.material,
            award.offer,
            tonnes(award.tonnes),
            f"{award.lots:,}",
            days(award.days_of_own_cover),
            money(award.inventory_price_usd_per_tonne),
            money(award.upfront_fee_usd),
            money(award.carrying_fee_usd_per_year),
        )
    return awarded


def contracts(plan: Plan) -> Table | None:
    """Return the offtake contracts that are signed."""
    if not plan.contracts:
        return None
    signed = table(
        "Contracts signed", "contract", "material", "a year", "expected cost", left=2
    )
    for contract in plan.contracts:
        signed.add_row(
            contract.contract,
            contract.material,
            tonnes(contract.volume_tonnes_per_year),
            money(contract.expected_cost_usd),
        )
    return signed


def financing(plan: Plan) -> Table | None:
    """Return draws, balances and cash; of a long horizon, three periods in a row."""
    periods = plan.financing
    if not periods:
        return None
    facilities = sorted({f for period in periods for f in period.balances_usd})
    schedule = table(
        "Financing",
        "periods",
        *(f"{f} drawn" for f in facilities),
        *(f"{f} balance" for f in facilities),
        "interest and fees",
        "expected cash",
        "lowest cash",
    )
    for group in _groups(periods):
        last = group[-1]
        name = str(last.period)
        if len(group) > 1:
            name = f"{group[0].period}-{last.period}"
        schedule.add_row(
            name,
            *(money(sum(x.draws_usd.get(f, 0.0) for x in group)) for f in facilities),
            *(money(last.balances_usd.get(f, 0.0)) for f in facilities),
            money(sum(x.interest_and_fees_usd for x in group)),
            money(last.expected_cash_usd),
            money(min(x.lowest_cash_usd for x in group)),
        )
    return schedule


def _groups(
    periods: Sequence[FinancingPeriod],
) -> Iterator[Sequence[FinancingPeriod]]:
    step = 1 if len(periods) <= MAXIMUM_ROWS else PERIODS_PER_ROW
    for begin in range(0, len(periods), step):
        yield periods[begin : begin + step]
