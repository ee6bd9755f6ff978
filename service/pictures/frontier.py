"""Frontier: shortage cost over budget or cost of holding, with the lower bound."""

from collections.abc import Sequence
from math import isclose
from typing import NamedTuple

from models.frontier import Against, FrontierPoint
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas
from service.pictures.panel import BELOW_PX, Box, Panel, Range, panel_of, room_for
from service.pictures.style import BLUE, INK, LINE_PX, area_of, line_of
from service.pictures.text_width import width_of
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

PLOT_PX = 220.0
SAME = 1e-6
HEADROOM = 0.1  # of all between the axis of 0 and the points
SHADE = area_of(INK, 0.18)


class _Place(NamedTuple):
    """A point with a plan, in dollars."""

    across: float
    cost: float
    bound: float
    point: FrontierPoint


def frontier_picture(
    points: Sequence[FrontierPoint],
    against: Against = Against.BUDGET,
    look: Look = PRINTED,
) -> Figure:
    """Return the cost over the budget, or over the cost of holding.

    The gap lies between line and shade. Budgets without a plan are omitted. Where
    the objective differs from the mean, the line is the objective: the bound is of it.
    """
    places, words, canvas = _places(points, against), look.words, Canvas()
    across = words.money_unit(max((abs(x.across) for x in places), default=0.0))
    up = words.money_unit(max((abs(x.cost) for x in places), default=0.0))
    panel = _panel(canvas, places, (across.usd, up.usd), look.width_px)
    panel.mark_left(unit=f"{_what(points, words)}, {up.name}")
    is_budget = against is Against.BUDGET
    axis = words("Budget") if is_budget else words("Cost of holding")
    panel.mark_below(f"{axis}, {across.name}")
    costs = [panel.at(x.across / across.usd, x.cost / up.usd) for x in places]
    bounds = [panel.at(x.across / across.usd, x.bound / up.usd) for x in places]
    canvas.area(bounds, costs, SHADE)
    canvas.curve(costs, line_of(BLUE))
    for place, (x, y) in zip(places, costs, strict=True):
        is_given = place.point.is_as_given
        canvas.dot((x, y), 4.5 if is_given else 3.0, INK if is_given else BLUE)
        if is_given:
            _name(panel, words("budget of the case"), (x, y))
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
        _Place(across, x.objective_usd, x.lower_bound_usd, x)
        for x in points
        if (across := x.budget_usd if is_budget else x.cost_of_holding_usd) is not None
        and x.objective_usd is not None
        and x.lower_bound_usd is not None
    ]
    return sorted(found, key=lambda place: place.across)


def _panel(
    canvas: Canvas,
    places: Sequence[_Place],
    units_usd: tuple[float, float],
    width_px: float,
) -> Panel:
    across = [x.across / units_usd[0] for x in places] or [0.0, 1.0]
    costs = [0.0, *(x.cost / units_usd[1] for x in places)]
    # Without room above the highest point, its mark is cropped.
    low, high = min(costs), max(costs)
    room = HEADROOM * ((high - low) or 1.0)
    up = Range(low - room if low < 0 else 0.0, high + room)
    sides = HEADROOM / 2 * ((max(across) - min(across)) or 1.0)
    box = Box(
        room_for([up.high * 1.01]), 2 * LINE_PX, width_px - 8, 2 * LINE_PX + PLOT_PX
    )
    return panel_of(canvas, box, Range(min(across) - sides, max(across) + sides), up)


def _name(panel: Panel, text: str, at: tuple[float, float]) -> None:
    """Write the name of a point beside it, on the side where there is room."""
    is_left = at[0] + width_of(text, 11.0) + 8 > panel.box.right
    place = at[0] - 8 if is_left else at[0] + 8, at[1] - 8
    panel.canvas.text(place, text, "end" if is_left else "start")


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
