"""Measures against others: HiGHS on the extensive form, mpi-sppy."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from models.options import Method
from tests.benchmark.bench import GRACE_S, Bench, failure_of, percent
from tests.benchmark.mpi_sppy.configurations import CONTENDERS
from tests.benchmark.mpi_sppy.run import Record, RunMpiSppy, best_of
from tests.benchmark.processes import RequestError
from tests.benchmark.solving import RelaxByParts, Relaxed, RelaxWhole, Solved
from tests.benchmark.table import Row

T = TypeVar("T")
ROUNDING = 1e-6  # of the solver's digits, relative to the cost


def relaxation(bench: Bench) -> list[Row]:
    """Against HiGHS on the relaxation of the whole program."""
    number, whole, told = largest_relaxation(bench)
    ours = _relax_by_parts(bench, number)
    optimum = whole.lower_bound_usd
    is_right = ours.lower_bound_usd <= optimum * (1 + ROUNDING)
    is_right &= optimum <= ours.upper_bound_usd * (1 + ROUNDING)
    failure = "" if ours.is_done else "ours did not meet the gap"
    return [
        Row(
            f"relaxation of {number} scenarios to 1 %: ours / extensive form",
            1 / 20,
            "s",
            ours.seconds,
            whole.seconds,
            remarks=told,
            failure=failure if is_right else "the optimum is not between our bounds",
        )
    ]


def extensive_form(bench: Bench) -> list[Row]:
    """Against HiGHS on the whole program, with tranches."""

    def try_it(number: int) -> Solved | None:
        limit = bench.sizes.rival_time_limit_s
        method = Method.EXTENSIVE_FORM
        case = bench.case(number, time_limit_s=limit, method=method)
        found = bench.solve(case).value
        return found if found.is_done and found.seconds <= limit else None

    number, whole, told = largest(bench.sizes.extensive_form_scenarios, try_it)
    ours = bench.solve(bench.case(number)).value
    return [
        Row(
            f"6 tranches, {number} scenarios to 1 %: ours / extensive form",
            1 / 20,
            "s",
            ours.seconds,
            whole.seconds,
            remarks=f"gaps {percent(ours.gap)} and {percent(whole.gap)}; {told}",
            failure=failure_of(ours),
        )
    ]


def mpi_sppy(bench: Bench) -> list[Row]:
    """Against the best of mpi-sppy's cylinders on the relaxation."""
    number, whole, _ = largest_relaxation(bench)
    ours = _relax_by_parts(bench, number)
    records, told = _contend(bench, number, whole)
    best = best_of(records)
    return [
        Row(
            f"relaxation of {number} scenarios to 1 %: ours / mpi-sppy ({best.method})",
            1 / 10,
            "s",
            ours.seconds,
            best.seconds,
            is_at_most=not best.is_gap_met,
            remarks=told,
            failure="" if ours.is_done else "ours did not meet the gap",
        )
    ]


def _contend(bench: Bench, number: int, whole: Relaxed) -> tuple[list[Record], str]:
    """Return what each contender came to, and all of it in words.

    Raises RequestError if none of them ran.
    """
    limit = bench.sizes.rival_time_limit_s
    records: list[Record] = []
    told: list[str] = []
    for configuration in CONTENDERS:
        request = RunMpiSppy(
            bench.sizes.case, number, 0.01, limit, configuration, whole.cash_rows
        )
        try:
            record = bench.processes.perform(request, limit + GRACE_S).value
        except RequestError as error:
            told.append(f"{configuration.name}: {error}")
            continue
        records.append(record)
        told.append(
            f"{record.method}: gap {percent(record.gap)} after {record.seconds:.0f} s"
        )
    if not records:
        raise RequestError("; ".join(told))
    return records, "; ".join(told)


def largest_relaxation(bench: Bench) -> tuple[int, Relaxed, str]:
    """Return the most scenarios whose relaxation HiGHS solves, and why not more."""

    def try_it(number: int) -> Relaxed | None:
        limit = bench.sizes.rival_time_limit_s
        request = RelaxWhole(bench.case(number, time_limit_s=limit))
        found = bench.processes.perform(request, limit + GRACE_S).value
        return found if found.is_done and found.seconds <= limit else None

    return largest(bench.sizes.extensive_form_scenarios, try_it)


def _relax_by_parts(bench: Bench, number: int) -> Relaxed:
    limit = bench.sizes.rival_time_limit_s
    request = RelaxByParts(bench.case(number, time_limit_s=limit))
    return bench.processes.perform(request, limit + GRACE_S).value


def largest(
    numbers: Sequence[int], try_it: Callable[[int], T | None]
) -> tuple[int, T, str]:
    """Return the largest number before the first that fails, and what was tried.

    Raises RequestError if the first one fails.
    """
    best: tuple[int, T] | None = None
    for number in numbers:
        try:
            found = try_it(number)
            reason = "not in time"
        except RequestError as error:
            found, reason = None, str(error)
        if found is None:
            if best is None:
                msg = f"{number} scenarios: {reason}"
                raise RequestError(msg)
            return (*best, f"{number} scenarios: {reason}")
        best = number, found
    if best is None:
        msg = "no number of scenarios to try"
        raise RequestError(msg)
    return (*best, f"more than {best[0]} not tried")
