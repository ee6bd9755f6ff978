"""The financing of a plan as tables: schedule, fans, covenants, stress."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.table import Table

from models.evaluation import Evaluation
from models.financing_view import FinancingFans, FinancingView, SchedulePeriod
from models.plan import FinancingPeriod
from models.trajectories import Fan, Quantiles
from service.printing.quantities import money, percent, ratio
from service.printing.table import add_note, table

MAXIMUM_ROWS = 16
PERIODS_PER_ROW = 3
COLUMNS = (
    "cash",
    "stock at market price",
    "(stock + cash) / debt",
    "debt service cover",
)
FEW = 3  # columns fit beside the date
LOWEST = "*"

Period = TypeVar("Period", SchedulePeriod, FinancingPeriod)


def financing_tables(view: FinancingView) -> tuple[Table, ...]:
    """Return all tables of a financing view."""
    return schedule(view), fans(view), covenants(view), payers(view), stresses(view)


def schedule(view: FinancingView) -> Table:
    """Return draws, balances and their cost, by period or by three periods."""
    is_ruled = view.fans.debt_fan_usd is not None
    rows = table(
        "Schedule, means over the scenarios"
        if is_ruled
        else "Schedule, the same in every scenario",
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
    for name, group in by_row(view.schedule):
        last = group[-1]
        rows.add_row(
            name,
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
    """Return median, 5 % and 95 % quantiles of cash, collateral and cover."""
    title = (
        f"On {view.scenarios:,} fresh scenarios, seed {view.seed}: "
        "5 % / median / 95 % at the end of the period"
    )
    debt = view.fans.debt_fan_usd
    rows = table(title, "period", *COLUMNS, *(() if debt is None else ("debt",)))
    for _, group in by_row(view.schedule):
        t = group[-1].period
        owed = () if debt is None else (_money(debt, t),)
        rows.add_row(str(t), *fan_cells(view.fans, t), *owed)
    return rows


def covenants(view: FinancingView) -> Table:
    """Return each limit, the worst value, and the probability of a breach."""
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
    rows.add_row("Debt headroom under it", "", money(headroom), "")
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


def payers(view: FinancingView) -> Table:
    """Return what rights and pools cost to carry, and the part that fees pay."""
    rows = table(
        "Who pays for what, expected over the horizon",
        "",
        "paid by",
        "storage",
        "insurance",
        "interest",
        "fees",
        "covered",
        left=2,
    )
    for x in view.carrying:
        rows.add_row(
            x.offer or "pools",
            x.participant or ("members" if x.fees_usd else "nobody"),
            money(x.storage_usd),
            money(x.insurance_usd),
            money(x.interest_usd),
            money(x.fees_usd),
            percent(x.covered_share),
        )
    return rows


def stresses(view: FinancingView) -> Table:
    """Return cash and cover under each stress."""
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


def by_row(periods: Sequence[Period]) -> Iterator[tuple[str, Sequence[Period]]]:
    """Yield name and periods of each row: one period, or three if there are many."""
    step = 1 if len(periods) <= MAXIMUM_ROWS else PERIODS_PER_ROW
    for begin in range(0, len(periods), step):
        group = periods[begin : begin + step]
        first, last = group[0].period, group[-1].period
        yield str(last) if first == last else f"{first}-{last}", group


def few_periods(evaluation: Evaluation) -> Table:
    """Return the first period, the last of each year, and the one of lowest cash."""
    fans = evaluation.fans
    rows = table(
        "Cash and collateral: 5 % / median / 95 % at the end of the period",
        *("period from", *COLUMNS[:FEW], "debt"),
    )
    add_note(rows, f"{LOWEST} Lowest 5 % quantile of cash of all periods.")
    lowest = _lowest(fans.cash_usd)
    for t in sorted({0, lowest, *_ends_of_years(fans)}):
        rows.add_row(
            f"{fans.period_starts[t]}{LOWEST if t == lowest else ''}",
            *fan_cells(fans, t)[:FEW],
            _debt(fans, t),
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


def _debt(fans: FinancingFans, t: int) -> str:
    """Return the debt, three quantiles where the cash rule draws."""
    if fans.debt_fan_usd is None:
        return money(fans.debt_usd[t])
    return _money(fans.debt_fan_usd, t)


def _ends_of_years(fans: FinancingFans) -> list[int]:
    """Return the last period that begins in each year."""
    years = [start.year for start in fans.period_starts]
    last = len(years) - 1
    return [t for t in range(len(years)) if t == last or years[t] != years[t + 1]]


def _lowest(fan: Fan) -> int:
    """Return the period with the lowest 5 % quantile."""
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
