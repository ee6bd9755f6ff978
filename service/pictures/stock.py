"""Stock of each material held over time, as small multiples of fans."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from models.trajectories import PlanTrajectories
from service.pictures.fan import EXPLANATION, draw_fan
from service.pictures.style import GREY, WIDTH_INCHES, heading

COLUMNS = 4
ROW_INCHES = 1.35
HEADING_INCHES = 0.8
HEADROOM = 1.12


def stock_picture(found: PlanTrajectories) -> Figure:
    """Return a panel per material held, in the order of the case."""
    held = [x for x in found.materials if x.target_tonnes > 0]
    columns = min(COLUMNS, max(len(held), 1))
    rows = max(-(-len(held) // columns), 1)
    figure = Figure(figsize=(WIDTH_INCHES, rows * ROW_INCHES + HEADING_INCHES))
    heading(
        figure,
        f"Stock at the end of each period on {found.scenarios:,} fresh scenarios",
        f"{EXPLANATION} Dashed: target.",
    )
    if not held:
        figure.text(0.5, 0.4, "nothing is held", ha="center")
        return figure
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True).ravel()
    for axes, material in zip(panels, held, strict=False):
        draw_fan(axes, found.period_starts, material.on_hand_tonnes, most_ticks=3)
        axes.axhline(
            material.target_tonnes, color=GREY, linewidth=0.8, linestyle=(0, (4, 2))
        )
        axes.set_title(material.name)
        axes.set_ylim(0.0, material.target_tonnes * HEADROOM)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=3, min_n_ticks=2))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    # Only the lowest panel of each column has date labels.
    for axes in panels[max(len(held) - columns, 0) : len(held)]:
        axes.tick_params(labelbottom=True)
    for axes in panels[len(held) :]:
        axes.set_visible(False)
    figure.supylabel("Tonnes, pool and rights", fontsize=8.0)
    return figure
