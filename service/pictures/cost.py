"""How likely which shortage cost is, with the plan and without any vault."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models.trajectories import PlanTrajectories
from service.pictures.style import (
    BLUE,
    VERMILLION,
    WIDTH_INCHES,
    heading,
    money_unit,
)

HEIGHT_INCHES = 3.6
LINE_POINTS = 10.0  # labels of equal means would lie upon each other


def cost_picture(found: PlanTrajectories) -> Figure:
    """Return both distribution functions with their means."""
    cost = found.cost
    figure = Figure(figsize=(WIDTH_INCHES, HEIGHT_INCHES))
    heading(
        figure,
        f"Shortage cost on {found.scenarios:,} fresh scenarios",
        "Probability that the cost is at most so high. Dots: means.",
    )
    axes = figure.subplots()
    divisor, unit = money_unit(max(cost.without_vault_usd))
    series = (
        ("with the plan", cost.with_plan_usd, cost.mean_with_plan_usd, BLUE),
        (
            "without vault",
            cost.without_vault_usd,
            cost.mean_without_vault_usd,
            VERMILLION,
        ),
    )
    below = LINE_POINTS
    percents = [100 * level for level in cost.levels]
    for name, costs, mean, colour in series:
        values = [x / divisor for x in costs]
        axes.step(values, percents, where="post", color=colour)
        text = f"{name}, mean {mean / divisor:,.3g} {unit.partition(' ')[0]}"
        _mark_mean(axes, (values, percents), mean / divisor, (text, colour), below)
        below += LINE_POINTS
    axes.set_xlabel(f"Discounted shortage cost, {unit}")
    axes.set_ylabel("Probability, per cent")
    axes.set_ylim(0, 101)
    axes.set_xlim(left=0)
    return figure


def _mark_mean(
    axes: Axes,
    curve: tuple[list[float], list[float]],
    mean: float,
    label: tuple[str, str],
    below: float,
) -> None:
    """Put a dot where the curve passes the mean, and its label so many points below."""
    text, colour = label
    reached = max(p for v, p in zip(*curve, strict=True) if v <= mean)
    axes.plot([mean], [reached], marker="o", markersize=4, color=colour)
    axes.annotate(
        text,
        xy=(mean, reached),
        xytext=(8, -below),
        textcoords="offset points",
        color=colour,
        va="top",
    )
