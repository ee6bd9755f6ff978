"""Distribution of the shortage cost, with the plan and without a vault."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from matplotlib.figure import Figure

from models.trajectories import PlanTrajectories
from service.pictures.style import (
    BLUE,
    VERMILION,
    WIDTH_INCHES,
    heading,
    money_unit,
)

HEIGHT_INCHES = 3.6
ROUNDING = 1e-9


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
            VERMILION,
        ),
    )
    percents = [100 * level for level in cost.levels]
    for row, (name, costs, mean, colour) in enumerate(series):
        values = [x / divisor for x in costs]
        axes.step(values, percents, where="post", color=colour)
        # By rounding, the mean of equal costs may be below them.
        here = mean / divisor * (1 + ROUNDING)
        reached = max(
            (p for v, p in zip(values, percents, strict=True) if v <= here), default=0.0
        )
        axes.plot([mean / divisor], [reached], "o", markersize=4, color=colour)
        # The distribution function passes to the upper left of this corner.
        axes.annotate(
            f"{name}, mean {mean / divisor:,.3g} {unit}",
            xy=(0.98, 0.12 - 0.08 * row),
            xycoords="axes fraction",
            ha="right",
            color=colour,
        )
    axes.set_xlabel(f"Discounted shortage cost, {unit}")
    axes.set_ylabel("Probability, per cent")
    axes.set_ylim(0, 101)
    axes.set_xlim(left=0)
    return figure
