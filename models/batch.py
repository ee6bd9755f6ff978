"""A what-if batch: variants of a case side by side, and their comparison."""

import json
from collections.abc import Iterable, Mapping, Sequence

from pydantic import Field, JsonValue

from models.figures import Measure, PlanFigures
from models.outcome import Termination
from models.pareto import pareto_set
from models.record import Record

BASE = "base"  # name of variant 0 of each batch: the unchanged case
MOST_NAMES_SHOWN = 5
DEFAULT_MEASURES = (Measure.DRAWN, Measure.EXPECTED_SHORTAGE_COST)


class Axis(Record):
    """A value of the case that a grid varies."""

    path: str = Field(description="Path of the value, as in --set.")
    values: tuple[JsonValue, ...] = Field(min_length=1, description="Values to try.")


class VariantRow(Record):
    """A variant and the state of its solve."""

    number: int = Field(ge=0, description="Counted from 1; 0 is the unchanged case.")
    name: str
    values: dict[str, JsonValue] = Field(
        default_factory=dict[str, JsonValue], description="Values set, by path."
    )
    case: str = Field(description="Content hash of the variant.")
    termination: Termination | None = Field(
        default=None, description="How its solve ended; null before the end."
    )
    warnings: tuple[str, ...] = Field(
        default=(), description="Warnings that the unchanged case has not; its own."
    )
    conflict: tuple[str, ...] = Field(
        default=(), description="Limits that cannot hold together, if infeasible."
    )
    failure: str | None = Field(default=None, description="Why it FAILED.")
    seconds: float | None = Field(default=None, description="Duration of its solve.")
    plan: str | None = Field(default=None, description="Hash of its best plan so far.")
    figures: PlanFigures | None = Field(default=None, description="Of that plan.")


class FrontierRow(Record):
    """The variants with one value of an axis, whatever their other values."""

    path: str
    value: JsonValue
    number_of_plans: int = Field(ge=1, description="Variants that have a plan.")
    least_cost_usd: float = Field(description="Expected shortage cost of the best.")
    mean_cost_usd: float = Field(description="Mean over these variants.")
    best: int = Field(description="Number of the best variant.")


class Comparison(Record):
    """A comparison of the variants that have a plan."""

    measures: tuple[Measure, ...]
    pareto: tuple[int, ...] = Field(
        description="Variants that no other dominates, best in the first measure first."
    )
    frontier: tuple[FrontierRow, ...] = Field(
        description="Axis by axis, in the order of their values."
    )
    failures: tuple[int, ...] = Field(description="Variants without an answer.")
    infeasible: tuple[int, ...] = Field(description="Variants that are infeasible.")


class BatchResult(Record):
    """A batch as a document."""

    instance_hash: str = Field(description="Content hash of the unchanged case.")
    axes: tuple[Axis, ...]
    rows: tuple[VariantRow, ...]
    comparison: Comparison
    warnings: tuple[str, ...] = Field(
        default=(), description="Of the unchanged case, and of variants by name."
    )


def name_of_values(values: Mapping[str, JsonValue]) -> str:
    """Return the name of a combination of a grid: each path with its value."""
    return ", ".join(f"{path}={_short(value)}" for path, value in values.items())


def named_warnings(rows: Iterable[tuple[int, str, Sequence[str]]]) -> tuple[str, ...]:
    """Return the warnings of a batch, each once and with the variants that have it.

    Each row has the number, the name and the warnings of a variant. Those of the
    unchanged case stand alone.
    """
    names: dict[str, list[str]] = {}
    own: list[str] = []
    for number, name, warnings in rows:
        for warning in warnings:
            if number == 0:
                own.append(warning)
            else:
                names.setdefault(warning, []).append(name)
    return (*own, *(f"{_listed(found)}: {text}" for text, found in names.items()))


def _listed(names: Sequence[str]) -> str:
    """Return variants by name, of many the first ones and the number of the others."""
    listed = ", ".join(f"variants[{name}]" for name in names[:MOST_NAMES_SHOWN])
    more = len(names) - MOST_NAMES_SHOWN
    return f"{listed} and {more} more" if more > 0 else listed


def compare(
    rows: Sequence[VariantRow],
    axes: Sequence[Axis],
    measures: Sequence[Measure] = DEFAULT_MEASURES,
) -> Comparison:
    """Return the comparison of the rows that have a plan."""
    figures = {row.number: row.figures for row in rows if row.figures is not None}
    infeasible = Termination.INFEASIBLE
    return Comparison(
        measures=tuple(measures),
        pareto=tuple(pareto_set(figures, measures)),
        frontier=tuple(row for axis in axes for row in _frontier(axis, rows, figures)),
        failures=tuple(row.number for row in rows if row.failure is not None),
        infeasible=tuple(x.number for x in rows if x.termination is infeasible),
    )


def _frontier(
    axis: Axis, rows: Sequence[VariantRow], figures: Mapping[int, PlanFigures]
) -> list[FrontierRow]:
    costs: list[list[tuple[float, int]]] = [[] for _ in axis.values]
    # Not a mapping: a value may be a list.
    places = {repr(value): place for place, value in enumerate(axis.values)}
    for row in rows:
        place = places.get(repr(row.values.get(axis.path)))
        if axis.path in row.values and place is not None and row.number in figures:
            cost = figures[row.number].expected_shortage_cost_usd
            costs[place].append((cost, row.number))
    return [
        FrontierRow(
            path=axis.path,
            value=value,
            number_of_plans=len(found),
            least_cost_usd=min(found)[0],
            mean_cost_usd=sum(cost for cost, _ in found) / len(found),
            best=min(found)[1],
        )
        for value, found in zip(axis.values, costs, strict=True)
        if found
    ]


def _short(value: JsonValue) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return value if isinstance(value, str) else json.dumps(value)
