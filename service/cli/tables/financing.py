"""The financing of a plan as tables: schedule, fans, covenants, stress."""

from collections.abc import Iterator, Sequence

from rich.table import Table

from models.evaluation import Evaluation
from models.financing_view import FinancingFans, FinancingView, SchedulePeriod
from models.trajectories import Fan, Quantiles
from service.cli.screen import table
from service.cli.tables.quantities import money, percent, ratio

MAXIMUM_ROWS = 16
PERIODS_PER_ROW = 3


def financing_tables(view: FinancingView) -> tuple[Table, ...]:
    """Return all tables of a financing view."""
    return schedule(view), fans(view), covenants(view), stresses(view)


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


COLUMNS = (
    "cash",
    "stock at market price",
    "(stock + cash) / debt",
    "debt service cover",
)
FEW = 3  # of these; more would not fit beside the date
LOWEST = "*"


def few_periods(evaluation: Evaluation) -> Table:
    """Return first and last period, the last of each year, and that of least cash."""
    fans = evaluation.fans
    rows = table(
        "Cash and collateral: 5 % / median / 95 % at the end of the period",
        *("period from", *COLUMNS[:FEW], "debt"),
    )
    rows.caption = f"{LOWEST} Its 5 % are the lowest cash of all periods."
    rows.caption_justify = "left"
    lowest = _lowest(fans.cash_usd)
    for t in sorted({0, lowest, *_ends_of_years(fans)}):
        rows.add_row(
            f"{fans.period_starts[t]}{LOWEST if t == lowest else ''}",
            *fan_cells(fans, t)[:FEW],
            money(fans.debt_usd[t]),
        )
    return rows


def fan_cells(fans: FinancingFans, t: int) -> tuple[str, ...]:
    """Return the cells of a period, one for each of COLUMNS."""
    return (
        _money(fans.cash_usd, t),
        _money(fans.collateral_usd, t),
        _ratios(fans.collateral_to_debt, t),
        _ratios(fans.debt_service_cover, t),
    )


def _ends_of_years(fans: FinancingFans) -> list[int]:
    """Return the last period that begins in each year."""
    years = [start.year for start in fans.period_starts]
    last = len(years) - 1
    return [t for t in range(len(years)) if t == last or years[t] != years[t + 1]]


def _lowest(fan: Fan) -> int:
    """Return the period whose 5 % are lowest."""
    lows = [float("inf") if x is None else x.p5 for x in fan.periods]
    return lows.index(min(lows))


def _money(fan: Fan, t: int) -> str:
    of_period = fan.periods[t]
    return "-" if of_period is None else " / ".join(map(money, _three(of_period)))


def _ratios(fan: Fan, t: int) -> str:
    of_period = fan.periods[t]
    return "-" if of_period is None else " / ".join(map(ratio, _three(of_period)))


def _three(of_period: Quantiles) -> tuple[float, float, float]:
    return of_period.p5, of_period.p50, of_period.p95
