"""Distribution of the shortage cost, with the plan and without a vault."""

from models.trajectories import CostDistribution, PlanTrajectories
from service.pictures.figure import PRINTED, Figure, Look, figure_of
from service.pictures.marks import Canvas, Point
from service.pictures.panel import BELOW_PX, Box, Panel, Range, legend, panel_of
from service.pictures.scale import number
from service.pictures.style import BLUE, LINE_PX, VERMILION, line_of
from service.pictures.words import Words
from service.tabular.flat_tables import Column, FlatTable

PLOT_PX, LEFT_PX = 210.0, 34.0
ROUNDING = 1e-9


def cost_picture(found: PlanTrajectories, look: Look = PRINTED) -> Figure:
    """Return both distribution functions with their means."""
    cost, words, canvas = found.cost, look.words, Canvas()
    divisor, unit = words.money_unit(max(cost.without_vault_usd))
    series = (
        (
            words("with the plan"),
            cost.with_plan_usd,
            cost.mean_with_plan_usd / divisor,
            BLUE,
        ),
        (
            words("without vault"),
            cost.without_vault_usd,
            cost.mean_without_vault_usd / divisor,
            VERMILION,
        ),
    )
    entries = [
        (
            colour,
            words(
                "{name}, mean {mean} {unit}", name=name, mean=f"{mean:,.3g}", unit=unit
            ),
        )
        for name, _, mean, colour in series
    ]
    top = legend(canvas, entries, look.width_px) + LINE_PX
    box = Box(LEFT_PX, top, look.width_px - 12, top + PLOT_PX)
    most = max(*cost.with_plan_usd, *cost.without_vault_usd) / divisor
    panel = panel_of(canvas, box, Range(0.0, most or 1.0), Range(0.0, 101.0))
    panel.mark_left(unit=words("Probability, per cent"))
    panel.mark_below(words("Discounted shortage cost, {unit}", unit=unit))
    percents = [100 * level for level in cost.levels]
    for _, costs, mean, colour in series:
        values = [x / divisor for x in costs]
        _draw(panel, values, percents, mean, colour)
    return figure_of(
        canvas,
        (look.width_px, box.bottom + BELOW_PX),
        (
            words(
                "Shortage cost on {count} fresh scenarios",
                count=number(found.scenarios),
            ),
            words("Probability that the cost is at most so high. Dots: means."),
        ),
        _table(cost, words),
    )


def _draw(
    panel: Panel, values: list[float], percents: list[float], mean: float, colour: str
) -> None:
    """Draw a distribution function by steps, and its mean."""
    steps: list[Point] = []
    for value, percent in zip(values, percents, strict=True):
        x, y = panel.at(value, percent)
        if steps:
            steps.append((x, steps[-1][1]))
        steps.append((x, y))
    panel.canvas.curve(steps, line_of(colour))
    # By rounding, the mean of equal costs may be below them.
    here = mean * (1 + ROUNDING)
    reached = max(
        (p for v, p in zip(values, percents, strict=True) if v <= here), default=0.0
    )
    panel.canvas.dot(panel.at(mean, reached), 4.0, colour)


def _table(cost: CostDistribution, words: Words) -> FlatTable:
    columns = (
        Column("probability", float, words("Probability")),
        Column("with_plan_usd", float, words("Cost with the plan, US dollars")),
        Column("without_vault_usd", float, words("Cost without vault, US dollars")),
    )
    rows = zip(cost.levels, cost.with_plan_usd, cost.without_vault_usd, strict=True)
    return FlatTable("cost", columns, tuple(rows))
