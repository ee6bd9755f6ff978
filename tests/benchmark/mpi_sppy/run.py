"""Run mpi-sppy on a case and read its bounds: `python -m tests.benchmark.mpi_sppy.run`.

Cash rows (20) and (21) that bind are found beforehand by the project and given to
mpi-sppy for nothing; its clock begins after its own imports.
"""

import argparse
import json
import re
import sys
import tempfile
from dataclasses import asdict, dataclass
from math import inf, isfinite
from pathlib import Path

from optimizer.formulation import MILLION
from optimizer.gap import gap_of
from tests.benchmark.mpi_sppy.configurations import (
    CONFIGURATIONS,
    CONTENDERS,
    Configuration,
)
from tests.benchmark.mpi_sppy.planning_problem import binding_cash_rows, problem_of
from tests.benchmark.mpi_sppy.processes import lines_of

ROOT = Path(__file__).parents[3]
EXPORTED = ROOT / "tests/benchmark/mpi_sppy/exported_case"
NUMBER = r"(-?(?:inf|nan|[\d.]+))"
ROW = re.compile(rf"\[\s*([\d.]+)\]\s+\d+ [ *A-Z]*\s{NUMBER}\s+{NUMBER}\s+{NUMBER}%")
Bounds = tuple[float, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be solved, how well, and how long."""

    case: str
    number_of_scenarios: int
    gap: float = 0.01
    time_limit_s: float = 600.0
    is_relaxed: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """Bounds in US dollars at the end; trace has (seconds, lower, upper) on the way.

    None is what is not known yet; seconds is when the gap was met, or the time limit
    if it was not.
    """

    method: str
    seconds: float
    lower_bound_usd: float | None
    upper_bound_usd: float | None
    gap: float | None
    is_gap_met: bool
    trace: list[Bounds]


def run_mpi_sppy(
    task: Task,
    configuration: Configuration,
    cash_rows: list[tuple[int, int]] | None = None,
) -> Record:
    """Return the bounds that one configuration comes to within the time limit.

    cash_rows are the (t, w) that every scenario's model has; None finds them here.
    Raises JobError if mpi-sppy fails.
    """
    if cash_rows is None:
        cash_rows = binding_cash_rows(problem_of(task.case, task.number_of_scenarios))
    trace: list[Bounds] = []
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder, "cash_rows.json")
        rows.write_text(json.dumps(cash_rows), encoding="utf-8")
        command = _command(task, configuration, rows)
        for line in lines_of(command, task.time_limit_s, Path(folder)):
            bounds = bounds_in(line)
            if bounds is not None:
                trace.append(bounds)
    return _record(task, configuration, trace)


def bounds_in(line: str) -> Bounds | None:
    """Return seconds, lower and upper bound in US dollars if the line has them."""
    row = ROW.match(line)
    if row is None:
        return None
    seconds, lower, upper, _ = (float(x) for x in row.groups())
    return seconds, _usd(lower), _usd(upper)


def _usd(bound: float) -> float | None:
    return MILLION * bound if isfinite(bound) else None


def best_of(records: list[Record]) -> Record:
    """Return the record that met the gap first; if none did, that of the least gap."""
    return min(records, key=_order)


def _order(record: Record) -> tuple[bool, float, float]:
    gap = inf if record.gap is None else record.gap
    return not record.is_gap_met, record.seconds, gap


def _command(task: Task, configuration: Configuration, rows: Path) -> list[str]:
    bundles = configuration.bundles
    per_bundle = task.number_of_scenarios // bundles if bundles else 0
    # Without a thread for messages the hub waits until the programs of spokes end; for
    # the quick ones of the relaxation that thread takes more time than it saves.
    messages = [] if task.is_relaxed else ["-genv", "MPICH_ASYNC_PROGRESS", "1"]
    precision = [] if task.is_relaxed else [f"mip_rel_gap={task.gap / 2}"]
    return [
        str(Path(sys.executable).parent / "mpiexec"),
        *messages,
        *("-n", str(configuration.number_of_ranks)),
        *(sys.executable, "-m", "mpi4py", "-m", "mpisppy.generic_cylinders"),
        f"--module-name={EXPORTED}",
        f"--case={task.case}",
        f"--num-scens={task.number_of_scenarios}",
        f"--is-relaxed={int(task.is_relaxed)}",
        f"--cash-rows={rows}",
        f"--rel-gap={task.gap}",
        "--max-iterations=1000000",
        "--max-solver-threads=1",
        *(f"--solver-options={x}" for x in precision),
        *configuration.flags,
        *([f"--scenarios-per-bundle={per_bundle}"] if bundles else []),
    ]


def _record(task: Task, configuration: Configuration, trace: list[Bounds]) -> Record:
    seconds, lower, upper = trace[-1] if trace else (0.0, None, None)
    gap = None if lower is None or upper is None else gap_of(upper, lower)
    is_met = gap is not None and gap <= task.gap
    return Record(
        method=configuration.name,
        seconds=seconds if is_met else task.time_limit_s,
        lower_bound_usd=lower,
        upper_bound_usd=upper,
        gap=gap,
        is_gap_met=is_met,
        trace=trace,
    )


def main() -> None:
    """Run the chosen configurations one after the other; print one JSON line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case")
    parser.add_argument("scenarios", type=int)
    parser.add_argument("--gap", type=float, default=0.01)
    parser.add_argument("--time-limit", type=float, default=600.0, help="seconds")
    parser.add_argument("--tranches", action="store_true", help="not the relaxation")
    parser.add_argument(
        "--configurations",
        nargs="+",
        choices=[x.name for x in CONFIGURATIONS],
        default=[x.name for x in CONTENDERS],
    )
    options = parser.parse_args()
    task = Task(
        case=options.case,
        number_of_scenarios=options.scenarios,
        gap=options.gap,
        time_limit_s=options.time_limit,
        is_relaxed=not options.tranches,
    )
    rows = binding_cash_rows(problem_of(task.case, task.number_of_scenarios))
    for configuration in CONFIGURATIONS:
        if configuration.name in options.configurations:
            record = run_mpi_sppy(task, configuration, rows)
            sys.stdout.write(json.dumps(asdict(record), allow_nan=False) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()


@dataclass(frozen=True, slots=True)
class RunMpiSppy:
    """Solve the relaxation of a case with one configuration."""

    case: str
    scenarios: int
    gap: float
    time_limit_s: float
    configuration: Configuration
    cash_rows: tuple[tuple[int, int], ...]

    def perform(self) -> Record:
        """Return its bounds."""
        task = Task(self.case, self.scenarios, self.gap, self.time_limit_s)
        return run_mpi_sppy(task, self.configuration, list(self.cash_rows))
