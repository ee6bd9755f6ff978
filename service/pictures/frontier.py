"""Frontier: shortage cost over budget or cost of holding, with the lower bound."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from math import isclose

from matplotlib.figure import Figure

from models.frontier import Against, FrontierPoint
from service.pictures.style import (
    BLUE,
    GREY,
    INK,
    WIDTH_INCHES,
    heading,
    money_unit,
)

HEIGHT_INCHES = 3.6
SAME = 1e-6
HEADROOM = 0.1  # of all between the axis of 0 and the points
NAMES = {Against.BUDGET: "Budget", Against.COST_OF_HOLDING: "Cost of holding"}


def frontier_picture(
    points: Sequence[FrontierPoint], against: Against = Against.BUDGET
) -> Figure:
    """Return the cost over the budget, or over the cost of holding.

    The gap lies between line and shade. Budgets without a plan are omitted. Where
    the objective differs from the mean, the line is the objective: the bound is of it.
    """
    found = sorted(
        (
            (across_usd, x.objective_usd, x.lower_bound_usd, x)
            for x in points
            if (across_usd := _across(x, against)) is not None
            and x.objective_usd is not None
            and x.lower_bound_usd is not None
        ),
        key=lambda row: row[0],
    )
    figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES))
    heading(
        figure,
        "What a budget buys",
        "Line: best plan found. Shade: down to what no plan of its budget undercuts.",
    )
    axes = figure.subplots()
    across, unit_across = money_unit(max((abs(row[0]) for row in found), default=0.0))
    up, unit_up = money_unit(max((abs(row[1]) for row in found), default=0.0))
    places = [usd / across for usd, *_ in found]
    costs = [cost / up for _, cost, *_ in found]
    bounds = [bound / up for _, _, bound, _ in found]
    axes.fill_between(places, bounds, costs, color=GREY, alpha=0.25, linewidth=0.0)
    axes.plot(places, costs, color=BLUE, marker="o", markersize=3)
    for place, cost, (*_, point) in zip(places, costs, found, strict=True):
        if point.is_as_given:
            axes.plot([place], [cost], "o", color=INK, markersize=5)
            axes.annotate(
                "budget of the case",
                xy=(place, cost),
                xytext=(6, 6),
                textcoords="offset points",
            )
    axes.set_xlabel(f"{NAMES[against]}, {unit_across}")
    axes.set_ylabel(f"{_what(points)}, {unit_up}")
    # Without room above the highest point, its mark is cropped.
    low, high = min([0.0, *costs]), max([0.0, *costs])
    room = HEADROOM * ((high - low) or 1.0)
    axes.set_ylim(low - room if low < 0 else 0, high + room)
    return figure


def _across(point: FrontierPoint, against: Against) -> float | None:
    is_budget = against is Against.BUDGET
    return point.budget_usd if is_budget else point.cost_of_holding_usd


def _what(points: Sequence[FrontierPoint]) -> str:
    is_mean = all(
        isclose(x.objective_usd, x.expected_shortage_cost_usd or 0.0, rel_tol=SAME)
        for x in points
        if x.objective_usd is not None
    )
    return "Expected shortage cost" if is_mean else "Objective"
