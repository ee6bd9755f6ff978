"""Frontier: shortage cost over budget or cost of holding, with the lower bound."""

from collections.abc import Sequence
from math import isclose
from typing import NamedTuple

from models.figures import PlanFigures
from models.frontier import Against, FrontierPoint
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas
from service.pictures.panel import (
    BELOW_PX,
    Box,
    Panel,
    Range,
    legend,
    panel_of,
    room_for,
)
from service.pictures.style import BLUE, INK, LINE_PX, VERMILION, area_of, line_of
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

PLOT_PX = 210.0
DOT_PX, OWN_PX = 3.0, 4.5
SAME = 1e-6
HEADROOM = 0.1  # of all between the axis of 0 and the points
SHADE = area_of(INK, 0.18)


class _Place(NamedTuple):
    """A point with a plan, in dollars."""

    across: float
    cost: float
    bound: float
    is_as_given: bool


def frontier_picture(
    points: Sequence[FrontierPoint],
    against: Against = Against.BUDGET,
    look: Look = PRINTED,
    plan: PlanFigures | None = None,
) -> Figure:
    """Return the cost over the budget, or over the cost of holding.

    The gap lies between line and shade. Budgets without a plan are omitted. Where
    the objective differs from the mean, the line is the objective: the bound is of it.
    `plan` is one to show among them.
    """
    places, words, canvas = _places(points, against), look.words, Canvas()
    own = _own(plan, against)
    shown = [*places, *own]
    across = words.money_unit(max((abs(x.across) for x in shown), default=0.0))
    up = words.money_unit(max((abs(x.cost) for x in shown), default=0.0))
    entries = [(INK, words("budget of the case"))] * any(x.is_as_given for x in places)
    entries += [(VERMILION, words("this plan"))] * len(own)
    top = legend(canvas, entries, look.width_px) if entries else 4.0
    panel = _panel(canvas, shown, (across.usd, up.usd), (look.width_px, top + LINE_PX))
    panel.mark_left(unit=f"{_what(points, words)}, {up.name}")
    is_budget = against is Against.BUDGET
    axis = words("Budget") if is_budget else words("Cost of holding")
    panel.mark_below(f"{axis}, {across.name}")
    costs = [panel.at(x.across / across.usd, x.cost / up.usd) for x in places]
    bounds = [panel.at(x.across / across.usd, x.bound / up.usd) for x in places]
    canvas.area(bounds, costs, SHADE)
    canvas.curve(costs, line_of(BLUE))
    for place, at in zip(places, costs, strict=True):
        if place.is_as_given:
            canvas.dot(at, OWN_PX, INK)
        else:
            canvas.dot(at, DOT_PX, BLUE)
    for place in own:
        at = panel.at(place.across / across.usd, place.cost / up.usd)
        canvas.dot(at, OWN_PX, VERMILION)
    said = (
        words("What a budget buys"),
        words(
            "Line: best plan found. Shade: down to what no plan of its budget "
            "undercuts."
        ),
    )
    size = look.width_px, panel.box.bottom + BELOW_PX
    return figure_of(canvas, size, said, _table(points, words))


def _places(points: Sequence[FrontierPoint], against: Against) -> list[_Place]:
    """Return the points with a plan, in the order of the horizontal axis."""
    is_budget = against is Against.BUDGET
    found = [
        _Place(across, x.objective_usd, x.lower_bound_usd, x.is_as_given)
        for x in points
        if (across := x.budget_usd if is_budget else x.cost_of_holding_usd) is not None
        and x.objective_usd is not None
        and x.lower_bound_usd is not None
    ]
    return sorted(found, key=lambda place: place.across)


def _own(plan: PlanFigures | None, against: Against) -> list[_Place]:
    """Return the place of a plan, if it has one on this axis."""
    if plan is None:
        return []
    is_budget = against is Against.BUDGET
    across = plan.budget_usd if is_budget else plan.cost_of_holding_usd
    if across is None:
        return []
    return [_Place(across, plan.objective_usd, plan.lower_bound_usd, is_as_given=False)]


def _panel(
    canvas: Canvas,
    places: Sequence[_Place],
    units_usd: tuple[float, float],
    place: tuple[float, float],
) -> Panel:
    """Return a panel of a width, so far below the upper edge."""
    width, top = place
    across = [x.across / units_usd[0] for x in places] or [0.0, 1.0]
    costs = [0.0, *(x.cost / units_usd[1] for x in places)]
    # Without room above the highest point, its mark is cropped.
    low, high = min(costs), max(costs)
    room = HEADROOM * ((high - low) or 1.0)
    up = Range(low - room if low < 0 else 0.0, high + room)
    sides = HEADROOM / 2 * ((max(across) - min(across)) or 1.0)
    box = Box(room_for([up.high * 1.01]), top, width - 8, top + PLOT_PX)
    return panel_of(canvas, box, Range(min(across) - sides, max(across) + sides), up)


def _what(points: Sequence[FrontierPoint], words: Words) -> str:
    is_mean = all(
        isclose(x.objective_usd, x.expected_shortage_cost_usd or 0.0, rel_tol=SAME)
        for x in points
        if x.objective_usd is not None
    )
    return words("Expected shortage cost") if is_mean else words("Objective")


def _table(points: Sequence[FrontierPoint], words: Words) -> FlatTable:
    columns = (
        Column("budget_usd", float, words("Budget, US dollars")),
        Column("objective_usd", float, words("Objective, US dollars")),
        Column("lower_bound_usd", float, words("Lower bound, US dollars")),
        Column(
            "expected_shortage_cost_usd",
            float,
            words("Expected shortage cost, US dollars"),
        ),
        Column("cost_of_holding_usd", float, words("Cost of holding, US dollars")),
    )
    rows = (
        (
            x.budget_usd,
            x.objective_usd,
            x.lower_bound_usd,
            x.expected_shortage_cost_usd,
            x.cost_of_holding_usd,
        )
        for x in sorted(points, key=lambda x: x.budget_usd)
    )
    return FlatTable("frontier", columns, tuple(rows))
