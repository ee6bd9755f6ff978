"""Measures of reuse: budgets a little lower and higher after the base, a frontier."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import median

from models.frontier import equal_ratios
from tests.benchmark.bench import GRACE_S, Bench, failure_of
from tests.benchmark.case import Case
from tests.benchmark.solving import Chain, Solved
from tests.benchmark.table import Row

BUDGETS = (1.0, 0.25)  # of the case's limits: money does not bind, and does
STEPS: Mapping[float, float] = {0.05: 0.15, 0.1: 0.3}  # change and bar
FRONTIER = equal_ratios(0.5, 2.0, 11)


@dataclass(slots=True)
class _Samples:
    """What-ifs of one size: seconds, and ratios to the base solved cold."""

    seconds: list[float] = field(default_factory=list[float])
    ratios: list[float] = field(default_factory=list[float])
    firsts: list[float] = field(default_factory=list[float])

    def add(self, seconds: float, cold: float, *, is_first: bool) -> None:
        """Take a sample; the first what-if after a base has no other to lean on."""
        self.seconds.append(seconds)
        self.ratios.append(seconds / cold)
        if is_first:
            self.firsts.append(seconds / cold)


def what_if(bench: Bench) -> list[Row]:
    """Budgets a little lower and higher after the base, by the base solved cold."""
    return [row for budget in BUDGETS for row in _what_if_around(bench, budget)]


def _what_if_around(bench: Bench, budget: float) -> list[Row]:
    """Return a row for each step; each change is the first after the base in turn."""
    changes = [sign * step for step in STEPS for sign in (1, -1)]
    samples = {step: _Samples() for step in STEPS}
    solves: list[Solved] = []
    for turn, seed in enumerate(bench.sizes.planning_seeds):
        # Each change comes first with one of the seeds.
        order = [*changes[turn % 4 :], *changes[: turn % 4]]
        factors = (budget, *(budget * (1 + change) for change in order))
        case = bench.case(bench.sizes.scenarios, seed=seed)
        cold, *changed = _chain(bench, case, factors)
        solves += [cold, *changed]
        for i, (change, found) in enumerate(zip(order, changed, strict=True)):
            samples[abs(change)].add(found.seconds, cold.seconds, is_first=i == 0)
    return [
        Row(
            f"what-if on budget +/- {100 * step:.0f} % around {budget:g} of the limits"
            f" / base solved cold (median of {len(samples[step].ratios)})",
            bar,
            "ratio",
            median(samples[step].ratios),
            remarks=_told(samples[step]),
            failure=failure_of(*solves),
        )
        for step, bar in STEPS.items()
    ]


def _told(samples: _Samples) -> str:
    firsts = ", ".join(f"{x:.2f}" for x in samples.firsts) or "none"
    return (
        f"median {median(samples.seconds):.1f} s; {min(samples.ratios):.2f} to "
        f"{max(samples.ratios):.2f}; first after a base: {firsts}"
    )


def frontier(bench: Bench) -> list[Row]:
    """Eleven budgets from half to twice the base, by one cold solve of the base."""
    rows: list[Row] = []
    for budget in BUDGETS:
        case = bench.case(bench.sizes.scenarios)
        cold = bench.solve(replace(case, budget=budget)).value
        factors = tuple(budget * x for x in FRONTIER)
        found = _chain(bench, case, factors)
        rows.append(
            Row(
                f"frontier of {len(FRONTIER)} budgets around {budget:g} of the limits"
                " / one cold solve",
                4,
                "s",
                sum(x.seconds for x in found),
                cold.seconds,
                remarks="the first of them cold; seconds: "
                + ", ".join(f"{x.seconds:.1f}" for x in found),
                failure=failure_of(cold, *found),
            )
        )
    return rows


def _chain(bench: Bench, case: Case, factors: tuple[float, ...]) -> tuple[Solved, ...]:
    limit = len(factors) * case.time_limit_s + GRACE_S
    return bench.processes.perform(Chain(case, factors), limit).value
