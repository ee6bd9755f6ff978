"""What budgets buy: expected shortage cost over financing, with the bound below it."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence

from matplotlib.figure import Figure

from models.frontier import FrontierPoint
from service.pictures.style import (
    BLUE,
    GREY,
    INK,
    WIDTH_INCHES,
    heading,
    money_unit,
)

HEIGHT_INCHES = 3.6


def frontier_picture(points: Sequence[FrontierPoint]) -> Figure:
    """Return cost over budget; what is proved lies between line and shade."""
    ordered = sorted(points, key=lambda point: point.budget_usd)
    figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES))
    heading(
        figure,
        "What a budget buys",
        "Line: best plan found. Shade: down to what no plan can undercut.",
    )
    axes = figure.subplots()
    across, unit_across = money_unit(max(x.budget_usd for x in ordered))
    up, unit_up = money_unit(max(x.expected_shortage_cost_usd for x in ordered))
    budgets = [x.budget_usd / across for x in ordered]
    costs = [x.expected_shortage_cost_usd / up for x in ordered]
    bounds = [x.lower_bound_usd / up for x in ordered]
    axes.fill_between(budgets, bounds, costs, color=GREY, alpha=0.25, linewidth=0.0)
    axes.plot(budgets, costs, color=BLUE, marker="o", markersize=3)
    for point, budget, cost in zip(ordered, budgets, costs, strict=True):
        if point.is_plan:
            axes.plot([budget], [cost], "o", color=INK, markersize=5)
            axes.annotate(
                "this plan",
                xy=(budget, cost),
                xytext=(6, 6),
                textcoords="offset points",
            )
    axes.set_xlabel(f"Budget, {unit_across}")
    axes.set_ylabel(f"Expected shortage cost, {unit_up}")
    axes.set_ylim(bottom=0)
    return figure
