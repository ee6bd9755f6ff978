"""Measures of time limits: how long a solve takes that has too little time."""

from tests.benchmark.bench import Bench, percent
from tests.benchmark.table import Row

LIMITS_S = (1.0, 3.0, 6.0, 20.0)
OVERRUN_SHARE = 0.1
OVERRUN_S = 1.0


def time_limits(bench: Bench) -> list[Row]:
    """Seconds of each limit and number of scenarios, and what the solve ended with."""
    return [
        _row(bench, number, limit_s)
        for number in bench.sizes.limited_scenarios
        for limit_s in LIMITS_S
    ]


def _row(bench: Bench, number: int, limit_s: float) -> Row:
    found = bench.solve(bench.case(number, time_limit_s=limit_s)).value
    return Row(
        f"{bench.sizes.case}, {number:,} scenarios, time limit {limit_s:g} s",
        (1 + OVERRUN_SHARE) * limit_s + OVERRUN_S,
        "s",
        found.seconds,
        remarks=(
            f"{found.termination}, overrun {max(found.seconds - limit_s, 0):.1f} s, "
            + ("no plan" if found.plan is None else f"gap {percent(found.gap)}")
        ),
    )
