"""Heat map of the expected shortage: material by period, without and with the plan."""

# matplotlib leaves the types of its keyword arguments open.
# pyright: reportUnknownMemberType=false

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from models.trajectories import MaterialTrajectory, PlanTrajectories
from service.pictures.fan import date_axis, positions
from service.pictures.style import WIDTH_INCHES, heading

ROW_INCHES = 0.2
FRAME_INCHES = 1.3
COLOURS = "Blues"  # one hue, readable in grey


def shortage_picture(found: PlanTrajectories) -> Figure:
    """Return a heat map of the expected missing share of each period's need."""
    short = sorted(
        (x for x in found.materials if sum(x.gap_tonnes) > 0),
        key=lambda x: -_mean_share(x),
    )
    height = max(len(short), 1) * ROW_INCHES + FRAME_INCHES
    figure = Figure(figsize=(WIDTH_INCHES, height))
    heading(
        figure,
        "Expected shortage, per cent of the need of all participants",
        "Left: nothing held. Right: what neither releases nor contracts of the plan "
        "cover. * not held by the plan.",
    )
    if not short:
        figure.text(0.5, 0.4, "no material is ever short", ha="center")
        return figure
    left, right = figure.subplots(1, 2, sharey=True)
    gaps, shortages = (
        np.array([_shares(x, getattr(x, name)) for x in short])
        for name in ("gap_tonnes", "shortage_tonnes")
    )
    most = max(float(gaps.max()), 1e-9)
    _panel(left, found, gaps, most)
    image = _panel(right, found, shortages, most)
    left.set_title("Without vault")
    right.set_title("With the plan")
    names = [x.name + ("" if x.target_tonnes > 0 else " *") for x in short]
    left.set_yticks(range(len(short)), names)
    figure.colorbar(image, ax=[left, right], label="% of need", aspect=30, pad=0.02)
    return figure


def _panel(
    axes: Axes, found: PlanTrajectories, shares: NDArray[np.float64], most: float
) -> AxesImage:
    at = positions(found.period_starts)
    step = float(at[1] - at[0]) if len(at) > 1 else 30.0
    rows = shares.shape[0]
    image = axes.imshow(
        shares,
        aspect="auto",
        cmap=COLOURS,
        vmin=0.0,
        vmax=most,
        interpolation="nearest",
        extent=(float(at[0]), float(at[-1]) + step, rows - 0.5, -0.5),
    )
    date_axis(axes, found.period_starts, most_ticks=4)
    # The last tick label would be a date beyond the horizon.
    axes.set_xlim(float(at[0]), float(at[-1]) + 0.99 * step)
    axes.set_xlabel("Period beginning")
    axes.tick_params(left=False)
    return image


def _shares(material: MaterialTrajectory, tonnes: tuple[float, ...]) -> list[float]:
    """Return tonnes in per cent of the need of each period."""
    return [
        100 * missing / need if need > 0 else 0.0
        for missing, need in zip(tonnes, material.need_tonnes, strict=True)
    ]


def _mean_share(material: MaterialTrajectory) -> float:
    return float(np.mean(_shares(material, material.gap_tonnes)))
