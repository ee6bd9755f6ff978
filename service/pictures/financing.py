"""Financing fans: cash, stock at market price beside debt, cover, debt service."""

from collections.abc import Callable, Sequence

from models.financing_view import FinancingFans
from models.trajectories import Fan
from service.pictures.fan import draw_fan, ends, explanation, fan_columns, fan_rows
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas
from service.pictures.panel import (
    BELOW_PX,
    Box,
    Panel,
    Range,
    panel_of,
    room_for,
)
from service.pictures.scale import Scale, number
from service.pictures.style import AXIS, LEVEL, SMALL_PX
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

LEAST_PANEL_PX, PLOT_PX, ABOVE_PX, BETWEEN_PX = 300.0, 130.0, 40.0, 18.0
HEADROOM = 1.08
TICKS = 5


def financing_picture(
    fans: FinancingFans,
    scenarios: int,
    cover_limit: float | None,
    look: Look = PRINTED,
) -> Figure:
    """Return four panels over the horizon.

    `cover_limit` is the covenant on collateral in dollars per dollar of debt, if any.
    """
    canvas, words = Canvas(), look.words
    columns = max(int(look.width_px / LEAST_PANEL_PX), 1)
    wide, high = look.width_px / columns, PLOT_PX + ABOVE_PX + BELOW_PX
    place = _places(columns, (wide, high))
    _cash(canvas, place(0), fans, words)
    _collateral(canvas, place(1), fans, words)
    _cover(canvas, place(2), fans, cover_limit, words)
    _debt_service(canvas, place(3), fans, words)
    said = (
        words("Financing on {count} fresh scenarios", count=number(scenarios)),
        explanation(words),
    )
    size = look.width_px, high * (4 // min(columns, 4))
    return figure_of(canvas, size, said, _table(fans, words))


def _places(columns: int, size: tuple[float, float]) -> Callable[[int], Box]:
    """Return where the panel of a number is, without room for its vertical axis."""
    wide, high = size

    def place(i: int) -> Box:
        left, top = i % columns * wide, i // columns * high + ABOVE_PX
        return Box(left, top, left + wide - BETWEEN_PX, top + PLOT_PX)

    return place


def _panel(
    canvas: Canvas, place: Box, fans: FinancingFans, up: Range, words: Words
) -> Panel:
    """Return a panel over the horizon with its axes."""
    ticks = Scale(*up, 0.0, 1.0).ticks(TICKS)
    box = place._replace(left=place.left + room_for(ticks))
    last = max(len(fans.period_starts) - 1, 1)
    panel = panel_of(canvas, box, Range(0, last), up)
    panel.mark_left(TICKS)
    panel.mark_dates(fans.period_starts, words)
    return panel


def _title(panel: Panel, place: Box, title: str, unit: str) -> None:
    panel.canvas.text((place.left, place.top - 22), title, size=12.0)
    panel.canvas.text((place.left, place.top - 8), unit, size=SMALL_PX)


def _cash(canvas: Canvas, place: Box, fans: FinancingFans, words: Words) -> None:
    low, high = ends(fans.cash_usd)
    divisor, unit = words.money_unit(max(abs(low), abs(high)))
    panel = _panel(canvas, place, fans, _range(low / divisor, high / divisor), words)
    draw_fan(panel, fans.cash_usd, divisor)
    zero = panel.y.at(0.0)
    canvas.line((panel.box.left, zero), (panel.box.right, zero), AXIS)
    _title(panel, place, words("Cash"), unit)


def _collateral(canvas: Canvas, place: Box, fans: FinancingFans, words: Words) -> None:
    low, high = ends(fans.collateral_usd)
    largest = max(high, *fans.debt_usd)
    divisor, unit = words.money_unit(largest)
    panel = _panel(canvas, place, fans, _range(low / divisor, largest / divisor), words)
    draw_fan(panel, fans.collateral_usd, divisor)
    debts = [panel.at(i, usd / divisor) for i, usd in enumerate(fans.debt_usd)]
    canvas.curve(debts, LEVEL)
    x, y = debts[(len(debts) - 1) * 2 // 3]
    name = words("debt") if fans.debt_fan_usd is None else words("mean debt")
    canvas.text((x - 4, y - 5), name, "end", SMALL_PX)
    _title(panel, place, words("Stock at market price"), unit)


def _cover(
    canvas: Canvas,
    place: Box,
    fans: FinancingFans,
    limit: float | None,
    words: Words,
) -> None:
    if limit is None:
        level, name = 1.0, words("debt just covered (no covenant)")
    else:
        level, name = limit, words("covenant: at least {limit}", limit=f"{limit:g}")
    panel = _ratio(canvas, place, fans, fans.collateral_to_debt, level, words)
    panel.limit(level, name)
    title = words("(Stock at market price + cash) / debt")
    _title(panel, place, title, words("US dollars a dollar of debt"))


def _debt_service(
    canvas: Canvas, place: Box, fans: FinancingFans, words: Words
) -> None:
    panel = _ratio(canvas, place, fans, fans.debt_service_cover, 1.0, words)
    panel.limit(1.0, words("service just paid"))
    title = words("Cash before new draws and service / service")
    _title(panel, place, title, words("US dollars a dollar due"))


def _ratio(
    canvas: Canvas,
    place: Box,
    fans: FinancingFans,
    fan: Fan,
    level: float,
    words: Words,
) -> Panel:
    """Return a panel with the fan of a ratio, and room for a level that limits it."""
    low, high = ends(fan)
    panel = _panel(canvas, place, fans, _range(low, max(high, level)), words)
    draw_fan(panel, fan)
    return panel


def _range(low: float, high: float) -> Range:
    """Return a range with 0 in it and room above."""
    low, high = min(low, 0.0), max(high, 0.0)
    return Range(low * HEADROOM, high * HEADROOM if high > low else low + 1.0)


def _table(fans: FinancingFans, words: Words) -> FlatTable:
    names: Sequence[tuple[str, Fan]] = (
        (words("Cash, US dollars"), fans.cash_usd),
        (words("Stock at market price, US dollars"), fans.collateral_usd),
        (words("Stock and cash by debt"), fans.collateral_to_debt),
        (words("Cash by debt service"), fans.debt_service_cover),
    )
    starts = fans.period_starts
    columns = (
        Column("figure", str, words("Figure")),
        *fan_columns("value", words("Value"), words),
        Column("debt_usd", float, words("Debt, US dollars")),
    )
    rows = (
        (name, *row, debt)
        for name, fan in names
        for row, debt in zip(fan_rows(starts, fan), fans.debt_usd, strict=True)
    )
    return FlatTable("financing", columns, tuple(rows))
