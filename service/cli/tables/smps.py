"""The solution of a problem in SMPS, as a table or as JSON, and its exit status."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING, Protocol

from service.cli.exit_status import ExitStatus, status_of
from service.cli.reporting import print_json
from service.cli.screen import echo, print_tables
from service.printing.table import table

if TYPE_CHECKING:
    from service.optimization import SampledSolution, SmpsSolution

INTEGERS = (
    "integers were left out: the bound holds for the problem, the objective is that of "
    "its linear relaxation"
)
NO_EFFECT = (
    "all scenarios are solved exactly: options of samples have no effect without "
    "--scenarios"
)
NAMES_SHOWN = 5
MOST_EXACT = 2**53  # what every reader of JSON keeps as a whole number


class Interval(Protocol):
    """A mean of some number of values, and the interval around it."""

    @property
    def mean(self) -> float: ...  # noqa: D102
    @property
    def low(self) -> float: ...  # noqa: D102
    @property
    def high(self) -> float: ...  # noqa: D102
    @property
    def number(self) -> int: ...  # noqa: D102


def show_exact(
    found: "SmpsSolution",
    title: str,
    has_sample_options: bool,  # noqa: FBT001
    *,
    as_json: bool,
) -> ExitStatus:
    """Print bound, objective, gap and iterations; return the exit status."""
    notes = [*found.notes, *_notes(found)]
    if found.failure is not None:
        notes.append(f"ended early: {found.failure}")
    if has_sample_options:
        notes.append(NO_EFFECT)
    status = status_of([found.termination], has_plan=isfinite(found.objective))
    figures = {
        "lower_bound": _known(found.lower_bound),
        "objective": _known(found.objective),
        "gap": _known(found.gap),
    }
    if as_json:
        ended = {
            "iterations": found.number_of_rounds,
            "seconds": round(found.seconds, 3),
            "notes": notes,
        }
        kind = {"is_sample": False, "scenarios": found.number_of_scenarios}
        print_json({"status": found.termination.value, **kind, **figures, **ended})
        return status
    gap = f"{found.gap:.2e}" if isfinite(found.gap) else "-"
    _print(
        title,
        {
            "Status": found.termination.value,
            "Scenarios": f"{found.number_of_scenarios:,}",
            "Lower bound": _figure(found.lower_bound),
            "Objective": _figure(found.objective),
            "Gap": gap,
            "Iterations": str(found.number_of_rounds),
            "Seconds": f"{found.seconds:.1f}",
        },
        notes,
    )
    return status


def show_sampled(found: "SampledSolution", title: str, *, as_json: bool) -> ExitStatus:
    """Print estimates with their intervals; return the exit status."""
    notes = list(_sample_notes(found))
    status = status_of([found.termination], has_plan=found.first_stage is not None)
    if as_json:
        print_json(_sampled_document(found, notes))
        return status
    _print(
        title,
        {
            "Status": f"{found.termination.value}, on samples",
            "Scenarios": found.count,
            "Samples": f"{len(found.parts)} of {found.sizes.number_of_scenarios:,}",
            "Seed": str(found.sizes.seed),
            "Lower bound, estimated": _interval(found.lower_bound),
            "Objective, estimated": _interval(found.objective),
            "Gap, at most (95 %)": _figure(found.gap_upper),
            "Seconds": f"{found.seconds:.1f}",
        },
        notes,
    )
    return status


def _sampled_document(found: "SampledSolution", notes: list[str]) -> dict[str, object]:
    number = found.number_of_scenarios
    return {
        "status": found.termination.value,
        "is_sample": True,
        "scenarios": number if number <= MOST_EXACT else None,
        "sample": {
            "scenarios": found.sizes.number_of_scenarios,
            "replications": found.sizes.replications,
            "evaluation_scenarios": found.sizes.evaluation_scenarios,
            "seed": found.sizes.seed,
        },
        "lower_bound": _estimate(found.lower_bound),
        "objective": _estimate(found.objective),
        "gap_upper": found.gap_upper,
        "infeasible_scenarios": found.infeasible,
        "replications": [
            {
                "status": part.termination.value,
                "lower_bound": _known(part.lower_bound),
                "objective": _known(part.objective),
                "iterations": part.number_of_rounds,
            }
            for part in found.parts
        ],
        "seconds": round(found.seconds, 3),
        "notes": notes,
    }


def _estimate(found: Interval | None) -> dict[str, float] | None:
    if found is None:
        return None
    return {
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "values": found.number,
    }


def _interval(found: Interval | None) -> str:
    if found is None:
        return "-"
    low, high = _figure(found.low), _figure(found.high)
    return f"{_figure(found.mean)} (95 %: {low} .. {high})"


def _print(title: str, rows: Mapping[str, str], notes: list[str]) -> None:
    solved = table(title, "", "")
    for name, value in rows.items():
        solved.add_row(name, value)
    print_tables(solved)
    for note in notes:
        echo(f"note: {note}")


def _figure(value: float | None) -> str:
    return "-" if value is None or not isfinite(value) else f"{value:.10g}"


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def _sample_notes(found: "SampledSolution") -> Iterator[str]:
    sizes = found.sizes
    yield (
        f"sampled: {len(found.parts)} samples of {sizes.number_of_scenarios:,} of "
        f"{found.count} scenarios, seed {sizes.seed}; both bounds are estimates, the "
        "proofs are those of each sample alone"
    )
    yield from found.notes
    yield from _notes(found.parts[0])
    if found.infeasible:
        yield (
            f"the first stage has no recourse in {found.infeasible:,} of "
            f"{found.evaluated:,} fresh scenarios: there is no upper bound; larger "
            "samples may help"
        )
    elif found.first_stage is not None and found.evaluated < sizes.evaluation_scenarios:
        yield (
            f"the first stage was evaluated on {found.evaluated:,} of "
            f"{sizes.evaluation_scenarios:,} scenarios"
        )
    if found.failure is not None:
        yield f"ended early: {found.failure}"


def _notes(found: "SmpsSolution") -> Iterator[str]:
    if found.has_integers:
        yield INTEGERS
    if found.wide_columns:
        first = ", ".join(found.wide_columns[:NAMES_SHOWN])
        dots = ", ..." if len(found.wide_columns) > NAMES_SHOWN else ""
        number = len(found.wide_columns)
        yield (
            f"nothing bounds {number} columns of the first stage ({first}{dots}): the "
            "lower bound holds as long as none is beyond 1e9"
        )
