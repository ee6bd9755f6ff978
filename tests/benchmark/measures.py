"""What is measured: each function returns the rows of one measure."""

from collections.abc import Callable, Mapping, Sequence

from tests.benchmark.agreeing import Agree
from tests.benchmark.bench import Bench, failure_of, percent
from tests.benchmark.budgets import frontier, what_if
from tests.benchmark.case import Case
from tests.benchmark.covering import Cover
from tests.benchmark.others import extensive_form, mpi_sppy, relaxation
from tests.benchmark.overrunning import time_limits
from tests.benchmark.solving import Evaluate, Step
from tests.benchmark.table import GIBIBYTE, Row

NEAR_THE_FINAL_COST = 1.05
CONFIDENCE = 0.95


def certified_gap(bench: Bench) -> list[Row]:
    """Gap of the reference case with at most 6 and at most 4 tranches."""
    number = bench.sizes.scenarios
    rows: list[Row] = []
    for tranches, bar in ((6, 0.01), (4, 0.02)):
        found = bench.solve(bench.case(number, tranches=tranches, gap=bar)).value
        rows.append(
            Row(
                f"{bench.sizes.case}, {number} scenarios, up to {tranches} tranches:"
                " certified gap",
                bar,
                "gap",
                found.gap,
                remarks=f"{found.termination} after {found.seconds:.1f} s",
            )
        )
    return rows


def growth(bench: Bench) -> list[Row]:
    """Time of many scenarios by that of few."""
    few, many = bench.sizes.few_scenarios, bench.sizes.many_scenarios
    less = bench.solve(bench.case(few)).value
    more = bench.solve(bench.case(many)).value
    return [
        Row(
            f"time({many:,} scenarios) / time({few:,})",
            10,
            "s",
            more.seconds,
            less.seconds,
            remarks=f"gaps {percent(more.gap)} and {percent(less.gap)}",
            failure=failure_of(more, less),
        )
    ]


def memory(bench: Bench) -> list[Row]:
    """Peak memory of many scenarios."""
    many = bench.sizes.many_scenarios
    answer = bench.solve(bench.case(many))
    return [
        Row(
            f"{many:,} scenarios: peak memory",
            4 * GIBIBYTE,
            "bytes",
            answer.peak_bytes,
            remarks=f"gap {percent(answer.value.gap)}",
            failure=failure_of(answer.value),
        )
    ]


def large_case(bench: Bench) -> list[Row]:
    """Gap and peak memory of the large synthetic case."""
    sizes = bench.sizes
    limit = sizes.large_time_limit_s
    case = Case(sizes.large_case, sizes.large_scenarios, gap=0.02, time_limit_s=limit)
    answer = bench.solve(case)
    name = f"{sizes.large_case}, {sizes.large_scenarios:,} scenarios"
    found = answer.value
    told = f"{found.termination} after {found.seconds:.0f} s"
    memory = float(answer.peak_bytes)
    return [
        Row(f"{name}: certified gap", 0.02, "gap", found.gap, remarks=told),
        Row(f"{name}: peak memory", 16 * GIBIBYTE, "bytes", memory, remarks=told),
    ]


def first_plan(bench: Bench) -> list[Row]:
    """Time until a plan within 5 % of the final cost, by the whole time."""
    found = bench.base()
    early = seconds_until_near(found.log)
    return [
        Row(
            "first plan within 5 % of the final cost / total time",
            0.3,
            "s",
            early,
            found.seconds,
            failure=failure_of(found),
        )
    ]


def evaluation(bench: Bench) -> list[Row]:
    """Time to follow the plan through fresh scenarios, by that of its solve."""
    found, fresh = bench.base(), bench.sizes.fresh_scenarios
    case = bench.case(bench.sizes.scenarios)
    seconds = None
    if found.plan is not None:
        request = Evaluate(case, found.plan, fresh)
        seconds = bench.processes.perform(request, bench.sizes.time_limit_s).value
    return [
        Row(
            f"evaluating a plan on {fresh:,} fresh scenarios /"
            f" the {bench.sizes.scenarios}-scenario solve",
            1,
            "s",
            seconds,
            found.seconds,
            failure=failure_of(found),
        )
    ]


def agreement(bench: Bench) -> list[Row]:
    """Random small instances on which the two methods contradict each other."""
    number = bench.sizes.random_instances
    found = bench.processes.perform(Agree(number), bench.sizes.time_limit_s).value
    return [
        Row(
            f"extensive form and decomposition on {number} random small instances:"
            " those that disagree",
            0,
            "cases",
            len(found.mistakes),
            remarks="; ".join((f"{found.infeasible} infeasible", *found.mistakes)),
        )
    ]


def coverage(bench: Bench) -> list[Row]:
    """Distance from 95 % of the share of intervals that hold the expected cost."""
    sizes = bench.sizes
    request = Cover(
        sizes.interval_case, sizes.interval_replications, sizes.interval_scenarios
    )
    found = bench.processes.perform(request, sizes.time_limit_s).value
    return [
        Row(
            f"{request.name}, intervals from {request.scenarios} fresh scenarios:"
            " those that hold the cost of a plan, away from 95 %",
            0.03,
            "gap",
            abs(found.share - CONFIDENCE),
            remarks=f"{found.held} of {found.replications}, {found.below} lie below it",
        )
    ]


def seconds_until_near(log: Sequence[Step]) -> float | None:
    """Return when the log first has a plan within 5 % of the last one."""
    known = [(x.seconds, x.upper_bound_usd) for x in log if x.upper_bound_usd]
    if not known:
        return None
    enough = NEAR_THE_FINAL_COST * known[-1][1]
    return next(seconds for seconds, cost in known if cost <= enough)


MEASURES: Mapping[str, Callable[[Bench], list[Row]]] = {
    "gap": certified_gap,
    "relaxation": relaxation,
    "extensive_form": extensive_form,
    "mpi_sppy": mpi_sppy,
    "growth": growth,
    "memory": memory,
    "large": large_case,
    "what_if": what_if,
    "frontier": frontier,
    "first_plan": first_plan,
    "evaluation": evaluation,
    "agreement": agreement,
    "coverage": coverage,
    "time_limits": time_limits,
}
