"""The financing of a plan as tables: schedule, fans, covenants, stress."""

from collections.abc import Iterator, Sequence

from rich.table import Table

from models.financing_view import FinancingView, SchedulePeriod
from service.cli.fan_table import COLUMNS, fan_cells
from service.cli.quantities import money, percent, ratio
from service.cli.screen import table

MAXIMUM_ROWS = 16
PERIODS_PER_ROW = 3


def schedule(view: FinancingView) -> Table:
    """Return draws, balances and what they cost; of a long horizon, quarters."""
    rows = table(
        "Schedule, the same in every scenario",
        "periods",
        "drawn",
        "debt",
        "capital",
        "interest",
        "return on capital",
        "exposure fees",
        "commitment fees",
        "repaid",
        "debt to equity",
    )
    for group in _groups(view.schedule):
        last = group[-1]
        rows.add_row(
            _name(group),
            money(sum(sum(x.draws_usd.values()) for x in group)),
            money(last.debt_usd),
            money(last.capital_usd),
            money(sum(x.interest_usd for x in group)),
            money(sum(x.return_on_capital_usd for x in group)),
            money(sum(x.exposure_fees_usd for x in group)),
            money(sum(x.commitment_fees_usd for x in group)),
            money(sum(x.repayments_usd + x.capital_returned_usd for x in group)),
            ratio(last.debt_to_equity),
        )
    return rows


def fans(view: FinancingView) -> Table:
    """Return median, 5 % and 95 % of what differs between scenarios."""
    title = (
        f"On {view.scenarios:,} fresh scenarios, seed {view.seed}: "
        "5 % / median / 95 % at the end of the period"
    )
    rows = table(title, "period", *COLUMNS)
    for group in _groups(view.schedule):
        t = group[-1].period
        rows.add_row(str(t), *fan_cells(view.fans, t))
    return rows


def covenants(view: FinancingView) -> Table:
    """Return limits, what comes nearest to them, and how likely they are broken."""
    found = view.covenants
    rows = table("Covenants and cash", "", "limit", "worst", "broken in")
    headroom = found.least_debt_headroom_usd
    is_broken = None if headroom is None else float(headroom < -10)  # noqa: PLR2004
    rows.add_row(
        "Debt to equity, at most",
        ratio(found.debt_to_equity_limit),
        ratio(found.highest_debt_to_equity),
        percent(is_broken),
    )
    rows.add_row("Debt that it still leaves room for", "", money(headroom), "")
    rows.add_row(
        "(Stock + cash) / debt, at least",
        ratio(found.collateral_cover_limit),
        ratio(found.lowest_collateral_to_debt),
        percent(found.collateral_broken_probability),
    )
    rows.add_row(
        "Stock + cash less than debt", "", "", percent(found.debt_uncovered_probability)
    )
    rows.add_row(
        "Cash, at least",
        money(0),
        money(found.lowest_cash_usd),
        percent(found.cash_below_zero_probability),
    )
    return rows


def stresses(view: FinancingView) -> Table:
    """Return what becomes of cash and cover if things go wrong."""
    worst = max(view.stresses, key=lambda x: x.price_fall)
    parts = [f"prices {percent(worst.price_fall)} lower"]
    parts += [f"{worst.defaulted_name} in default"] if worst.defaulted else []
    rows = table(
        f"Stress: {', '.join(parts)}",
        "",
        "floors",
        "lowest cash",
        "cash < 0",
        "lowest cover",
        "cover broken",
        "cover < 1",
        left=2,
    )
    for x in view.stresses:
        rows.add_row(
            x.name,
            "yes" if x.has_price_floors else "none",
            money(x.lowest_cash_usd),
            percent(x.cash_below_zero_probability),
            ratio(x.lowest_collateral_to_debt),
            percent(x.collateral_broken_probability),
            percent(x.debt_uncovered_probability),
        )
    return rows


def _groups(
    periods: Sequence[SchedulePeriod],
) -> Iterator[Sequence[SchedulePeriod]]:
    step = 1 if len(periods) <= MAXIMUM_ROWS else PERIODS_PER_ROW
    for begin in range(0, len(periods), step):
        yield periods[begin : begin + step]


def _name(group: Sequence[SchedulePeriod]) -> str:
    first, last = group[0].period, group[-1].period
    return str(last) if first == last else f"{first}-{last}"
