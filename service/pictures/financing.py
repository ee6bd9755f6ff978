"""Financing fans: cash, stock at market price beside debt, cover, debt service."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models.financing_view import FinancingFans
from service.pictures.fan import EXPLANATION, draw_fan, largest, positions
from service.pictures.style import (
    BEHIND_TEXT,
    GREY,
    INK,
    WIDTH_INCHES,
    heading,
    limit_line,
    money_unit,
)

HEIGHT_INCHES = 5.2


def financing_picture(
    fans: FinancingFans, scenarios: int, cover_limit: float | None
) -> Figure:
    """Return four panels over the horizon.

    `cover_limit` is the covenant on collateral in dollars per dollar of debt, if any.
    """
    figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES))
    panels = figure.subplots(2, 2, squeeze=False)
    heading(figure, f"Financing on {scenarios:,} fresh scenarios", EXPLANATION)
    _cash(panels[0, 0], fans)
    _collateral(panels[0, 1], fans)
    _cover(panels[1, 0], fans, cover_limit)
    _debt_service(panels[1, 1], fans)
    for axes in panels[1]:
        axes.set_xlabel("Period beginning")
    return figure


def _cash(axes: Axes, fans: FinancingFans) -> None:
    fan = fans.cash_usd
    divisor, unit = money_unit(largest(fan))
    draw_fan(axes, fans.period_starts, fan, divisor)
    axes.axhline(0.0, color=INK, linewidth=0.6)
    axes.set_title("Cash")
    axes.set_ylabel(unit)


def _collateral(axes: Axes, fans: FinancingFans) -> None:
    fan = fans.collateral_usd
    debts = fans.debt_usd
    divisor, unit = money_unit(max(largest(fan), *debts))
    draw_fan(axes, fans.period_starts, fan, divisor)
    at = positions(fans.period_starts)
    axes.plot(at, [x / divisor for x in debts], color=GREY, linestyle=(0, (4, 2)))
    middle = (len(debts) - 1) * 2 // 3
    axes.annotate(
        "debt" if fans.debt_fan_usd is None else "mean debt",
        xy=(float(at[middle]), debts[middle] / divisor),
        xytext=(0, 4),
        textcoords="offset points",
        color=GREY,
        ha="center",
        bbox=BEHIND_TEXT,
    )
    axes.set_ylim(bottom=0.0)
    axes.set_title("Stock at market price")
    axes.set_ylabel(unit)


def _cover(axes: Axes, fans: FinancingFans, limit: float | None) -> None:
    draw_fan(axes, fans.period_starts, fans.collateral_to_debt)
    if limit is None:
        limit_line(axes, 1.0, "debt just covered (no covenant)")
    else:
        limit_line(axes, limit, f"covenant: at least {limit:g}")
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.set_title("(Stock at market price + cash) / debt")
    axes.set_ylabel("US dollars a dollar of debt")


def _debt_service(axes: Axes, fans: FinancingFans) -> None:
    draw_fan(axes, fans.period_starts, fans.debt_service_cover)
    limit_line(axes, 1.0, "service just paid")
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.set_title("Cash before new draws and service / service")
    axes.set_ylabel("US dollars a dollar due")
