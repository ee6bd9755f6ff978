"""The Pareto set of several plans."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from models.figures import Measure, PlanFigures

Name = TypeVar("Name")

SIGNIFICANT_DIGITS = 9  # further digits are noise of the solver


def pareto_set(
    figures: Mapping[Name, PlanFigures], measures: Sequence[Measure]
) -> list[Name]:
    """Return the plans that no other dominates, best in the first measure first.

    One dominates another if it is as good in every measure and better in one.
    """
    points = {name: _point(it, measures) for name, it in figures.items()}
    kept: list[Name] = []
    # In this order a point comes after those that dominate it.
    for name in sorted(points, key=lambda name: points[name]):
        point = points[name]
        # With two measures the last one kept is the best in the second.
        rivals = kept[-1:] if len(measures) <= 2 else kept  # noqa: PLR2004 - see above
        if not any(_dominates(points[rival], point) for rival in rivals):
            kept.append(name)
    return kept


def _point(figures: PlanFigures, measures: Sequence[Measure]) -> tuple[float, ...]:
    """Return the measures, so that smaller is better."""
    return tuple(
        float(f"{x.badness(figures):.{SIGNIFICANT_DIGITS}g}") for x in measures
    )


def _dominates(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    is_as_good = all(a <= b for a, b in zip(one, other, strict=True))
    return is_as_good and one != other
