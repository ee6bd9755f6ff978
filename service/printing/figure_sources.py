"""Figures of a case by where they come from, and by weight in the answer, as tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from models.instance import Instance
from models.sensitivity import Assumption, Sensitivity
from models.sourced_figures import KINDS, SourcedFigure
from service.printing.table import add_note, table

LONGEST_SOURCE = 140
# The least certain first.
ORDER = ("none", "assumption", "illustrative", "calibrated", "sourced")
WITHOUT_WEIGHTS = (
    "Without weights: `strongroom sensitivity CASE --json > FILE` finds them, and "
    "--sensitivity FILE shows them."
)
WITH_WEIGHTS = (
    "Weight: how far the share of the shortage cost that is avoided moves if all such "
    "figures are changed as in the sensitivity; a dash if they were not."
)
Weights = Mapping[Assumption, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures of one field and kind: lowest and highest number, all sources, weight."""

    name: str
    kind: str
    figures: Sequence[SourcedFigure]
    weight: float | None

    @property
    def values(self) -> str:
        """The number, or the lowest and highest one; nothing of what is a list."""
        numbers = [x.value for x in self.figures if isinstance(x.value, int | float)]
        if not numbers:
            return ""
        least, most = min(numbers), max(numbers)
        return f"{least:.4g}" if least == most else f"{least:.4g} .. {most:.4g}"

    @property
    def source(self) -> str:
        """The most frequent source, and how many others there are."""
        ((text, _), *others) = Counter(x.source for x in self.figures).most_common()
        text = text.removeprefix(f"{self.kind}: ")
        if len(text) > LONGEST_SOURCE:
            text = f"{text[: LONGEST_SOURCE - 3].rstrip()}..."
        more = "1 other" if len(others) == 1 else f"{len(others)} others"
        return f"{text} (and {more})" if others else text


def weight_of(figure: SourcedFigure, weights: Weights) -> float | None:
    """Return how far the share avoided moves with such figures; None if unknown."""
    found = [weights[x] for x in figure.assumptions if x in weights]
    return max((most - least for least, most in found), default=None)


def figure_groups(
    figures: Sequence[SourcedFigure], weights: Weights
) -> list[FigureGroup]:
    """Return figures by field and kind: the weightiest and least certain first."""
    groups: dict[tuple[str, str], list[SourcedFigure]] = {}
    for figure in figures:
        key = (f"{figure.section}.{figure.field}", figure.kind)
        groups.setdefault(key, []).append(figure)
    found = [
        FigureGroup(name, kind, some, weight_of(some[0], weights))
        for (name, kind), some in groups.items()
    ]
    return sorted(
        found,
        key=lambda x: (
            x.weight is None,
            -(x.weight or 0.0),
            ORDER.index(x.kind),
            -len(x.figures),
        ),
    )


def counts_by_kind(figures: Sequence[SourcedFigure]) -> dict[str, int]:
    """Return how many figures there are of each kind."""
    return {kind: sum(x.kind == kind for x in figures) for kind in KINDS}


def figure_tables(
    case: Instance,
    figures: Sequence[SourcedFigure],
    sensitivity: Sensitivity | None,
    *,
    is_each: bool,
) -> tuple[Table | str | None, ...]:
    """Return the counts by kind, and the figures in groups or each of them."""
    weights = sensitivity.avoided_ranges if sensitivity else {}
    counted = table(f"Figures of {case.name} by kind", "kind", "figures", "share")
    for kind, number in counts_by_kind(figures).items():
        if number:
            counted.add_row(kind, f"{number:,}", f"{100 * number / len(figures):.0f} %")
    listed = _each(figures, weights) if is_each else _grouped(figures, weights)
    add_note(listed, WITH_WEIGHTS if sensitivity else WITHOUT_WEIGHTS)
    return (counted, sensitivity.headline() if sensitivity else None, listed)


def _grouped(figures: Sequence[SourcedFigure], weights: Weights) -> Table:
    made = _table(weights, "figure", "kind", "number", "value")
    for group in figure_groups(figures, weights):
        made.add_row(
            *_weight(group.weight, weights),
            group.name,
            group.kind,
            group.source,
            f"{len(group.figures):,}",
            group.values,
        )
    return made


def _each(figures: Sequence[SourcedFigure], weights: Weights) -> Table:
    made = _table(weights, "figure", "kind", "value")
    for group in figure_groups(figures, weights):
        for figure in group.figures:
            is_number = isinstance(figure.value, int | float)
            made.add_row(
                *_weight(group.weight, weights),
                figure.path,
                figure.kind,
                figure.source,
                f"{figure.value:.6g}" if is_number else "",
            )
    return made


def _table(weights: Weights, figure: str, kind: str, *numbers: str) -> Table:
    """Return a table with a column of weights in front if there are any."""
    words = ("weight",) if weights else ()
    title = "Figures by weight in the answer" if weights else "Figures"
    columns = (*words, figure, kind, "source", *numbers)
    return table(title, *columns, left=len(columns) - len(numbers))


def _weight(weight: float | None, weights: Weights) -> tuple[str, ...]:
    if not weights:
        return ()
    return ("-" if weight is None else f"{100 * weight:.1f} %",)
