"""How cash and collateral fan out over time, as a table of a few periods."""

from rich.table import Table

from models.evaluation import Evaluation
from models.financing_view import FinancingFans
from models.trajectories import Fan, Quantiles
from service.cli.quantities import money, ratio
from service.cli.screen import table

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
