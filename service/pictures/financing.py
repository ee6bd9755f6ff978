"""Financing fans: cash, stock at market price beside debt, cover, debt service."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

import datetime as dt

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models.financing_view import FinancingView
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


def financing_picture(view: FinancingView) -> Figure:
    """Return four panels over the horizon."""
    figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES))
    panels = figure.subplots(2, 2, squeeze=False)
    heading(figure, f"Financing on {view.scenarios:,} fresh scenarios", EXPLANATION)
    _cash(panels[0, 0], view)
    _collateral(panels[0, 1], view)
    _cover(panels[1, 0], view)
    _debt_service(panels[1, 1], view)
    for axes in panels[1]:
        axes.set_xlabel("Period beginning")
    return figure


def _cash(axes: Axes, view: FinancingView) -> None:
    fan = view.fans.cash_usd
    divisor, unit = money_unit(largest(fan))
    draw_fan(axes, _starts(view), fan, divisor)
    axes.axhline(0.0, color=INK, linewidth=0.6)
    axes.set_title("Cash")
    axes.set_ylabel(unit)


def _collateral(axes: Axes, view: FinancingView) -> None:
    fan = view.fans.collateral_usd
    debts = [x.debt_usd for x in view.schedule]
    divisor, unit = money_unit(max(largest(fan), *debts))
    draw_fan(axes, _starts(view), fan, divisor)
    at = positions(_starts(view))
    axes.plot(at, [x / divisor for x in debts], color=GREY, linestyle=(0, (4, 2)))
    middle = (len(debts) - 1) * 2 // 3
    axes.annotate(
        "debt",
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


def _cover(axes: Axes, view: FinancingView) -> None:
    draw_fan(axes, _starts(view), view.fans.collateral_to_debt)
    limit = view.covenants.collateral_cover_limit
    if limit is None:
        limit_line(axes, 1.0, "debt just covered (no covenant)")
    else:
        limit_line(axes, limit, f"covenant: at least {limit:g}")
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.set_title("(Stock at market price + cash) / debt")
    axes.set_ylabel("US dollars a dollar of debt")


def _debt_service(axes: Axes, view: FinancingView) -> None:
    draw_fan(axes, _starts(view), view.fans.debt_service_cover)
    limit_line(axes, 1.0, "service just paid")
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.set_title("Cash before debt service / debt service")
    axes.set_ylabel("US dollars a dollar due")


def _starts(view: FinancingView) -> list[dt.date]:
    return [x.start for x in view.schedule]
